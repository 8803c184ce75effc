"""What follows from a move for other objects is told as a move is: to-dos, and notices.

All of it stands in the change set of the move. A consequence that moves an object on closes, or
hands on, the to-do of that object there and then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dataspace.change import Amend, Change, Create
from dataspace.machine import Situation
from dataspace.notices.notice import Trigger
from dataspace.notices.table import FOLLOWING
from dataspace.selection import EVERYTHING, Child, Condition, Page, Row, Selection
from hub.operations.mechanism.done import Deed, Request
from hub.operations.mechanism.lifecycle import Lifecycle
from hub.operations.mechanism.reading import EDGE_COUNT_MAX, TASK, ends
from hub.operations.notices.telling import Event, notices_of
from hub.operations.tasks import docketing

STATE = "state"
# What goes out to the identity service concerns nobody here.
OUTBOX = "errand"


def concerned(
    way: str, kind: str, fields: tuple[str, ...], *, parties: tuple[str, ...],
    where: Condition = EVERYTHING,
) -> Child:  # fmt: skip
    """What stands at the end of a way, with its to-do and the participants who are to be told."""
    children = (*(ends(party, "participant") for party in parties), docketing.BESIDE)
    selection = Selection(
        kind, ("id", "version", STATE, *fields), where, page=Page(EDGE_COUNT_MAX), children=children
    )
    return Child(f"concerned_{way}", way, selection)


def told(
    lifecycle: Lifecycle, request: Request, situation: Situation, *, changes: Sequence[Change]
) -> tuple[Change, ...]:
    """Of the consequences of a move, which are `changes`."""
    known = _known(situation.related)
    return tuple(
        each
        for change in changes
        if isinstance(change, Create | Amend) and change.kind != OUTBOX
        for each in _told(lifecycle, request.deed, change, known.get(change.id, {}))
    )


def entailed(
    lifecycle: Lifecycle, deed: Deed, change: Create | Amend, *, before: Row
) -> Iterator[Change]:
    """The to-do and the notices of a change to another state of an object of the lifecycle, which
    was `before`, read with `docketing.BESIDE`, {} when it is new.

    No rule sets a term of what is not moved by a person, so that none is asked for.
    """
    row = {**before, **change.values, "id": change.id}
    verb, task = _verb(change), next(iter(before.get(TASK, ())), None)
    own = replace(deed, act=change.act)
    yield from docketing.docketed(lifecycle, own, row, verb=verb, before=task, rules={})
    yield from notices_of(Event(Trigger(change.kind, verb), row, change.act.reason), own, {})


def _told(
    lifecycle: Lifecycle, deed: Deed, change: Create | Amend, before: Row
) -> Iterator[Change]:
    """A consequence that writes no state leaves the to-do of its object as it is."""
    if STATE in change.values:
        [touched] = [each for each in lifecycle.touches if each.kind == change.kind]
        yield from entailed(touched, deed, change, before=before)
        return
    assert _verb(change) in FOLLOWING[change.kind], f"{change.act.action} is not in the table"
    row = {**before, **change.values, "id": change.id}
    reason = str(change.values.get("availability_reason") or change.act.reason)
    yield from notices_of(Event(Trigger(change.kind, _verb(change)), row, reason), deed, {})


def _verb(change: Create | Amend) -> str:
    return change.act.action.partition(".")[2]


def _known(related: Mapping[str, Any]) -> dict[str, Row]:
    """All that was read beside the object, by id."""
    found: dict[str, Row] = {}
    for rows in related.values():
        for row in rows if isinstance(rows, list) else ():
            found[row["id"]] = {**found.get(row["id"], {}), **row}
    return found
