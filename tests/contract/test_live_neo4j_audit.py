"""Whoever changes the graph behind the catalogue's back is found out, and the record is named."""

from collections.abc import AsyncIterator

import pytest
from neo4j import AsyncGraphDatabase

from dataspace import evidence
from dataspace.change import Amend, Remove
from dataspace.evidence import Divergence
from graph.neo4j_catalogue import Neo4jCatalogue
from hub.dev.process import Running
from tests.build import a_chain, a_change_set, a_product, a_resource, a_topic, an_act
from tests.live import empty_neo4j, opened_neo4j

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]

ITEMS = [{"name": "户号", "data_type": "TEXT"}, {"name": "吨数", "data_type": "NUMBER"}]
EDITS = {
    "a value": ("MATCH (n:Resource {id: 'res_water'}) SET n.name = '假'", 8, "res_water"),
    "a version": ("MATCH (n:Resource {id: 'res_2'}) SET n.version = 7", 6, "res_2"),
    "a list": ("MATCH (n:Resource {id: 'res_2'}) SET n.labels = ['地']", 6, "res_2"),
    "a row": ("MATCH (n:Resource {id: 'res_2'}) DETACH DELETE n", 6, "res_2"),
    "a part": ("MATCH (n:Resource {id: 'res_2'}) SET n.items__name = ['x', 'y']", 6, "res_2"),
    "an order": ("MATCH (n:Resource {id: 'res_2'}) SET n.name__key = '0a'", 6, "res_2"),
    "a text": ("MATCH (n:Resource {id: 'res_2'}) SET n.w8 = ' a '", 6, "res_2"),
    "an edge": ("MATCH (:Resource {id: 'res_2'})-[e:TOPICS]->() DELETE e", 6, "res_2"),
    "one edge more": (
        "MATCH (n:Resource {id: 'res_2'}), (m:Topic) CREATE (n)-[:TOPICS]->(m)", 6, "res_2"
    ),
    "a kept version": ("MATCH (n:PastResource {id: 'res_water'}) SET n.until = 7", 2, "res_water"),
    "a kept value": ("MATCH (n:PastResource {id: 'res_water'}) SET n.name = 'x'", 2, "res_water"),
    "no kept version": ("MATCH (n:PastResource {id: 'res_water'}) DELETE n", 2, "res_water"),
    "a record": ("MATCH (n:Evidence {sequence: 3}) SET n.actor = 'nobody'", 3, "aut_credit"),
    "a leaf": ("MATCH (n:Evidence {sequence: 3}) SET n.leaf = 'beef'", 3, "aut_credit"),
    "no record": ("MATCH (n:Evidence {sequence: 4}) DELETE n", 4, ""),
    "a change set": ("MATCH (n:ChangeSet {revision: 4}) SET n.revision = 3", 4, ""),
    "the head": ("MATCH (n:CatalogueHead) SET n.sequence = 7", 9, "head"),
    "a stray": ("CREATE (:Nothing)", 0, ""),
}  # fmt: skip


@pytest.fixture
async def catalogue(neo4j_server: Running) -> AsyncIterator[Neo4jCatalogue]:
    """Rows that were created, amended and removed."""
    await empty_neo4j(neo4j_server)
    catalogue = await opened_neo4j(neo4j_server)
    await catalogue.apply(a_chain())
    await catalogue.apply(
        a_change_set(
            a_topic("top_1"),
            a_resource("res_2", code="R-2", labels=["地铁"], topics=["top_1"], items=ITEMS),
            a_product("prd_gone"),
        )
    )
    await catalogue.apply(a_change_set(Amend("resource", "res_water", {"grade": 3}, an_act())))
    await catalogue.apply(a_change_set(Remove("product", "prd_gone", an_act())))
    yield catalogue
    await catalogue.close()
    await empty_neo4j(neo4j_server)


async def found(catalogue: Neo4jCatalogue) -> list[Divergence]:
    """All that both checks find, as `cityspace evidence verify` asks them."""
    log = await catalogue.changes_since(0, 1000)
    return [*evidence.verify(log), *await catalogue.divergences()]


async def edit(server: Running, statement: str) -> None:
    login = (server.facts["user"], server.facts["password"])
    async with AsyncGraphDatabase.driver(server.facts["address"], auth=login) as driver:
        await driver.execute_query(statement)


async def test_an_untouched_catalogue_does_not_diverge(catalogue: Neo4jCatalogue) -> None:
    assert await found(catalogue) == []


@pytest.mark.parametrize("what", EDITS)
async def test_a_change_behind_the_catalogues_back_is_found_and_its_record_named(
    catalogue: Neo4jCatalogue, neo4j_server: Running, what: str
) -> None:
    statement, revision, id_ = EDITS[what]
    await edit(neo4j_server, statement)
    named = [(each.revision, each.id) for each in await found(catalogue)]
    assert any(at == revision and (not id_ or id_ == of) for at, of in named), named


async def test_an_index_that_is_gone_is_found(
    catalogue: Neo4jCatalogue, neo4j_server: Running
) -> None:
    await edit(neo4j_server, "DROP INDEX resource_search")
    named = [each.id for each in await found(catalogue)]
    await edit(neo4j_server, "MATCH (h:CatalogueHead) SET h.layout = ''")
    await (await opened_neo4j(neo4j_server)).close()
    assert named == ["resource_search"]
    assert await found(catalogue) == []
