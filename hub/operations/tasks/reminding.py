"""Reminders and escalation: what a term's chain says is told when its day comes, once.

A sweep reads only the to-dos whose next step is due, in the order in which they are. It may run
late, twice, or beside another: every step has a key, and the to-do remembers those carried out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from dataspace.change import Act, Amend, Change, ChangeSet
from dataspace.clocks.escalation import Notice, StepKind
from dataspace.clocks.ruled import key_of
from dataspace.clocks.term import Term
from dataspace.clocks.terms import TERMS
from dataspace.errors import MovedOn
from dataspace.identifiers import derived_id
from dataspace.notices.addressing import NOTHING, Group, at_desk
from dataspace.notices.notice import Clock
from dataspace.quantity import written
from dataspace.selection import (
    POSITION,
    Condition,
    Every,
    Found,
    Not,
    Order,
    Page,
    PartChild,
    Row,
    Selection,
    Where,
)
from dataspace.tasks.docket import OPEN, Docket
from dataspace.tasks.nouns import STEPS, STEPS_MAX
from hub.node import Node
from hub.operations.mechanism.reading import ends, flat
from hub.operations.notices.telling import notice_of_clock
from hub.operations.rulebooks.ruling import InForce, rules_everywhere

PAGE: Final = 100
CLOCKS: Final = {
    StepKind.REMINDER: Clock.REMINDER,
    StepKind.LAST_DAY: Clock.LAST_DAY,
    StepKind.ESCALATION: Clock.ESCALATION,
}
FIELDS: Final = ("id", "version", "kind", "link", "subject", "state", "form", "told", "level",
                 "due_at", "next_step_at", "title", "roles", "countersigners", "person",
                 "since")  # fmt: skip


@dataclass(slots=True)
class Swept:
    """How many to-dos were looked at, were told of, or had moved on by themselves meanwhile."""

    considered: int = 0
    done: int = 0
    moved_on: int = 0


async def remind(
    node: Node, actor: str, *, at: datetime, link: str = "", limit: int = 10_000
) -> Swept:
    """Carries out every step that has been reached by `at`, of at most `limit` to-dos.

    With a `link` only those of this operating link.
    """
    due = due_selection(at, link)
    return await _swept(node, actor, due.where, due.order, at=at, limit=limit)


def due_selection(at: datetime, link: str = "") -> Selection:
    """The to-dos whose next step has been reached by `at`, in the order in which it was."""
    of_link = (Where("link", "eq", link),) if link else ()
    due = (Where("status", "eq", OPEN), Where("next_step_at", "lte", written(at)), *of_link)
    return Selection("task", where=Every(due), order=Order("next_step_at"))


async def time_anew(node: Node, actor: str, *, at: datetime, limit: int = 10_000) -> Swept:
    """Finds the deadlines that could not be known before, as the calendar lacked their year."""
    untimed = Every((
        Where("status", "eq", OPEN),
        Not(Where("term", "is_null", True)),
        Where("due_at", "is_null", True),
    ))  # fmt: skip
    return await _swept(node, actor, untimed, Order("id"), at=at, limit=limit)


async def _swept(
    node: Node, actor: str, where: Condition, order: Order, *, at: datetime, limit: int
) -> Swept:
    """One pass, so that a to-do that stays due does not hide those behind it."""
    swept, ruling = Swept(), await rules_everywhere(node.catalogue, at=at)
    position: tuple[Any, str] | None = None
    while swept.considered < limit:
        page = Page(min(PAGE, limit - swept.considered), position)
        found = await _page(node, where, order, page)
        for row in map(flat, found.rows):
            swept.considered += 1
            await _carry_out(node, actor, row, ruling.of(row["space"]), at=at, swept=swept)
        if not found.more_after:
            break
        position = found.rows[-1][POSITION]
    return swept


async def _page(node: Node, where: Condition, order: Order, page: Page) -> Found:
    steps = PartChild(
        STEPS.name, STEPS.name, tuple(field.name for field in STEPS.fields), first=STEPS_MAX
    )
    selection = Selection(
        "task", FIELDS, where, order=order, page=page, parts=(steps,),
        children=(ends("space", "space"), ends("party", "participant")),
    )  # fmt: skip
    return await node.catalogue.select(selection)


async def _carry_out(
    node: Node, actor: str, row: Row, ruling: InForce, *, at: datetime, swept: Swept
) -> None:
    """One to-do, in a change set of its own, that is the same however often it is tried."""
    told = list(row["told"] or ())
    docket = _docket(row, told)
    reached = docket.clocks(TERMS, ruling.rules, calendar=node.calendar).reached(at)
    keys = [key_of(term, notice) for term, notice in reached]
    escalated = sum(notice.step.kind is StepKind.ESCALATION for _, notice in reached)
    timing = _docket(row, [*told, *keys]).timing(
        TERMS, ruling.rules, calendar=node.calendar, now=at
    )
    if not keys and all(timing[name] == row[name] for name in ("due_at", "next_step_at")):
        return
    verb = "task.escalate" if escalated else "task.remind" if keys else "task.time"
    values = {
        **timing, "told": [*told, *keys], "level": (row["level"] or 0) + escalated,
        "changed_at": written(at),
    }  # fmt: skip
    act = Act(actor, verb, written(at), ", ".join(keys))
    change = Amend("task", row["id"], values, act, version=row["version"])
    told_of = [_notice(row, term, notice, act=act) for term, notice in reached]
    named = derived_id("chs", verb, row["id"], str(row["version"]), *keys)
    try:
        await node.catalogue.apply(ChangeSet(named, (*told_of, change)))
    except MovedOn:
        swept.moved_on += 1
    else:
        swept.done += 1


def _notice(row: Row, term: Term, notice: Notice, *, act: Act) -> Change:
    """To whom the step says, or else to those with whom the object lies."""
    step = notice.step
    group = (
        Group(tuple(sorted(step.to)))
        if step.to
        else at_desk(_roles(row), party=row["party"] or "", person=row["person"] or "")
    )
    told = {
        "object": row["title"], "term": f"{term.text.zh} {term.text.en}",
        "due": row["due_at"] or NOTHING, "days": str(abs(step.days)),
    }  # fmt: skip
    return notice_of_clock(
        CLOCKS[step.kind], (row["kind"].lower(), row["subject"]), group,
        key=f"{row['since']} {key_of(term, notice)}", told=told,
        act=replace(act, action="notice.tell"),
    )  # fmt: skip


def _roles(row: Row) -> list[str]:
    """Whoever decides, and whoever is wanted to countersign before: it is late at them as well."""
    return sorted({*(row["roles"] or ()), *(row["countersigners"] or ())})


def _docket(row: Row, told: Sequence[str]) -> Docket:
    subject = {"id": row["subject"], "state": row["state"], "form": row["form"]}
    return Docket(
        row["kind"].lower(), row["link"], subject, awaited=None, steps=row[STEPS.name], told=told
    )
