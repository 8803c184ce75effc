"""A node is isolated while data run between it and the hub: what runs is cut off within seconds."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from dataspace.caller import Role
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.selection import Where
from hub.node import Node
from hub.operations import nodes
from hub.wiring import SystemClock
from subspaces.keys import NodeKeys
from subspaces.peers.http_peer import Tokens, open_client
from tests.build import a_change_set, a_participant, a_resource
from tests.e2e.admitting import ADMIN, FIRM, admitted, books, until
from tests.e2e.running_hub import RunningHub, cityspace, running_hub
from tests.unit.federation.two_nodes import rows

pytestmark = [pytest.mark.slow, pytest.mark.anyio]

CUT_OFF_SECONDS_MAX = 10.0
PIECE_SECONDS = 0.2


@dataclass
class Telling:
    """What a node with a great deal to publish was asked, and when."""

    address: str = ""
    asked_at: list[float] = field(default_factory=list)


@contextmanager
def telling_without_end() -> Iterator[Telling]:
    """A node that publishes one product a page, each a moment after the other, for ever."""
    telling = Telling()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            return

        def do_GET(self) -> None:
            telling.asked_at.append(time.monotonic())
            time.sleep(PIECE_SECONDS)
            position = parse_qs(urlsplit(self.path).query).get("position", [""])[0]
            number = int(position or 0)
            product = {
                "name": f"产品 {number}", "summary": "s", "state": "LISTED", "audience": "PUBLIC",
                "form": "API", "use_kind": "INDUSTRY", "grade": 2, "price_fen": 1,
                "price_unit": "CALL", "usage_policy": "p", "owner": FIRM,
            }  # fmt: skip
            entry = {"kind": "product", "id": f"prd_{number}", "revision": 1, "values": product}
            page = {"at": {"revision": 1, "leaf": "a"}, "entries": [entry],
                    "position": str(number + 1)}  # fmt: skip
            body = json.dumps(page).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    telling.address = f"http://127.0.0.1:{server.server_address[1]}"
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield telling
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@asynccontextmanager
async def a_hub(folder: Path) -> AsyncIterator[tuple[RunningHub, Node]]:
    with running_hub(folder / "hub") as hub:
        async with books(hub) as node:
            firm = a_participant(FIRM, name="企业 Firm", standing="ADMITTED", state="ADMITTED")
            draft = a_resource("res_draft", state="DRAFT", provider=FIRM)
            await node.catalogue.apply(a_change_set(firm, draft))
            yield hub, node


async def isolate(node: Node, id_: str) -> float:
    await nodes.DESK.move(node, ADMIN, id_, "isolate", reason="Leak")
    return time.monotonic()


def verified(hub: RunningHub) -> bool:
    told = cityspace("evidence", "verify", "--data", str(hub.data), "--json")
    return told.returncode == 0 and bool(json.loads(told.stdout)["holds"])


def files_of(hub: RunningHub) -> set[Path]:
    return {path for path in (hub.data / "assets").rglob("*") if path.is_file()}


async def test_nothing_more_is_taken_over_of_a_node_that_is_isolated_while_it_tells(
    tmp_path: Path,
) -> None:
    (tmp_path / "node").mkdir()
    keys = NodeKeys.open(tmp_path / "node", SystemClock())
    with telling_without_end() as telling:
        async with a_hub(tmp_path) as (hub, node):
            joined = await admitted(node, hub, keys=keys, address=telling.address)

            async def shown() -> int:
                own = Where(ORIGIN, "eq", joined.node)
                return len(await rows(node.catalogue, "product", own))

            async def runs() -> bool:
                return await shown() >= 5

            await until(runs, seconds=30)
            at = await isolate(node, joined.node)
            await asyncio.sleep(CUT_OFF_SECONDS_MAX)
            asked, taken = len(telling.asked_at), await shown()
            assert telling.asked_at[-1] - at < CUT_OFF_SECONDS_MAX
            await asyncio.sleep(CUT_OFF_SECONDS_MAX)
            assert (len(telling.asked_at), await shown()) == (asked, taken)
            [row] = (await rows(node.catalogue, "node", Where("id", "eq", joined.node))).values()
            assert row["status"] == "ISOLATED", "what came before stays, with how its node stands"
            assert verified(hub)


async def test_what_a_node_sends_when_it_is_isolated_is_refused_and_not_kept(
    tmp_path: Path,
) -> None:
    """With the token that it had when it began, and before the file has come to its end."""
    (tmp_path / "node").mkdir()
    keys = NodeKeys.open(tmp_path / "node", SystemClock())
    async with a_hub(tmp_path) as (hub, node):
        joined = await admitted(
            node, hub, keys=keys, address="http://127.0.0.1:1", roles=(Role.DATA_STEWARD,)
        )
        sent: list[float] = []

        async def file() -> AsyncIterator[bytes]:
            yield b"a,b\n"
            for number in range(1000):
                sent.append(time.monotonic())
                yield f"{number},{number}\n".encode()
                await asyncio.sleep(PIECE_SECONDS)

        async with open_client() as http:
            token = await Tokens(http, keys, joined, SystemClock()).token()
            place = f"{hub.address}/assets/samples/res_draft?fileName=sample.csv"
            headers = {"authorization": f"Bearer {token}"}
            small = await http.post(place, content=b"a,b\n1,2\n", headers=headers)
            assert small.status_code == 201, small.text
            kept, files = await rows(node.catalogue, "asset"), files_of(hub)
            assert files

            sending = asyncio.create_task(
                http.post(place, content=file(), headers=headers, timeout=60)
            )
            while len(sent) < 5:
                await asyncio.sleep(PIECE_SECONDS)
            at = await isolate(node, joined.node)
            code = await _refused(sending)
            assert code in ("identity.cut_off", "")
            assert sent[-1] - at < CUT_OFF_SECONDS_MAX
            again = await http.post(place, content=b"a,b\n3,4\n", headers=headers)
            assert (again.status_code, again.json()["code"]) == (401, "identity.cut_off")
        assert await rows(node.catalogue, "asset") == kept
        assert files_of(hub) == files
        assert verified(hub)


async def _refused(sending: "asyncio.Task[httpx.Response]") -> str:
    """The code of the answer; none where the connection ended while there was more to send."""
    try:
        answer = await sending
    except httpx.HTTPError:
        return ""
    assert answer.status_code == 401, answer.text
    return str(answer.json()["code"])
