"""The tables and indexes of the SQLite catalogue, derived from the map of the domain.

A noun is a table with a column for every field and to-one edge. Beside it stand tables for what
a row may have many of: one for each to-many edge, each part, and each list that is filtered by.
Columns have no declared type, so that a value is compared as what it is and never converted.

Why columns and not JSON properties: docs/decisions/0003-catalogue-tables.md.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dataspace.relations import RELATIONS
from dataspace.shape import Edge, Field, Map, Noun, Part, Type

# The columns that every noun has; evidence brings a `version` of its own.
OWN = ("number", "id", "version", "revision")
# Sorts after every number and every text, as SQLite orders its types.
MISSING = "x''"

KEEPING = """
CREATE TABLE IF NOT EXISTS "past"(
  kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, number INTEGER NOT NULL,
  revision INTEGER NOT NULL, until INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (kind, id, version)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "past.until" ON "past"(kind, until, revision);
CREATE TABLE IF NOT EXISTS "change_set"(
  id TEXT PRIMARY KEY, said TEXT NOT NULL, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "layout"(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: tuple[str, ...]  # definitions, the key of `keys` first
    tail: str = ""  # constraints, and WITHOUT ROWID

    @property
    def sql(self) -> str:
        inside = ", ".join((*self.columns, *((self.tail,) if self.tail else ())))
        return f"CREATE TABLE {quoted(self.name)}({inside})" + (
            " WITHOUT ROWID" if self.tail else ""
        )


def quoted(name: str) -> str:
    return f'"{name}"'


def beside(noun: Noun, name: str) -> str:
    """The table of what a noun has many of under a name."""
    return f"{noun.name}.{name}"


def search_table(noun: Noun) -> str:
    return f"{noun.name}.search"


def order_column(field: Field) -> str:
    """A column in which a missing value sorts last; only sortable fields have one."""
    return f"{field.name}~"


def is_listed(field: Field) -> bool:
    """Whether the texts of a list stand in a table of their own, to be found by."""
    return field.type is Type.NAMES and (field.filter or field.facet)


def is_found_by(field: Field) -> bool:
    """Whether a value of the field tells a row from most others, and so has an index."""
    return field.unique or (field.type is Type.TEXT and field.filter and not field.facet)


def one_edges(noun: Noun) -> tuple[Edge, ...]:
    return tuple(edge for edge in noun.edges if not edge.many)


def many_edges(noun: Noun) -> tuple[Edge, ...]:
    return tuple(edge for edge in noun.edges if edge.many)


def columns(noun: Noun) -> tuple[str, ...]:
    """The names of the value columns of a noun, in order."""
    fields = (field.name for field in noun.fields if field.name not in OWN)
    return (*fields, *(edge.name for edge in one_edges(noun)))


def weights(noun: Noun) -> tuple[int, ...]:
    """The weights that texts of a noun are searched with, weightiest first."""
    fields = [*noun.fields, *(field for part in noun.parts for field in part.fields)]
    return tuple(sorted({field.search for field in fields if field.search}, reverse=True))


def tables(of: Map = RELATIONS) -> Iterator[Table]:
    for noun in of.nouns:
        yield _noun_table(noun)
        for edge in many_edges(noun):
            yield Table(
                beside(noun, edge.name),
                ("source INTEGER NOT NULL", "target TEXT NOT NULL"),
                "PRIMARY KEY (source, target)",
            )
        for part in noun.parts:
            yield _part_table(noun, part)
        for field in noun.fields:
            if is_listed(field):
                yield Table(
                    beside(noun, field.name),
                    ("source INTEGER NOT NULL", "value TEXT NOT NULL"),
                    "PRIMARY KEY (source, value)",
                )


def _noun_table(noun: Noun) -> Table:
    own = ("number INTEGER PRIMARY KEY", "id TEXT NOT NULL", "version", "revision")
    sortable = (
        f"{quoted(order_column(field))} GENERATED ALWAYS AS "
        f"(ifnull({quoted(field.name)}, {MISSING})) VIRTUAL"
        for field in noun.fields
        if field.sort
    )
    return Table(noun.name, (*own, *map(quoted, columns(noun)), *sortable))


def _part_table(noun: Noun, part: Part) -> Table:
    names = (quoted(field.name) for field in part.fields)
    own = ("source INTEGER NOT NULL", "place INTEGER NOT NULL")
    return Table(beside(noun, part.name), (*own, *names), "PRIMARY KEY (source, place)")


def indexes(of: Map = RELATIONS) -> Mapping[str, str]:
    """Every index by its name, with the statement that makes it."""
    made: dict[str, str] = {}
    for noun in of.nouns:
        made[f"{noun.name}.id"] = _index(f"{noun.name}.id", noun.name, ("id",), unique=True)
        for names in _indexed(noun):
            name = f"{noun.name}.by.{'.'.join(names)}"
            made[name] = _index(name, noun.name, (*names, "id"))
        made[f"{noun.name}.counted"] = _index(
            f"{noun.name}.counted", noun.name, ("number", *_counted(noun))
        )
        for edge in many_edges(noun):
            name = beside(noun, edge.name)
            made[f"{name}.back"] = _index(f"{name}.back", name, ("target", "source"))
        for field in filter(is_listed, noun.fields):
            name = beside(noun, field.name)
            made[f"{name}.back"] = _index(f"{name}.back", name, ("value", "source"))
    return made


def _indexed(noun: Noun) -> Iterator[tuple[str, ...]]:
    """What rows are paged by or found by. Codes and states are left out: they tell few rows
    apart, and an index on one would tempt the planner away from the order of a page."""
    for field in noun.fields:
        if field.sort:
            yield (order_column(field),)
        elif is_found_by(field):
            yield (field.name,)
    for edge in one_edges(noun):
        yield (edge.name,)
    for equal, ordered in noun.paths:
        yield (equal, order_column(noun.by_name[ordered]))


def _counted(noun: Noun) -> tuple[str, ...]:
    """The narrow columns that totals and facets are counted from, without touching the rows.

    The index begins with the row's number so that it serves for counting and nothing else.
    """
    fields = (
        field.name
        for field in noun.fields
        if field.type is not Type.NAMES
        and (field.facet or (field.must and field.type is Type.CODE))
    )
    return (*fields, *(edge.name for edge in one_edges(noun)))


def _index(name: str, table: str, names: Sequence[str], *, unique: bool = False) -> str:
    kind = "UNIQUE INDEX" if unique else "INDEX"
    return f"CREATE {kind} {quoted(name)} ON {quoted(table)}({', '.join(map(quoted, names))})"


def search_tables(of: Map = RELATIONS) -> Mapping[str, tuple[str, str]]:
    """For every searched noun the view of its tokens and the full-text index over that view.

    There is one column for each weight. `ascii` splits at spaces only, for our tokens hold
    nothing else that it splits at (dataspace.search.tokens).
    """
    made = {}
    for noun in of.nouns:
        if weights(noun):
            made[noun.name] = (
                f'CREATE VIEW "{noun.name}.texts" AS {texts_view(noun)}',
                search_index(noun),
            )
    return made


def search_index(noun: Noun) -> str:
    names = ", ".join(f"w{weight}" for weight in weights(noun))
    texts = f"content='{noun.name}.texts'"
    return (
        f"CREATE VIRTUAL TABLE {quoted(search_table(noun))} "
        f"USING fts5({names}, {texts}, columnsize=0, tokenize='ascii')"
    )


def texts_view(noun: Noun) -> str:
    """The searched texts of every row as tokens."""
    made = [f"searchable({texts}) AS w{weight}" for weight, texts in weighted_texts(noun).items()]
    return f"SELECT t.number AS rowid, {', '.join(made)} FROM {quoted(noun.name)} AS t"


def weighted_texts(noun: Noun) -> dict[int, str]:
    """For every weight an expression over a row `t` that gives a JSON array of its texts, in the
    order of `dataspace.search.searched`."""
    made = {}
    for weight in weights(noun):
        texts = [
            f"json(t.{quoted(field.name)})"
            if field.type is Type.NAMES
            else f"t.{quoted(field.name)}"
            for field in noun.fields
            if field.search == weight
        ]
        texts.extend(filter(None, (_part_texts(noun, part, weight) for part in noun.parts)))
        made[weight] = f"json_array({', '.join(texts)})"
    return made


def _part_texts(noun: Noun, part: Part, weight: int) -> str:
    names = [f"i.{quoted(field.name)}" for field in part.fields if field.search == weight]
    if not names:
        return ""
    return (
        f"json((SELECT json_group_array(json_array({', '.join(names)})) FROM "
        f"(SELECT * FROM {quoted(beside(noun, part.name))} WHERE source = t.number "
        f"ORDER BY place) AS i))"
    )


def fingerprint(of: Map = RELATIONS) -> str:
    """Changes when anything that is derived from the map changes."""
    parts = [table.sql for table in tables(of)]
    parts.extend(indexes(of).values())
    parts.extend(sql for pair in search_tables(of).values() for sql in pair)
    return hashlib.sha256("\n".join([KEEPING, *parts]).encode()).hexdigest()
