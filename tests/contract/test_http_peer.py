"""The Peer port over signed requests: only the network between the two is within the process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dataspace.federation.batches import ENTRIES_MAX
from dataspace.federation.refusals import PeerRefuses
from dataspace.ports import Catalogue
from subspaces.peers.http_peer import HttpPeer, SignedClient, open_client
from tests.build import a_change_set, a_product, the_bureau
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.contract.peer import PeerContract
from tests.unit.federation.meeting_nodes import HUB, City, Place, a_city


@pytest.fixture
async def city(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[City]:
    async with a_city(tmp_path, clock) as city:
        yield city


@pytest.fixture
async def place(city: City) -> Place:
    """A node that has joined, with an empty catalogue."""
    place = await city.join()
    assert isinstance(place.node.catalogue, DictionaryCatalogue)
    place.node.catalogue.__init__()  # type: ignore[misc]
    return place


@pytest.fixture
async def peer(city: City, place: Place) -> AsyncIterator[HttpPeer]:
    """The hub's way to the node."""
    async with open_client(city.network) as http:
        yield HttpPeer(SignedClient(http, city.hub.meeting.signatory), place.address)


class TestHttpPeer(PeerContract):
    @pytest.fixture
    def publishing(self, place: Place) -> Catalogue:
        return place.node.catalogue


async def test_a_node_asks_the_hub_and_is_told_what_it_may_see(city: City, place: Place) -> None:
    """Of the entries those of its space; this node serves none."""
    await city.hub.node.catalogue.apply(a_change_set(a_product("prd_open", owner="par_market")))
    hub = HttpPeer(place.client, HUB)
    assert (await hub.whole("product ", ENTRIES_MAX)).entries == ()
    told = (await hub.whole("node ", ENTRIES_MAX)).entries
    assert place.id in [each.id for each in told]
    assert (await hub.changes_since(0, ENTRIES_MAX)).reached.revision > 0
    await hub.wake()


async def test_a_node_tells_nobody_but_its_hub(city: City, place: Place) -> None:
    await place.node.catalogue.apply(a_change_set(the_bureau()))
    other = await city.join()
    await place.beat()
    with pytest.raises(PeerRefuses) as refused:
        await HttpPeer(other.client, place.address).changes_since(0, ENTRIES_MAX)
    assert refused.value.facts["answered"] == "federation.hub_only"


@pytest.mark.parametrize(
    "path",
    [
        "/federation/changes?since=-1", "/federation/changes?since=x",
        "/federation/changes?limit=0", "/federation/changes?limit=101",
        f"/federation/changes?since={'9' * 400}",
        "/federation/whole?position=nothing", f"/federation/whole?position={'x' * 200}",
    ],
)  # fmt: skip
async def test_what_is_asked_wrongly_is_refused(city: City, place: Place, path: str) -> None:
    with pytest.raises(PeerRefuses):
        await place.ask(HUB, path)


async def test_without_a_signature_nothing_is_told(city: City, place: Place) -> None:
    async with open_client(city.network) as http:
        for path in ("/federation/changes", "/federation/whole"):
            assert (await http.get(f"{HUB}{path}")).status_code in (401, 403, 421)
        assert (await http.post(f"{HUB}/federation/wake")).status_code in (401, 403, 421)
