"""Rulebooks in GraphQL: what applies to a space at a moment, who says so, and who may change it."""

from typing import Any

import pytest

from dataspace.change import Amend
from hub.node import Node
from tests.build import a_change_set, a_product, a_rulebook, a_space, an_act
from tests.unit.api.asking import Asking, asking
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import ADMIN, REGISTRAR

TERM, GRADE = "authorisation.term_years_max", "product.grade_max"
RULES = "name value sources { id space tier edition takesEffectAt }"
APPLYING = f"""query ($at: Moment) {{ space(id: "spc_fin") {{
    now: effectiveRules {{ {RULES} }} then: effectiveRules(at: $at) {{ {RULES} }} }} }}"""
ENTER = """mutation ($values: RulebookValues!) { rulebookEnter(input: {values: $values}) {
    object { id status title tier rules { name value } } problems { code field message } } }"""
TAKE_EFFECT = """mutation ($id: ID!) { rulebookTakeEffect(input: {id: $id}) {
    object { status edition tier takesEffectAt } evidence { action } problems { code } } }"""


def stated(**rules: Any) -> list[dict[str, str]]:
    names = {"term": TERM, "grade": GRADE}
    return [{"name": names[each], "value": str(value)} for each, value in rules.items()]


@pytest.fixture(autouse=True)
async def ruled(node: Node) -> None:
    """A city whose rules became stricter in May, and a sub-space whose own apply since March."""

    def decided(id_: str, space: str, tier: str, *, edition: int, month: int, **rules: Any) -> Any:
        return a_rulebook(
            id_, space=space, tier=tier, edition=edition, status="DECIDED", rules=stated(**rules),
            takes_effect_at=f"2026-0{month}-01T00:00:00.000Z",
        )  # fmt: skip

    await node.catalogue.apply(a_change_set(
        a_space("spc_city", code="city", tier="CITY", kind="CITY"),
        a_space("spc_fin", code="fin", part_of="spc_city"),
        decided("rbk_1", "spc_city", "CITY", edition=1, month=1, term=5, grade=3),
        decided("rbk_2", "spc_city", "CITY", edition=2, month=5, term=5, grade=2),
        decided("rbk_3", "spc_fin", "SUBSPACE", edition=1, month=3, term=3, grade=3),
        a_rulebook("rbk_draft", space="spc_fin", rules=stated(term=9)),
        a_product("prd_1", space="spc_fin"),
    ))  # fmt: skip


def plain(rules: list[dict[str, Any]]) -> dict[str, tuple[str, list[str]]]:
    return {
        each["name"]: (each["value"], [f"{s['space']} v{s['edition']}" for s in each["sources"]])
        for each in rules
    }


async def test_what_applies_now_and_then_is_told_with_its_sources(ask: Asking) -> None:
    data = await ask.data(APPLYING, {"at": "2026-04-01T08:00:00+08:00"})
    assert plain(data["space"]["now"]) == {TERM: ("3", ["fin v1"]), GRADE: ("2", ["city v2"])}
    assert plain(data["space"]["then"]) == {TERM: ("3", ["fin v1"]), GRADE: ("3", ["city v1"])}
    assert data["space"]["now"][0]["sources"] == [{
        "id": "rbk_3", "space": "fin", "tier": "SUBSPACE", "edition": 1,
        "takesEffectAt": "2026-03-01T00:00:00.000Z",
    }]  # fmt: skip
    before = await ask.data(APPLYING, {"at": "2025-12-31T00:00:00Z"})
    assert before["space"]["then"] == []


async def test_rules_are_told_in_the_language_of_the_reader(ask: Asking) -> None:
    query = '{ space(id: "spc_fin") { effectiveRules { label unit tighter } } }'
    for language, first in (
        ("en", {"label": "Term of an authorisation", "unit": "years", "tighter": "lower"}),
        ("zh", {"label": "授权期限上限", "unit": "年", "tighter": "越低越严"}),
    ):
        body = await ask.body(query, language=language)  # type: ignore[arg-type]
        assert body["data"]["space"]["effectiveRules"][0] == first


