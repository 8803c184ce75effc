"""Whether what is answered from is what the log of changes says: rows, edges, versions, indexes.

The log itself is checked by `dataspace.evidence.Verifier`; here it is taken at its word.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dataspace.errors import CatalogueBroken
from dataspace.evidence import Divergence, digest
from dataspace.relations import RELATIONS
from dataspace.shape import Noun
from dataspace.text import Text
from graph.connections import Connection
from graph.rows import all_rows, texts_of
from graph.tables import beside, is_listed, many_edges, quoted, search_table, weights

ROW = Text("the row is not what its last record attests", "当前数据与其最近一条存证不符")
NUMBERED = Text("the row's version is not that of its last record", "当前版本号与最近一条存证不符")
NOT_RECORDED = Text("the row has no record", "该数据没有存证")
GONE = Text("the row that the record attests is not there", "存证所载的数据不存在")
LISTED = Text("what the row is found by is not what it holds", "用于检索的取值与数据不符")
STRAY = Text("something hangs on a row that is not there", "存在不属于任何数据的残留内容")
SEARCHED = Text("the full-text index does not hold the row's texts", "全文索引与数据文本不符")
INDEXED = Text("an index does not hold the row", "索引缺少该数据")
VERSIONED = Text(
    "the kept version does not stand where the log puts it", "保存的历史版本与日志位置不符"
)
NAMED = Text("the record's own id is not its place in the log", "存证编号与其序号不符")
CHANGE_SET = Text("the change set is not kept as the log has it", "变更批次的登记与日志不符")

PROBLEMS_MAX = 1000
_MISSING = re.compile(r"row (\d+) missing from index (.+)")


@dataclass(frozen=True, slots=True)
class Last:
    """The last record of a row."""

    revision: int
    version: int
    after: str


def divergences(connection: Connection, first: int) -> list[Divergence]:
    """At most `first`, earliest record first, as of one moment.

    Raises:  CatalogueBroken when the file itself is damaged, and not an index of it.
    """
    connection.execute("BEGIN")
    try:
        last = _last_records(connection)
        found = [
            *_of_rows(connection, last),
            *_of_lists(connection, last),
            *_of_searches(connection, last),
            *_of_indexes(connection, last),
            *_of_the_log(connection),
        ]
    finally:
        connection.execute("ROLLBACK")
    found.sort(key=lambda each: (each.revision or sys.maxsize, each.kind, each.id))
    return found[:first]


def _last_records(connection: Connection) -> dict[tuple[str, str], Last]:
    rows = connection.execute(
        "SELECT lower(subject_kind), subject, max(number), version, ifnull(after, '') "
        "FROM evidence GROUP BY subject_kind, subject"
    )
    return {(kind, id_): Last(*rest) for kind, id_, *rest in rows}


def _of_rows(connection: Connection, last: Mapping[tuple[str, str], Last]) -> Iterator[Divergence]:
    waiting = {key for key, each in last.items() if each.after}
    for noun in _written():
        for row in all_rows(connection, noun):
            waiting.discard((noun.name, row.id))
            record = last.get((noun.name, row.id))
            if record is None or not record.after:
                yield Divergence(row.revision, noun.name, row.id, NOT_RECORDED)
            elif digest(row.values) != record.after:
                yield Divergence(record.revision, noun.name, row.id, ROW)
            elif (row.version, row.revision) != (record.version, record.revision):
                yield Divergence(record.revision, noun.name, row.id, NUMBERED)
    for kind, id_ in waiting:
        yield Divergence(last[kind, id_].revision, kind, id_, GONE)


def _of_lists(connection: Connection, last: Mapping[tuple[str, str], Last]) -> Iterator[Divergence]:
    """Lists stand in their row and once more in a table of their own; nothing hangs on no row."""
    for noun in _written():
        listed = [field.name for field in noun.fields if is_listed(field)]
        for name in listed:
            for source in _different(connection, noun, name):
                yield _at_number(connection, noun, source, last=last, what=LISTED)
        for name in (*listed, *(edge.name for edge in many_edges(noun)), *noun.part_by_name):
            strays = connection.execute(
                f"SELECT DISTINCT source FROM {quoted(beside(noun, name))} "
                f"WHERE source NOT IN (SELECT number FROM {quoted(noun.name)})"
            )
            yield from (Divergence(0, noun.name, f"{name} {at}", STRAY) for (at,) in strays)


def _different(connection: Connection, noun: Noun, name: str) -> Iterator[int]:
    """The numbers of rows that a list is kept for otherwise than they hold it."""
    text = f"t.{quoted(name)}"
    kept = f"SELECT source, value FROM {quoted(beside(noun, name))}"
    held = (
        f"SELECT t.number, j.value FROM {quoted(noun.name)} AS t, "
        f"json_each(iif(json_valid({text}), {text}, '[]')) AS j"
    )
    for sql in (f"{kept} EXCEPT {held}", f"{held} EXCEPT {kept}"):
        yield from (source for source, _ in connection.execute(sql))


def _of_searches(
    connection: Connection, last: Mapping[tuple[str, str], Last]
) -> Iterator[Divergence]:
    """Every row of the full-text index is compared by a sum over its tokens and their places."""
    for noun in filter(weights, _written()):
        vocabulary = f"temp.{quoted(f'{noun.name}.tokens')}"
        connection.execute(f"DROP TABLE IF EXISTS {vocabulary}")
        connection.execute(
            f"CREATE VIRTUAL TABLE {vocabulary} "
            f"USING fts5vocab('main', {quoted(search_table(noun))}, 'instance')"
        )
        sums: dict[int, int] = {}
        for term, number, column, at in connection.execute(f"SELECT * FROM {vocabulary}"):
            sums[number] = sums.get(number, 0) + hash((term, column, at))
        for row in all_rows(connection, noun):
            if sums.pop(row.number, 0) != _token_sum(noun, texts_of(noun, row.values)):
                yield _at_id(last, noun, row.id, what=SEARCHED)
        yield from (Divergence(0, noun.name, f"search {at}", STRAY) for at in sums)


def _token_sum(noun: Noun, texts: Iterable[str]) -> int:
    return sum(
        hash((token, f"w{weight}", at))
        for weight, text in zip(weights(noun), texts, strict=True)
        for at, token in enumerate(filter(None, text.split(" ")))  # a text may have no token
    )


def _of_indexes(
    connection: Connection, last: Mapping[tuple[str, str], Last]
) -> Iterator[Divergence]:
    """SQLite's own check names a row by its place in the table."""
    damage = []
    for (line,) in connection.execute(f"PRAGMA integrity_check({PROBLEMS_MAX})"):
        missing = _MISSING.fullmatch(line)
        if missing is not None:
            table = _table_of(connection, missing[2])
            yield _at_place(connection, table, int(missing[1]), last=last)
        elif line != "ok" and not line.startswith("wrong # of entries in index"):
            damage.append(line)
        elif line != "ok":
            kind = _table_of(connection, line.rpartition(" ")[2]).partition(".")[0]
            yield Divergence(0, kind, line.rpartition(" ")[2], STRAY)
    if damage:
        raise CatalogueBroken(detail="; ".join(damage[:5]))


