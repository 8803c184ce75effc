"""Rulebooks in the catalogue: drafted, decided for a date, and never looser than those above."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from dataspace.errors import DataSpaceError, MovedOn, NotFound
from dataspace.quantity import read_moment, written
from dataspace.refusals import RoleMissing
from dataspace.rulebooks.adopting import check, written_rules
from dataspace.rulebooks.city import CITY_RULES
from dataspace.rulebooks.refusals import (
    DatesOutOfOrder,
    ParentUnknown,
    RulebookCyclic,
    RulebookLoosens,
    RuleUnknown,
    RuleValueWrong,
    TierWrong,
)
from dataspace.rulebooks.rulebook import Rulebook, chain, effective
from dataspace.selection import Page, PartChild, Selection, Where
from hub.node import Node
from hub.operations import spaces
from hub.operations.mechanism.done import Done
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.lifecycle import nothing_prepared
from hub.operations.rulebooks import keeping
from hub.operations.rulebooks.places import FIELDS, children, place_of, rulebook_of
from hub.operations.spaces import SpaceSettled
from tests.clock import FrozenClock
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import ADMIN, REGISTRAR, STEWARD

pytestmark = pytest.mark.anyio

TERM = "authorisation.term_years_max"
GRADE = "product.grade_max"


async def a_space(node: Node, code: str, *, tier: str = "SUBSPACE", part_of: str = "") -> str:
    values = {"code": code, "name": code, "kind": "LOGICAL", "tier": tier, "part_of": part_of}
    return (await spaces.enter(node, ADMIN, values)).id


async def drafted(node: Node, space: str, rules: dict[str, Any], *, days: int = 0) -> str:
    at = written(node.clock.now() + timedelta(days=days))
    values = {
        "title": f"Rules of {space}", "space": space, "takes_effect_at": at if days else None,
        "rules": [{"name": name, "value": str(value)} for name, value in rules.items()],
    }  # fmt: skip
    return (await keeping.enter(node, ADMIN, values)).id


async def decided(node: Node, space: str, rules: dict[str, Any], *, days: int = 0) -> str:
    id_ = await drafted(node, space, rules, days=days)
    await keeping.take_effect(node, ADMIN, id_)
    return id_


async def refusal(node: Node, id_: str) -> DataSpaceError:
    with pytest.raises(DataSpaceError) as refused:
        await keeping.take_effect(node, ADMIN, id_)
    return refused.value


async def applying(node: Node, space: str, *, days: int = 0) -> dict[str, tuple[Any, str]]:
    """The rules of a space, and from which rulebook each comes."""
    at = node.clock.now() + timedelta(days=days)
    selection = Selection(
        "space", FIELDS, Where("id", "eq", space), page=Page(1), children=children(at=at)
    )
    [row] = (await node.catalogue.select(selection)).rows
    place = place_of(row)
    found = effective(chain(place.code, place.parents, place.rulebooks), at)
    return {name: (each.value, str(each.sources[0])) for name, each in found.items()}


async def rules_of(node: Node, id_: str) -> list[tuple[str, str]]:
    part = PartChild("rules", "rules", ("name", "value"), first=100)
    selection = Selection("rulebook", where=Where("id", "eq", id_), page=Page(1), parts=(part,))
    [row] = (await node.catalogue.select(selection)).rows
    return [(each["name"], each["value"]) for each in row["rules"]]


async def test_the_rules_of_a_city_and_of_a_sub_space_take_effect(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    fin = await a_space(node, "fin", part_of=city)
    first = await drafted(node, city, dict(written_rules(CITY_RULES)))
    done = await keeping.take_effect(node, ADMIN, first)
    assert (done.values["edition"], done.values["status"]) == (1, "DECIDED")
    assert done.values["takes_effect_at"] == written(node.clock.now())
    assert done.values["decided_by"] == ADMIN.subject

    await decided(node, fin, {TERM: 3}, days=10)
    assert (await applying(node, fin))[TERM] == (5, "city v1")
    assert (await applying(node, fin, days=10))[TERM] == (3, "fin v1")
    assert (await applying(node, city, days=10))[TERM] == (5, "city v1")
    assert (await applying(node, fin, days=10))[GRADE] == (3, "city v1")


async def test_a_draft_applies_to_nobody(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    await drafted(node, city, {TERM: 5})
    assert await applying(node, city) == {}


async def test_a_rulebook_that_loosens_is_refused_and_stays_a_draft(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    fin = await a_space(node, "fin", part_of=city)
    await decided(node, city, {TERM: 5})
    draft = await drafted(node, fin, {TERM: 6, GRADE: 2})

    found = await refusal(node, draft)
    assert type(found) is RulebookLoosens
    assert found.facts["rules"] == TERM
    assert "fin v1" in str(found) and "city v1" in str(found)
    assert (await applying(node, fin))[TERM] == (5, "city v1")

    await keeping.amend(node, ADMIN, draft, {"rules": [{"name": TERM, "value": "4"}]})
    await keeping.take_effect(node, ADMIN, draft)
    assert (await applying(node, fin))[TERM] == (4, "fin v1")


async def test_a_city_that_tightens_binds_every_sub_space_and_the_past_stays(
    node: Node, clock: FrozenClock
) -> None:
    city = await a_space(node, "city", tier="CITY")
    fin = await a_space(node, "fin", part_of=city)
    await decided(node, city, {TERM: 5})
    await decided(node, fin, {TERM: 4})
    before = await applying(node, fin)
    clock.advance(days=1)
    await decided(node, city, {TERM: 2})
    assert (await applying(node, fin))[TERM] == (2, "city v2")
    assert await applying(node, fin, days=-1) == before


async def test_two_rulebooks_decided_at_once_cannot_slip_past_each_other(node: Node) -> None:
    """The city tightens between the reading and the writing of the sub-space's decision."""
    city = await a_space(node, "city", tier="CITY")
    pudong = await a_space(node, "pudong", tier="DISTRICT", part_of=city)
    fin = await a_space(node, "fin", part_of=pudong)
    await decided(node, city, {TERM: 5})
    draft = await drafted(node, fin, {TERM: 4})
    stricter = await drafted(node, city, {TERM: 2}, days=1)
    await decided(node, pudong, {})
    slow, watch = watched(node)

    async def tightened() -> None:
        await keeping.take_effect(node, ADMIN, stricter)

    watch.after_select = tightened
    with pytest.raises(MovedOn):
        await keeping.take_effect(slow, ADMIN, draft)
    assert type(await refusal(node, draft)) is RulebookLoosens


