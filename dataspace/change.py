"""What a writer tells the catalogue: changes that carry their own evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dataspace.selection import EVERYTHING, Condition, Row


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what, when and why; it becomes the record of evidence.

    `actor` is the token's subject or the name of a job, `at` a written moment (quantity.written).
    """

    actor: str
    action: str
    at: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Create:
    """A new row. Values of edges are ids: one for a to-one edge, a list for a to-many edge.

    Raises (in apply):  AlreadyThere when the id exists.
    """

    kind: str
    id: str
    values: Mapping[str, Any]
    act: Act


@dataclass(frozen=True, slots=True)
class Amend:
    """New values for some fields; None removes a value; fields not named stay.

    `guard` must hold of the row as it stands when the change is applied, and `version`, when
    given, must be its version; otherwise the whole batch fails with MovedOn.
    """

    kind: str
    id: str
    values: Mapping[str, Any]
    act: Act
    guard: Condition = EVERYTHING
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Takes the row out of the catalogue; its versions and evidence stay.

    Raises (in apply):  StillReferenced when another row points to it.
    """

    kind: str
    id: str
    act: Act
    guard: Condition = EVERYTHING
    version: int | None = None


Change = Create | Amend | Remove


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Changes that are applied together or not at all.

    The same id is applied once; later times it changes nothing and gives the first answer.
    """

    id: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """`revision` is the sequence of the last record of evidence that the change set made."""

    revision: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """One applied change: its evidence, and the row's values after it (None when removed)."""

    revision: int
    kind: str
    id: str
    evidence: Row
    values: Row | None = field(default=None)
