"""The hourly report: what it says of nodes, and how it comes to its receiver."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dataspace.federation.signing import BodyDiffers, SignedRequest
from dataspace.jobs.table import JOBS
from dataspace.selection import Row
from hub.data_folder import prepare
from hub.node import Node
from hub.scheduling.asking import run_by_hand
from hub.scheduling.running import Bench
from hub.setting_rules import SettingInvalid
from hub.settings import Settings
from hub.wiring import workshop
from subspaces.keys import NodeKeys
from subspaces.peers.report_receiver import ReportReceiver
from subspaces.signatures import NodeSignatory
from tests.build import a_change_set, a_row
from tests.clock import FrozenClock
from tests.unit.federation.two_nodes import rows
from tests.unit.jobs.made_up import Heard, a_workshop
from tests.unit.operations.city import BANK, DictionaryAssets

FEED = {"node_revision": 7, "head": 12, "lag": 5, "as_of": "2026-06-01T11:50:00.000Z",
        "entries": 3, "refused": 2}  # fmt: skip


@dataclass
class Receiver:
    """A receiver on this machine; while it is `down` it says 503."""

    address: str = ""
    down: bool = False
    got: list[SignedRequest] = field(default_factory=list)

    @property
    def moments(self) -> list[str]:
        return [json.loads(each.body)["at"] for each in self.got]


@contextmanager
def a_receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Receiving(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            target = receiver.address.partition("/reports")[0] + self.path
            if not receiver.down:
                receiver.got.append(SignedRequest("POST", target, headers, body))
            self.send_response(503 if receiver.down else 204)
            self.end_headers()

        def log_message(self, format: str, *words: object) -> None:
            """It says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiving)
    receiver.address = f"http://127.0.0.1:{server.server_port}/reports?of=city"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Reporting:
    node: Node
    folder: Path
    keys: NodeKeys
    clock: FrozenClock
    receiver: Receiver

    async def run(self) -> Row:
        tell = ReportReceiver(self.receiver.address, NodeSignatory(self.keys, self.clock)).tell
        workshop = replace(a_workshop(self.folder), tell=tell)
        bench = Bench(self.node, workshop, Heard().report)
        return await run_by_hand(bench, JOBS["J-X-4"], self.node.clock.now())

    async def files(self) -> list[Row]:
        found = await rows(self.node.catalogue, "job_file")
        return sorted(found.values(), key=lambda row: str(row["key"]))


@pytest.fixture
def reporting(node: Node, tmp_path: Path, clock: FrozenClock) -> Iterator[Reporting]:
    with a_receiver() as receiver:
        yield Reporting(node, tmp_path, NodeKeys.open(tmp_path, clock), clock, receiver)


async def test_a_report_says_how_each_node_stands(reporting: Reporting) -> None:
    node = reporting.node
    values = {
        "name": "金融节点 Finance", "kind": "BUSINESS", "status": "ONLINE", "state": "ACTIVE",
        "software_version": "1.0", "last_heartbeat_at": "2026-06-01T11:59:00.000Z",
    }  # fmt: skip
    feed = a_row("feed", "fed_1", {"node": "nod_1", "operator": BANK, **FEED})
    silent = {"name": "Grid", "kind": "CONNECTOR", "status": "OFFLINE"}
    await node.catalogue.apply(a_change_set(
        a_row("node", "nod_1", values), feed, a_row("node", "nod_2", silent)
    ))  # fmt: skip
    await reporting.run()
    told: Any = json.loads(reporting.receiver.got[0].body)
    assert told["form"] == "cityspace-report/1"
    first, second = told["nodes"]
    assert {name: first[name] for name in values} == values
    assert first["feed"] == {**FEED, "error": None}
    assert second["status"] == "OFFLINE"
    assert (second["last_heartbeat_at"], second["feed"]) == (None, None)
    assert told["counts"]["node"]["total"] == 2
    [file] = await reporting.files()
    assert isinstance(node.assets, DictionaryAssets)
    assert node.assets.files[file["key"]] == reporting.receiver.got[0].body


async def test_a_report_is_signed_by_the_node_and_for_this_receiver(reporting: Reporting) -> None:
    await reporting.run()
    [got] = reporting.receiver.got
    signatory, now = NodeSignatory(reporting.keys, reporting.clock), reporting.clock.now()
    assert got.target == reporting.receiver.address
    assert signatory.check(got, reporting.keys.signing_jwks, now=now).nonce
    with pytest.raises(BodyDiffers):
        forged = replace(got, body=got.body + b" ")
        signatory.check(forged, reporting.keys.signing_jwks, now=now)
    [file] = await reporting.files()
    assert file["sent_at"]


async def test_what_did_not_arrive_goes_with_the_next_run_in_order(reporting: Reporting) -> None:
    reporting.receiver.down = True
    failed = await reporting.run()
    [file] = await reporting.files()
    assert failed["failed"] == 1
    assert file["key"] in failed["reason"]
    assert "peer.unavailable ×1" in failed["reason"]
    assert file["sent_at"] is None
    reporting.receiver.down = False
    reporting.clock.advance(hours=1)
    done = await reporting.run()
    assert reporting.receiver.moments == ["2026-06-01T12:00:00.000Z", "2026-06-01T13:00:00.000Z"]
    assert (done["failed"], done["reason"]) == (0, (await reporting.files())[1]["key"])
    reporting.clock.advance(hours=1)
    await reporting.run()
    assert len(reporting.receiver.got) == 3


async def test_what_is_older_than_a_day_is_no_longer_sent(reporting: Reporting) -> None:
    reporting.receiver.down = True
    await reporting.run()
    reporting.receiver.down = False
    reporting.clock.advance(hours=25)
    await reporting.run()
    assert reporting.receiver.moments == ["2026-06-02T13:00:00.000Z"]


async def test_the_setting_leads_to_the_receiver(tmp_path: Path) -> None:
    prepare(tmp_path)
    with a_receiver() as receiver:
        given = {"CITYSPACE_REPORT_TO": receiver.address}
        tell = workshop(Settings.read(given, data=tmp_path)).tell
        assert tell is not None
        await tell(b"{}")
    assert [each.body for each in receiver.got] == [b"{}"]
    assert workshop(Settings.read({}, data=tmp_path)).tell is None


@pytest.mark.parametrize(
    ("address", "environment"),
    [
        ("http://reports.example.org/in", "development"),
        ("https://me:secret@reports.example.org", "development"),
        ("reports.example.org", "development"),
        ("http://127.0.0.1:9/in", "production"),
    ],
)
def test_a_receiver_is_reached_in_the_clear_on_this_machine_alone(
    address: str, environment: str
) -> None:
    given = {"CITYSPACE_REPORT_TO": address, "CITYSPACE_ENVIRONMENT": environment}
    with pytest.raises(SettingInvalid) as refused:
        Settings.read(given)
    assert "secret" not in str(refused.value)
    assert Settings.read({"CITYSPACE_REPORT_TO": "http://127.0.0.1:9/in"}).report_to
