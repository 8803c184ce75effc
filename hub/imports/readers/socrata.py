"""Reads the answer of the Socrata discovery API: one JSON object a line, or one document."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from hub.imports import json_text
from hub.imports.entry import Entry, EntryItem, Reject, Unreadable
from hub.imports.errors import FileMalformed
from hub.imports.json_text import NotJson
from hub.imports.readers.lines import LINE_BYTES_MAX, ArrayMissing, Piece, elements, lines
from hub.imports.readers.source import Source

_DOCUMENT = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*(?:\[|\{\s*(?:"(?:resultSetSize|timings)"[^\[]*)?"results"\s*:\s*\[)'
)


def read(source: Source) -> Iterator[Entry | Reject]:
    if _DOCUMENT.match(source.head):
        return read_objects(source, elements(source.path, "results"), entry_of)
    return read_objects(source, lines(source.path), entry_of)


def read_objects(
    source: Source, pieces: Iterable[Piece], entry_of: Any
) -> Iterator[Entry | Reject]:
    """Each piece as `entry_of(object, line)` makes it, or as the reject that says why not."""
    for piece in _whole(source, pieces):
        source.at(piece.end_byte)
        try:
            entry = entry_of(parsed(piece, source), piece.line)
        except Unreadable as problem:
            source.cut = source.cut or problem.reason == "line.cut_short"
            yield Reject(
                piece.line,
                problem.reason,
                problem.field,
                problem.facts.get("record", ""),
                raw=piece.raw,
                facts={k: v for k, v in problem.facts.items() if k != "record"},
            )
            continue
        entry.source = source.name or entry.source or source.path.stem
        entry.weight, entry.raw = len(piece.raw), piece.raw
        yield entry


def _whole(source: Source, pieces: Iterable[Piece]) -> Iterator[Piece]:
    try:
        yield from pieces
    except ArrayMissing:
        raise FileMalformed(
            path=str(source.path), format=source.format, detail="it has no list of data sets"
        ) from None


def parsed(piece: Piece, source: Source) -> dict[str, Any]:
    if piece.too_long:
        raise Unreadable("line.too_long", limit=LINE_BYTES_MAX)
    raw = piece.raw
    try:
        found = json_text.parsed(raw if source.encoding == "utf-8" else raw.decode(source.encoding))
    except UnicodeDecodeError:
        raise Unreadable("line.undecodable", encoding=source.encoding) from None
    except NotJson as error:
        raise _why_malformed(piece, error) from None
    if not isinstance(found, dict):
        raise Unreadable("entry.not_a_record")
    return found


def _why_malformed(piece: Piece, error: NotJson) -> Unreadable:
    try:
        piece.raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        if not (piece.cut and wrong.end >= len(piece.raw) - 4):
            return Unreadable("line.undecodable", encoding="utf-8")
    return Unreadable("line.cut_short" if piece.cut else "line.malformed", detail=str(error))


def entry_of(found: dict[str, Any], line: int) -> Entry:
    """Raises:  Unreadable."""
    resource = found.get("resource")
    if not isinstance(resource, dict):
        raise Unreadable("entry.not_a_record", "resource")
    record = text(resource, "id", must="resource.id")
    classification = mapping(found, "classification")
    facts = _domain_facts(classification, record)
    return Entry(
        line=line,
        record=record,
        name=text(resource, "name", must="resource.name", record=record),
        source=text(mapping(found, "metadata"), "domain"),
        summary=text(resource, "description", record=record),
        provider=text(resource, "attribution", record=record) or _agency(facts, owners=True),
        department=_agency(facts, owners=False),
        address=text(found, "permalink") or text(found, "link"),
        contact=text(resource, "contact_email"),
        categories=_categories(classification),
        tags=(*texts(classification, "domain_tags"), *texts(classification, "tags")),
        update_words=_fact(facts, "frequency"),
        published=text(resource, "publication_date") or text(resource, "createdAt"),
        changed=text(resource, "data_updated_at") or text(resource, "updatedAt"),
        formats=(text(resource, "type"),),
        temporal=_fact(facts, "time-period") or _fact(facts, "time period"),
        terms_of_use=text(mapping(found, "metadata"), "license"),
        items=_items(resource, record),
    )


def mapping(found: dict[str, Any], name: str) -> dict[str, Any]:
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def text(found: dict[str, Any], name: str, *, must: str = "", record: str = "") -> str:
    """A text or number as text; empty when it is missing, unless it `must` be there.

    Raises:  Unreadable.
    """
    value = found.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise Unreadable("entry.wrong_type", must or name, expected="text", record=record)
    value = (value or "").strip()
    if must and not value:
        raise Unreadable("entry.missing", must, record=record)
    return value


def texts(found: dict[str, Any], name: str) -> tuple[str, ...]:
    value = found.get(name)
    if isinstance(value, str):
        value = [value]
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _categories(classification: dict[str, Any]) -> tuple[str, ...]:
    """The city's own category first; the portal's generic ones after it."""
    own = text(classification, "domain_category")
    return tuple(filter(None, (own, *texts(classification, "categories"))))


def _domain_facts(classification: dict[str, Any], record: str) -> dict[str, str]:
    """The city's own metadata fields, by what stands after the group in "Group_Field"."""
    facts: dict[str, str] = {}
    listed = classification.get("domain_metadata")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and isinstance(each.get("key"), str):
            name = each["key"].rpartition("_")[2] or each["key"].rstrip("_-").rpartition("_")[2]
            whole = each["key"].casefold()
            facts.setdefault(f"{whole}|{name.casefold()}", text(each, "value", record=record))
    return facts


def _fact(facts: dict[str, str], *words: str) -> str:
    return next(
        (
            value
            for name, value in facts.items()
            if value and any(word in name.rpartition("|")[2] for word in words)
        ),
        "",
    )


def _agency(facts: dict[str, str], *, owners: bool) -> str:
    """The city's own field for the agency; `owners` also takes one that may name a person."""
    words = (
        ("agency", "department", "data-owner", "data owner") if owners else ("agency", "department")
    )
    return next(
        (value for name, value in facts.items() if value and any(word in name for word in words)),
        "",
    )


def _items(resource: dict[str, Any], record: str) -> list[EntryItem]:
    names = _column(resource, "columns_name", record)
    fields = _column(resource, "columns_field_name", record)
    count = max(len(names), len(fields))
    types = _padded(_column(resource, "columns_datatype", record), count)
    meanings = _padded(_column(resource, "columns_description", record), count)
    names, fields = _padded(names, count), _padded(fields, count)
    return [
        EntryItem(name or field, field, kind, meaning)
        for name, field, kind, meaning in zip(names, fields, types, meanings, strict=True)
    ]


def _column(resource: dict[str, Any], name: str, record: str) -> list[str]:
    value = resource.get(name) or []
    if not isinstance(value, list):
        raise Unreadable("entry.wrong_type", f"resource.{name}", expected="a list", record=record)
    return [each if isinstance(each, str) else "" if each is None else str(each) for each in value]


def _padded(values: list[str], count: int) -> list[str]:
    return values[:count] + [""] * (count - len(values))
