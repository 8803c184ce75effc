"""Operations as mutations: what is done, what is wrong field by field, and what is refused."""

from collections.abc import Mapping
from typing import Any

import pytest

from dataspace.caller import ANYONE, Caller
from dataspace.lifecycle import MACHINES
from hub.api.schema.registry import camel
from hub.node import Node
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import Asking
from tests.unit.operations.city import (
    ADMIN,
    APPROVER,
    MARKET,
    PUBLICITY_DAYS,
    REGISTRAR,
    RESOURCE,
    STEWARD,
    a_node,
)

DONE = """{ object { id state version name summary items { name } }
            evidence { sequence action actor reason } problems { field code message advice } }"""


@pytest.fixture
async def node(clock: FrozenClock) -> Node:
    return await a_node(DictionaryCatalogue(), clock)


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values under GraphQL's names."""
    items = [{camel(name): each for name, each in item.items()} for item in values.get("items", [])]
    named = {camel(name): value for name, value in values.items()}
    return {**named, "items": items}


async def draft(ask: Asking, **more: Any) -> dict[str, Any]:
    query = f"mutation ($i: ResourceDraftInput!) {{ resourceDraft(input: $i) {DONE} }}"
    data = await ask.data(query, {"i": {"values": given(RESOURCE), **more}}, caller=STEWARD)
    done: dict[str, Any] = data["resourceDraft"]
    return done


async def move(ask: Asking, caller: Caller, name: str, id_: str, **more: Any) -> dict[str, Any]:
    type_ = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation ($i: {type_}!) {{ {name}(input: $i) {DONE} }}"
    data = await ask.data(query, {"i": {"id": id_, **more}}, caller=caller)
    done: dict[str, Any] = data[name]
    return done


async def test_a_resource_goes_from_its_draft_to_the_register(
    ask: Asking, clock: FrozenClock
) -> None:
    made = await draft(ask)
    id_ = made["object"]["id"]
    assert made["object"]["items"] == [{"name": "名称"}]
    assert made["evidence"]["action"] == "resource.draft"
    for caller, name in (
        (STEWARD, "resourceSubmit"),
        (REGISTRAR, "resourceTakeIn"),
        (REGISTRAR, "resourcePass"),
        (APPROVER, "resourceRegister"),
    ):
        done = await move(ask, caller, name, id_)
        clock.advance(days=PUBLICITY_DAYS)
        assert done["problems"] == []
        assert done["evidence"]["actor"] == caller.subject
    assert done["object"]["state"] == "REGISTERED"
    found = await ask.data(f'{{ resource(id: "{id_}") {{ name state }} }}', caller=ANYONE)
    assert found["resource"] == {"name": RESOURCE["name"], "state": "REGISTERED"}


async def test_every_wrong_field_is_told_with_its_path(ask: Asking) -> None:
    values = {"name": "", "audience": "PUBLIC", "items": [{"name": "x" * 500}]}
    query = f"mutation ($i: ResourceDraftInput!) {{ resourceDraft(input: $i) {DONE} }}"
    data = await ask.data(query, {"i": {"values": values}}, caller=STEWARD)
    done = data["resourceDraft"]
    assert done["object"] is None
    assert done["evidence"] is None
    assert sorted(".".join(problem["field"]) for problem in done["problems"]) == [
        "values.items.0.dataType",
        "values.items.0.name",
        "values.name",
    ]
    assert {problem["code"] for problem in done["problems"]} == {"input.fields_invalid"}


async def test_what_is_incomplete_is_told_field_by_field(ask: Asking) -> None:
    query = f"mutation ($i: ResourceDraftInput!) {{ resourceDraft(input: $i) {DONE} }}"
    values = {"name": "企业", "audience": "PUBLIC"}
    data = await ask.data(query, {"i": {"values": values}}, caller=STEWARD)
    done = await move(ask, STEWARD, "resourceSubmit", data["resourceDraft"]["object"]["id"])
    fields = [problem["field"][-1] for problem in done["problems"]]
    assert {"summary", "shareType", "updateCycle"} <= set(fields)


async def test_an_empty_reason_is_a_problem_of_the_reason(ask: Asking) -> None:
    id_ = (await draft(ask))["object"]["id"]
    await move(ask, STEWARD, "resourceSubmit", id_)
    await move(ask, REGISTRAR, "resourceTakeIn", id_)
    done = await move(ask, REGISTRAR, "resourceReturn", id_, reason=" ")
    [problem] = done["problems"]
    assert (problem["field"], problem["code"]) == (["reason"], "lifecycle.reason_missing")


