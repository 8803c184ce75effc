"""Whether the graph is what the log of changes says: nodes, relationships, versions, indexes.

The log itself is checked by `dataspace.evidence.Verifier`; here it is taken at its word. Neo4j
reads what is committed and not one moment, so what was changed while it was read is left out.
"""

import itertools
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from dataspace.evidence import GENESIS, Divergence, digest
from dataspace.relations import RELATIONS
from dataspace.shape import Noun
from dataspace.text import Text
from graph.audit import (
    CHANGE_SET,
    GONE,
    INDEXED,
    LISTED,
    NAMED,
    NOT_RECORDED,
    NUMBERED,
    ROW,
    SEARCHED,
    STRAY,
    VERSIONED,
    Last,
)
from graph.cypher.layout import CHANGE_SET as CHANGE_SET_LABEL
from graph.cypher.layout import (
    FOREVER,
    HEAD,
    Index,
    indexes,
    known_labels,
    label,
    past_label,
    properties,
    relationship,
    values_of,
)
from graph.cypher.writing import Records, Transaction

BATCH = 500
HEADED = Text("the head of the log is not its last record", "日志头与最后一条存证不符")

Name = tuple[str, str]  # kind, id


@dataclass
class Log:
    """What the records up to `revision` say: of every row, its last; of every change set, its end.

    `places` are the records of each row in order, for the versions kept between them.
    """

    revision: int = 0
    last: dict[Name, Last] = field(default_factory=dict)
    places: dict[Name, list[int]] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)


async def divergences(transaction: Transaction, first: int) -> list[Divergence]:
    """At most `first`, earliest record first."""
    log, used = Log(), await _used(transaction)
    found: list[Divergence] = []
    async for node in _nodes(transaction, "Evidence"):
        found += _of_record(log, node)
    found += [each async for each in _of_rows(transaction, log, used)]
    found += [each async for each in _of_versions(transaction, log, used)]
    found += [each async for each in _of_change_sets(transaction, log)]
    found += await _of_head(transaction, log)
    found += await _of_indexes(transaction, used)
    found += await _strays(transaction)
    since = "MATCH (e:Evidence) WHERE e.sequence__key > $at RETURN DISTINCT e.subject AS id"
    changed = {each["id"] for each in await transaction.read(since, {"at": log.revision})}
    found = [each for each in found if each.id not in changed]
    found.sort(key=lambda each: (each.revision or sys.maxsize, each.kind, each.id))
    return found[:first]


async def _nodes(transaction: Transaction, of: str) -> AsyncIterator[dict[str, Any]]:
    """All nodes with a label by their ids, each with the relationships that go out from it."""
    statement = (
        f"MATCH (n:{of}) WHERE n.id > $after WITH n ORDER BY n.id LIMIT {BATCH} "
        f"RETURN properties(n) AS node, "
        f"COLLECT {{ MATCH (n)-[e]->(m) RETURN [type(e), m.id] }} AS ends"
    )
    after = ""
    while records := await transaction.read(statement, {"after": after}):
        for each in records:
            yield {**each["node"], "": sorted(map(tuple, each["ends"]))}
        after = records[-1]["node"]["id"]


def _of_record(log: Log, node: dict[str, Any]) -> Iterator[Divergence]:
    sequence, noun = node.get("sequence") or 0, RELATIONS.by_name["evidence"]
    own: dict[str, Any] = {
        "id": f"evi_{sequence:012d}",
        "revision": sequence,
        "until": FOREVER,
        "": [],
    }
    if node != properties(noun, values_of(noun, node)) | own:
        yield Divergence(sequence, noun.name, str(node["id"]), NAMED)
    name = (str(node.get("subject_kind")).lower(), str(node.get("subject")))
    log.revision = max(log.revision, sequence)
    log.last[name] = Last(sequence, node.get("version", 0), node.get("after", ""))
    log.places.setdefault(name, []).append(sequence)
    log.ends[str(node.get("change_set"))] = sequence


async def _of_rows(
    transaction: Transaction, log: Log, used: Set[str]
) -> AsyncIterator[Divergence]:
    waiting = {name for name, each in log.last.items() if each.after}
    for noun in (each for each in _written() if label(each.name) in used):
        async for node in _nodes(transaction, label(noun.name)):
            waiting.discard((noun.name, node["id"]))
            if what := _wrong(noun, node, log.last.get((noun.name, node["id"]))):
                at = log.last.get((noun.name, node["id"]))
                yield Divergence(at.revision if at else 0, noun.name, node["id"], what)
    for kind, id_ in waiting:
        yield Divergence(log.last[kind, id_].revision, kind, id_, GONE)


def _wrong(noun: Noun, node: Mapping[str, Any], last: Last | None) -> Text | None:
    """The first thing that is wrong with a row's node."""
    values = values_of(noun, node)
    if last is None or not last.after:
        return NOT_RECORDED
    if digest(values) != last.after:
        return ROW
    if (node.get("version"), node.get("revision")) != (last.version, last.revision):
        return NUMBERED
    expected = properties(noun, values) | {"": _ends(noun, values)}
    own = {"id": node["id"], "version": last.version, "revision": last.revision}
    different = {
        name for name, value in (expected | own | {"until": FOREVER}).items()
        if node.get(name) != value
    } | (set(node) - set(expected) - {*own, "until"})  # fmt: skip
    if any(name[:1] == "w" and name[1:].isdigit() for name in different):
        return SEARCHED
    return LISTED if different else None


