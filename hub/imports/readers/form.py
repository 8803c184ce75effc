"""Makes entries of the rows of the core metadata form, whatever file they stand in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dataspace.nouns.items import ITEMS
from dataspace.relations import RESOURCE
from hub.imports.departments.names import key
from hub.imports.departments.providers import LEDGER
from hub.imports.entry import Entry, EntryItem, Reject, Unreadable
from hub.imports.json_text import packed
from hub.imports.readers.form_headings import (
    ITEM_FIELDS,
    RESOURCE_FIELDS,
    item_headings,
    plain_heading,
    resource_headings,
    value_of,
)
from hub.imports.readers.source import Source

Cells = Mapping[str, str]
BAD_ROWS_MAX = 1000  # that are held back to keep their order
ITEM_BYTES = 200  # what an item weighs in a batch, about
_FIELDS = {each.name: each for each in RESOURCE.fields}
_ITEM_FIELDS = {each.name: each for each in ITEMS.fields}
_WORDS = (
    "name",
    "summary",
    "contact",
    "labels",
    "update_mechanism",
    "published_on",
    "data_changed_at",
    "spatial_coverage",
    "temporal_coverage",
    "usage_method",
)


def columns(headings: Sequence[object], known: Mapping[str, str]) -> dict[int, str]:
    """Field name by column, the first column of each field."""
    found: dict[int, str] = {}
    for column, heading in enumerate(headings):
        name = known.get(plain_heading(heading))
        if name and name not in found.values():
            found[column] = name
    return found


def cells_of(row: Sequence[object], named: Mapping[int, str]) -> Cells:
    found = {}
    for column, name in named.items():
        value = row[column] if column < len(row) else None
        found[name] = "" if value is None else str(value).strip()
    return found


def entry_of(cells: Cells, line: int, source: Source) -> Entry:
    """Raises:  Unreadable."""
    record = cells.get("code") or cells.get("name", "")
    for must in ("name", "provider"):
        if not cells.get(must):
            raise Unreadable("entry.missing", must, record=record)
    given = _given(cells, record)
    if given.get("secret"):
        raise Unreadable("entry.classified", "secret", record=record)
    provider = cells["provider"]
    return Entry(
        line=line,
        record=record,
        name=cells["name"],
        source=source.name or f"{LEDGER}:{key(provider)}"[:200],
        scope=LEDGER,
        summary=cells.get("summary", ""),
        provider=provider,
        provider_credit_code=cells.get("provider_code", ""),
        department=cells.get("department", ""),
        contact=cells.get("contact", ""),
        categories=tuple(_parts(cells.get("topics", ""))),
        tags=tuple(given.pop("labels", None) or ()),
        update_words=cells.get("update_mechanism", ""),
        spatial=cells.get("spatial_coverage", ""),
        temporal=cells.get("temporal_coverage", ""),
        terms_of_use=cells.get("usage_method", ""),
        given={
            name: value
            for name, value in given.items()
            if name not in _WORDS or (name in ("published_on", "data_changed_at"))
        },
        raw=packed(dict(cells)),
        weight=sum(map(len, cells.values())) * 3,
    )


def item_of(cells: Cells) -> EntryItem:
    """Raises:  Unreadable."""
    given: dict[str, Any] = {}
    for name in ITEM_FIELDS:
        if name in ("name", "field_name", "meaning", "data_type") or not cells.get(name):
            continue
        given[name] = value_of(_ITEM_FIELDS[name], cells[name])
    return EntryItem(
        cells.get("name", ""),
        cells.get("field_name", ""),
        cells.get("data_type", ""),
        cells.get("meaning", ""),
        given,
    )


def weighted(entry: Entry, items: Iterable[EntryItem]) -> Entry:
    before = len(entry.items)
    entry.items.extend(items)
    entry.weight += ITEM_BYTES * (len(entry.items) - before)
    return entry


def _given(cells: Cells, record: str) -> dict[str, Any]:
    found = {}
    for name in RESOURCE_FIELDS:
        try:
            value = value_of(_FIELDS[name], cells.get(name, ""))
        except Unreadable as problem:
            raise Unreadable(
                problem.reason, problem.field, record=record, **problem.facts
            ) from None
        if value is not None:
            found[name] = value
    return found


def _parts(text: str) -> Iterable[str]:
    for mark in "；;、|/，,":
        text = text.replace(mark, "\n")
    return filter(None, map(str.strip, text.split("\n")))


@dataclass(slots=True)
class ItemRows:
    """Items that stand apart from their resources, by the code or name of the resource."""

    by_resource: dict[str, list[tuple[int, Cells]]] = field(default_factory=dict)

    def add(self, line: int, cells: Cells) -> None:
        self.by_resource.setdefault(cells.get("resource", ""), []).append((line, cells))

    def of(self, cells: Cells) -> list[Cells]:
        rows = [
            self.by_resource.pop(each, [])
            for each in (cells.get("code"), cells.get("name"))
            if each
        ]
        return [item for part in rows for _, item in part]

    def left(self) -> Iterator[Reject]:
        for name, rows in self.by_resource.items():
            for line, cells in rows:
                yield Reject(
                    line,
                    "entry.item_without_resource",
                    "items",
                    name,
                    raw=packed(dict(cells)),
                )


Row = tuple[int, Sequence[object]] | Reject


@dataclass(slots=True)
class Form:
    """The headings of a table: which columns are the resource's and which an item's beside it."""

    named: Mapping[int, str]
    item_named: Mapping[int, str]

    @property
    def is_one(self) -> bool:
        return {"name", "provider"} <= set(self.named.values())


def form_of(headings: Sequence[object]) -> Form:
    items = columns(headings, item_headings(beside_resource=True))
    named = columns(headings, resource_headings())
    return Form({c: name for c, name in named.items() if c not in items}, items)


def entries(
    rows: Iterable[Row], form: Form, source: Source, *, items: ItemRows
) -> Iterator[Entry | Reject]:
    """One entry for each resource: a row that repeats or leaves out its name adds an item."""
    waiting: list[Entry | Reject] = []  # the resource whose items go on, and bad rows among them
    mark = ""
    for row in rows:
        if isinstance(row, Reject):
            waiting.append(row)
            if len(waiting) > BAD_ROWS_MAX:
                yield from waiting
                waiting, mark = [], ""
            continue
        line, cells = row[0], cells_of(row[1], form.named)
        item = cells_of(row[1], form.item_named)
        own = cells.get("code") or cells.get("name") or ""
        if not any(cells.values()) and not any(item.values()):
            continue
        if not (waiting and mark and any(item.values()) and own in ("", mark)):
            yield from waiting
            waiting, mark = [_begun(cells, line, source=source, items=items)], own
        if isinstance(waiting[0], Entry) and any(item.values()):
            waiting[0] = _with_item(waiting[0], item)
    yield from waiting
    yield from items.left()


def _begun(cells: Cells, line: int, *, source: Source, items: ItemRows) -> Entry | Reject:
    record = cells.get("code") or cells.get("name") or ""
    apart = items.of(cells)
    try:
        return weighted(entry_of(cells, line, source), map(item_of, apart))
    except Unreadable as problem:
        facts = {name: fact for name, fact in problem.facts.items() if name != "record"}
        return Reject(
            line, problem.reason, problem.field, record, raw=packed(dict(cells)), facts=facts
        )


def _with_item(entry: Entry, cells: Cells) -> Entry | Reject:
    try:
        return weighted(entry, [item_of(cells)])
    except Unreadable as problem:
        return Reject(
            entry.line,
            problem.reason,
            f"items.{problem.field}",
            entry.record,
            entry.source,
            raw=entry.raw,
            facts=problem.facts,
        )
