"""A hub and a node of a finance space, each with a catalogue of its own, and the peer between."""

from dataclasses import dataclass, field
from typing import Any

from dataspace.change import Amend, Change
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.publishing import Release, upwards
from dataspace.federation.peer import Peer
from dataspace.ports import Catalogue
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import PAGE_MAX, Every, Order, Page, Row, Selection, Where
from hub.operations.federation.flow import pulling
from hub.operations.federation.flow.feeds import Following
from hub.operations.federation.flow.publishing import Publisher
from hub.operations.federation.flow.pulling import Pulled
from subspaces.peers.direct_peer import DirectPeer
from tests.build import a_change_set, a_participant, a_row, a_space, an_act
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue

GRADE_MAX = 3
BANK, FIRM, STRANGER = "par_bank", "par_firm", "par_stranger"
FINANCE, ENERGY = "nod_finance", "nod_energy"
SPACE, GRID = "spc_finance", "spc_energy"


async def ruled() -> Release:
    return upwards(GRADE_MAX)


def a_node(id_: str, operator: str, space: str) -> Change:
    values = {
        "identifier": id_.ljust(32, "0"), "name": "金融节点 Finance", "kind": "BUSINESS",
        "status": "ONLINE", "state": "ACTIVE", "operator": operator, "space": space,
    }  # fmt: skip
    return a_row("node", id_, values)


def who_is_where() -> tuple[Change, ...]:
    """What both sides know: the bank runs the finance node, and the firm is a member."""
    return (
        a_space(SPACE), a_space(GRID, name="能源子空间"),
        a_participant(BANK, name="银行 Bank", kind="DEPARTMENT"),
        a_participant(FIRM, name="企业 Firm", spaces=[SPACE]),
        a_participant(STRANGER, name="他人 Stranger"),
        a_node(FINANCE, BANK, SPACE), a_node(ENERGY, STRANGER, GRID),
    )  # fmt: skip


@dataclass
class Books:
    catalogue: Catalogue = field(default_factory=DictionaryCatalogue)
    clock: FrozenClock = field(default_factory=FrozenClock)


@dataclass
class TwoNodes:
    hub: Books = field(default_factory=Books)
    node: Books = field(default_factory=Books)

    async def ready(self) -> "TwoNodes":
        await apply(self.hub.catalogue, *who_is_where())
        # The node has its people from the hub: they are not its own to tell of.
        known = [a_node("nod_hub", BANK, SPACE)]
        people = (
            a_space(SPACE),
            a_participant(BANK, name="银行 Bank", **{ORIGIN: "nod_hub"}),
            a_participant(FIRM, name="企业 Firm", **{ORIGIN: "nod_hub"}),
            a_participant(STRANGER, name="他人 Stranger", **{ORIGIN: "nod_hub"}),
        )
        await apply(self.node.catalogue, *known, *people)
        return self

    @property
    def publisher(self) -> Publisher:
        return Publisher(self.node.catalogue, ruled)

    def following(self, peer: Peer | None = None) -> Following:
        return Following(
            self.hub, peer or DirectPeer(self.publisher), FINANCE, BANK, upwards(GRADE_MAX), SPACE
        )

    @property
    def hub_moment(self) -> str:
        return written(self.hub.clock.now())

    async def pull(self, peer: Peer | None = None) -> Pulled:
        return await pulling.pull(self.following(peer))

    async def shown(self, kind: str = "product") -> dict[str, Row]:
        """What the hub shows of the node."""
        return await rows(self.hub.catalogue, kind, Where(ORIGIN, "eq", FINANCE))

    async def feed(self) -> Row:
        [row] = (await rows(self.hub.catalogue, "feed")).values()
        return row

    async def refusals(self) -> dict[str, str]:
        """Codes of what is refused now, by what it is."""
        found = await rows(self.hub.catalogue, "feed_refusal", Where("ended_at", "is_null", True))
        return {row["subject"]: row["code"] for row in found.values()}


async def apply(catalogue: Catalogue, *changes: Change) -> None:
    await catalogue.apply(a_change_set(*changes))


async def amend(catalogue: Catalogue, kind: str, id_: str, **values: Any) -> None:
    await apply(catalogue, Amend(kind, id_, values, an_act(f"{kind}.amend")))


async def rows(catalogue: Catalogue, kind: str, *where: Where) -> dict[str, Row]:
    found: dict[str, Row] = {}
    fields = ("id", *RELATIONS.by_name[kind].by_name)
    after = ""
    while True:
        page = Page(PAGE_MAX, (after, after) if after else None)
        asked = Selection(kind, fields, Every(where), order=Order("id"), page=page)
        answer = await catalogue.select(asked)
        found |= {row["id"]: row for row in answer.rows}
        if not answer.more_after:
            return found
        after = answer.rows[-1]["id"]
