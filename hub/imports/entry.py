"""What a source says of one data set, before any of it is judged or mapped."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NOTHING_GIVEN: Mapping[str, Any] = {}


@dataclass(slots=True)
class EntryItem:
    """One column. `given` holds values of the item's other fields where a form states them."""

    name: str
    field_name: str = ""
    source_type: str = ""
    meaning: str = ""
    given: Mapping[str, Any] = dataclasses.field(default_factory=lambda: NOTHING_GIVEN)


@dataclass(slots=True)
class Entry:
    """One data set, in the source's own words.

    `line` is where it stands in the file (a line, a row of a sheet, or a place in a graph);
    `record` the source's identifier, `source` the catalogue that it comes from; `weight` the
    bytes that it took there. `given` holds values of the resource's own fields that the source
    states in our codes.
    """

    line: int
    record: str
    name: str
    source: str = ""
    summary: str = ""
    provider: str = ""
    provider_credit_code: str = ""
    department: str = ""
    address: str = ""
    contact: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    update_words: str = ""
    published: str = ""
    changed: str = ""
    formats: tuple[str, ...] = ()
    spatial: str = ""
    temporal: str = ""
    terms_of_use: str = ""
    items: list[EntryItem] = dataclasses.field(default_factory=list)
    given: dict[str, Any] = dataclasses.field(default_factory=dict)
    weight: int = 0
    raw: bytes = b""
    scope: str = ""

    @property
    def source_scope(self) -> str:
        """Within which departments' names are compared: the source, unless `scope` names wider."""
        return self.scope or self.source


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is not imported: where it stands, which field, and why, by code."""

    line: int
    reason: str
    field: str = ""
    record: str = ""
    source: str = ""
    raw: bytes = b""
    facts: Mapping[str, Any] = dataclasses.field(default_factory=lambda: NOTHING_GIVEN)


class Unreadable(Exception):
    """Raised inside a reader or the mapping when a row cannot become an entry."""

    def __init__(self, reason: str, field: str = "", **facts: Any) -> None:
        super().__init__(reason)
        self.reason, self.field, self.facts = reason, field, facts
