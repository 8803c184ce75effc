"""Whether values are what the map of the domain says: every problem, each with its field."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any, Final

from dataspace.errors import Invalid
from dataspace.quantity import MomentInvalid, read_moment, written
from dataspace.shape import Edge, Field, Noun, Part, Type
from dataspace.text import Text

# The largest whole number that every reader of JSON reads exactly.
NUMBER_MAX: Final = 2**53 - 1
NAMES_MAX: Final = 200
ENDS_MAX: Final = 10_000
PROBLEMS_MAX: Final = 100

UNKNOWN = Text("there is no such field", "没有该字段")
MISSING = Text("a value is needed", "必须填写")
NOT_TEXT = Text("a text is needed", "须为文本")
NOT_WRITABLE = Text("it holds half a character", "含有不完整的字符")
NOT_LIST = Text("a list is needed", "须为列表")
NOT_OBJECT = Text("an object with fields is needed", "须为带字段的对象")
NOT_NUMBER = Text("a whole number is needed", "须为整数")
NOT_FLAG = Text("true or false is needed", "须为 true 或 false")
NOT_MOMENT = Text(
    "a UTC moment such as 2026-01-31T08:00:00.000Z is needed",
    "须为 UTC 时间，例如 2026-01-31T08:00:00.000Z",
)
NOT_DAY = Text("a day such as 2026-01-31 is needed", "须为日期，例如 2026-01-31")


class ValuesInvalid(Invalid):
    """Some values of a row are not what the map of the domain says of their fields."""

    code = "values.invalid"
    title = Text("{kind} {id} cannot be kept: {problems}", "{kind} {id} 无法保存：{problems}")


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` leads to the value, such as `items[3].length`."""

    path: str
    text: Text


class Problems(tuple[Problem, ...]):
    """All problems of a row, written one after another."""

    __slots__ = ()

    def __str__(self) -> str:
        return "; ".join(f"{each.path}: {each.text.en}" for each in self)


def check_kept(noun: Noun, id_: str, values: Mapping[str, Any]) -> None:
    """What a catalogue asks of the values that it keeps: that every one is what its field says.

    Whether one is missing is asked where input comes in, for a draft may lack what it will need.

    Raises:  ValuesInvalid, whose fact `problems` is a `Problems`.
    """
    found = [each for each in _given(noun, values) if each.text is not MISSING]
    if found:
        raise ValuesInvalid(kind=noun.name, id=id_, problems=Problems(found[:PROBLEMS_MAX]))


def problems(noun: Noun, values: Mapping[str, Any], *, partial: bool) -> list[Problem]:
    """All that is wrong, at most PROBLEMS_MAX; with `partial` what is not named may be missing."""
    needed = [
        *(field.name for field in noun.fields if field.must),
        *(edge.name for edge in noun.edges if edge.must),
    ]
    missing = (
        Problem(name, MISSING)
        for name in needed
        if (name in values or not partial) and values.get(name) in (None, "", [], ())
    )
    return list(islice(chain(_given(noun, values), missing), PROBLEMS_MAX))


def _given(noun: Noun, values: Mapping[str, Any]) -> Iterator[Problem]:
    for name, value in values.items():
        yield from _named(noun, name, value)


def _named(noun: Noun, name: str, value: Any) -> Iterator[Problem]:
    if (field := noun.by_name.get(name)) is not None:
        yield from _field(field, name, value)
    elif (edge := noun.edge_by_name.get(name)) is not None:
        yield from _edge(edge, value)
    elif (part := noun.part_by_name.get(name)) is not None:
        yield from _part(part, value)
    else:
        yield Problem(name, UNKNOWN)


def _edge(edge: Edge, value: Any) -> Iterator[Problem]:
    if value is None:
        return
    if not edge.many:
        yield from _text(edge.name, value, length_max=40)
    elif not isinstance(value, list | tuple):
        yield Problem(edge.name, NOT_LIST)
    else:
        yield from _counted(edge.name, value, ENDS_MAX)
        for at, each in enumerate(value):
            yield from _text(f"{edge.name}[{at}]", each, length_max=40)


