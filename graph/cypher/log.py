"""The log of changes on Neo4j, read back with the values that every change left."""

from collections.abc import Iterable
from typing import Any

from dataspace.change import Recorded
from dataspace.relations import RELATIONS
from dataspace.selection import Row
from graph.cypher.layout import label, past_label, values_of
from graph.cypher.writing import Records, Transaction

SINCE = (
    "MATCH (e:Evidence) WHERE e.sequence__key > $revision AND e.id IS NOT NULL "
    "WITH e ORDER BY e.sequence__key, e.id LIMIT $limit RETURN properties(e) AS node"
)

Version = tuple[str, str, int]  # kind, id, version


async def changes_since(transaction: Transaction, revision: int, limit: int) -> list[Recorded]:
    """Rows as they stand are read before the versions kept of them: what changes in between has
    become such a version."""
    found = await transaction.read(SINCE, {"revision": revision, "limit": limit})
    records = [record["node"] for record in found]
    versions = await _versions(transaction, records)
    return [_recorded(record, versions) for record in records]


async def _versions(
    transaction: Transaction, records: Iterable[dict[str, Any]]
) -> dict[Version, Row]:
    wanted: dict[str, list[list[Any]]] = {}
    for record in records:
        kind, id_, version = _version(record)
        wanted.setdefault(kind, []).append([id_, version])
    versions: dict[Version, Row] = {}
    for kind, pairs in wanted.items():
        for of in (label(kind), past_label(kind)):
            for node in await _nodes(transaction, of, pairs):
                values = values_of(RELATIONS.by_name[kind], node)
                versions.setdefault((kind, node["id"], node["version"]), values)
    return versions


async def _nodes(transaction: Transaction, of: str, pairs: Records | list[Any]) -> list[Any]:
    statement = (
        f"UNWIND $pairs AS pair MATCH (n:{of}) WHERE n.id = pair[0] AND n.version = pair[1] "
        f"RETURN properties(n) AS node"
    )
    return [record["node"] for record in await transaction.read(statement, {"pairs": pairs})]


def _recorded(record: dict[str, Any], versions: dict[Version, Row]) -> Recorded:
    kind, id_, version = _version(record)
    evidence = {"id": record["id"], **values_of(RELATIONS.by_name["evidence"], record)}
    values = versions.get((kind, id_, version)) if record.get("after") else None
    return Recorded(record["sequence"], kind, id_, evidence, values)


def _version(record: dict[str, Any]) -> Version:
    return str(record["subject_kind"]).lower(), record["subject"], record["version"]
