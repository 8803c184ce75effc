"""What do the heartbeats of 200 nodes cost the hub?

Budget: 15 % of one core at a beat every 5 s (40 a second), so 3.75 ms of CPU a beat, with all that
stands before the route; and no record of evidence, when nothing changes.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from dataspace.change import Act, Change, ChangeSet, Create
from dataspace.federation.signing import SignedRequest, target_of
from dataspace.quantity import written
from dataspace.text import Text
from hub.api.federation.routes import HEARTBEATS
from hub.app import application, options_for
from hub.node import Node
from hub.settings import Settings
from hub.wiring import SystemClock, open_meeting, open_node
from identity.embedded_identity import EmbeddedIdentity
from identity.issuer.directory import Account, Organisation
from identity.issuer.minting import Occasion
from subspaces.keys import NodeKeys
from subspaces.signatures import NodeSignatory

NODES, ROUNDS, BEAT_SECONDS = 200, 5, 5
CORE_PERCENT_MAX = 15
FIRM, BODY = "par_firm", b'{"version": "0.1.0", "state": "ready", "revision": 12000}'
ADDRESS = "http://127.0.0.1:8000"


def measure(_data: Path, _largest: int) -> list[Figure]:
    return asyncio.run(_measured())


async def _measured() -> list[Figure]:
    with tempfile.TemporaryDirectory() as made:
        settings = Settings.read({}, port=8000, data=Path(made))
        async with open_node(settings) as opened, open_meeting(settings) as met:
            node = replace(opened.node, meeting=met.meeting)
            options = options_for(settings, cursor_key=b"k" * 32)
            app = application(node, opened.routes, settings, options=options)
            async with _nodes(node, Path(made)) as nodes:
                await _beaten(app, nodes)  # each comes online, which is noted once
                before = len(await node.catalogue.changes_since(0, 10**6))
                best = min([await _beaten(app, nodes) for _ in range(ROUNDS)])
                records = len(await node.catalogue.changes_since(0, 10**6)) - before
    of = f"{NODES} nodes, every {BEAT_SECONDS} s"
    percent = best / NODES * NODES / BEAT_SECONDS * 100
    return [
        Figure(of, "CPU of a beat at the hub", best / NODES * 1000, "ms"),
        Figure(of, "share of one core", percent, "%", most=CORE_PERCENT_MAX),
        Figure(of, "records of evidence", records, most=0),
    ]


@asynccontextmanager
async def _nodes(node: Node, folder: Path) -> AsyncIterator[Sequence[tuple[str, NodeSignatory]]]:
    """Each with its token and its own key, as the register has it."""
    made: list[tuple[str, NodeSignatory]] = []
    act = Act("benchmark", "node.enter", written(datetime.now(UTC)))
    firm = {"name": "Firm", "kind": "ENTERPRISE", "created_at": act.at, "changed_at": act.at}
    changes: list[Change] = [Create("participant", FIRM, firm, act)]
    assert isinstance(node.identity, EmbeddedIdentity)
    mint = node.identity._issuer.mint
    for number in range(NODES):
        own, id_ = folder / f"node{number}", f"nod_{number:020d}"
        own.mkdir()
        keys = NodeKeys.open(own, SystemClock())
        values = {
            "identifier": f"{number:032d}", "name": id_, "kind": "BUSINESS", "status": "OFFLINE",
            "state": "ACTIVE", "operator": FIRM, "signing_keys": json.dumps(keys.signing_jwks),
            "created_at": act.at, "changed_at": act.at,
        }  # fmt: skip
        changes.append(Create("node", id_, values, act))
        firm_ = Organisation("firm", "org_firm", FIRM, Text("Firm", "企业"))
        account = Account(f"service-{id_}", id_, Text(id_, "节点"), (), firm_)
        token = mint.access_token(account, Occasion(id_, "profile"))
        made.append((token, NodeSignatory(keys, SystemClock())))
    await node.catalogue.apply(ChangeSet("chs_nodes", tuple(changes)))
    yield made


async def _beaten(app: Any, nodes: Sequence[tuple[str, NodeSignatory]]) -> float:
    """Seconds of CPU that one beat of every node costs the application."""
    requests = [_signed(token, signatory) for token, signatory in nodes]
    began = time.process_time()
    for request in requests:
        status = await _asked(app, request)
        assert status == 200, status
    return time.process_time() - began


def _signed(token: str, signatory: NodeSignatory) -> SignedRequest:
    headers = {"authorization": f"Bearer {token}", "host": "127.0.0.1:8000"}
    request = SignedRequest("POST", target_of(ADDRESS, HEARTBEATS), headers, BODY)
    return replace(request, headers={**headers, **signatory.sign(request)})


async def _asked(app: Any, request: SignedRequest) -> int:
    """The application itself, without a server or a client, whose work is not the question."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": HEARTBEATS, "raw_path": HEARTBEATS.encode(),
        "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "headers": [(k.encode(), v.encode()) for k, v in request.headers.items()],
    }  # fmt: skip
    told: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    await app(scope, receive, send)
    return told[0]