async def test_the_rules_of_a_space_are_read_with_whatever_is_listed_in_it(node: Node) -> None:
    counted, watch = watched(node)
    data = await asking(counted).data(
        f"{{ products {{ nodes {{ space {{ effectiveRules {{ {RULES} }} }} }} }} }}"
    )
    [product] = data["products"]["nodes"]
    assert plain(product["space"]["effectiveRules"])[TERM] == ("3", ["fin v1"])
    assert watch.selects == 1


async def test_a_draft_is_seen_by_those_who_keep_and_check_rules_alone(ask: Asking) -> None:
    query = "{ rulebooks { totalCount nodes { id } } }"
    found = await ask.data(query)
    assert {each["id"] for each in found["rulebooks"]["nodes"]} == {"rbk_1", "rbk_2", "rbk_3"}
    for caller in (ADMIN, REGISTRAR):
        assert (await ask.data(query, caller=caller))["rulebooks"]["totalCount"] == 4
    assert await ask.code('{ rulebook(id: "rbk_draft") { id } }') == "catalogue.not_found"


async def test_a_rulebook_is_drafted_and_takes_effect(ask: Asking) -> None:
    values = {"title": "更严", "space": "spc_fin", "rules": stated(term=2)}
    entered = (await ask.data(ENTER, {"values": values}, caller=ADMIN))["rulebookEnter"]
    assert entered["problems"] == []
    assert entered["object"]["rules"] == [{"name": TERM, "value": "2"}]
    variables = {"id": entered["object"]["id"]}
    decided = (await ask.data(TAKE_EFFECT, variables, caller=ADMIN))["rulebookTakeEffect"]
    assert decided["object"]["edition"] == 2
    assert decided["object"]["tier"] == "SUBSPACE"
    assert decided["evidence"]["action"] == "rulebook.take_effect"
    now = await ask.data(APPLYING, {"at": "2026-04-01T00:00:00Z"})
    assert plain(now["space"]["now"])[TERM] == ("2", ["fin v2"])
    assert plain(now["space"]["then"])[TERM] == ("3", ["fin v1"])


async def test_a_rulebook_that_loosens_is_refused_by_name(ask: Asking) -> None:
    code = await ask.code(TAKE_EFFECT, {"id": "rbk_draft"}, caller=ADMIN)
    assert code == "rulebook.loosens"
    body = await ask.body(TAKE_EFFECT, {"id": "rbk_draft"}, caller=ADMIN, language="zh")
    [error] = body["errors"]
    assert all(each in error["message"] for each in (TERM, "9", "5", "fin v2", "city v2", "宽于"))


async def test_what_is_no_rule_is_a_problem_of_the_input(ask: Asking) -> None:
    for name, value, code in (
        ("use.colour", "1", "rulebook.rule_unknown"), (TERM, "x", "rulebook.value_wrong"),
    ):  # fmt: skip
        rules = [{"name": name, "value": value}]
        values = {"title": "T", "space": "spc_fin", "rules": rules}
        data = await ask.data(ENTER, {"values": values}, caller=ADMIN)
        assert [each["code"] for each in data["rulebookEnter"]["problems"]] == [code]
        assert data["rulebookEnter"]["object"] is None


async def test_others_than_platform_administrators_make_no_rules(ask: Asking) -> None:
    assert await ask.code(TAKE_EFFECT, {"id": "rbk_draft"}, caller=REGISTRAR) == (
        "lifecycle.role_missing"
    )


async def test_a_circle_of_spaces_is_named_and_not_followed(ask: Asking, node: Node) -> None:
    await node.catalogue.apply(a_change_set(
        a_space("spc_x", code="x"), a_space("spc_y", code="y", part_of="spc_x"),
    ))  # fmt: skip
    turned = Amend("space", "spc_x", {"part_of": "spc_y"}, an_act())
    await node.catalogue.apply(a_change_set(turned))
    query = '{ space(id: "spc_x") { effectiveRules { name } } }'
    assert await ask.code(query) == "rulebook.cyclic"
