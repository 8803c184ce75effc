"""What differs between what is wanted of a realm and what is found in it.

Only what is wanted is compared: Keycloak holds much beside it that is nobody's concern. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SECRETS = frozenset({"secret", "privateKey"})
HIDDEN = "****"
CHARACTERS_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` is a part of the realm, `path` a value in it; `found` is None when there is none."""

    what: str
    path: str
    found: Any
    wanted: Any

    def __str__(self) -> str:
        at = f"{self.what} {self.path}".strip()
        return f"{at}: {_shown(self.path, self.found)} → {_shown(self.path, self.wanted)}"


def differences(what: str, wanted: Any, found: Any) -> list[Difference]:
    return list(_compare(what, "", wanted, found))


def merged(wanted: Any, found: Any) -> Any:
    """What is found, with what is wanted put over it: all that Keycloak holds beside it stays."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return {**found, **{name: merged(each, found.get(name)) for name, each in wanted.items()}}
    return wanted


def _compare(what: str, path: str, wanted: Any, found: Any) -> Iterator[Difference]:
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for name, each in wanted.items():
            yield from _compare(what, f"{path}.{name}" if path else name, each, found.get(name))
    elif not _is_same(wanted, found):
        yield Difference(what, path, found, wanted)


def _is_same(wanted: Any, found: Any) -> bool:
    """Lists of names have no order in Keycloak; nothing is the same as an empty value."""
    if _is_names(wanted) and (found is None or _is_names(found)):
        return sorted(wanted) == sorted(found or ())
    if isinstance(wanted, Sequence) and not isinstance(wanted, str) and isinstance(found, list):
        return len(wanted) == len(found) and all(
            not differences("", a, b) for a, b in zip(wanted, found, strict=True)
        )
    return bool(wanted == found or (wanted in ("", False, None) and found in ("", False, None)))


def _is_names(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


def _shown(path: str, value: Any) -> str:
    if value is None:
        return "–"
    if path.rpartition(".")[2] in SECRETS:
        return HIDDEN
    text = str(_without_secrets(value))
    return text if len(text) <= CHARACTERS_SHOWN else f"{text[:CHARACTERS_SHOWN]}…"


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {n: HIDDEN if n in SECRETS else _without_secrets(v) for n, v in value.items()}
    return value