async def test_null_takes_a_value_away_and_what_is_not_named_stays(ask: Asking) -> None:
    id_ = (await draft(ask))["object"]["id"]
    done = await move(ask, STEWARD, "resourceAmend", id_, values={"summary": None})
    assert done["object"]["summary"] is None
    assert done["object"]["name"] == RESOURCE["name"]
    stale = f'mutation {{ resourceAmend(input: {{id: "{id_}", version: 1, values: {{}}}}) {DONE} }}'
    assert await ask.code(stale, caller=STEWARD) == "catalogue.moved_on"


async def test_refusals_are_errors_and_leave_the_other_fields(ask: Asking) -> None:
    id_ = (await draft(ask))["object"]["id"]
    body = await ask.body(
        f"""mutation {{ no: resourceTakeIn(input: {{id: "{id_}"}}) {DONE}
                        yes: resourceSubmit(input: {{id: "{id_}"}}) {DONE} }}""",
        caller=STEWARD,
    )
    assert body["data"]["no"] is None
    assert body["data"]["yes"]["object"]["state"] == "SUBMITTED"
    [error] = body["errors"]
    assert error["path"] == ["no"]
    assert error["extensions"]["code"] == "lifecycle.role_missing"
    assert (
        await ask.code(
            f'mutation {{ resourceRemove(input: {{id: "{id_}"}}) {DONE} }}', caller=ANYONE
        )
        == "identity.sign_in_required"
    )


async def test_a_request_is_carried_out_once(ask: Asking) -> None:
    first = await draft(ask, requestId="r-1")
    again = await draft(ask, requestId="r-1")
    assert again["object"]["id"] == first["object"]["id"]
    assert again["evidence"]["sequence"] == first["evidence"]["sequence"]


async def test_the_fields_of_a_mutation_are_done_one_after_the_other(ask: Asking) -> None:
    id_ = (await draft(ask))["object"]["id"]
    data = await ask.data(
        f"""mutation {{ a: resourceSubmit(input: {{id: "{id_}"}}) {{ object {{ state version }} }}
                        b: resourceWithdraw(input: {{id: "{id_}"}}) {{ object {{ state version }} }}
        }}""",
        caller=STEWARD,
    )
    assert data["a"]["object"] == {"state": "SUBMITTED", "version": 2}
    assert data["b"]["object"] == {"state": "DRAFT", "version": 3}


async def test_the_registers_are_kept(ask: Asking) -> None:
    data = await ask.data(
        """mutation { spaceEnter(input: {values: {code: "fin", name: "金融", kind: SUBSPACE,
             tier: SUBSPACE}}) { object { id code } problems { field } } }""",
        caller=ADMIN,
    )
    space = data["spaceEnter"]["object"]["id"]
    joined = f'participantJoin(input: {{id: "{MARKET}", space: "{space}"}})'
    data = await ask.data(
        f"mutation {{ {joined} {{ object {{ spaces {{ nodes {{ code }} }} }} }} }}", caller=ADMIN
    )
    assert data["participantJoin"]["object"]["spaces"]["nodes"] == [{"code": "fin"}]


async def test_what_waits_for_me_and_what_i_may_do_go_together(ask: Asking) -> None:
    id_ = (await draft(ask))["object"]["id"]
    await move(ask, STEWARD, "resourceSubmit", id_)
    query = """{ resources(filter: {waitingForMe: true}) { nodes {
                 id moves { name possible needsReason code } } } }"""
    waiting = await ask.data(query, caller=REGISTRAR)
    [row] = waiting["resources"]["nodes"]
    assert row["moves"] == [
        {"name": "take_in", "possible": True, "needsReason": False, "code": None}
    ]
    assert (await ask.data(query, caller=APPROVER))["resources"]["nodes"] == []


async def test_all_moves_of_a_state_are_told_to_whoever_asks(ask: Asking) -> None:
    id_ = (await draft(ask))["object"]["id"]
    query = f'{{ resource(id: "{id_}") {{ moves(mine: false) {{ name possible code }} }} }}'
    data = await ask.data(query, caller=STEWARD)
    names = {move["name"] for move in data["resource"]["moves"]}
    assert names == {move.name for move in MACHINES["resource"].from_state("DRAFT")}
