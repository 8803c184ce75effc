"""A city with a finance and an energy node: each with a catalogue of its own, following the others
as nodes do."""

from dataclasses import dataclass, field
from typing import Any

from dataspace.federation.flow.publishing import upwards
from dataspace.federation.membership import Membership
from dataspace.federation.peer import Peer
from dataspace.ports import Catalogue
from dataspace.selection import Row
from hub.node import Node
from hub.operations.federation.flow import feeds, healing, pulling
from hub.operations.federation.flow.feeds import Following
from hub.operations.federation.flow.neighbours import Neighbours
from subspaces.peers.direct_peer import DirectPeer
from tests.build import a_participant, a_resource, a_space, an_authorisation, the_bureau
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.federation.test_downwards import joined
from tests.unit.federation.two_nodes import (
    BANK,
    ENERGY,
    FINANCE,
    FIRM,
    GRADE_MAX,
    GRID,
    SPACE,
    STRANGER,
    apply,
    rows,
    who_is_where,
)
from tests.unit.operations.city import DictionaryAssets, NobodyKnown

CHARGING, GRANT = "res_charging", "aut_charging"
OPERATORS = {FINANCE: (BANK, SPACE), ENERGY: (STRANGER, GRID)}


@dataclass
class ThreeNodes:
    """The energy node publishes charging records; FIRM is a member of the finance space."""

    hub: Node
    nodes: dict[str, Node]
    clock: FrozenClock = field(default_factory=FrozenClock)

    @property
    def finance(self) -> Catalogue:
        return self.nodes[FINANCE].catalogue

    @property
    def energy(self) -> Catalogue:
        return self.nodes[ENERGY].catalogue

    async def rise(self, id_: str) -> None:
        """The hub pulls the node."""
        pulled = await pulling.pull(self.upward(id_))
        assert pulled.error is None, pulled.error

    def upward(self, id_: str) -> Following:
        operator, space = OPERATORS[id_]
        peer = DirectPeer(Neighbours(self.nodes[id_]).publisher(""))
        return Following(self.hub, peer, id_, operator, upwards(GRADE_MAX), space)

    async def sink(self, id_: str) -> None:
        """The node pulls the hub."""
        pulled = await pulling.pull(await self.downward(id_))
        assert pulled.error is None, pulled.error

    async def downward(self, id_: str) -> Following:
        [following] = [each async for each in Neighbours(self.nodes[id_]).followed()]
        return following

    async def settle(self) -> None:
        """Everything told to everybody: up, down, and what follows from that up again."""
        for id_ in (ENERGY, FINANCE):
            await self.rise(id_)
            await self.sink(id_)
        await self.sink(ENERGY)
        await self.rise(FINANCE)
        await self.sink(FINANCE)

    async def healed(self) -> int:
        """How much a full comparison would put right at the finance node."""
        following = await self.downward(FINANCE)
        feed = await healing.verify(following, await feeds.opened(following))
        return int(feed.row["healed"] or 0)

    async def grant(self, **values: Any) -> None:
        granted = {"resources": [CHARGING], "grantee": FIRM, "state": "EFFECTIVE", **values}
        await apply(self.hub.catalogue, an_authorisation(granted.pop("id", GRANT), **granted))

    async def product(self, at: Catalogue | None = None, id_: str = "prd_cross") -> Row:
        return (await rows(at or self.finance, "product"))[id_]


async def three_nodes(**catalogues: Catalogue) -> ThreeNodes:
    """`catalogues` by the last part of the node's id, dictionaries where none is given."""
    clock = FrozenClock()
    hub = a_node(catalogues.get("hub") or DictionaryCatalogue(), clock)
    await apply(
        hub.catalogue, the_bureau(), *who_is_where(),
        a_space("spc_city", tier="CITY", kind="CITY", name="城市"),
        a_participant("par_other", name="能源成员 Other", spaces=[GRID]),
    )  # fmt: skip
    nodes = {}
    for id_ in (FINANCE, ENERGY):
        membership = Membership("https://hub.example", id_, "https://issuer.example")
        own = catalogues.get(id_.removeprefix("nod_")) or DictionaryCatalogue()
        nodes[id_] = a_node(own, clock, membership, DirectPeer(Neighbours(hub).publisher(id_)))
        await Neighbours(nodes[id_]).know_hub()
    city = ThreeNodes(hub, nodes, clock)
    await city.sink(ENERGY)
    await apply(city.energy, a_resource(
        CHARGING, name="充电记录 Charging", provider=STRANGER, space=GRID, audience="MEMBERS",
        state="AUTHORISABLE", classification="GENERAL", grade=2,
    ))  # fmt: skip
    await city.settle()
    return city


def a_node(
    catalogue: Catalogue, clock: FrozenClock, membership: Membership | None = None,
    peer: Peer | None = None,
) -> Node:  # fmt: skip
    meeting = joined(membership) if membership else None
    return Node(catalogue, NobodyKnown(), DictionaryAssets(), clock, meeting=meeting,
                reach=lambda row: peer)  # fmt: skip


