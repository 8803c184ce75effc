"""How a row lies in the graph: labels, properties, relationships; derived from the map.

A row is a node labelled as its noun, with a property for every field. A to-one edge is a
property with the id and a relationship; a to-many edge a list of ids and relationships. A part
is one list for each of its fields, all of one length, a missing value being that type's `NONE`.
What a row was before a change is kept as a node labelled `Past…`, without relationships.

Beside its values a node carries what it is found by: `…__key`, which orders with missing values
last, and `w…`, its searched texts as tokens, one property for each search weight.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dataspace import search
from dataspace.relations import RELATIONS
from dataspace.selection import Row
from dataspace.shape import Edge, Field, Map, Noun, Part, Type

FOREVER = 2**63 - 1
# The last code points before the surrogates belong to no character.
ESCAPE = "\ud7fe"
ESCAPED_FROM = 0x100
NO_NUMBER = -(2**63)
HEAD = "CatalogueHead"
CHANGE_SET = "ChangeSet"


def label(kind: str) -> str:
    return RELATIONS.by_name[kind].type_name


def past_label(kind: str) -> str:
    return f"Past{label(kind)}"


def relationship(edge: Edge) -> str:
    return edge.name.upper()


def key_property(field: str) -> str:
    return f"{field}__key"


def part_property(part: str, field: str) -> str:
    return f"{part}__{field}"


def weight_property(weight: int) -> str:
    return f"w{weight}"


def weights(noun: Noun) -> tuple[int, ...]:
    """The weights that texts of a noun are searched with, weightiest first."""
    fields = [*noun.fields, *(field for part in noun.parts for field in part.fields)]
    return tuple(sorted({field.search for field in fields if field.search}, reverse=True))


def search_index(kind: str) -> str:
    return f"{kind}_search"


def is_found_by(field: Field) -> bool:
    """Whether a value of the field tells a row from most others."""
    return field.unique or (field.type is Type.TEXT and field.filter and not field.facet)


def none_of(of: Type) -> Any:
    """What stands in a part's list for a value that is missing."""
    return NO_NUMBER if of is Type.NUMBER else -1 if of is Type.FLAG else ""


def order_key(field: Field, value: Any) -> Any:
    """Orders as the value does, and after every value when there is none."""
    if field.type is Type.NUMBER:
        return FOREVER if value is None else value
    return "1" if value is None else f"0{_in_one_order(str(value))}"


def _in_one_order(text: str) -> str:
    """A text that orders by its code points both ways in which Neo4j compares.

    In an index it goes by UTF-8, in a filter, which its planner may choose, by UTF-16: those differ
    from the surrogates (U+D800) on, as rare Chinese characters do. So each such character is
    written as three that lie below them, in the same order.
    """
    if text.isascii() or max(text) < ESCAPE:
        return text
    return "".join(each if each < ESCAPE else _escaped(ord(each)) for each in text)


def _escaped(code: int) -> str:
    return f"{ESCAPE}{chr(ESCAPED_FROM + (code >> 10))}{chr(ESCAPED_FROM + (code & 0x3FF))}"


def properties(noun: Noun, values: Row) -> dict[str, Any]:
    """All properties of the node that keeps these values, but for its id, version and revision."""
    found = {name: value for name, value in values.items() if name not in noun.part_by_name}
    for part in noun.parts:
        found.update(_part(part, values.get(part.name) or []))
    for field in noun.fields:
        if field.sort:
            found[key_property(field.name)] = order_key(field, values.get(field.name))
    for weight, texts in search.searched(noun, values).items():
        found[weight_property(weight)] = indexed(texts)
    return found


def values_of(noun: Noun, node: Mapping[str, Any]) -> Row:
    """The values that a node keeps."""
    own = () if noun.written_by_catalogue else ("version",)
    names = [field.name for field in noun.fields if field.name not in own]
    names.extend(edge.name for edge in noun.edges)
    values = {name: node[name] for name in names if node.get(name) is not None}
    for part in noun.parts:
        if items := _items(part, node):
            values[part.name] = items
    return values


def indexed(texts: list[str]) -> str:
    """Tokens between single spaces, a line for each text, so that no phrase crosses texts."""
    return "\n".join(f" {' '.join(search.tokens(text))} " for text in texts)