def _part(part: Part, value: Any) -> Iterator[Problem]:
    if value is None:
        return
    if not isinstance(value, list | tuple):
        yield Problem(part.name, NOT_LIST)
        return
    yield from _counted(part.name, value, part.count_max)
    fields = {field.name: field for field in part.fields}
    for at, each in enumerate(value):
        path = f"{part.name}[{at}]"
        if isinstance(each, Mapping):
            yield from _part_value(fields, path, each)
        else:
            yield Problem(path, NOT_OBJECT)


def _part_value(
    fields: Mapping[str, Field], path: str, values: Mapping[str, Any]
) -> Iterator[Problem]:
    for name, held in values.items():
        if name in fields:
            if not _is_plain(fields[name], held):
                yield from _field(fields[name], f"{path}.{name}", held)
        else:
            yield Problem(f"{path}.{name}", UNKNOWN)
    for field in fields.values():
        if field.must and values.get(field.name) in (None, ""):
            yield Problem(f"{path}.{field.name}", MISSING)


def _field(field: Field, path: str, value: Any) -> Iterator[Problem]:
    """A missing value is of every type."""
    if value is None or value == "" or _is_plain(field, value):
        return
    if field.type is Type.TEXT:
        yield from _text(path, value, length_max=field.length_max)
    elif field.type is Type.NAMES:
        yield from _names(field, path, value)
    elif field.type is Type.CODE:
        if not isinstance(value, str) or field.table is None or value not in field.table:
            yield Problem(path, _not_a_code(field))
    elif not _SIMPLE[field.type](value):
        yield Problem(path, _SIMPLE_TEXT[field.type])


def _is_plain(field: Field, value: Any) -> bool:
    """What most values are, seen at once."""
    return (
        field.type is Type.TEXT
        and type(value) is str
        and len(value) <= field.length_max
        and value.isascii()
    )


def _names(field: Field, path: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, list | tuple):
        yield Problem(path, NOT_LIST)
        return
    yield from _counted(path, value, NAMES_MAX)
    for at, each in enumerate(value):
        yield from _text(f"{path}[{at}]", each, length_max=field.length_max)


def _text(path: str, value: Any, *, length_max: int) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(path, NOT_TEXT)
    elif len(value) > length_max:
        yield Problem(path, _too_long(length_max, len(value)))
    elif not value.isascii() and _HALF.search(value):
        yield Problem(path, NOT_WRITABLE)


def _counted(path: str, value: Sequence[Any], count_max: int) -> Iterator[Problem]:
    if len(value) > count_max:
        yield Problem(
            path,
            Text(
                f"at most {count_max} values, not {len(value)}",
                f"至多 {count_max} 项，现有 {len(value)} 项",
            ),
        )


def _too_long(length_max: int, length: int) -> Text:
    return Text(
        f"at most {length_max} characters, not {length}", f"至多 {length_max} 字，现有 {length} 字"
    )


def _not_a_code(field: Field) -> Text:
    codes = ", ".join(field.table.codes) if field.table else ""
    return Text(f"one of {codes} is needed", f"须为 {codes} 之一")


def is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= NUMBER_MAX


def is_moment(value: Any) -> bool:
    """In the one written form only, for moments are sorted as texts."""
    if not isinstance(value, str):
        return False
    try:
        return written(read_moment(value)) == value
    except (MomentInvalid, OverflowError):
        return False


def is_day(value: Any) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_HALF = re.compile(r"[\ud800-\udfff]")
_SIMPLE: Mapping[Type, Callable[[Any], bool]] = {
    Type.NUMBER: is_number,
    Type.FLAG: lambda value: isinstance(value, bool),
    Type.MOMENT: is_moment,
    Type.DAY: is_day,
}
_SIMPLE_TEXT: Mapping[Type, Text] = {
    Type.NUMBER: NOT_NUMBER,
    Type.FLAG: NOT_FLAG,
    Type.MOMENT: NOT_MOMENT,
    Type.DAY: NOT_DAY,
}