def _ends(noun: Noun, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    ends: list[tuple[str, str]] = []
    for edge in noun.edges:
        value = values.get(edge.name) or []
        targets = value if isinstance(value, list) else [value]
        ends += [(relationship(edge), target) for target in targets]
    return sorted(ends)


async def _of_versions(
    transaction: Transaction, log: Log, used: Set[str]
) -> AsyncIterator[Divergence]:
    """Kept versions stand from their record to the row's next one; what they hold the log says."""
    for noun in (each for each in _written() if past_label(each.name) in used):
        async for node in _versions(transaction, noun, log.revision):
            if not _stands(noun, node, log):
                yield Divergence(node["revision"], noun.name, node["id"], VERSIONED)


async def _versions(transaction: Transaction, noun: Noun, at: int) -> AsyncIterator[dict[str, Any]]:
    statement = (
        f"MATCH (n:{past_label(noun.name)}) WHERE n.until > $after AND n.until <= $at "
        f"WITH n ORDER BY n.until LIMIT {BATCH} RETURN properties(n) AS node"
    )
    after = 0
    while records := await transaction.read(statement, {"after": after, "at": at}):
        for each in records:
            yield each["node"]
        after = records[-1]["node"]["until"]


def _stands(noun: Noun, node: Mapping[str, Any], log: Log) -> bool:
    places = [*log.places.get((noun.name, node["id"]), []), 0]
    own = {name: node.get(name) for name in ("id", "version", "revision", "until")}
    followed = (node["revision"], node["until"]) in itertools.pairwise(places)
    return followed and dict(node) == properties(noun, values_of(noun, node)) | own


async def _of_change_sets(transaction: Transaction, log: Log) -> AsyncIterator[Divergence]:
    ids, statement = list(log.ends), (
        f"MATCH (c:{CHANGE_SET_LABEL}) WHERE c.id IN $ids RETURN c.id AS id, c.revision AS revision"
    )  # fmt: skip
    for at in range(0, len(ids), BATCH):
        asked = {"ids": ids[at : at + BATCH]}
        kept = {each["id"]: each["revision"] for each in await transaction.read(statement, asked)}
        for id_ in asked["ids"]:
            end, revision = log.ends[id_], kept.get(id_) or 0
            if revision != end:
                yield Divergence(max(end, revision), "change_set", id_, CHANGE_SET)


async def _of_head(transaction: Transaction, log: Log) -> list[Divergence]:
    """It is read after the records were: it must not be behind them, and be one of them."""
    statement = (
        f"MATCH (h:{HEAD} {{id: 'head'}}) "
        f"OPTIONAL MATCH (e:Evidence) WHERE e.sequence__key = h.sequence "
        f"RETURN h.sequence AS sequence, h.leaf AS leaf, e.leaf AS last"
    )
    head = (await transaction.read(statement, {}))[0]
    last = head["last"] if head["sequence"] else GENESIS
    if head["sequence"] >= log.revision and head["leaf"] == last:
        return []
    return [Divergence(log.revision, "evidence", "head", HEADED)]


async def _of_indexes(transaction: Transaction, used: Set[str]) -> list[Divergence]:
    """Every index is there and online, and leads to as many nodes as hold what it is of."""
    shown = "SHOW INDEXES YIELD name, state RETURN name, state"
    states = {each["name"]: each["state"] for each in await transaction.read(shown, {})}
    return [
        Divergence(0, index.label, index.name, INDEXED)
        for index in indexes()
        if states.get(index.name) != "ONLINE"
        or (index.label in used and not await _leads_to_all(transaction, index))
    ]


async def _used(transaction: Transaction) -> set[str]:
    """The labels that nodes have: how many each has is kept, and not counted. Of the others there
    is nothing to read, and planning how would take most of the time of a small graph."""
    statement = " UNION ALL ".join(
        f"MATCH (n:{each}) WITH count(n) AS nodes WHERE nodes > 0 RETURN '{each}' AS label"
        for each in known_labels()
    )
    return {each["label"] for each in await transaction.read(statement, {})}


async def _leads_to_all(transaction: Transaction, index: Index) -> bool:
    there, through = (await transaction.read(index.counted, {}))[0].values()
    return bool(there == through)


async def _strays(transaction: Transaction) -> list[Divergence]:
    statement = (
        f"MATCH (n) WHERE NOT n:{'|'.join(known_labels())} RETURN elementId(n) AS id LIMIT 20"
    )
    found: Records = await transaction.read(statement, {})
    return [Divergence(0, "graph", each["id"], STRAY) for each in found]


def _written() -> Iterator[Noun]:
    return (noun for noun in RELATIONS.nouns if not noun.written_by_catalogue)
