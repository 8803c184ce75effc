"""What a source says becomes values of the catalogue's nouns: a pure step, without a catalogue."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dataspace.nouns.items import ITEMS
from dataspace.quantity import written
from dataspace.relations import RESOURCE
from dataspace.validation import NAMES_MAX
from hub.imports import tables
from hub.imports.entry import Entry, EntryItem, Unreadable
from hub.imports.json_text import packed
from hub.imports.plain_text import one_line, plain

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?")
_LENGTHS = {each.name: each.length_max for each in RESOURCE.fields}
_ITEM_LENGTHS = {each.name: each.length_max for each in ITEMS.fields}


@dataclass(slots=True)
class Note:
    """Something of an imported row that could not be kept as the source says it."""

    code: str
    field: str
    value: str


@dataclass(slots=True)
class Mapped:
    """Values of a resource without its provider; `topic_codes` are codes of topic classes."""

    entry: Entry
    values: dict[str, Any]
    topic_codes: tuple[str, ...]
    notes: list[Note] = field(default_factory=list)


def mapped(entry: Entry) -> Mapped:
    """Raises:  Unreadable."""
    if len(entry.items) > ITEMS.count_max:
        raise Unreadable(
            "entry.too_many_items", "items", count=len(entry.items), limit=ITEMS.count_max
        )
    name = one_line(entry.name)
    if not name:
        raise Unreadable("entry.missing", "name")
    for field_, text in (("name", name), ("source_record", entry.record)):
        if len(text) > _LENGTHS[field_]:
            raise Unreadable("entry.too_long", field_, limit=_LENGTHS[field_])
    notes: list[Note] = []
    codes, labels = _topics_and_labels(entry, notes)
    values: dict[str, Any] = {
        "name": name,
        "summary": plain(entry.summary),
        "source_address": entry.address,
        "contact": one_line(entry.contact),
        "provider_as_given": one_line(entry.provider),
        "labels": labels,
        "update_mechanism": one_line(entry.update_words),
        "update_cycle": _cycle(entry, notes),
        "format": _format(entry),
        "usage_method": plain(entry.terms_of_use),
        "spatial_coverage": one_line(entry.spatial),
        "temporal_coverage": one_line(entry.temporal),
        "published_on": _moment(entry.published, "published_on", notes)[:10],
        "data_changed_at": _moment(entry.changed, "data_changed_at", notes),
        "items": [_item(each, notes) for each in entry.items],
        "item_count": len(entry.items),
        **entry.given,
    }
    _shorten(values, notes)
    return Mapped(entry, {name: value or None for name, value in values.items()}, codes, notes)


def fingerprint(values: Mapping[str, Any]) -> str:
    """Of all that the source decides, so that equal ones need no writing."""
    return hashlib.sha256(packed(values)).hexdigest()


def moment(text: str) -> str:
    """A written moment of a date or time in ISO 8601, with slashes or in Chinese; else empty.

    A time without a zone is taken as UTC, a month as its first day.
    """
    text = text.strip()
    if _WRITTEN.fullmatch(text):
        return text
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _from_day(text)
    return written(found if found.tzinfo else found.replace(tzinfo=UTC))


def _from_day(text: str) -> str:
    if not (found := _DAY.match(text)):
        return ""
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        return written(datetime(year, month, day, tzinfo=UTC))
    except ValueError:
        return ""


def _moment(text: str, name: str, notes: list[Note]) -> str:
    found = moment(text) if text else ""
    if text and not found:
        notes.append(Note("note.not_a_date", name, text))
    return found


def _topics_and_labels(entry: Entry, notes: list[Note]) -> tuple[tuple[str, ...], list[str]]:
    """Topic classes by the categories, or by the tags where no category has one.

    Categories without a class stay as labels, and are noted.
    """
    codes = dict.fromkeys(filter(None, map(tables.topic_code, entry.categories)))
    unknown = [each for each in entry.categories if not tables.topic_code(each)]
    notes.extend(Note("note.category_unmapped", "topics", each) for each in unknown)
    if not codes:
        codes = dict.fromkeys(filter(None, map(tables.topic_code, entry.tags)))
    labels = dict.fromkeys(filter(None, map(one_line, (*unknown, *entry.tags))))
    return tuple(codes), list(labels)


def _cycle(entry: Entry, notes: list[Note]) -> str:
    cycle = tables.update_cycle(entry.update_words) if entry.update_words else ""
    if entry.update_words and not cycle:
        notes.append(Note("note.cycle_unmapped", "update_cycle", entry.update_words))
    return cycle


def _format(entry: Entry) -> str:
    """Columns with places make it geographic; otherwise the first word that the table knows."""
    if any(tables.item_type(each.source_type) == "GEOMETRY" for each in entry.items):
        return "GEOGRAPHIC"
    return next(filter(None, map(tables.resource_format, filter(None, entry.formats))), "")


def _item(item: EntryItem, notes: list[Note]) -> dict[str, Any]:
    values: dict[str, Any] = {"name": one_line(item.name) or item.field_name}
    if not values["name"]:
        raise Unreadable("entry.missing", "items.name")
    if item.field_name:
        values["field_name"] = item.field_name
    values["data_type"] = tables.item_type(item.source_type) if item.source_type else "OTHER"
    if item.source_type:
        values["source_type"] = item.source_type
    if item.meaning and (meaning := plain(item.meaning)):
        values["meaning"] = meaning
    values.update(item.given)
    for name in ("name", "field_name", "source_type", "meaning"):
        if len(values.get(name, "")) > _ITEM_LENGTHS[name]:
            notes.append(Note("note.shortened", f"items.{name}", values[name][:80]))
            values[name] = _cut(values[name], _ITEM_LENGTHS[name])
    return values


def _shorten(values: dict[str, Any], notes: list[Note]) -> None:
    for name, value in values.items():
        limit = _LENGTHS.get(name, 0)
        if isinstance(value, str) and len(value) > limit:
            notes.append(Note("note.shortened", name, value[:80]))
            values[name] = _cut(value, limit)
    notes.extend(Note("note.shortened", "labels", each) for each in values["labels"][NAMES_MAX:])
    values["labels"] = [_cut(label, _LENGTHS["labels"]) for label in values["labels"][:NAMES_MAX]]


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def noted(entry: Entry, notes: Iterable[Note]) -> Iterable[dict[str, Any]]:
    for note in notes:
        yield {
            "line": entry.line,
            "identifier": entry.record,
            "code": note.code,
            "field": note.field,
            "value": note.value,
        }