def _of_the_log(connection: Connection) -> Iterator[Divergence]:
    """Records, versions and change sets that do not stand where the log puts them."""
    for number, id_ in connection.execute(
        "SELECT number, id FROM evidence WHERE sequence IS NOT number OR revision IS NOT number "
        "OR id IS NOT printf('evi_%012d', number)"
    ):
        yield Divergence(number, "evidence", str(id_), NAMED)
    for kind, id_, revision in connection.execute(
        # Named by one text, by which SQLite indexes them for this statement: of one row there may
        # be ten thousand versions, and each would be looked for among all of them.
        "WITH told AS MATERIALIZED (SELECT number, "
        "lower(subject_kind) || '/' || subject || '/' || version AS named, "
        "lead(number) OVER (PARTITION BY subject, subject_kind ORDER BY number) AS next "
        "FROM evidence) SELECT p.kind, p.id, p.revision FROM past AS p LEFT JOIN told AS e "
        "ON e.named = p.kind || '/' || p.id || '/' || p.version "
        "WHERE e.number IS NOT p.revision OR p.until IS NOT e.next"
    ):
        yield Divergence(revision, kind, id_, VERSIONED)
    for id_, revision in connection.execute(
        "SELECT ifnull(c.id, e.change_set), max(e.revision, ifnull(c.revision, 0)) FROM "
        "(SELECT change_set, max(number) AS revision FROM evidence GROUP BY change_set) AS e "
        "LEFT JOIN change_set AS c ON c.id = e.change_set WHERE c.revision IS NOT e.revision"
    ):
        yield Divergence(revision, "change_set", str(id_), CHANGE_SET)


def _written() -> Iterator[Noun]:
    return (noun for noun in RELATIONS.nouns if not noun.written_by_catalogue)


def _table_of(connection: Connection, index: str) -> str:
    row = connection.execute(
        "SELECT tbl_name FROM sqlite_schema WHERE type = 'index' AND name = ?", (index,)
    ).fetchone()
    return str(row[0]) if row else index


def _at_place(
    connection: Connection, table: str, place: int, *, last: Mapping[tuple[str, str], Last]
) -> Divergence:
    """The row that stands at a place, counted from 1, in the order of its table's key."""
    kind, _, many = table.partition(".")
    noun = RELATIONS.by_name.get(kind)
    if noun is None:
        return Divergence(0, kind, f"row {place}", INDEXED)
    key = "source" if many else "number"
    row = connection.execute(
        f"SELECT {key} FROM {quoted(table)} ORDER BY {key} LIMIT 1 OFFSET ?", (place - 1,)
    ).fetchone()
    return _at_number(connection, noun, row[0] if row else 0, last=last, what=INDEXED)


def _at_number(
    connection: Connection,
    noun: Noun,
    number: int,
    *,
    last: Mapping[tuple[str, str], Last],
    what: Text,
) -> Divergence:
    row = connection.execute(
        f"SELECT id FROM {quoted(noun.name)} NOT INDEXED WHERE number = ?", (number,)
    ).fetchone()
    if noun.written_by_catalogue:
        return Divergence(number, noun.name, str(row[0]) if row else "", what)
    return _at_id(last, noun, str(row[0]) if row else f"number {number}", what=what)


def _at_id(last: Mapping[tuple[str, str], Last], noun: Noun, id_: str, *, what: Text) -> Divergence:
    record = last.get((noun.name, id_))
    return Divergence(record.revision if record else 0, noun.name, id_, what)