async def test_two_versions_of_one_rulebook_decided_at_once_are_not_both_the_next(
    node: Node,
) -> None:
    city = await a_space(node, "city", tier="CITY")
    one, other = await drafted(node, city, {TERM: 5}), await drafted(node, city, {TERM: 4})
    slow, watch = watched(node)

    async def first() -> None:
        await keeping.take_effect(node, ADMIN, other)

    watch.after_select = first
    with pytest.raises(MovedOn):
        await keeping.take_effect(slow, ADMIN, one)
    assert (await applying(node, city))[TERM] == (4, "city v1")


async def test_a_draft_that_is_amended_meanwhile_does_not_take_effect(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    draft = await drafted(node, city, {TERM: 5})
    slow, watch = watched(node)

    async def amended() -> None:
        await keeping.amend(node, ADMIN, draft, {"rules": [{"name": TERM, "value": "9"}]})

    watch.after_select = amended
    with pytest.raises(MovedOn):
        await keeping.take_effect(slow, ADMIN, draft)


async def test_a_space_that_is_moved_meanwhile_does_not_escape_its_rules(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    strict = await a_space(node, "strict", tier="DISTRICT", part_of=city)
    lax = await a_space(node, "lax", tier="DISTRICT", part_of=city)
    fin = await a_space(node, "fin", part_of=lax)
    for space, rules in ((city, {TERM: 5}), (lax, {}), (strict, {TERM: 2})):
        await decided(node, space, rules)
    draft = await drafted(node, fin, {TERM: 4})
    slow, watch = watched(node)

    async def moved() -> None:
        await spaces.amend(node, ADMIN, fin, {"part_of": strict})

    watch.after_select = moved
    with pytest.raises(MovedOn):
        await keeping.take_effect(slow, ADMIN, draft)


async def test_rules_that_are_decided_settle_where_a_space_stands(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    pudong = await a_space(node, "pudong", tier="DISTRICT", part_of=city)
    fin = await a_space(node, "fin", part_of=pudong)
    await decided(node, city, {TERM: 5})
    await decided(node, pudong, {})
    await decided(node, fin, {TERM: 4})
    for space in (fin, pudong):
        with pytest.raises(SpaceSettled):
            await spaces.amend(node, ADMIN, space, {"part_of": None})
    with pytest.raises(SpaceSettled):
        await spaces.amend(node, ADMIN, fin, {"tier": "DISTRICT"})
    done = await spaces.amend(node, ADMIN, fin, {"part_of": pudong, "name": "Finance"})
    assert done.values["name"] == "Finance"


async def test_a_space_is_not_moved_while_its_rules_are_being_decided(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    fin = await a_space(node, "fin", part_of=city)
    await decided(node, city, {TERM: 5})
    draft = await drafted(node, fin, {TERM: 4})
    slow, watch = watched(node)

    async def ruled() -> None:
        watch.after_select = None if watch.selects > 1 else ruled
        if watch.selects > 1:
            await keeping.take_effect(node, ADMIN, draft)

    watch.after_select = ruled
    with pytest.raises(MovedOn):
        await spaces.amend(slow, ADMIN, fin, {"part_of": None})


async def test_a_space_is_never_part_of_itself(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    fin = await a_space(node, "fin", part_of=city)
    for space in (city, fin):
        with pytest.raises(RulebookCyclic):
            await spaces.amend(node, ADMIN, space, {"part_of": fin})


async def test_what_is_decided_is_not_amended_nor_decided_again(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    first = await decided(node, city, {TERM: 5})
    with pytest.raises(keeping.RulebookDecided):
        await keeping.amend(node, ADMIN, first, {"rules": []})
    assert type(await refusal(node, first)) is keeping.RulebookDecided


async def test_a_repeated_request_is_answered_as_the_first_time(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    draft = await drafted(node, city, {TERM: 5})
    first = await keeping.take_effect(node, ADMIN, draft, request_id="r1")
    assert await keeping.take_effect(node, ADMIN, draft, request_id="r1") == first


async def test_only_platform_administrators_make_rules(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    draft = await drafted(node, city, {TERM: 5})
    for caller in (REGISTRAR, STEWARD):
        with pytest.raises(RoleMissing):
            await keeping.enter(node, caller, {"title": "Mine", "space": city})
        with pytest.raises(RoleMissing):
            await keeping.take_effect(node, caller, draft)


@pytest.mark.parametrize(
    ("rule", "value", "error"),
    [("authorisation.colour", "5", RuleUnknown), (TERM, "five", RuleValueWrong),
     ("use.actions", "FLY", RuleValueWrong), (TERM, None, FieldsInvalid)],
)  # fmt: skip
async def test_a_line_that_is_no_rule_is_not_drafted(
    node: Node, rule: str, value: Any, error: type[DataSpaceError]
) -> None:
    city = await a_space(node, "city", tier="CITY")
    values = {"title": "Rules", "space": city, "rules": [{"name": rule, "value": value}]}
    with pytest.raises(error):
        await keeping.enter(node, ADMIN, values)


async def test_rules_are_kept_in_one_order_and_one_form(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    routes = "authorisation.personal_routes"
    id_ = await drafted(node, city, {GRADE: "03", routes: "ANONYMISED,CONSENT", TERM: 5})
    assert await rules_of(node, id_) == [
        (TERM, "5"), (routes, "CONSENT, ANONYMISED"), (GRADE, "3"),
    ]  # fmt: skip
    nothing = await drafted(node, city, {routes: "NONE"})
    assert await rules_of(node, nothing) == [(routes, "NONE")]


async def test_a_rulebook_out_of_its_time_or_place_is_refused(
    node: Node, clock: FrozenClock
) -> None:
    city = await a_space(node, "city", tier="CITY")
    fin = await a_space(node, "fin", part_of=city)
    alone = await a_space(node, "alone")
    orphan, early = await drafted(node, fin, {}), await drafted(node, city, {}, days=1)
    assert type(await refusal(node, orphan)) is ParentUnknown
    assert type(await refusal(node, await drafted(node, alone, {}))) is TierWrong
    clock.advance(days=2)
    assert type(await refusal(node, early)) is DatesOutOfOrder
    await decided(node, city, {}, days=5)
    assert type(await refusal(node, await drafted(node, city, {}, days=3))) is DatesOutOfOrder
    with pytest.raises(NotFound):
        await keeping.take_effect(node, ADMIN, "rbk_nowhere")


async def test_a_circle_of_spaces_has_no_rules(node: Node) -> None:
    """However it came about, nobody loops, and nobody is without rules by it."""
    city = await a_space(node, "city", tier="CITY")
    fin = await a_space(node, "fin", part_of=city)
    draft = await drafted(node, fin, {TERM: 4})
    careless = replace(spaces.LEDGER, prepare=nothing_prepared)
    await careless.amend(node, ADMIN, city, {"part_of": fin})
    assert type(await refusal(node, draft)) is RulebookCyclic
    with pytest.raises(RulebookCyclic):
        await applying(node, fin)


async def test_a_decision_is_one_reading_and_one_writing(node: Node) -> None:
    city = await a_space(node, "city", tier="CITY")
    draft = await drafted(node, city, {TERM: 5})
    counted, watch = watched(node)
    await keeping.take_effect(counted, ADMIN, draft)
    assert (watch.selects, watch.applies) == (1, 1)


async def test_whatever_is_decided_at_once_could_have_been_decided_one_after_another(
    node: Node,
) -> None:
    """Replayed in the order of the evidence, every decision passes the check that it passed."""
    city = await a_space(node, "city", tier="CITY")
    fin = await a_space(node, "fin", part_of=city)
    await decided(node, city, {TERM: 9})
    dice = Random(20260601)
    for _ in range(5):
        drafts = [
            await drafted(node, space, {TERM: dice.randrange(1, 10)}, days=dice.randrange(1, 40))
            for space in (city, fin, fin, city)
        ]
        outcomes = await asyncio.gather(
            *(keeping.take_effect(node, ADMIN, each) for each in drafts), return_exceptions=True
        )
        unforeseen = [e for e in outcomes if not isinstance(e, Done | DataSpaceError)]
        assert unforeseen == []
    replayed = await replay(node, {city: "city", fin: "fin"}, {"city": "", "fin": "city"})
    assert {each.space for each in replayed} == {"city", "fin"}


async def replay(node: Node, codes: dict[str, str], parents: dict[str, str]) -> list[Rulebook]:
    made: list[Rulebook] = []
    for recorded in await node.catalogue.changes_since(0, 1000):
        if recorded.evidence["action"] != "rulebook.take_effect":
            continue
        assert recorded.values is not None
        space = codes[recorded.values["space"]]
        row = {**recorded.values, "id": recorded.id}
        rulebook = rulebook_of(row, space=space, parent=parents[space])
        check(rulebook, made, parents=parents, now=read_moment(recorded.evidence["at"]))
        made.append(rulebook)
    return made
