"""A hub and a node in two processes: the node beats, is seen, and refuses who is cut off."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from dataspace.caller import Role
from dataspace.federation.membership import Membership
from dataspace.federation.refusals import PeerRefuses
from dataspace.selection import Selection, Where
from dataspace.text import Text
from hub.node import Node
from hub.operations import nodes
from hub.settings import Settings
from hub.wiring import SystemClock, open_node
from identity.issuer.directory import Account, Client, Directory, Organisation
from subspaces.keys import NodeKeys
from subspaces.member_folder import MemberFolder
from subspaces.peers.http_peer import Asked, SignedClient, Tokens, open_client
from subspaces.signatures import NodeSignatory
from tests.build import a_change_set, a_participant, caller_for
from tests.e2e.running_hub import RunningHub, running_hub

pytestmark = [pytest.mark.slow, pytest.mark.anyio]

FIRM = "par_firm"
ADMIN = caller_for(Role.PLATFORM_ADMIN)
OPERATOR = caller_for(Role.ORG_ADMIN, participant=FIRM)
CUT_OFF_SECONDS_MAX = 10


@asynccontextmanager
async def books(hub: RunningHub) -> AsyncIterator[Node]:
    """The hub's own catalogue, from another process, as an officer at another replica would."""
    async with open_node(Settings.read({}, data=hub.data)) as opened:
        yield opened.node


async def admitted(node: Node, hub: RunningHub, *, keys: NodeKeys, address: str) -> Membership:
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
    account = Account(f"service-{id_}", id_, Text("Node", "节点"), (), organisation)
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


async def test_a_node_is_seen_and_refuses_within_seconds_who_was_cut_off(tmp_path: Path) -> None:
    firm = a_participant(FIRM, name="企业 Firm", standing="ADMITTED", state="ADMITTED")
    own, victim = tmp_path / "node", tmp_path / "victim"
    for folder in (own, victim):
        folder.mkdir()
    with running_hub(tmp_path / "hub") as hub:
        async with books(hub) as node:
            await node.catalogue.apply(a_change_set(firm))
            keys = {folder: NodeKeys.open(folder, SystemClock()) for folder in (own, victim)}
            environ = {
                "CITYSPACE_IDENTITY": f"keycloak+{hub.address}/realms/city",
                "CITYSPACE_IDENTITY_SECRET": "s" * 24,
            }
            with running_hub(own, environ=environ) as member:
                joined = await admitted(node, hub, keys=keys[own], address=member.address)
                MemberFolder(own).join(joined)

                async def is_online() -> bool:
                    asked = Selection("node", ("status",), Where("id", "eq", joined.node))
                    row = (await node.catalogue.select(asked)).first
                    return row is not None and row["status"] == "ONLINE"

                await until(is_online, seconds=20)
                other = await admitted(node, hub, keys=keys[victim], address="http://127.0.0.1:1")
                signatory = NodeSignatory(keys[victim], SystemClock())
                async with open_client() as http:
                    tokens = Tokens(http, keys[victim], other, SystemClock())
                    client = SignedClient(http, signatory, tokens)

                    async def answered(code: str) -> bool:
                        with pytest.raises(PeerRefuses) as refused:
                            await client.ask(member.address, Asked("GET", "/federation/standings"))
                        return refused.value.facts["answered"] == code

                    # It came through the door, to a place that only the hub has.
                    await until(lambda: answered("node.not_the_hub"), seconds=20)
                    await nodes.DESK.move(node, ADMIN, other.node, "isolate", reason="Leak")
                    took = await until(
                        lambda: answered("node.isolated"), seconds=CUT_OFF_SECONDS_MAX
                    )
                    assert took <= CUT_OFF_SECONDS_MAX
