"""A change set as one transaction on Neo4j: guards, rows, versions and evidence, all or nothing.

Every writer takes the lock of the catalogue's head first, so that what it reads afterwards stays
as it is until it commits, sequences have no gap, and no two writers wait for each other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from dataspace import evidence, validation
from dataspace.change import Amend, Applied, Change, ChangeSet, Create, Remove, check_keeper, kept
from dataspace.errors import (
    AlreadyThere,
    ChangeSetDiffers,
    MovedOn,
    NotFound,
    NotUnique,
    ReferenceMissing,
    Refused,
    StillReferenced,
)
from dataspace.relations import RELATIONS
from dataspace.selection import EVERYTHING, Row
from dataspace.shape import Edge, Noun
from graph.cypher.layout import (
    CHANGE_SET,
    FOREVER,
    HEAD,
    label,
    past_label,
    properties,
    relationship,
    values_of,
)
from graph.cypher.selecting import guard_cypher

# Two statements: within one, Neo4j may have read the head before it waited for the lock.
LOCK = f"MATCH (h:{HEAD} {{id: 'head'}}) SET h.lock = $id"
LOCKED = (
    f"MATCH (h:{HEAD} {{id: 'head'}}) OPTIONAL MATCH (c:{CHANGE_SET} {{id: $id}}) "
    f"RETURN h.sequence AS sequence, h.leaf AS leaf, c.revision AS applied, c.said AS said"
)
CLOSE = (
    f"MATCH (h:{HEAD} {{id: 'head'}}) SET h.sequence = $sequence, h.leaf = $leaf "
    f"CREATE (:{CHANGE_SET} {{id: $id, said: $said, revision: $sequence}})"
)
VERSIONS = (
    "MATCH (e:Evidence) WHERE e.subject IN $ids RETURN e.subject AS id, max(e.version) AS version"
)

Records = list[dict[str, Any]]
Name = tuple[str, str]  # kind, id


class Transaction(Protocol):
    """What the writing needs of a transaction: to run a statement and read what it gives."""

    async def read(self, statement: str, parameters: Mapping[str, Any]) -> Records: ...


@dataclass(slots=True)
class Standing:
    """A row as it stands in the batch; `values` is None when it is not there."""

    values: Row | None
    version: int
    revision: int = 0


@dataclass
class Batch:
    """What the change set has made so far, and what of it is not written yet."""

    transaction: Transaction
    change_set: str
    of_feed: bool
    sequence: int
    leaf: str
    rows: dict[Name, Standing] = field(default_factory=dict)
    written: dict[Name, Row] = field(default_factory=dict)
    touched: dict[Name, None] = field(default_factory=dict)
    records: Records = field(default_factory=list)
    past: dict[str, Records] = field(default_factory=dict)
    unlinked: dict[tuple[Name, str, str], None] = field(default_factory=dict)
    holders: dict[tuple[Name, str, str], None] = field(default_factory=dict)


async def apply(transaction: Transaction, change_set: ChangeSet) -> Applied:
    """Raises:  what `dataspace.change` says of each change."""
    await transaction.read(LOCK, {"id": change_set.id})
    head = (await transaction.read(LOCKED, {"id": change_set.id}))[0]
    if head["applied"] is not None:
        if head["said"] not in ("", change_set.said):
            raise ChangeSetDiffers(id=change_set.id)
        return Applied(head["applied"], repeated=True)
    batch = Batch(
        transaction, change_set.id, change_set.of_feed, head["sequence"], head["leaf"]
    )
    await _read_rows(batch, change_set.changes)
    for change in change_set.changes:
        await _step(batch, change)
    await _write(batch)
    await _check_references(batch)
    await _check_unique(batch)
    closing: dict[str, Any] = {"id": change_set.id, "said": change_set.said}
    closing |= {"sequence": batch.sequence, "leaf": batch.leaf}
    await transaction.read(CLOSE, closing)
    return Applied(batch.sequence)


async def _read_rows(batch: Batch, changes: Iterable[Change]) -> None:
    """The rows that are to be changed, and how far the versions of those not there have counted."""
    ids: dict[str, dict[str, None]] = {}
    for change in changes:
        if RELATIONS.by_name[change.kind].written_by_catalogue:
            raise Refused(action=f"{change.kind}.write")
        ids.setdefault(change.kind, {})[change.id] = None
    for kind, wanted in ids.items():
        batch.rows.update({(kind, id_): Standing(None, 0) for id_ in wanted})
        statement = f"MATCH (n:{label(kind)}) WHERE n.id IN $ids RETURN properties(n) AS node"
        for record in await batch.transaction.read(statement, {"ids": list(wanted)}):
            node = record["node"]
            values = values_of(RELATIONS.by_name[kind], node)
            standing = Standing(values, node["version"], node["revision"])
            batch.rows[kind, node["id"]], batch.written[kind, node["id"]] = standing, values
        absent = [id_ for id_ in wanted if batch.rows[kind, id_].values is None]
        for record in await batch.transaction.read(VERSIONS, {"ids": absent}) if absent else ():
            batch.rows[kind, record["id"]].version = record["version"]


async def _step(batch: Batch, change: Change) -> None:
    noun, standing = RELATIONS.by_name[change.kind], batch.rows[change.kind, change.id]
    await _check_guard(batch, change, standing)
    before = standing.values
    match change:
        case Create(values=values):
            after: Row | None = kept(noun, values)
        case Amend(values=values):
            after = kept(noun, {**(before or {}), **values})
        case Remove():
            after = None
    if after is not None:
        validation.check_kept(noun, change.id, after)
    _record(batch, evidence.Step(change, before, after, standing.version + 1))
    if before is not None:
        _keep_version(batch, noun, change.id, standing)
    batch.rows[change.kind, change.id] = Standing(after, standing.version + 1, batch.sequence)
    batch.touched[change.kind, change.id] = None


async def _check_guard(batch: Batch, change: Change, standing: Standing) -> None:
    if isinstance(change, Create):
        if standing.values is not None:
            raise AlreadyThere(kind=change.kind, id=change.id)
        return
    if standing.values is None:
        raise NotFound(kind=change.kind, id=change.id)
    check_keeper(change, standing.values, of_feed=batch.of_feed)
    if change.version not in (None, standing.version):
        raise MovedOn(kind=change.kind, id=change.id)
    if change.guard == EVERYTHING:
        return
    await _write(batch)
    if not await batch.transaction.read(*guard_cypher(change.kind, change.id, change.guard)):
        raise MovedOn(kind=change.kind, id=change.id)


def _record(batch: Batch, step: evidence.Step) -> None:
    batch.sequence += 1
    made = evidence.record(
        step, sequence=batch.sequence, previous=batch.leaf, change_set=batch.change_set
    )
    batch.leaf = made["leaf"]
    own = {"revision": batch.sequence, "until": FOREVER}
    batch.records.append(properties(RELATIONS.by_name["evidence"], made) | own)


def _keep_version(batch: Batch, noun: Noun, id_: str, standing: Standing) -> None:
    assert standing.values is not None
    node = _node(noun, id_, standing) | {"until": batch.sequence}
    batch.past.setdefault(noun.name, []).append(node)


def _node(noun: Noun, id_: str, standing: Standing) -> dict[str, Any]:
    own = {"id": id_, "version": standing.version, "revision": standing.revision}
    return properties(noun, standing.values or {}) | own | {"until": FOREVER}


async def _write(batch: Batch) -> None:
    """Brings the graph to where the batch stands."""
    run = batch.transaction.read
    if batch.records:
        await run(
            "UNWIND $nodes AS node CREATE (n:Evidence) SET n = node", {"nodes": batch.records}
        )
    for kind, nodes in batch.past.items():
        statement = f"UNWIND $nodes AS node CREATE (n:{past_label(kind)}) SET n = node"
        await run(statement, {"nodes": nodes})
    kinds = {kind: [id_ for of, id_ in batch.touched if of == kind] for kind, _ in batch.touched}
    for kind, ids in kinds.items():
        await _write_rows(batch, RELATIONS.by_name[kind], ids)
    for kind, ids in kinds.items():
        await _write_edges(batch, RELATIONS.by_name[kind], ids)
    for kind, ids in kinds.items():
        await _take_out(batch, kind, ids)
    for name in batch.touched:
        batch.written[name] = batch.rows[name].values or {}
    batch.records, batch.past, batch.touched = [], {}, {}


async def _write_rows(batch: Batch, noun: Noun, ids: list[str]) -> None:
    nodes = [
        _node(noun, id_, batch.rows[noun.name, id_])
        for id_ in ids
        if batch.rows[noun.name, id_].values is not None
    ]
    if nodes:
        statement = f"UNWIND $nodes AS node MERGE (n:{noun.type_name} {{id: node.id}}) SET n = node"
        await batch.transaction.read(statement, {"nodes": nodes})


async def _write_edges(batch: Batch, noun: Noun, ids: list[str]) -> None:
    for edge in noun.edges:
        gone, come = [], []
        for id_ in ids:
            name = (noun.name, id_)
            old = set(_targets(edge, batch.written.get(name, {})))
            new = set(_targets(edge, batch.rows[name].values or {}))
            gone += [[id_, target] for target in sorted(old - new)]
            come += [[id_, target] for target in sorted(new - old)]
        start, kind = f"(n:{noun.type_name} {{id: pair[0]}})", label(edge.target)
        end = f"(m:{kind} {{id: pair[1]}})"
        if gone:
            statement = (
                f"UNWIND $pairs AS pair MATCH {start}-[e:{relationship(edge)}]->{end} DELETE e"
            )
            await batch.transaction.read(statement, {"pairs": gone})
            for id_, target in gone:
                batch.unlinked.pop(((noun.name, id_), edge.name, target), None)
        if come:
            await _link(batch, noun, edge, pairs=come)


async def _link(batch: Batch, noun: Noun, edge: Edge, *, pairs: list[list[str]]) -> None:
    """What refers to a row that is not there yet is linked when the batch is whole."""
    statement = (
        f"UNWIND $pairs AS pair MATCH (n:{noun.type_name} {{id: pair[0]}}) "
        f"MATCH (m:{label(edge.target)} {{id: pair[1]}}) "
        f"MERGE (n)-[:{relationship(edge)}]->(m) RETURN pair"
    )
    made = await batch.transaction.read(statement, {"pairs": pairs})
    linked = {tuple(record["pair"]) for record in made}
    for id_, target in pairs:
        if (id_, target) not in linked:
            batch.unlinked[(noun.name, id_), edge.name, target] = None


async def _take_out(batch: Batch, kind: str, ids: list[str]) -> None:
    """Removes rows; who refers to one of them is looked at again when the batch is whole."""
    gone = [id_ for id_ in ids if batch.rows[kind, id_].values is None]
    if not gone:
        return
    for way in RELATIONS.ways[kind].values():
        if not way.forward:
            statement = (
                f"UNWIND $ids AS id MATCH (n:{label(kind)} {{id: id}})"
                f"<-[:{relationship(way.edge)}]-(m:{label(way.end)}) "
                f"RETURN m.id AS holder, n.id AS target"
            )
            for found in await batch.transaction.read(statement, {"ids": gone}):
                holder = (way.end, found["holder"])
                batch.holders[holder, way.edge.name, found["target"]] = None
    statement = f"UNWIND $ids AS id MATCH (n:{label(kind)} {{id: id}}) DETACH DELETE n"
    await batch.transaction.read(statement, {"ids": gone})


def _targets(edge: Edge, values: Row) -> list[str]:
    value = values.get(edge.name)
    return [] if value is None else list(value) if edge.many else [value]


async def _check_references(batch: Batch) -> None:
    """Every reference that has no relationship by now: linked, ended, or refused."""
    for (kind, id_), edge_name, target in [*batch.unlinked, *batch.holders]:
        edge = RELATIONS.by_name[kind].edge_by_name[edge_name]
        if target not in _targets(edge, await _values(batch, kind, id_)):
            continue
        batch.unlinked.pop(((kind, id_), edge_name, target), None)
        await _link(batch, RELATIONS.by_name[kind], edge, pairs=[[id_, target]])
        if ((kind, id_), edge_name, target) not in batch.unlinked:
            continue
        if (edge.target, target) in batch.rows:
            raise StillReferenced(kind=edge.target, id=target)
        raise ReferenceMissing(kind=kind, id=id_, edge=edge_name, target=target)


async def _values(batch: Batch, kind: str, id_: str) -> Row:
    if (kind, id_) in batch.rows:
        return batch.rows[kind, id_].values or {}
    statement = f"MATCH (n:{label(kind)} {{id: $id}}) RETURN properties(n) AS node"
    found = await batch.transaction.read(statement, {"id": id_})
    return values_of(RELATIONS.by_name[kind], found[0]["node"]) if found else {}


async def _check_unique(batch: Batch) -> None:
    for kind in {kind for kind, _ in batch.rows}:
        for unique in (each for each in RELATIONS.by_name[kind].fields if each.unique):
            held = [
                [id_, standing.values[unique.name]]
                for (of, id_), standing in batch.rows.items()
                if of == kind and standing.values and unique.name in standing.values
            ]
            statement = (
                f"UNWIND $held AS pair MATCH (n:{label(kind)}) "
                f"WHERE n.`{unique.name}` = pair[1] AND n.id <> pair[0] "
                f"RETURN pair, n.id AS existing LIMIT 1"
            )
            for found in await batch.transaction.read(statement, {"held": held}) if held else ():
                id_, value = found["pair"]
                raise NotUnique(
                    kind=kind, field=unique.name, value=value, id=id_, existing=found["existing"]
                )
