"""A running node as its operators watch it: scraped, traced, while another process imports."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.collector import otlp_collector
from tests.e2e.running_hub import RunningHub, cityspace, running_hub
from tests.promtool import PROMTOOL, promtool
from tests.unit.watching.asking import TOKEN, Scrape

pytestmark = pytest.mark.slow

QUERY = json.dumps({"query": "{ resources(first: 1) { totalCount } }"}).encode()
READ, IMPORTED = "cityspace_import_entries_total", "cityspace_imports_total"


@pytest.fixture
def traced(tmp_path: Path) -> Iterator[tuple[RunningHub, list[tuple[str, bytes]]]]:
    with otlp_collector() as (address, received):
        environ = {"CITYSPACE_TRACES": f"otlp+{address}"}
        with running_hub(tmp_path / "data", environ=environ) as hub:
            yield hub, received


def _scrape(hub: RunningHub, **headers: str) -> Scrape:
    with urlopen(Request(f"{hub.address}/metrics", headers=headers), timeout=20) as answer:
        return Scrape(answer.read().decode())


def _a_file(folder: Path) -> Path:
    row = {
        "resource": {"id": "aaaa-0001", "name": "Streets", "type": "dataset",
                     "attribution": "Department of Transportation"},
        "metadata": {"domain": "data.example.gov"},
    }  # fmt: skip
    path = folder / "city.jsonl"
    path.write_text(json.dumps(row) + "\n{ not json\n", "utf-8")
    return path


def test_a_node_tells_of_its_requests_of_imports_beside_it_and_of_the_evidence(
    traced: tuple[RunningHub, list[tuple[str, bytes]]], tmp_path: Path
) -> None:
    hub, received = traced
    json_body = {"content-type": "application/json"}
    with urlopen(Request(f"{hub.address}/graphql", QUERY, json_body), timeout=20) as answer:
        assert answer.status == 200
    before = _scrape(hub)
    data = ("--data", str(hub.data))
    assert cityspace("import", *data, str(_a_file(tmp_path))).returncode == 0
    imported = _scrape(hub)
    assert cityspace("evidence", "verify", *data).returncode == 0
    verified = _scrape(hub)

    count = {"method": "POST", "route": "/graphql", "status": "200"}
    assert before.value("cityspace_requests_total", **count) == 1
    assert (before.value("process_resident_memory_bytes") or 0) > 10_000_000
    assert [before.value(READ, outcome=each) for each in ("created", "rejected")] == [0, 0]
    assert [imported.value(READ, outcome=each) for each in ("created", "rejected")] == [1, 1]
    assert imported.value(IMPORTED, outcome="done") == 1
    assert (imported.value("cityspace_evidence_unverified_records") or 0) > 0
    assert verified.value("cityspace_evidence_unverified_records") == 0
    assert verified.value("cityspace_evidence_holds") == 1
    if PROMTOOL:
        promtool("check", "metrics", given=verified.text)
    assert hub.stop() == 0
    assert b"POST /graphql" in b"".join(body for _, body in received)


def test_a_token_closes_the_metrics_to_everybody_else(tmp_path: Path) -> None:
    environ = {"CITYSPACE_METRICS_TOKEN": TOKEN}
    with running_hub(tmp_path / "data", environ=environ) as hub:
        with pytest.raises(HTTPError) as refused:
            _scrape(hub)
        refused.value.close()
        told = _scrape(hub, authorization=f"Bearer {TOKEN}", host="10.0.0.9:8000")
    assert refused.value.status == 401
    assert told.value("cityspace_part_ready", part="catalogue") == 1
