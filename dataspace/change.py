"""What a writer tells the catalogue: changes that carry their own evidence.

Values are JSON, as `dataspace.shape.Type` says. None and an empty text or list say that there is
no value: such a value is not kept. A to-many edge is a set of ids, kept in ascending order.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from dataspace.errors import KeptElsewhere
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.selection import EVERYTHING, Condition, Row
from dataspace.shape import Noun


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

    A row that was removed may be created again; its versions go on counting.

    Raises (in apply):  AlreadyThere when the id exists, NotUnique, ReferenceMissing.
    """

    kind: str
    id: str
    values: Mapping[str, Any]
    act: Act


@dataclass(frozen=True, slots=True)
class Amend:
    """New values for some fields; None removes a value; fields not named stay.

    `guard` must hold of the row as it stands when the change is applied, and `version`, when
    given, must be its version; otherwise the whole batch fails with MovedOn. Earlier changes of
    the batch count. A part and a to-many edge are given whole.

    Raises (in apply):  NotFound, MovedOn, NotUnique, ReferenceMissing.
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

    Raises (in apply):  NotFound, MovedOn, StillReferenced when another row points to it after
    the batch.
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

    The same id is applied once; later times it changes nothing and gives the first answer, or
    ChangeSetDiffers when it is asked for something else. `asked` is what was asked for, where
    the changes hold more than that: a code that was allotted is another the next time. A row that
    another node published is changed by what is `of_feed` alone.
    """

    of_feed: ClassVar[bool] = False

    id: str
    changes: tuple[Change, ...]
    asked: str = ""

    @property
    def said(self) -> str:
        """A hash of what is asked for, which is the same when it is asked for again later: the
        moments of the acts are left out, also where they are values."""
        what: Any = self.asked or [
            [type(each).__name__, each.kind, each.id, each.act.actor, each.act.action]
            + [
                [name, value]
                for name, value in sorted(getattr(each, "values", {}).items())
                if value != each.act.at
            ]
            for each in self.changes
        ]
        written = json.dumps(what, ensure_ascii=False, sort_keys=True, default=repr)
        return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Replayed(ChangeSet):
    """A change set made again from the records that it left.

    What exactly it asked for is not known any more, so its id alone says later that it was
    applied.
    """

    of_feed: ClassVar[bool] = True

    @property
    def said(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class TakenOver(ChangeSet):
    """What is written of a node that is followed, as it tells it."""

    of_feed: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Applied:
    """`revision` is the sequence of the last record of evidence that the change set made."""

    revision: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """One applied change: its evidence, and the row's values after it (None when removed).

    `values` are fields, edges and parts as they were written, without those that have no value.
    """

    revision: int
    kind: str
    id: str
    evidence: Row
    values: Row | None = field(default=None)


def check_keeper(change: Change, before: Row | None, *, of_feed: bool) -> None:
    """Whether the row as it stands may be changed here. Raises:  KeptElsewhere."""
    if before and before.get(ORIGIN) and not of_feed:
        raise KeptElsewhere(kind=change.kind, id=change.id, node=before[ORIGIN])


def kept(noun: Noun, values: Mapping[str, Any]) -> Row:
    """What a back end keeps of the values that it is given.

    Raises:  KeyError for a name that the noun does not have.
    """
    row: Row = {}
    for name, value in values.items():
        edge = noun.edge_by_name.get(name)
        if edge is None and name not in noun.part_by_name:
            noun.by_name[name]
        if value not in (None, "", [], ()):
            row[name] = _as_set(value) if edge is not None and edge.many else value
    return row


def _as_set(ids: Any) -> Any:
    """What is no list of ids stays as it is, to be refused for what it is."""
    if isinstance(ids, list | tuple) and all(isinstance(each, str) for each in ids):
        return sorted(set(ids))
    return ids
