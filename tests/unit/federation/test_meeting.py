"""Nodes that meet: by token and signature, beating, seen, cut off at once and everywhere."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from dataspace.federation.cards import CardInvalid
from dataspace.federation.refusals import PeerRefuses, PeerUnavailable
from hub.operations import nodes
from hub.operations.federation import cutting_off, presence
from subspaces.peers.http_peer import Asked, HttpAsking, SignedClient, open_client
from tests.clock import FrozenClock
from tests.unit.api.asking import asking
from tests.unit.federation.meeting_nodes import BEHIND, HUB, OPERATOR, City, Place, a_city
from tests.unit.operations.city import ADMIN, SUPERVISOR


@pytest.fixture
async def city(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[City]:
    async with a_city(tmp_path, clock) as opened:
        yield opened


async def refused(place: Place, address: str = HUB) -> str:
    with pytest.raises(PeerRefuses) as error:
        await place.ask(address)
    return str(error.value.facts["answered"])


async def test_a_node_that_was_admitted_is_online_with_its_first_beat(city: City) -> None:
    place = await city.join()
    assert (await city.row(place))["status"] == "OFFLINE"
    await place.beat()
    row = await city.row(place)
    assert (row["status"], row["state"]) == ("ONLINE", "ACTIVE")
    assert row["last_heartbeat_at"] == "2026-06-01T12:00:00.000Z"
    assert row["software_version"] == "1.0"
    assert place.meeting.known is not None
    assert set(place.meeting.known.entries) == {place.id}


async def test_a_connector_goes_online_by_its_machine(city: City) -> None:
    place = await city.join(kind="CONNECTOR")
    await place.beat()
    assert (await city.row(place))["state"] == "ONLINE"


async def test_a_beat_leaves_no_record_unless_something_changes(city: City) -> None:
    place = await city.join()
    for _ in range(30):
        await place.beat()
        city.clock.advance(seconds=5)
    actions = await city.actions(place)
    assert actions[-1] == "node.come_online"
    assert actions.count("node.note_heartbeat") == 0
    city.clock.advance(hours=1)
    await place.beat()
    assert (await city.actions(place))[-1] == "node.note_heartbeat"
    for number in range(10):
        await place.beat(version=f"1.{number}")
    assert (await city.actions(place)).count("node.note_heartbeat") == 1, "it says so too often"
    city.clock.advance(minutes=10)
    await place.beat(version="2.0")
    assert (await city.row(place))["software_version"] == "2.0"


async def test_a_node_that_is_silent_for_three_beats_is_offline(city: City) -> None:
    place = await city.join()
    await place.beat()
    city.clock.advance(seconds=15)
    assert [each async for each in presence.sweep(city.hub.node)] == []
    city.clock.advance(seconds=1)
    assert [each async for each in presence.sweep(city.hub.node)] == [True]
    assert (await city.row(place))["status"] == "OFFLINE"
    assert [each async for each in presence.sweep(city.hub.node)] == []
    await place.beat()
    assert (await city.row(place))["status"] == "ONLINE"


async def test_a_beat_that_another_replica_took_counts(city: City) -> None:
    """By the receipt that the node has of it; this process has heard nothing."""
    place = await city.join()
    await place.beat()
    city.hub.meeting.presence.pulses.clear()
    city.hub.meeting.presence.since = city.clock.now() - timedelta(minutes=1)
    assert [each async for each in presence.sweep(city.hub.node)] == [False]
    assert (await city.row(place))["status"] == "ONLINE"
    city.clock.advance(seconds=16)
    assert [each async for each in presence.sweep(city.hub.node)] == [True]


async def test_a_hub_that_has_just_started_knows_of_no_silence(city: City) -> None:
    place = await city.join()
    await place.beat()
    city.hub.meeting.presence.pulses.clear()
    city.hub.meeting.presence.since = None
    city.network.cut.add(place.address)
    assert [each async for each in presence.sweep(city.hub.node)] == []
    city.clock.advance(seconds=16)
    assert [each async for each in presence.sweep(city.hub.node)] == [True]


async def test_a_hundred_flaps_make_few_records_and_notices(city: City) -> None:
    place = await city.join()
    for _ in range(100):
        await place.beat()
        city.clock.advance(seconds=20)
        assert len([each async for each in presence.sweep(city.hub.node)]) <= 1
    changes = [each for each in await city.actions(place) if each.endswith("line")]
    assert len(changes) <= 5, changes
    found = await city.hub.node.catalogue.changes_since(0, 10_000)
    notices = [each for each in found if each.kind == "notice" and "go_offline" in str(each.values)]
    assert len(notices) <= 5
    for _ in range(50):
        await place.beat()
        city.clock.advance(seconds=13)
    assert (await city.row(place))["status"] == "ONLINE", "it has been steady since"


async def test_what_was_announced_is_not_undone_by_a_beat(city: City) -> None:
    place = await city.join()
    await place.beat()
    for move, status in (
        ("stop", "MAINTENANCE"),
        ("recover", "OFFLINE"),
        ("report_outage", "OUTAGE"),
    ):
        await nodes.DESK.move(city.hub.node, OPERATOR, place.id, move, reason="As told")
        assert (await city.row(place))["status"] == status
        city.clock.advance(seconds=5)
        await place.beat()
        expected = "ONLINE" if status == "OFFLINE" else status
        assert (await city.row(place))["status"] == expected


async def test_who_is_cut_off_is_refused_at_once_with_the_token_that_it_has(city: City) -> None:
    place = await city.join()
    await place.beat()
    await city.move(place, "isolate", reason="Keys were stolen")
    with pytest.raises(PeerRefuses) as error:
        await place.beat()
    assert error.value.facts["answered"] == "node.isolated"
    assert "Keys were stolen" in error.value.facts["detail"]
    assert (await city.actions(place))[-1] == "node.isolate"
    city.clock.advance(seconds=3)
    await city.move(place, "reactivate", reason="New keys")
    city.clock.advance(seconds=3)
    city.hub.node.denials.renew([])
    await place.beat()
    assert (await city.row(place))["status"] == "ONLINE"


async def test_every_other_node_refuses_it_with_its_next_beat(city: City) -> None:
    victim, other = await city.join(), await city.join()
    for each in (victim, other):
        city.clock.advance(seconds=5)
        await each.beat()
    assert await victim.ask(other.address) == victim.id.encode()
    await city.move(victim, "isolate", reason="Leak")
    began = city.clock.now()
    city.clock.advance(seconds=5)
    await other.beat()
    assert await refused(victim, other.address) == "node.isolated"
    assert city.clock.now() - began <= timedelta(seconds=10)


async def test_the_list_is_fetched_only_when_it_says_something_else(city: City) -> None:
    place = await city.join()
    for _ in range(20):
        await place.beat()
        city.clock.advance(seconds=5)
    lists = [each for each in city.network.seen if each.url.path == "/federation/standings"]
    assert len(lists) == 1
    await city.join()
    city.clock.advance(seconds=5)
    await place.beat()
    lists = [each for each in city.network.seen if each.url.path == "/federation/standings"]
    assert len(lists) == 2


async def test_a_node_that_has_not_heard_the_hub_for_a_day_lets_nobody_in(city: City) -> None:
    one, other = await city.join(), await city.join()
    await other.beat()
    await one.ask(other.address)
    city.clock.advance(hours=24, seconds=1)
    with pytest.raises(PeerUnavailable) as error:
        await one.ask(other.address)
    assert "standings.too_old" in error.value.facts["detail"]


async def test_a_node_is_limited_by_one_action(city: City) -> None:
    place = await city.join()
    await place.beat()
    given = {"requests_per_minute": 3}
    await cutting_off.limit(city.hub.node, SUPERVISOR, place.id, given, reason="Too many")
    city.clock.advance(seconds=3)
    for _ in range(3):
        await place.ask(HUB)
    assert await refused(place) == "node.rate_limited"
    await place.beat()
    city.clock.advance(minutes=1)
    await place.ask(HUB)
    assert (await city.actions(place))[-1] == "node.limit"


async def test_a_card_is_signed_by_the_keys_on_it(city: City) -> None:
    place = await city.join()
    await place.beat()
    async with httpx.AsyncClient(transport=city.network) as http:
        asking = HttpAsking(http, city.hub.meeting.signatory, city.clock)
        card = await asking.card(place.address)
        assert card.signing_keys == place.keys.signing_jwks
        assert (card.node, card.admission, card.kind) == (place.id, "ADMITTED", "BUSINESS")
        assert (await asking.card(HUB)).signing_keys == city.hub.keys.signing_jwks
        moved = city.network.applications[place.address]
        city.network.applications["http://127.0.0.1:8009"] = moved
        with pytest.raises(CardInvalid):
            await asking.card("http://127.0.0.1:8009")


async def test_a_key_is_rotated_without_a_refusal(city: City) -> None:
    place = await city.join()
    await place.beat()
    place.keys.prepare()
    told = {"signing_keys": json.dumps(place.keys.signing_jwks)}
    await nodes.amend(city.hub.node, ADMIN, place.id, told)
    city.clock.advance(seconds=3)
    await place.beat()
    place.keys.rotate()
    await place.beat()


async def test_the_hub_is_known_at_a_node_by_its_key_alone(city: City) -> None:
    place = await city.join()
    await place.beat()
    async with open_client(city.network) as http:
        hub = SignedClient(http, city.hub.meeting.signatory)
        assert await hub.ask(place.address, Asked("GET", BEHIND)) == b"hub"
        stranger = SignedClient(http, place.meeting.signatory)
        with pytest.raises(PeerRefuses) as error:
            await stranger.ask(place.address, Asked("GET", BEHIND))
        assert error.value.facts["answered"] == "signature.key_unknown"


async def test_the_hub_shows_when_a_node_was_last_heard_to_the_second(city: City) -> None:
    place = await city.join()
    for _ in range(3):
        await place.beat()
        city.clock.advance(seconds=5)
    ask = asking(city.hub.node)
    found = await ask.data("{ nodes(first: 5) { nodes { status heardAt lastHeartbeatAt } } }")
    (told,) = found["nodes"]["nodes"]
    assert told["status"] == "ONLINE"
    assert told["lastHeartbeatAt"] == "2026-06-01T12:00:00.000Z"
    assert told["heardAt"] == "2026-06-01T12:00:10.000Z"
