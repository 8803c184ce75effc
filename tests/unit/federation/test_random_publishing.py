"""Whatever is published, changed, withdrawn and killed: what the hub shows is what the node shows.

And never more than that: every entry that ever left the node is held against the rules, read by
hand from the node's rows.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataspace.change import Amend, Applied, ChangeSet
from dataspace.federation.batches import Batch, Entry, Listing
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.relations import RELATIONS
from dataspace.selection import Page, Row, Selection
from dataspace.shape import Reader
from hub.operations.federation.flow import feeds, healing, shelf
from hub.operations.federation.flow.publishing import Publisher
from tests.build import a_product, a_resource, a_topic, an_act
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.federation.two_nodes import BANK, FIRM, GRADE_MAX, TwoNodes, apply

RESOURCES = ("res_a", "res_b", "res_c")
PRODUCTS = ("prd_a", "prd_b", "prd_c")
OWN = ("par_new", "top_own", *RESOURCES, *PRODUCTS)
SECRET = "内部 only for the owner"
STATES = {
    "resource": ("DRAFT", "PUBLICITY", "REGISTERED", "AUTHORISABLE", "CANCELLED"),
    "product": ("DRAFT", "REGISTERED", "LISTED", "DELIST_REVIEW", "DELISTED"),
}
SHOWN = {"resource": {"REGISTERED", "AUTHORISABLE"}, "product": {"LISTED", "DELIST_REVIEW"}}
PRIVATE = {
    noun: {each.name for each in RELATIONS.by_name[noun].fields if each.reader is not Reader.ANYONE}
    for noun in ("resource", "product", "participant", "topic", "space")
}


class Killed(BaseException):
    """The process is gone, at this very place."""


@dataclass
class Mortal(DictionaryCatalogue):
    """Dies before or after it has applied so many change sets more."""

    left: int = -1
    after: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    async def apply(self, change_set: ChangeSet) -> Applied:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Killed
        applied = await super().apply(change_set)
        if self.left == 0:
            raise Killed
        return applied


@dataclass
class Watched:
    """Remembers all that ever left the node."""

    publisher: Publisher
    told: list[Entry] = field(default_factory=list)

    async def changes_since(self, revision: int, limit: int) -> Batch:
        batch = Batch.read((await self.publisher.changes_since(revision, limit)).told())
        assert len(batch.entries) <= limit
        self.told += batch.entries
        return batch

    async def whole(self, position: str, limit: int) -> Listing:
        listing = Listing.read((await self.publisher.whole(position, limit)).told())
        self.told += listing.entries
        return listing

    async def wake(self) -> None:
        return


state = st.sampled_from([0, 1, 2, 2, 3, 4])
# One at a time, so that what was shown goes and comes back for a single reason.
changes = st.one_of(*(
    st.fixed_dictionaries({name: values})
    for name, values in {
        "state": state,
        "audience": st.sampled_from(["PUBLIC", "MEMBERS", "SPACE"]),
        "grade": st.sampled_from([1, 2, 4, None]),
        "secret": st.booleans(),
        "name": st.sampled_from(["甲", "乙", "丙"]),
        "owner": st.sampled_from([BANK, FIRM, "par_new"]),
        "refers": st.lists(st.sampled_from(RESOURCES), max_size=2, unique=True),
        "topics": st.sampled_from([[], ["top_own"]]),
    }.items()
))  # fmt: skip
steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.sampled_from((*RESOURCES, *PRODUCTS)), changes),
        st.tuples(st.just("rename"), st.sampled_from(["新一", "新二"])),
        st.tuples(st.just("pull")),
        st.tuples(st.just("pull")),
        st.tuples(st.just("kill"), st.integers(1, 3), st.booleans()),
        st.tuples(st.just("verify")),
        st.tuples(st.just("cut off")),
    ),
    min_size=4,
    max_size=24,
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_the_hub_shows_what_the_node_publishes(told: list[Any]) -> None:
    asyncio.run(_lived(told))


@pytest.mark.long
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_the_hub_shows_what_the_node_publishes_for_long(told: list[Any]) -> None:
    asyncio.run(_lived(told))


async def _lived(told: list[Any]) -> None:
    nodes = TwoNodes()
    nodes.hub.catalogue = mortal = Mortal()
    await nodes.ready()
    made = [a_topic("top_own"), _new_participant()]
    shown = {"provider": BANK, "state": "REGISTERED", "grade": 2, "contact": SECRET}
    made += [a_resource(id_, **shown) for id_ in RESOURCES]
    made += [
        a_product(id_, owner=BANK, decision_reason=SECRET, resources=list(RESOURCES[:2]))
        for id_ in PRODUCTS
    ]
    await apply(nodes.node.catalogue, *made)
    watched = Watched(nodes.publisher)
    for name, *rest in told:
        nodes.hub.clock.advance(seconds=1)
        match name:
            case "change":
                await apply(nodes.node.catalogue, _changed(*rest))
            case "rename":
                renamed = Amend("participant", "par_new", {"name": rest[0]}, an_act())
                await apply(nodes.node.catalogue, renamed)
            case "kill":
                mortal.left, mortal.after = rest
                await _until_killed(nodes, watched)
            case "pull":
                await nodes.pull(watched)
            case "verify":
                following = nodes.following(watched)
                await healing.verify(following, await feeds.opened(following))
            case "cut off":
                await shelf.suspend(nodes.following(watched))
        mortal.left = -1
        await _check_weight(nodes)
        _check_nothing_private(watched)
    for _ in range(2):
        assert (await nodes.pull(watched)).error is None
    await _check_the_same(nodes)


async def _until_killed(nodes: TwoNodes, watched: Watched) -> None:
    try:
        await nodes.pull(watched)
    except Killed:
        return


def _new_participant() -> Any:
    from tests.build import a_participant

    return a_participant("par_new", name="新企业", contact=SECRET)


def _changed(id_: str, given: dict[str, Any]) -> Amend:
    kind = "resource" if id_ in RESOURCES else "product"
    values = dict(given)
    if "state" in values:
        values["state"] = STATES[kind][values["state"]]
    if kind == "product":
        values.pop("secret", None)
        if values.get("grade", 0) is None:
            values.pop("grade")
        if "refers" in values:
            values["resources"] = values.pop("refers")
    else:
        if "refers" in values:
            values["derived_from"] = [each for each in values.pop("refers") if each != id_]
        if "owner" in values:
            values["provider"] = values.pop("owner")
    return Amend(kind, id_, values, an_act())


def _check_nothing_private(watched: Watched) -> None:
    for entry in watched.told:
        values = entry.values or {}
        assert SECRET not in json.dumps(values, ensure_ascii=False)
        assert not PRIVATE[entry.kind] & values.keys()
        if entry.kind in SHOWN and values:
            assert values["state"] in SHOWN[entry.kind]
            assert values["audience"] in ("PUBLIC", "MEMBERS")
            assert values["grade"] <= GRADE_MAX
            assert not values.get("secret")
    watched.told.clear()


async def _check_weight(nodes: TwoNodes) -> None:
    """The running sum is what all rows of the node weigh, whatever was killed on the way."""
    for feed in (await _rows(nodes.hub.catalogue, "feed")).values():
        assert feed["bytes"] == await healing.weighed(nodes.following())


async def _check_the_same(nodes: TwoNodes) -> None:
    """What may be shown of the node's rows, worked out by hand, is what the hub has of it."""
    assert await nodes.refusals() == {}
    own = {kind: await _rows(nodes.node.catalogue, kind) for kind in SHOWN}
    public = {
        id_: row for kind in SHOWN for id_, row in own[kind].items()
        if row["state"] in SHOWN[kind] and row["audience"] in ("PUBLIC", "MEMBERS")
        and (row["grade"] or 9) <= GRADE_MAX and not row.get("secret")
    }  # fmt: skip
    for kind, refers in (("resource", "derived_from"), ("product", "resources")):
        there = {
            id_: row for id_, row in (await _rows(nodes.hub.catalogue, kind)).items()
            if row[ORIGIN]
        }  # fmt: skip
        assert there.keys() == public.keys() & own[kind].keys()
        for id_, row in there.items():
            here = public[id_]
            assert row.get("availability") == here.get("availability"), id_
            for name in ("name", "state", "audience", "grade", "topics"):
                assert row[name] == here[name], (id_, name)
            assert row[refers] == [each for each in here[refers] if each in public]
    feed = await nodes.feed()
    assert (feed["entries"], feed["refused"] or 0) == (len(public), 0)
    if any(row.get("owner", row.get("provider")) == "par_new" for row in public.values()):
        newly = (await _rows(nodes.node.catalogue, "participant"))["par_new"]
        assert (await _rows(nodes.hub.catalogue, "participant"))["par_new"]["name"] == newly["name"]


async def _rows(catalogue: Any, kind: str) -> dict[str, Row]:
    from hub.operations.mechanism.reading import ends, flat

    noun = RELATIONS.by_name[kind]
    children = tuple(ends(each.name, each.target) for each in noun.edges)
    asked = Selection(kind, ("id", *noun.by_name), page=Page(100), children=children)
    return {row["id"]: flat(row) for row in (await catalogue.select(asked)).rows}
