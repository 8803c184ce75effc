"""Working data of a space as values: who holds them, the data sets, and what is made from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dataspace.text import Text


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation, `kind` a code of OrganisationKind; others name it by its `alias`."""

    alias: str
    name: Text
    kind: str
    credit_code: str


@dataclass(frozen=True, slots=True)
class Column:
    """`heading` is that of the file, `type` a code of ItemType."""

    heading: str
    text: Text
    type: str
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file in UTF-8 with its headings in the first line; `rows` counts those below."""

    file_name: str
    content: bytes
    rows: int


@dataclass(frozen=True, slots=True)
class DataSet:
    """What becomes a resource with its file; `terms` are codes of the profile's vocabulary."""

    code: str
    provider: str
    name: Text
    summary: Text
    columns: tuple[Column, ...]
    table: Table
    update_cycle: str = "MONTHLY"
    grade: int = 2
    terms: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MadeProduct:
    """What was computed from data sets, by the code of its template; `inputs` are their codes."""

    template: str
    owner: str
    inputs: tuple[str, ...]
    table: Table
    price_fen: int
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """All of a space: what is referred to by an alias or a code is in it."""

    bodies: tuple[Body, ...]
    sets: tuple[DataSet, ...]
    products: tuple[MadeProduct, ...]
