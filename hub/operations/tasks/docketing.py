"""The to-do of an object is written in the change set of the move that makes or closes it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dataspace.change import Act, Amend, Change, Create, Remove
from dataspace.clocks.terms import TERMS
from dataspace.identifiers import derived_id
from dataspace.notices.addressing import Group
from dataspace.notices.notice import Clock
from dataspace.relations import RELATIONS
from dataspace.selection import Child, Page, PartChild, Row, Selection
from dataspace.shape import Reader
from dataspace.tasks.docket import Docket, called
from dataspace.tasks.nouns import STEPS, STEPS_MAX
from hub.operations.mechanism.done import Deed, Request
from hub.operations.mechanism.lifecycle import Lifecycle
from hub.operations.mechanism.reading import TASK
from hub.operations.notices.telling import notice_of_clock

BESIDE = Child(
    TASK,
    "tasks",
    Selection(
        "task", ("id", "version", "told", "status", "state", "roles", "person", "countersigners"),
        page=Page(1),
        children=(Child("party", "party", Selection("participant", page=Page(1))),),
        parts=(
            PartChild(STEPS.name, STEPS.name, tuple(f.name for f in STEPS.fields), first=STEPS_MAX),
        ),
    ),
)  # fmt: skip


def docketed(
    lifecycle: Lifecycle, deed: Deed, row: Mapping[str, Any], *, verb: str,
    before: Row | None, rules: Mapping[str, Any],
) -> tuple[Change, ...]:  # fmt: skip
    """What a move to the state in `row` writes of the object's to-do, which was `before`; nothing
    when there was none and nobody is awaited."""
    awaited = lifecycle.awaited.get(row["state"])
    if before is None and awaited is None:
        return ()
    step = {
        "move": verb, "state": row["state"], "at": deed.act.at,
        "actor": _actor(lifecycle, deed.act.actor, row), "reason": deed.act.reason,
    }  # fmt: skip
    docket = Docket(
        lifecycle.kind, lifecycle.machine.link, row,
        lifecycle.machine.by_name[awaited] if awaited else None,
        [_told(each) for each in (*(before[STEPS.name] if before else ()), step)],
    )  # fmt: skip
    values = docket.values(TERMS, rules, calendar=deed.node.calendar, now=deed.now)
    told = wanted(
        docket, values, before=before, key=deed.change_set, act=_act(deed.act, "want")
    )
    if before is None:
        kept = {**values, "created_at": deed.act.at}
        return (*told, Create("task", task_id(row["id"]), kept, _act(deed.act, "open")))
    act = _act(deed.act, "move" if awaited else "close")
    return (*told, Amend("task", before["id"], values, act, version=before["version"]))


def wanted(
    docket: Docket, values: Mapping[str, Any], *, before: Row | None, key: str, act: Act
) -> tuple[Change, ...]:
    """What is told to the roles that the rules want to countersign and did not want `before`."""
    known = set((before or {}).get("countersigners") or ())
    roles = sorted(set(values["countersigners"]) - known)
    if not roles:
        return ()
    told = {"object": called(docket.row)}
    subject = (docket.kind, str(docket.row["id"]))
    act = replace(act, action="notice.tell")
    return (
        notice_of_clock(
            Clock.WANTED, subject, Group(tuple(roles)), key=f"{key} wanted", told=told, act=act
        ),
    )


def undocketed(request: Request, tasks: Sequence[str]) -> tuple[Change, ...]:
    """The to-do goes with an object that is removed."""
    return tuple(Remove("task", each, _act(request.act, "remove")) for each in tasks)


def task_id(subject: str) -> str:
    return derived_id("tsk", subject)


def confided(kind: str, name: str) -> bool:
    """Whether a field of the noun is read by few, so that no list says what stands in it."""
    field = RELATIONS.by_name[kind].by_name.get(name)
    return field is not None and field.reader is Reader.CONFIDED


def _actor(lifecycle: Lifecycle, actor: str, row: Mapping[str, Any]) -> str:
    """Who acted, but nobody whom the object names in confidence alone: a desk reads the history."""
    people = {move.person for move in lifecycle.machine.moves if move.person}
    named = {row.get(name) for name in people if confided(lifecycle.kind, name)}
    return "" if actor in named else actor


def _told(step: Row) -> Row:
    """Without what has no value, as the catalogue keeps it."""
    return {name: value for name, value in step.items() if value}


def _act(act: Act, verb: str) -> Act:
    return Act(act.actor, f"task.{verb}", act.at, act.action)
