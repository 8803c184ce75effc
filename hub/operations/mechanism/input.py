"""What may be set, and whether what is set holds."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dataspace.errors import Invalid
from dataspace.quantity import MomentInvalid, read_moment, written
from dataspace.relations import RELATIONS
from dataspace.selection import Row
from dataspace.shape import Noun, Part, Type
from dataspace.text import Text
from dataspace.validation import Problem, problems
from hub.operations.mechanism.reading import EDGE_COUNT_MAX

NOT_SETTABLE = Text("it is not set by hand here", "此处不可手工填写")
TOO_MANY = Text(f"it may hold at most {EDGE_COUNT_MAX}", f"最多可填 {EDGE_COUNT_MAX} 个")


class FieldsInvalid(Invalid):
    """Some values that were given do not hold; `problems` says of every field what is wrong."""

    code = "input.fields_invalid"
    title = Text(
        "{kind} cannot be kept as given: see {fields}", "{kind} 未通过校验：请检查 {fields}"
    )

    def __init__(self, kind: str, found: Iterable[Problem]) -> None:
        self.problems = tuple(found)
        super().__init__(kind=kind, fields=", ".join(each.path for each in self.problems))


def accepted(kind: str, values: Mapping[str, Any], *, fields: tuple[str, ...]) -> Row:
    """What a caller set, when it is theirs to set and holds by itself; moments as we write them.

    Raises:  FieldsInvalid.
    """
    noun = RELATIONS.by_name[kind]
    values = {name: _written(noun, name, value) for name, value in values.items()}
    unknown = [Problem(name, NOT_SETTABLE) for name in values if name not in fields]
    known = {name: value for name, value in values.items() if name in fields}
    crowded = [
        Problem(edge.name, TOO_MANY)
        for edge in noun.edges
        if edge.many and _count(values.get(edge.name)) > EDGE_COUNT_MAX
    ]
    noted = [
        Problem(f"{part.name}[{at}].{name}", NOT_SETTABLE)
        for part in noun.parts
        for at, name in _noted(part, known.get(part.name))
    ]
    if found := [*unknown, *crowded, *noted, *problems(noun, known, partial=True)]:
        raise FieldsInvalid(kind, found)
    return values


def check_whole(kind: str, values: Mapping[str, Any]) -> None:
    """Everything that must be there is there. Raises:  FieldsInvalid."""
    if found := list(problems(RELATIONS.by_name[kind], values, partial=False)):
        raise FieldsInvalid(kind, found)


def _written(noun: Noun, name: str, value: Any) -> Any:
    """A moment in the one form that is kept; what is none is left for the validation to name."""
    field = noun.by_name.get(name)
    if field is None or field.type is not Type.MOMENT or not isinstance(value, str):
        return value
    try:
        return written(read_moment(value))
    except (MomentInvalid, OverflowError):
        return value


def _noted(part: Part, values: Any) -> Iterator[tuple[int, str]]:
    """What is given of a part although the platform itself writes it."""
    for at, each in enumerate(values if isinstance(values, list | tuple) else ()):
        given = each if isinstance(each, Mapping) else {}
        yield from ((at, name) for name in part.noted if given.get(name) is not None)


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list | tuple) else 0