def _part(part: Part, items: list[Row]) -> dict[str, list[Any]]:
    if not items:
        return {}
    return {
        part_property(part.name, field.name): [_listed(field, item) for item in items]
        for field in part.fields
    }


def _listed(field: Field, item: Row) -> Any:
    value = item.get(field.name)
    if value is None:
        return none_of(field.type)
    return int(value) if field.type is Type.FLAG else value


def _items(part: Part, node: Mapping[str, Any]) -> list[Row]:
    columns = [node.get(part_property(part.name, field.name)) or [] for field in part.fields]
    return [
        {
            field.name: bool(value) if field.type is Type.FLAG else value
            for field, value in zip(part.fields, each, strict=True)
            if value != none_of(field.type)
        }
        for each in zip(*columns, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Index:
    """A constraint or an index: the statement that makes it where it is not there, and one that
    counts the nodes that it is of, without it and through it."""

    name: str
    label: str
    statement: str
    counted: str


def known_labels(of: Map = RELATIONS) -> Iterator[str]:
    yield from (HEAD, CHANGE_SET)
    for noun in of.nouns:
        yield noun.type_name
        if not noun.written_by_catalogue:
            yield past_label(noun.name)


def indexes(of: Map = RELATIONS) -> Iterator[Index]:
    """Everything that the graph is found by."""
    yield _unique(HEAD, "id")
    yield _unique(CHANGE_SET, "id")
    for noun in of.nouns:
        yield _unique(noun.type_name, "id")
        for properties_ in _ranges(noun):
            yield _range(noun.type_name, *properties_)
        if not noun.written_by_catalogue:
            yield _range(past_label(noun.name), "id", "version")
            yield _range(past_label(noun.name), "until")
        if weights(noun):
            yield _full_text(noun)


def _ranges(noun: Noun) -> Iterator[tuple[str, ...]]:
    """None for an edge: its relationship leads from the row at its end to those that hold it."""
    for field in noun.fields:
        if field.unique or (field.filter and field.type is Type.TEXT):
            yield (field.name,)
        if field.sort:
            yield (key_property(field.name), "id")
    for equal, ordered in noun.paths:
        yield (equal, key_property(ordered), "id")


def _unique(label_: str, name: str) -> Index:
    made = f"{label_}_{name}_unique".lower()
    return Index(
        made,
        label_,
        f"CREATE CONSTRAINT {made} IF NOT EXISTS FOR (n:{label_}) REQUIRE n.{name} IS UNIQUE",
        _counted(label_, name),
    )


def _range(label_: str, *names: str) -> Index:
    made = f"{label_}_{'_'.join(names)}".lower()
    listed = ", ".join(f"n.`{name}`" for name in names)
    statement = f"CREATE INDEX {made} IF NOT EXISTS FOR (n:{label_}) ON ({listed})"
    return Index(made, label_, statement, _counted(label_, *names))


def _full_text(noun: Noun) -> Index:
    """Over tokens that are ready, so the analyser only divides at white space."""
    names = [weight_property(weight) for weight in weights(noun)]
    listed = ", ".join(f"n.{name}" for name in names)
    index = search_index(noun.name)
    held = " OR ".join(f"n.{name} IS NOT NULL" for name in names)
    return Index(
        index,
        noun.type_name,
        f"CREATE FULLTEXT INDEX {index} IF NOT EXISTS FOR (n:{noun.type_name}) "
        f"ON EACH [{listed}] OPTIONS {{indexConfig: {{`fulltext.analyzer`: 'whitespace'}}}}",
        f"CALL () {{ MATCH (n:{noun.type_name}) WHERE {held} RETURN count(n) AS there }} "
        f"CALL () {{ CALL db.index.fulltext.queryNodes('{index}', '*:*') YIELD node "
        f"RETURN count(node) AS through }} RETURN there, through",
    )


def _counted(label_: str, *names: str) -> str:
    held = " AND ".join(f"n.`{name}` IS NOT NULL" for name in names)
    by = ", ".join(f"`{name}`" for name in names)
    return (
        f"CALL () {{ MATCH (n:{label_}) USING SCAN n:{label_} WHERE {held} "
        f"RETURN count(n) AS there }} "
        f"CALL () {{ MATCH (n:{label_}) USING INDEX n:{label_}({by}) WHERE {held} "
        f"RETURN count(n) AS through }} RETURN there, through"
    )
