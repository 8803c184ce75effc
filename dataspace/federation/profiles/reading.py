"""A profile out of plain values, such as those of a TOML file: the attributes by their names."""

from collections.abc import Mapping
from dataclasses import MISSING as NO_DEFAULT
from dataclasses import Field, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from dataspace.federation.profile import Profile
from dataspace.federation.profiles.refusals import ProfileInvalid
from dataspace.shape import Type
from dataspace.text import Text
from dataspace.validation import (
    MISSING,
    NOT_FLAG,
    NOT_LIST,
    NOT_NUMBER,
    NOT_OBJECT,
    NOT_TEXT,
    UNKNOWN,
    Problem,
)

PLAIN: Mapping[type, Text] = {str: NOT_TEXT, int: NOT_NUMBER, bool: NOT_FLAG}
NOT_A_TYPE = Text("a type such as TEXT or NUMBER is needed", "须为类型名，如 TEXT 或 NUMBER")


def read_profile(values: Mapping[str, Any]) -> Profile:
    """Every value where its attribute is; whether the profile holds is for `checking` to say.

    Raises:  ProfileInvalid with all that is unknown, missing or of another type.
    """
    found: list[Problem] = []
    profile: Profile = _read(Profile, values, "", found)
    if found:
        raise ProfileInvalid(str(values.get("code", "?")), found)
    return profile


def _read(form: Any, value: Any, path: str, found: list[Problem]) -> Any:
    """The value in its form; what is not of it is noted under its path, and never used."""
    if is_dataclass(form):
        return _object(form, value, path, found)
    if get_origin(form) is tuple:
        return _list(get_args(form)[0], value, path, found)
    if form is Type:
        return _type(value, path, found)
    if form in PLAIN:
        return _plain(form, value, path, found)
    return _rules(value, path, found)


def _object(form: Any, value: Any, path: str, found: list[Problem]) -> Any:
    if not isinstance(value, Mapping):
        found.append(Problem(path, NOT_OBJECT))
        return None
    known: Mapping[str, Field[Any]] = {each.name: each for each in fields(form)}
    given = {}
    for name, held in value.items():
        below = f"{path}.{name}" if path else str(name)
        if name in known:
            given[name] = _read(_hints(form)[name], held, below, found)
        else:
            found.append(Problem(below, UNKNOWN))
    missing = [each.name for each in known.values() if _is_needed(each) and each.name not in value]
    found += (Problem(f"{path}.{name}" if path else name, MISSING) for name in missing)
    return None if missing else form(**given)


def _is_needed(field: Field[Any]) -> bool:
    return field.default is NO_DEFAULT and field.default_factory is NO_DEFAULT


@cache
def _hints(form: Any) -> Mapping[str, Any]:
    return get_type_hints(form)


def _list(form: Any, value: Any, path: str, found: list[Problem]) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        found.append(Problem(path, NOT_LIST))
        return ()
    return tuple(_read(form, each, f"{path}[{at}]", found) for at, each in enumerate(value))


def _type(value: Any, path: str, found: list[Problem]) -> Type:
    if value not in Type.__members__:
        found.append(Problem(path, NOT_A_TYPE))
        return Type.TEXT
    return Type[value]


def _plain(form: type, value: Any, path: str, found: list[Problem]) -> Any:
    """Exactly of the type: true is no number."""
    if type(value) is not form:
        found.append(Problem(path, PLAIN[form]))
    return value


def _rules(value: Any, path: str, found: list[Problem]) -> Mapping[str, Any]:
    """Values of rules as they are; a list of codes is a set of them."""
    if not isinstance(value, Mapping):
        found.append(Problem(path, NOT_OBJECT))
        return {}
    return {
        name: frozenset(map(str, each)) if isinstance(each, list) else each
        for name, each in value.items()
    }
