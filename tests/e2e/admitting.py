"""A node that was admitted at a running hub, as officers at another replica of it would do it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from dataspace.caller import Role
from dataspace.federation.membership import Membership
from dataspace.text import Text
from hub.node import Node
from hub.operations import nodes
from hub.settings import Settings
from hub.wiring import SystemClock, open_node
from identity.issuer.directory import Account, Client, Directory, Organisation
from subspaces.keys import NodeKeys
from tests.build import caller_for
from tests.e2e.running_hub import RunningHub

FIRM = "par_firm"
ADMIN = caller_for(Role.PLATFORM_ADMIN)
OPERATOR = caller_for(Role.ORG_ADMIN, participant=FIRM)


@asynccontextmanager
async def books(hub: RunningHub) -> AsyncIterator[Node]:
    """The hub's own catalogue, from another process, as an officer at another replica would."""
    async with open_node(Settings.read({}, data=hub.data)) as opened:
        yield opened.node


async def admitted(
    node: Node, hub: RunningHub, *, keys: NodeKeys, address: str, roles: tuple[Role, ...] = ()
) -> Membership:
    """`roles` are those of the node's own account."""
    values = {
        "name": address, "kind": "BUSINESS", "operator": FIRM, "address": address,
        "public_keys": json.dumps(keys.assertion_jwks),
        "signing_keys": json.dumps(keys.signing_jwks),
    }  # fmt: skip
    id_ = (await nodes.enter(node, ADMIN, values)).id
    await nodes.DESK.move(node, OPERATOR, id_, "apply")
    for move in ("take_in", "activate"):
        await nodes.DESK.move(node, replace(ADMIN, subject=move), id_, move)
    organisation = Organisation("firm", "org_firm", FIRM, Text("Firm", "企业"))
    account = Account(f"service-{id_}", id_, Text("Node", "节点"), roles, organisation)
    Directory(hub.data / "identity", demo=False).add_client(
        Client(id_, jwks=keys.assertion_jwks, account=account)
    )
    hub_keys = NodeKeys.open(hub.data, SystemClock()).signing_jwks
    return Membership(hub.address, id_, f"{hub.address}/realms/city", hub_keys)


async def until(true: Callable[[], Awaitable[bool]], *, seconds: float) -> float:
    began = time.monotonic()
    while not await true():
        assert time.monotonic() - began < seconds
        await asyncio.sleep(0.1)
    return time.monotonic() - began
