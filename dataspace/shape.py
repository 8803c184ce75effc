"""What the map of the domain is written in: fields, edges and nouns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from dataspace.codes import CodeTable
from dataspace.text import Text


class Type(Enum):
    """How a value is written in a row; rows hold JSON values only."""

    TEXT = "text"
    NAMES = "names"  # a list of texts
    CODE = "code"  # a value of the field's code table
    NUMBER = "number"  # a whole number
    FLAG = "flag"  # true or false
    MOMENT = "moment"  # aware UTC, as dataspace.quantity.written gives it
    DAY = "day"  # YYYY-MM-DD


class Reader(Enum):
    """Who may read a field, or a part, of a row that they may see at all."""

    ANYONE = 0
    OWNER = 1  # the participant that the row belongs to, and staff
    STAFF = 2
    CONFIDED = 3  # the people whom the row names in the `confided` fields of its noun
    REVIEWER = 4  # the participant that the row belongs to, staff, and who reviews its kind


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute: what it is called, what it holds, what may be done with it.

    `search` is the weight of the field in ranked search, 0 when it is not searched.
    `length_max` counts characters of a text, or of one text of a list.
    """

    name: str
    type: Type
    text: Text
    table: CodeTable | None = None
    must: bool = False
    unique: bool = False
    search: int = 0
    sort: bool = False
    filter: bool = False
    facet: bool = False
    reader: Reader = Reader.ANYONE
    length_max: int = 400


@dataclass(frozen=True, slots=True)
class Edge:
    """A relationship that the row at its start holds, by the identifiers at its end.

    `inverse` names the same relationship as seen from the other end. A `facet` counts by the rows
    at the end and names them, so they must be of a kind that everybody sees. `lineage` says that
    what stands at the start was made from, or rests on, what stands at the end.
    """

    name: str
    target: str
    text: Text
    inverse: str
    inverse_text: Text
    many: bool = False
    must: bool = False
    facet: bool = False
    lineage: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A list of values inside a row, such as the items of a resource.

    What is `noted` of a value is written by the platform, and set by nobody.
    """

    name: str
    type_name: str
    text: Text
    fields: tuple[Field, ...]
    count_max: int
    reader: Reader = Reader.ANYONE
    noted: tuple[str, ...] = ()

    @property
    def settable(self) -> tuple[Field, ...]:
        return tuple(each for each in self.fields if each.name not in self.noted)


@dataclass(frozen=True)
class Noun:
    """One kind of thing in the catalogue.

    `owner` names the edge to the participant that a row belongs to ("id" when the row is one).
    `confided` names the fields with the subjects of those who read what is confided to them.
    `paths` are pairs (equal field or edge, sorted field) that readers page through often.
    """

    name: str
    plural: str
    prefix: str
    text: Text
    plural_text: Text
    fields: tuple[Field, ...]
    edges: tuple[Edge, ...] = ()
    parts: tuple[Part, ...] = ()
    owner: str = ""
    confided: tuple[str, ...] = ()
    paths: tuple[tuple[str, str], ...] = ()
    written_by_catalogue: bool = False

    @property
    def type_name(self) -> str:
        return "".join(word[0].upper() + word[1:] for word in self.name.split("_"))

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {each.name: each for each in self.fields}

    @cached_property
    def edge_by_name(self) -> Mapping[str, Edge]:
        return {each.name: each for each in self.edges}

    @cached_property
    def part_by_name(self) -> Mapping[str, Part]:
        return {each.name: each for each in self.parts}

    @cached_property
    def names(self) -> frozenset[str]:
        """All that a row of it may hold, and what every row has."""
        own = (*self.by_name, *self.edge_by_name, *self.part_by_name)
        return frozenset({"id", "version", *own})

    @cached_property
    def unique(self) -> tuple[str, ...]:
        """The fields of which no two rows have the same value."""
        return tuple(each.name for each in self.fields if each.unique)

    @property
    def called(self) -> str:
        """What its rows are called by: their name, or else their title, or else their id."""
        return next((each for each in ("name", "title") if each in self.by_name), "id")

    @cached_property
    def searched(self) -> tuple[Field, ...]:
        return tuple(each for each in self.fields if each.search)


@dataclass(frozen=True, slots=True)
class Way:
    """An edge as it is walked from one noun: `forward` along it, or back from its end."""

    name: str
    edge: Edge
    start: str
    end: str
    forward: bool
    text: Text

    @property
    def many(self) -> bool:
        return self.edge.many or not self.forward


@dataclass(frozen=True)
class Map:
    """All nouns, and every way that leads from one to another."""

    nouns: tuple[Noun, ...]
    ways: Mapping[str, Mapping[str, Way]] = field(init=False)

    def __post_init__(self) -> None:
        ways: dict[str, dict[str, Way]] = {noun.name: {} for noun in self.nouns}
        for noun in self.nouns:
            for edge in noun.edges:
                ways[noun.name][edge.name] = Way(
                    edge.name, edge, noun.name, edge.target, True, edge.text
                )
                ways[edge.target][edge.inverse] = Way(
                    edge.inverse, edge, edge.target, noun.name, False, edge.inverse_text
                )
        object.__setattr__(self, "ways", ways)

    @cached_property
    def by_name(self) -> Mapping[str, Noun]:
        return {noun.name: noun for noun in self.nouns}

    @cached_property
    def by_prefix(self) -> Mapping[str, Noun]:
        return {noun.prefix: noun for noun in self.nouns}


def text_field(name: str, en: str, zh: str, **more: object) -> Field:
    return Field(name, Type.TEXT, Text(en, zh), **more)  # type: ignore[arg-type]


def names_field(name: str, en: str, zh: str, **more: object) -> Field:
    return Field(name, Type.NAMES, Text(en, zh), **more)  # type: ignore[arg-type]


def code_field(name: str, table: CodeTable, **more: object) -> Field:
    return Field(name, Type.CODE, table.text, table, filter=True, **more)  # type: ignore[arg-type]


def number_field(name: str, en: str, zh: str, **more: object) -> Field:
    return Field(name, Type.NUMBER, Text(en, zh), filter=True, **more)  # type: ignore[arg-type]


def flag_field(name: str, en: str, zh: str, **more: object) -> Field:
    return Field(name, Type.FLAG, Text(en, zh), filter=True, **more)  # type: ignore[arg-type]


def moment_field(name: str, en: str, zh: str, **more: object) -> Field:
    return Field(name, Type.MOMENT, Text(en, zh), filter=True, **more)  # type: ignore[arg-type]


def day_field(name: str, en: str, zh: str, **more: object) -> Field:
    return Field(name, Type.DAY, Text(en, zh), filter=True, **more)  # type: ignore[arg-type]
