"""How Neo4j carries out what the schema can ask: along indexes, and never by reading everything."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest
from neo4j import AsyncDriver, AsyncGraphDatabase

from dataspace.change import ChangeSet
from dataspace.relations import RELATIONS
from dataspace.selection import (
    EVERYTHING,
    Child,
    FacetOf,
    Lineage,
    Linked,
    Order,
    Page,
    PartChild,
    Selection,
    Where,
)
from dataspace.shape import Noun, Type
from graph.cypher.selecting import select_cypher
from hub.dev.process import Running
from tests.build import (
    a_change_set,
    a_participant,
    a_product,
    a_resource,
    a_topic,
    the_bureau,
)
from tests.live import empty_neo4j, opened_neo4j

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

FORBIDDEN = {"AllNodesScan", "Multiplies", "Eager", "NodeByElementIdSeek"}
# What gives one row; the page and its counts are joined as such rows.
ONE_ROW = {"EagerAggregation", "EmptyRow", "NodeUniqueIndexSeek", "Argument"}
AS_MANY_ROWS = {"Projection", "LetSemiApply", "CartesianProduct", "Filter", "CacheProperties"}
WHOLE = {"Sort", "Top", "PartialSort", "NodeByLabelScan"}
VALUES: dict[Type, Any] = {Type.NUMBER: 1, Type.FLAG: True}


def pages(noun: Noun) -> Iterator[Selection]:
    """A page in every order that the schema knows, forwards and backwards, at and past a place."""
    orders = ["id", *(field.name for field in noun.fields if field.sort)]
    for name in orders:
        of = noun.by_name[name].type if name != "id" else Type.TEXT
        for page in (Page(20), Page(20, backwards=True), Page(20, (VALUES.get(of, "x"), "x"))):
            yield Selection(noun.name, order=Order(name, descending=page.backwards), page=page)


def others(noun: Noun) -> Iterator[Selection]:
    """Every filter, facet, child and part, once each, and a search where there is one."""
    page = Selection(noun.name, page=Page(20))
    for field in noun.fields:
        if field.filter:
            operator = "has" if field.type is Type.NAMES else "eq"
            yield replace(page, where=Where(field.name, operator, VALUES.get(field.type, "x")))
        if field.facet:
            yield replace(page, rows=False, facets=(FacetOf(field.name),))
    for edge in noun.edges:
        yield replace(page, where=Where(edge.name, "has" if edge.many else "eq", "x"))
    for way in RELATIONS.ways[noun.name].values():
        yield replace(page, children=(Child("child", way.name, Selection(way.end, total=True)),))
        yield replace(page, where=Linked(way.name, Where("id", "eq", "x")), total=True)
    for part in noun.parts:
        names = tuple(field.name for field in part.fields)
        yield replace(page, parts=(PartChild("part", part.name, names),))
    if any(field.search for field in noun.fields):
        yield replace(page, search="用水 data", order=Order("rank", descending=True), total=True)
    visible = {each.name: EVERYTHING for each in RELATIONS.nouns}
    yield replace(page, lineages=(Lineage("up", True, visible), Lineage("down", False, visible)))


@pytest.fixture(scope="module")
async def driver(neo4j_server: Running) -> AsyncIterator[AsyncDriver]:
    """On a graph with every index and some rows: plans follow what there is most of. Only the last
    test changes any."""
    catalogue = await opened_neo4j(neo4j_server)
    await empty_neo4j(neo4j_server)
    topics = [a_topic(f"top_{n}") for n in range(20)]
    bodies = [a_participant(f"par_{n}") for n in range(60)]
    rows = [
        a_resource(f"res_{n}", provider=f"par_{n % 60}", topics=[f"top_{n % 20}"])
        for n in range(300)
    ]
    products = [a_product(f"prd_{n}", resources=[f"res_{n}"]) for n in range(60)]
    await catalogue.apply(a_change_set(the_bureau(), *topics, *bodies, *rows, *products))
    await catalogue.close()
    login = (neo4j_server.facts["user"], neo4j_server.facts["password"])
    async with AsyncGraphDatabase.driver(neo4j_server.facts["address"], auth=login) as driver:
        # Neither plans nor what they rest on are of the time when other tests had other rows there.
        await driver.execute_query("CALL db.prepareForReplanning(300)")
        yield driver


async def operators(driver: AsyncDriver, selection: Selection) -> set[str]:
    statement, parameters = select_cypher(selection)
    done = await driver.execute_query(f"PROFILE {statement}", dict(parameters))
    assert done.summary.profile is not None
    return set(_names(done.summary.profile))


def _names(plan: dict[str, Any]) -> Iterator[str]:
    """Every operator; a product in which something is more than one row `Multiplies`."""
    name, below = _name(plan), plan.get("children", ())
    multiplies = name == "CartesianProduct" and not all(map(_is_one_row, below))
    yield "Multiplies" if multiplies else name
    for child in below:
        yield from _names(child)


def _name(plan: dict[str, Any]) -> str:
    return str(plan["operatorType"].partition("@")[0])


def _is_one_row(plan: dict[str, Any]) -> bool:
    name, below = _name(plan), plan.get("children", ())
    if name == "LetSemiApply":
        below = below[:1]
    return name in ONE_ROW or (name in AS_MANY_ROWS and all(map(_is_one_row, below)))


@pytest.mark.parametrize("noun", RELATIONS.nouns, ids=lambda noun: noun.name)
async def test_a_page_in_any_order_runs_along_an_index(driver: AsyncDriver, noun: Noun) -> None:
    for selection in pages(noun):
        found = await operators(driver, selection)
        assert not found & (FORBIDDEN | WHOLE), (selection, found & (FORBIDDEN | WHOLE))


@pytest.mark.parametrize("noun", RELATIONS.nouns, ids=lambda noun: noun.name)
async def test_nothing_that_can_be_asked_reads_the_whole_graph(
    driver: AsyncDriver, noun: Noun
) -> None:
    for selection in others(noun):
        found = await operators(driver, selection)
        assert not found & FORBIDDEN, (selection, found)


@pytest.mark.parametrize("noun", RELATIONS.nouns, ids=lambda noun: noun.name)
async def test_rows_that_an_edge_joins_to_one_are_reached_from_there(
    driver: AsyncDriver, noun: Noun
) -> None:
    for edge in (each for each in noun.edges if not each.many):
        counted = Selection(noun.name, where=Where(edge.name, "eq", "x"), rows=False, total=True)
        found = await operators(driver, counted)
        assert not found & (FORBIDDEN | WHOLE), (counted, found)


async def test_a_page_touches_as_much_of_a_large_catalogue_as_of_a_small_one(
    driver: AsyncDriver, neo4j_server: Running
) -> None:
    page = Selection(
        "resource", ("id", "name"), where=Where("state", "eq", "PUBLISHED"),
        order=Order("created_at", descending=True), page=Page(20),
        children=(
            Child("provider", "provider", Selection("participant", ("name",))),
            Child("topics", "topics", Selection("topic", ("name",))),
        ),
    )  # fmt: skip
    catalogue = await opened_neo4j(neo4j_server)
    hits = []
    for size in (200, 2500):
        rows = (a_resource(f"res_{size}_{n}", topics=["top_1"]) for n in range(size))
        await catalogue.apply(ChangeSet(f"fill_{size}", tuple(rows)))
        await driver.execute_query("CALL db.clearQueryCaches()")
        hits.append(await _hits(driver, page))
    await catalogue.close()
    assert hits[1] <= hits[0] * 1.2, hits


async def _hits(driver: AsyncDriver, selection: Selection) -> int:
    statement, parameters = select_cypher(selection)
    done = await driver.execute_query(f"PROFILE {statement}", dict(parameters))
    assert done.summary.profile is not None
    return sum(_each(done.summary.profile))


def _each(profile: dict[str, Any]) -> Iterator[int]:
    yield profile.get("dbHits", 0)
    for child in profile.get("children", ()):
        yield from _each(child)
