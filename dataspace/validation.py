"""Whether values hold by the map: types, lengths, code tables, and what must be there."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dataspace.errors import DataSpaceError
from dataspace.quantity import read_moment
from dataspace.shape import Edge, Field, Noun, Part, Type
from dataspace.text import Text

MUST = Text("it must be given", "必填")
UNKNOWN = Text("there is no such field", "没有该字段")
MISTYPED = Text("it is not of its type", "类型不符")
TOO_LONG = Text("it is too long", "长度超限")
NOT_A_CODE = Text("it is not in its code table", "不在代码表内")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which UTF-8 cannot write
WHOLE_MAX = 2**53


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field; `field` of an item reads `items.3.name`."""

    field: str
    what: Text


def problems(noun: Noun, values: Mapping[str, Any], *, partial: bool) -> list[Problem]:
    """All that does not hold; `partial` values are an amendment, in which None takes away."""
    known = {*noun.by_name, *noun.edge_by_name, *noun.part_by_name}
    found = [Problem(name, UNKNOWN) for name in values if name not in known]
    found += _of_fields(noun.fields, values, partial=partial)
    for edge in noun.edges:
        found += [Problem(edge.name, what) for what in _of_edge(edge, values, partial=partial)]
    for part in noun.parts:
        found += _of_part(part, values.get(part.name))
    return found


def _of_fields(
    fields: tuple[Field, ...], values: Mapping[str, Any], *, partial: bool
) -> Iterator[Problem]:
    for field in fields:
        value = values.get(field.name)
        if _absent(value):
            if field.must and not (partial and field.name not in values):
                yield Problem(field.name, MUST)
        elif (what := _wrong(field, value)) is not None:
            yield Problem(field.name, what)


def _of_edge(edge: Edge, values: Mapping[str, Any], *, partial: bool) -> Iterator[Text]:
    value = values.get(edge.name)
    if _absent(value):
        if edge.must and not (partial and edge.name not in values):
            yield MUST
    elif edge.many:
        if not isinstance(value, list | tuple) or not all(isinstance(id_, str) for id_ in value):
            yield MISTYPED
    elif not isinstance(value, str):
        yield MISTYPED


def _of_part(part: Part, values: Any) -> Iterator[Problem]:
    if _absent(values):
        return
    if not isinstance(values, list | tuple) or not all(isinstance(v, Mapping) for v in values):
        yield Problem(part.name, MISTYPED)
        return
    if len(values) > part.count_max:
        yield Problem(part.name, TOO_LONG)
    names = {field.name for field in part.fields}
    for at, value in enumerate(values[: part.count_max]):
        yield from (Problem(f"{part.name}.{at}.{n}", UNKNOWN) for n in value if n not in names)
        for found in _of_fields(part.fields, value, partial=False):
            yield Problem(f"{part.name}.{at}.{found.field}", found.what)


def _wrong(field: Field, value: Any) -> Text | None:
    match field.type:
        case Type.TEXT:
            return _wrong_text(field, value)
        case Type.NAMES:
            if not isinstance(value, list | tuple):
                return MISTYPED
            return next((what for each in value if (what := _wrong_text(field, each))), None)
        case Type.CODE:
            return None if isinstance(value, str) and value in (field.table or ()) else NOT_A_CODE
        case Type.NUMBER:
            whole = isinstance(value, int) and not isinstance(value, bool)
            return None if whole and abs(value) < WHOLE_MAX else MISTYPED
        case Type.FLAG:
            return None if isinstance(value, bool) else MISTYPED
        case Type.MOMENT | Type.DAY:
            return None if _is_time(field.type, value) else MISTYPED


def _wrong_text(field: Field, value: Any) -> Text | None:
    if not isinstance(value, str) or SURROGATE.search(value):
        return MISTYPED
    return TOO_LONG if len(value) > field.length_max else None


def _is_time(kind: Type, value: Any) -> bool:
    try:
        if kind is Type.DAY:
            return bool(DAY.fullmatch(value)) and bool(date.fromisoformat(value))
        return bool(read_moment(value))
    except (ValueError, TypeError, DataSpaceError):
        return False


def _absent(value: Any) -> bool:
    return value in (None, "", [], ())
