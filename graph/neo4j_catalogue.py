"""The Catalogue port on Neo4j."""

import asyncio
import hashlib
from typing import Self

from dataspace.change import Applied, ChangeSet, Recorded
from dataspace.evidence import GENESIS, Divergence
from dataspace.selection import Found, Selection, check_size
from graph.cypher import audit, reading, writing
from graph.cypher.layout import HEAD, indexes, known_labels
from graph.cypher.log import changes_since
from graph.cypher.selecting import select_cypher
from graph.neo4j_connection import Neo4jConnection, check_version

# The first time that a statement is asked, planning it can take seconds.
SELECT_SECONDS_MAX = 20.0
READY_SECONDS_MAX = 3.0
OPEN_SECONDS_MAX = 10.0
APPLY_SECONDS_MAX = 30.0
AUDIT_SECONDS_MAX = 3600.0
INDEX_SECONDS_MAX = 300.0
DATABASE = "neo4j"
VERSION = "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions"
LAYOUT = f"OPTIONAL MATCH (h:{HEAD} {{id: 'head'}}) RETURN h.layout AS layout"
# Ours by their names, on our labels, and not what a constraint rests on: an operator's own stay.
INDEXES = (
    "SHOW INDEXES YIELD name, labelsOrTypes, owningConstraint "
    "WHERE owningConstraint IS NULL AND size(labelsOrTypes) = 1 AND labelsOrTypes[0] IN $labels "
    "AND name STARTS WITH toLower(labelsOrTypes[0]) + '_' RETURN name"
)
LAID_OUT = (
    f"MERGE (h:{HEAD} {{id: 'head'}}) "
    f"ON CREATE SET h.sequence = 0, h.leaf = $genesis SET h.layout = $layout"
)


class Neo4jCatalogue:
    """`statements` counts the statements that selections were answered by.

    `version` is the server's.
    """

    def __init__(self, connection: Neo4jConnection, *, seconds_max: float) -> None:
        self.statements = 0
        self.version = ""
        self._connection = connection
        self._seconds_max = seconds_max

    @classmethod
    async def open(
        cls,
        address: str,
        *,
        user: str,
        password: str,
        database: str = DATABASE,
        seconds_max: float = SELECT_SECONDS_MAX,
    ) -> Self:
        """Connects, and makes what the catalogue is found by where it is not there yet.

        Raises:  CatalogueUnavailable, CatalogueRefusesLogin, CatalogueTooOld.
        """
        connection = Neo4jConnection.to(address, user=user, password=password, database=database)
        catalogue = cls(connection, seconds_max=seconds_max)
        try:
            await catalogue._check_version()
            await catalogue._bring_up_to_date()
        except BaseException:
            await connection.close()
            raise
        return catalogue

    async def select(self, selection: Selection) -> Found:
        """Raises:  SelectionTooLarge, TookTooLong, and what the port says."""
        check_size(selection)
        statement, parameters = select_cypher(selection)
        self.statements += 1
        [answered] = await self._connection.ask(statement, parameters, self._seconds_max)
        return reading.found(selection, answered["answer"])

    async def apply(self, change_set: ChangeSet) -> Applied:
        # A change that has begun is finished even when whoever asked for it has gone away.
        return await asyncio.shield(asyncio.ensure_future(self._applied(change_set)))

    async def _applied(self, change_set: ChangeSet) -> Applied:
        return await self._connection.write(
            lambda running: writing.apply(running, change_set), APPLY_SECONDS_MAX
        )

    async def changes_since(self, revision: int, limit: int) -> list[Recorded]:
        return await self._connection.read(
            lambda running: changes_since(running, revision, limit), APPLY_SECONDS_MAX
        )

    async def divergences(self, first: int = 20) -> list[Divergence]:
        """Reads the whole graph, node by node, and counts through every index."""
        return await self._connection.read(
            lambda running: audit.divergences(running, first), AUDIT_SECONDS_MAX
        )

    async def ready(self) -> None:
        await self._connection.read(lambda running: running.read(LAYOUT, {}), READY_SECONDS_MAX)

    async def close(self) -> None:
        await self._connection.close()

    async def _check_version(self) -> None:
        found = await self._connection.read(
            lambda running: running.read(VERSION, {}), OPEN_SECONDS_MAX
        )
        self.version = str(found[0]["versions"][0])
        check_version(self.version)

    async def _bring_up_to_date(self) -> None:
        """Indexes are made one by one, each at most once however many open the graph, and those of
        a former map are dropped; the mark that all are there comes last, so that an opening that
        was cut short is done again."""
        made = list(indexes())
        wanted = [index.statement for index in made]
        mark = {"genesis": GENESIS, "layout": hashlib.sha256(repr(wanted).encode()).hexdigest()}
        found = await self._connection.read(
            lambda running: running.read(LAYOUT, {}), OPEN_SECONDS_MAX
        )
        if found[0]["layout"] == mark["layout"]:
            return
        known = await self._connection.read(
            lambda running: running.read(INDEXES, {"labels": list(known_labels())}),
            OPEN_SECONDS_MAX,
        )
        names = {index.name for index in made}
        stale = [
            f"DROP INDEX `{each['name']}` IF EXISTS" for each in known if each["name"] not in names
        ]
        for statement in (*stale, *wanted, f"CALL db.awaitIndexes({int(INDEX_SECONDS_MAX)})"):
            await self._connection.make(statement, INDEX_SECONDS_MAX)
        await self._connection.write(lambda running: running.read(LAID_OUT, mark), OPEN_SECONDS_MAX)
