"""The hub tells a node what it may see: rules, its spaces and members, and what is public."""

from types import SimpleNamespace
from typing import Any

from dataspace.federation.batches import ENTRIES_MAX, Entry
from dataspace.federation.flow.publishing import DOWNWARDS, UPWARDS
from dataspace.federation.membership import Membership
from dataspace.federation.peer import belonging_of
from dataspace.relations import RELATIONS
from dataspace.selection import Where
from dataspace.shape import Reader
from hub.node import Node
from hub.operations.federation.flow import pulling
from hub.operations.federation.flow.neighbours import Neighbours
from subspaces.peers.direct_peer import DirectPeer
from tests.build import (
    BUREAU,
    a_case,
    a_participant,
    a_product,
    a_resource,
    a_rulebook,
    a_space,
    a_topic,
    the_bureau,
)
from tests.unit.federation.two_nodes import (
    BANK,
    ENERGY,
    FINANCE,
    FIRM,
    GRID,
    SPACE,
    STRANGER,
    Books,
    amend,
    apply,
    rows,
    who_is_where,
)
from tests.unit.operations.city import DictionaryAssets, NobodyKnown

WITHIN, SECRET_SPACE = "spc_within", "spc_secret"


async def a_hub() -> Node:
    books = Books()
    await apply(
        books.catalogue, the_bureau(), *who_is_where(),
        a_space("spc_city", tier="CITY", kind="CITY", name="城市"),
        a_space(WITHIN, part_of=SPACE, kind="LOGICAL"),
        a_space(SECRET_SPACE, part_of=GRID, kind="LOGICAL", name="他人的逻辑空间"),
        a_topic("top_a"),
        a_participant("par_other", name="别的成员", spaces=[GRID]),
        a_rulebook("rbk_city", space="spc_city", status="DECIDED", tier="CITY"),
        a_rulebook("rbk_finance", space=SPACE, status="DECIDED"),
        a_rulebook("rbk_draft", space=SPACE, status="DRAFT"),
        a_rulebook("rbk_grid", space=GRID, status="DECIDED"),
        a_resource("res_open", state="REGISTERED", grade=1),
        a_resource("res_high", state="REGISTERED", grade=4),
        a_product("prd_open", owner=BUREAU, resources=["res_open"]),
        a_product("prd_mine", owner=STRANGER, audience="SPACE", space=SPACE),
        a_product("prd_within", owner=BANK, audience="SPACE", space=WITHIN),
        a_product("prd_secret", owner=STRANGER, audience="SPACE", space=SECRET_SPACE),
        a_product("prd_draft", owner=BANK, state="DRAFT"),
        a_case("scenario", "sce_mine", applicant=BANK, state="APPROVED"),
        a_case("scenario", "sce_space", applicant=FIRM, state="ACTIVE", space=SPACE),
        a_case("scenario", "sce_theirs", applicant=STRANGER, state="APPROVED"),
        a_case("scenario", "sce_draft", applicant=BANK, state="DRAFT"),
        a_case("feed_refusal", "frf_mine", node=FINANCE, operator=BANK, created_at=None),
        a_case("feed_refusal", "frf_theirs", node=ENERGY, operator=STRANGER, created_at=None),
    )  # fmt: skip
    return Node(books.catalogue, NobodyKnown(), DictionaryAssets(), books.clock)


async def told(hub: Node, to: str) -> dict[str, Entry]:
    publisher, found, position = Neighbours(hub).publisher(to), {}, ""
    while True:
        page = await publisher.whole(position, ENTRIES_MAX)
        found |= {each.id: each for each in page.entries}
        if not (position := page.position):
            return found


async def test_a_node_is_told_what_it_may_see_and_nothing_of_another() -> None:
    hub = await a_hub()
    assert set(await told(hub, FINANCE)) == {
        "spc_city", SPACE, WITHIN, "top_a", FINANCE, BANK, FIRM, STRANGER,
        "rbk_city", "rbk_finance", "prd_mine", "prd_within",
        "sce_mine", "sce_space", "frf_mine",
    }  # fmt: skip
    assert set(await told(hub, ENERGY)) == {
        "spc_city", GRID, SECRET_SPACE, "top_a", ENERGY, STRANGER, "par_other",
        "rbk_city", "rbk_grid", "prd_secret", "sce_theirs", "frf_theirs",
    }  # fmt: skip


