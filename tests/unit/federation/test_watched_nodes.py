"""What Prometheus is told of nodes, at the hub and at each of them, and how loud the log is."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from dataspace.change import Amend
from dataspace.federation.refusals import PeerRefuses, PeerUnavailable
from dataspace.selection import Found, Selection
from hub.api.federation.routes import HEARTBEATS
from hub.watching.definitions import MET
from hub.watching.nodes import NODES_MAX, node_readings
from tests.build import a_change_set, a_row, an_act
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import asking
from tests.unit.federation.meeting_nodes import HUB, City, Place, a_city
from tests.unit.hub.ports import a_node
from tests.unit.operations.city import ADMIN, BANK
from tests.unit.watching.asking import Scrape


class Counting(DictionaryCatalogue):
    asked = 0

    async def select(self, selection: Selection) -> Found:
        self.asked += 1
        return await super().select(selection)


MOMENT = "2026-06-01T11:50:00.000Z"
NODES = """{ nodes(first: 5) { nodes {
  status softwareVersion reportedState heardAt capabilities catalogueRevision resourceCount
  productCount feeds { nodes { nodeRevision head lag asOf entries refused } }
} } }"""


@pytest.fixture
async def city(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[City]:
    async with a_city(tmp_path, clock) as opened:
        yield opened


async def scraped(city: City, address: str = HUB) -> Scrape:
    transport = city.network.applications[address]
    async with httpx.AsyncClient(transport=transport, base_url=address) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200, answer.text
    return Scrape(answer.text)


async def follows(city: City, place: Place) -> None:
    feed = {
        "node": place.id, "operator": BANK, "node_revision": 7, "head": 12, "lag": 5,
        "as_of": MOMENT, "entries": 3, "refused": 2,
    }  # fmt: skip
    await city.hub.node.catalogue.apply(a_change_set(a_row("feed", "fed_1", feed)))


async def test_the_hub_tells_how_its_nodes_stand(city: City) -> None:
    place, silent = await city.join(), await city.join()
    await follows(city, place)
    await place.beat()
    await silent.beat()
    city.clock.advance(seconds=20)
    await place.beat()
    told = await scraped(city)
    assert told.value("cityspace_nodes", status="ONLINE") == 2
    age = "cityspace_node_heartbeat_age_seconds"
    assert told.value(age, node=place.id) == 0
    assert told.value(age, node=silent.id) == 20
    assert told.value("cityspace_feed_lag_records", node=place.id) == 5
    assert told.value("cityspace_feed_age_seconds", node=place.id) == 620
    assert told.value("cityspace_feed_entries", node=place.id) == 3
    assert told.value("cityspace_feed_refused_entries", node=place.id) == 2
    assert told.value("cityspace_heartbeats_total", code="taken") == 3
    assert told.value("cityspace_standings_age_seconds") is None


async def test_whoever_is_cut_off_is_no_longer_missed_and_its_refusals_are_counted(
    city: City,
) -> None:
    place = await city.join()
    await place.beat()
    await city.move(place, "isolate", reason="Leak")
    for _ in range(2):
        with pytest.raises(PeerRefuses):
            await place.beat()
    told = await scraped(city)
    assert told.value("cityspace_node_heartbeat_age_seconds", node=place.id) is None
    assert told.value("cityspace_nodes", status="ISOLATED") == 1
    [code] = {each.labels["code"] for each in told.samples
              if each.name == "cityspace_heartbeats_total"} - {"taken"}  # fmt: skip
    assert told.value("cityspace_heartbeats_total", code=code) == 2
    assert told.value("cityspace_door_refusals_total", code=code) == 2
    assert "Leak" not in told.text


async def test_a_node_tells_how_well_it_hears_its_hub(city: City) -> None:
    place = await city.join()
    await place.beat()
    city.network.cut.add(HUB)
    city.clock.advance(seconds=90)
    with pytest.raises(PeerUnavailable):
        await place.beat()
    hub = a_row("node", "nod_hub", {"name": "枢纽", "kind": "REGIONAL", "status": "ONLINE"})
    feed = a_row("feed", "fed_hub", {"node": "nod_hub", "node_revision": 7, "as_of": MOMENT})
    await place.node.catalogue.apply(a_change_set(hub, feed))
    told = await scraped(city, place.address)
    assert told.value("cityspace_beats_total", outcome="taken") == 1
    assert told.value("cityspace_beats_total", outcome="failed") == 1
    assert told.value("cityspace_standings_age_seconds") == 90
    assert told.value("cityspace_feed_age_seconds", node="nod_hub") == 690
    assert told.value("cityspace_nodes", status="ONLINE") is None


async def test_every_metric_of_nodes_is_told_with_its_labels(city: City) -> None:
    place, away = await city.join(), await city.join()
    await follows(city, place)
    await place.beat()
    await city.move(away, "isolate", reason="Leak")
    with pytest.raises(PeerRefuses):
        await away.beat()
    scrapes = [await scraped(city), await scraped(city, place.address)]
    families = {name: each for scrape in scrapes for name, each in scrape.families.items()}
    for metric in MET:
        family = families[metric.name.removesuffix("_total")]
        labels = {name for sample in family.samples for name in sample.labels}
        assert (family.type, labels) == (metric.kind, set(metric.labels)), metric.name


async def test_a_hundred_nodes_cost_one_statement_and_a_thousand_are_the_most() -> None:
    catalogue = Counting()
    node = replace(a_node(), catalogue=catalogue)
    values = {"name": "N", "kind": "BUSINESS", "status": "ONLINE", "last_heartbeat_at": MOMENT}
    for few in range(0, 100, 50):
        rows = [a_row("node", f"nod_{n:04}", values) for n in range(few, few + 50)]
        await catalogue.apply(a_change_set(*rows))
    assert len(await node_readings(node, node.clock.now())) == 101
    assert catalogue.asked == 1
    for few in range(100, NODES_MAX + 100, 100):
        rows = [a_row("node", f"nod_{n:04}", values) for n in range(few, few + 100)]
        await catalogue.apply(a_change_set(*rows))
    assert len(await node_readings(node, node.clock.now())) == NODES_MAX + 1


async def test_a_beat_that_is_taken_leaves_no_line_that_is_read_daily(city: City) -> None:
    place = await city.join()
    await place.beat()
    with capture_logs() as lines:
        await place.beat()
        await city.move(place, "isolate", reason="Leak")
        with pytest.raises(PeerRefuses):
            await place.beat()
    found = [
        (each["log_level"], each["status"]) for each in lines if each.get("path") == HEARTBEATS
    ]
    assert [level for level, _ in found] == ["debug", "info"]
    assert found[0][1] == 200


async def test_all_that_is_known_of_a_node_is_one_statement_in_graphql(city: City) -> None:
    place = await city.join()
    await follows(city, place)
    capable = Amend("node", place.id, {"capabilities": ["CATALOGUE"]}, an_act("node.amend"))
    await city.hub.node.catalogue.apply(a_change_set(capable))
    await place.beat()
    counting = Counting()
    found = city.hub.node.catalogue
    assert isinstance(found, DictionaryCatalogue)
    counting.__dict__.update(found.__dict__)
    ask = asking(replace(city.hub.node, catalogue=counting))
    [told] = (await ask.data(NODES, caller=ADMIN))["nodes"]["nodes"]
    [feed] = told.pop("feeds")["nodes"]
    assert feed == {
        "nodeRevision": 7, "head": 12, "lag": 5, "asOf": MOMENT, "entries": 3, "refused": 2,
    }  # fmt: skip
    assert told == {
        "status": "ONLINE", "softwareVersion": "1.0", "reportedState": "ready",
        "heardAt": "2026-06-01T12:00:00.000Z", "capabilities": ["CATALOGUE"],
        "catalogueRevision": told["catalogueRevision"], "resourceCount": 0, "productCount": 0,
    }  # fmt: skip
    assert told["catalogueRevision"] > 0
    assert counting.asked == 1
