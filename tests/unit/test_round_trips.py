"""How many statements an answer takes: one for a root field, whatever hangs below it."""

import asyncio

import pytest

from dataspace.selection import Found, Selection
from hub.node import Node
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import Asking
from tests.unit.api.conftest import ask, node
from tests.unit.operations.city import REGISTRAR

__all__ = ["ask", "node"]

PAGE = """{
  resources(first: 50, search: "用水", filter: {topics: {code: {eq: "A0100"}}}) {
    totalCount
    pageInfo { hasNextPage endCursor }
    facets(fields: [FORMAT, STATE]) { field values { value label count } }
    edges { cursor rank snippet node {
      name provider { name } topics { nodes { name } } items(first: 3) { name }
      authorisations(first: 3) { totalCount nodes { title grantee { name } } }
      lineage(direction: DOWNWARDS) { depth target { name } }
      moves { name possible }
    } }
  }
}"""


def statements(node: Node) -> int:
    """Since the last time it was asked."""
    catalogue = node.catalogue
    assert isinstance(catalogue, DictionaryCatalogue)
    counted, catalogue.selections = catalogue.selections, 0
    return counted


async def test_a_page_with_all_that_hangs_on_it_is_one_statement(ask: Asking, node: Node) -> None:
    data = await ask.data(PAGE, caller=REGISTRAR)
    assert len(data["resources"]["edges"]) == 5
    assert statements(node) == 1


async def test_every_further_root_field_is_one_more(ask: Asking, node: Node) -> None:
    await ask.data(
        """{ topics { totalCount } a: resource(id: "res_1") { name } me { name }
             b: node(id: "res_2") { id } history(id: "res_1") { totalCount } }"""
    )
    assert statements(node) == 4


async def test_a_past_state_is_one_too(ask: Asking, node: Node) -> None:
    data = await ask.data('{ resource(id: "res_1", at: 99) { name items(first: 3) { name } } }')
    assert data["resource"]["name"] == "用水量 Water 1"
    assert statements(node) == 1


async def test_who_i_am_takes_none_without_my_organisation(ask: Asking, node: Node) -> None:
    await ask.data("{ me { name roles may { move } } }", caller=REGISTRAR)
    assert statements(node) == 0
    data = await ask.data(
        """{ me { participant { name resources { totalCount } }
                  again: participant { id resources(first: 1) { nodes { id } } } } }""",
        caller=REGISTRAR,
    )
    assert data["me"]["participant"]["name"] == "数据局 Data Bureau"
    assert data["me"]["again"]["id"] == REGISTRAR.participant
    assert statements(node) == 1


async def test_facets_over_edges_are_named_within_the_statement(ask: Asking, node: Node) -> None:
    data = await ask.data(
        "{ resources { facets(fields: [PROVIDER, TOPICS]) { values { value label } } } }"
    )
    assert statements(node) == 1
    values = [each for facet in data["resources"]["facets"] for each in facet["values"]]
    assert all(each["label"] != each["value"] for each in values)


async def test_root_fields_are_read_at_the_same_time(
    ask: Asking, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, select = asyncio.Barrier(3), node.catalogue.select

    async def waiting(selection: Selection) -> Found:
        await asyncio.wait_for(together.wait(), timeout=5)
        return await select(selection)

    monkeypatch.setattr(node.catalogue, "select", waiting)
    await ask.data("{ topics { totalCount } spaces { totalCount } nodes { totalCount } }")


async def test_what_is_refused_takes_none(ask: Asking, node: Node) -> None:
    await ask.code("{ resources(first: 101) { totalCount } }")
    await ask.code("{ resources { smell } }")
    assert statements(node) == 0