async def test_changes_tell_a_node_no_more_than_the_whole_does() -> None:
    hub = await a_hub()
    for node in (FINANCE, ENERGY):
        allowed = set(await told(hub, node))
        publisher, since = Neighbours(hub).publisher(node), 0
        seen: set[str] = set()
        while True:
            batch = await publisher.changes_since(since, ENTRIES_MAX)
            seen |= {each.id for each in batch.entries}
            since = batch.reached.revision
            if not batch.more:
                break
        assert seen == allowed


async def test_a_space_that_becomes_anothers_takes_along_what_was_shown_in_it() -> None:
    hub = await a_hub()
    publisher = Neighbours(hub).publisher(FINANCE)
    since = (await publisher.changes_since(0, ENTRIES_MAX)).reached.revision
    await amend(hub.catalogue, "product", "prd_within", space=SECRET_SPACE)
    batch = await publisher.changes_since(since, ENTRIES_MAX)
    assert [(each.id, each.values) for each in batch.entries] == [("prd_within", None)]


async def test_a_node_that_follows_the_hub_knows_the_rules_and_its_members() -> None:
    hub, books = await a_hub(), Books()
    membership = Membership("https://hub.example", FINANCE, "https://issuer.example")
    peer = DirectPeer(Neighbours(hub).publisher(FINANCE))
    node = Node(books.catalogue, NobodyKnown(), DictionaryAssets(), books.clock,
                meeting=joined(membership), reach=lambda row: peer)  # fmt: skip
    neighbours = Neighbours(node)
    for _ in range(2):
        await neighbours.know_hub()
    [following] = [each async for each in neighbours.followed()]
    for _ in range(2):
        pulled = await pulling.pull(following)
        assert pulled.error is None
    assert (await rows(books.catalogue, "feed_refusal")).keys() == {"frf_mine"}
    assert (await rows(books.catalogue, "rulebook")).keys() == {"rbk_city", "rbk_finance"}
    hub_row = belonging_of(membership).hub
    assert (await rows(books.catalogue, "node", Where("origin_node", "eq", hub_row))).keys() == {
        FINANCE
    }
    members = await rows(books.catalogue, "participant", Where("spaces", "has", SPACE))
    assert members.keys() == {FIRM}
    await amend(hub.catalogue, "participant", STRANGER, standing="SUSPENDED")
    await pulling.pull(following)
    assert (await rows(books.catalogue, "participant"))[STRANGER]["standing"] == "SUSPENDED"


def joined(membership: Membership) -> Any:
    """As much of a meeting as following needs."""
    return SimpleNamespace(membership=membership)


def test_what_flows_is_what_anybody_may_read() -> None:
    for flow in (UPWARDS, DOWNWARDS):
        for kind in flow.edges:
            noun = RELATIONS.by_name[kind]
            told_of = flow.names(kind)
            assert {f.reader for f in noun.fields if f.name in told_of} <= {Reader.ANYONE}
            assert {f.reader for p in noun.parts if p.name in told_of for f in p.fields} <= {
                Reader.ANYONE
            }
            targets = {noun.edge_by_name[name].target for name in flow.edges[kind]}
            assert targets <= flow.edges.keys()


async def test_a_node_is_not_told_in_which_roles_its_members_are_in_spaces_of_others() -> None:
    hub = await a_hub()
    since = "2026-06-01T00:00:00.000Z"
    both = [{"space": each, "role": "PROVIDER", "since": since} for each in (SPACE, GRID)]
    await amend(hub.catalogue, "participant", FIRM, spaces=[SPACE, GRID], memberships=both)
    values = (await told(hub, FINANCE))[FIRM].values
    assert values is not None
    assert (values["spaces"], "memberships" in values) == ([SPACE], False)
