"""Asking live over signed requests: a node tells its hub alone, and only what may leave."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dataspace.errors import DataSpaceError
from dataspace.federation.live.answers import Present
from dataspace.federation.refusals import PeerMalformed, PeerRefuses
from hub.node import Node
from hub.operations.federation.live import asking
from subspaces.peers.http_peer import Asked, HttpPeer, SignedClient, open_client
from tests.build import BUREAU, a_change_set, a_product, a_resource, the_bureau
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.federation.live_nodes import VISIBLE, asks
from tests.unit.federation.meeting_nodes import HUB, City, Place, a_city
from tests.unit.operations.city import ADMIN

LIVE = "/federation/live"


@pytest.fixture
async def city(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[City]:
    async with a_city(tmp_path, clock) as city:
        yield city


@pytest.fixture
async def client(city: City) -> AsyncIterator[SignedClient]:
    """The hub's."""
    async with open_client(city.network) as http:
        yield SignedClient(http, city.hub.meeting.signatory)


@pytest.fixture
async def place(city: City) -> Place:
    """A node that has joined, and publishes one product and one resource."""
    place = await city.join()
    assert isinstance(place.node.catalogue, DictionaryCatalogue)
    place.node.catalogue.__init__()  # type: ignore[misc]
    await place.node.catalogue.apply(a_change_set(
        the_bureau(), a_product("prd_open", owner=BUREAU, price_fen=70),
        a_resource("res_open", state="REGISTERED", grade=1),
        a_product("prd_draft", owner=BUREAU, state="DRAFT"),
        a_product("prd_space", owner=BUREAU, audience="SPACE"),
        a_product("prd_high", owner=BUREAU, grade=5),
        a_resource("res_secret", state="REGISTERED", grade=1, secret=True),
    ))  # fmt: skip
    return place


def hub_of(city: City, client: SignedClient) -> Node:
    return replace(city.hub.node, reach=lambda row: HttpPeer(client, row["address"]))


async def test_a_node_tells_how_it_is_and_what_may_leave(
    city: City, place: Place, client: SignedClient
) -> None:
    asked = ["prd_open", "prd_draft", "prd_space", "prd_high", "res_secret", "res_open", "prd_none"]
    told = await HttpPeer(client, place.address).live(asked)
    assert (told.readiness, told.revision, told.resources, told.products) == ("ready", 7, 1, 1)
    assert {(each.id, each.state) for each in told.objects} == {
        ("prd_open", "LISTED"), ("res_open", "REGISTERED"),
    }  # fmt: skip
    assert isinstance(told.objects[0], Present)
    raw = await client.ask(place.address, _asked(f"{LIVE}?objects=prd_open"))
    assert set(json.loads(raw)["objects"][0]) == {"id", "state", "changed_at"}


async def test_nobody_but_the_hub_is_told(city: City, place: Place, client: SignedClient) -> None:
    other = await city.join()
    await place.beat()
    with pytest.raises(PeerRefuses) as refused:
        await HttpPeer(other.client, place.address).live([])
    assert refused.value.facts["answered"] == "federation.hub_only"
    with pytest.raises(PeerRefuses) as refused:
        await HttpPeer(other.client, HUB).live([])
    assert refused.value.facts["answered"] == "federation.hub_only"
    async with open_client(city.network) as http:
        assert (await http.get(f"{place.address}{LIVE}")).status_code in (401, 403, 421)


async def test_what_is_asked_wrongly_is_refused(place: Place, client: SignedClient) -> None:
    for objects in ("par_bureau", "x", ",", "prd_" + "x" * 100, ",".join(["prd_a"] * 51)):
        with pytest.raises(PeerRefuses) as refused:
            await client.ask(place.address, _asked(f"{LIVE}?objects={objects}"))
        assert refused.value.facts["answered"] == "federation.asked_wrongly"


async def test_the_hub_asks_nodes_over_the_network(
    city: City, place: Place, client: SignedClient
) -> None:
    gone, rubbish, long = await city.join(), await city.join(), await city.join()
    city.network.cut.add(gone.address)
    city.network.serve(rubbish.address, _answering(b'{"readiness": "ready", "objects": 7'))
    city.network.serve(long.address, _answering(b'{"pad": "' + b"x" * 5_000_000 + b'"}'))
    ids = (place.id, gone.id, rubbish.id, long.id)
    told = await asking.ask(hub_of(city, client), ADMIN, asks(*ids, deadline=5000))
    assert [(row["status"], row["code"]) for row in told] == [
        ("ANSWERED", None), ("DOWN", "peer.unavailable"),
        ("DOWN", "peer.malformed"), ("DOWN", "peer.malformed"),
    ]  # fmt: skip
    assert told[0]["products"] == 1
    with pytest.raises(PeerMalformed, match="> 65536 bytes"):
        await HttpPeer(client, long.address).live([])


async def test_who_was_cut_off_is_not_asked(
    city: City, place: Place, client: SignedClient
) -> None:
    await city.move(place, "isolate")
    city.network.seen.clear()
    [told] = await asking.ask(hub_of(city, client), ADMIN, asks(place.id))
    assert (told["status"], told["milliseconds"]) == ("ISOLATED", None)
    assert city.network.seen == []


async def test_a_node_that_joined_asks_nobody_live(place: Place) -> None:
    with pytest.raises(DataSpaceError) as refused:
        await asking.ask(place.node, ADMIN, asking.Question(VISIBLE))
    assert refused.value.code == "live.not_the_hub"


def _asked(path: str) -> Asked:
    return Asked("GET", path)


def _answering(body: bytes) -> Starlette:
    async def answer(_request: Request) -> Response:
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route(LIVE, answer)])
