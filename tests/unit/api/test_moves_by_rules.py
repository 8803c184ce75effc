"""What may be done with an object is offered by the rules in force, in the page's own statement."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from dataspace.caller import Caller
from graph.sqlite_catalogue import SqliteCatalogue
from hub.node import Node
from tests.build import a_change_set, a_resource, a_rulebook, a_space
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import asking
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    APPROVER,
    MARKET,
    REGISTRAR,
    RESOURCE,
    a_node,
    in_publicity,
    pass_time,
    rule,
)

pytestmark = pytest.mark.anyio

MOVES = """{ resources(first: 100) { nodes { id space { code } moves {
             name possible code message } } } }"""
FOUR_WORKING_DAYS = 4


@pytest.fixture(params=["dictionary", "sqlite"])
async def node(
    request: pytest.FixtureRequest, tmp_path: Path, clock: FrozenClock
) -> AsyncIterator[Node]:
    if request.param == "dictionary":
        yield await a_node(DictionaryCatalogue(), clock)
        return
    catalogue = await SqliteCatalogue.open(tmp_path / "catalogue.sqlite")
    yield await a_node(catalogue, clock)
    await catalogue.close()


async def offered(node: Node, caller: Caller, name: str) -> dict[str, tuple[bool, str | None]]:
    """By resource: whether the move is possible, or the code of what stands in its way."""
    counted, watch = watched(node)
    data: Any = await asking(counted).data(MOVES, caller=caller)
    assert watch.selects == 1, "the rules are read in the same statement"
    return {
        row["id"]: (move["possible"], move["code"])
        for row in data["resources"]["nodes"]
        for move in row["moves"]
        if move["name"] == name
    }


async def test_a_registration_is_offered_when_the_publicity_of_its_space_is_over(
    node: Node,
) -> None:
    """The city asks for three working days, finance for five, and its part inherits that."""
    await rule(node, resource__publicity_days_min="3")
    spaces = (
        a_space("spc_fin", code="finance", part_of="spc_city"),
        a_space("spc_bank", code="banking", part_of="spc_fin"),
        a_rulebook(
            "rbk_fin", space="spc_fin", status="DECIDED", edition=1,
            takes_effect_at="2026-01-02T00:00:00.000Z",
            rules=[{"name": "resource.publicity_days_min", "value": "5"}],
        ),
    )  # fmt: skip
    await node.catalogue.apply(a_change_set(*spaces))
    city = await in_publicity(node, name="a", code="a")
    finance = await in_publicity(node, name="b", code="b", space="spc_fin")
    banking = await in_publicity(node, name="c", code="c", space="spc_bank")
    runs = (False, "resource.publicity_runs")
    found = await offered(node, APPROVER, "register")
    assert found == {city: runs, finance: runs, banking: runs}
    pass_time(node, days=FOUR_WORKING_DAYS)
    found = await offered(node, APPROVER, "register")
    assert found == {city: (True, None), finance: runs, banking: runs}
    pass_time(node, days=FOUR_WORKING_DAYS)
    assert set((await offered(node, APPROVER, "register")).values()) == {(True, None)}


async def test_a_grade_is_offered_by_the_rules_and_not_by_defaults(node: Node) -> None:
    row = a_resource("res_x", provider=MARKET, **{**RESOURCE, "state": "REGISTERED", "grade": 2})
    await node.catalogue.apply(a_change_set(row))
    assert await offered(node, REGISTRAR, "offer") == {"res_x": (True, None)}
    await rule(node, authorisation__grade_max="1")
    refused = (False, "resource.grade_too_high")
    assert await offered(node, REGISTRAR, "offer") == {"res_x": refused}


async def test_what_is_offered_is_what_may_be_done(node: Node, clock: FrozenClock) -> None:
    """The refusal that an offer shows is the one that the move gives, word for word."""
    await rule(node, resource__publicity_days_min="3", resource__reviewers_min="3")
    id_ = await in_publicity(node)
    data: Any = await asking(node).data(MOVES, caller=APPROVER)
    shown = {each["name"]: each for each in data["resources"]["nodes"][0]["moves"]}
    mutation = f'mutation {{ resourceRegister(input: {{id: "{id_}"}}) {{ object {{ id }} }} }}'
    body = await asking(node).body(mutation, caller=APPROVER)
    [error] = body["errors"]
    told = (shown["register"]["code"], shown["register"]["message"])
    assert told == (error["extensions"]["code"], error["message"])
    assert shown["countersign"]["possible"] is True


async def test_a_space_that_is_part_of_itself_offers_nothing_and_breaks_no_page(
    node: Node,
) -> None:
    await node.catalogue.apply(a_change_set(
        a_space("spc_a", code="a", part_of="spc_b"), a_space("spc_b", code="b", part_of="spc_a"),
        a_resource("res_x", provider=MARKET, **{**RESOURCE, "state": "REGISTERED"}, space="spc_a"),
        a_resource("res_y", provider=MARKET, **{**RESOURCE, "state": "REGISTERED"}),
    ))  # fmt: skip
    found = await offered(node, REGISTRAR, "offer")
    assert found == {"res_x": (False, "rulebook.cyclic"), "res_y": (True, None)}
