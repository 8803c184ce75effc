"""The queue sent to the hub, in order, one after the other, each once.

A try is noted before it is sent, so that whatever stops the process the next one knows that the
hub may have done it. It is sent again under the same id, and the hub answers as it did the first
time. What the hub refuses is over; what cannot be brought to it stays first, and everything
behind it waits.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from dataspace.change import Act, Amend, Change, ChangeSet
from dataspace.errors import DataSpaceError, MovedOn
from dataspace.federation.flow.pacing import ASKED_EVERY_SECONDS, wait_seconds
from dataspace.federation.meeting import Hub
from dataspace.federation.queue.answers import HubAnswer, HubAsked
from dataspace.federation.queue.codes import DONE, REFUSED, WAITING, WITHDRAWN
from dataspace.federation.queue.refusals import LAPSED, RestsOnRefused
from dataspace.federation.refusals import PeerRefuses
from dataspace.identifiers import derived_id
from dataspace.notices.notice import Trigger
from dataspace.quantity import read_moment, written
from dataspace.selection import Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations.federation.queue import asker
from hub.operations.mechanism.done import Deed
from hub.operations.mechanism.reading import flat, whole
from hub.operations.notices.telling import Event, notices_of

ACTOR: Final = "system:hub_queue"
KIND: Final = "hub_request"
SOON_SECONDS_MAX: Final = 3
# Longer than any try lasts: another process is not disturbed in its own.
UNDER_WAY: Final = timedelta(seconds=30)
DETAIL_CHARACTERS_MAX: Final = 1000
SENDING, NOTED, LAPSE = "send", "note", "lapse"
VERBS: Final[Mapping[str, str]] = {DONE: "done", REFUSED: "refuse"}


@dataclass(slots=True)
class Delivered:
    """How many were done and refused by the hub now; `error` says why the rest waits."""

    done: int = 0
    refused: int = 0
    error: DataSpaceError | None = None


def always() -> None:
    """For whoever may always go on."""


async def deliver(node: Node, *, check: Callable[[], None] = always) -> Delivered:
    """Sends what waits, the first first, until one does not arrive or nothing waits.

    `check` is called between two, for whoever may have to stop.

    Raises:  what this node's own catalogue raises.
    """
    delivered = Delivered()
    hub = node.meeting.to_hub() if node.meeting else None
    while hub is not None and (row := await first(node)) is not None and due(node, row):
        check()
        try:
            answer = await _answer(node, hub, row)
        except MovedOn:  # it was taken back, or another process sends it
            continue
        except DataSpaceError as error:
            delivered.error = error
            break
        delivered.done += answer.state == DONE
        delivered.refused += answer.state == REFUSED
    return delivered


async def deliver_soon(node: Node) -> None:
    """A first try within the call that asks. Whatever comes in the way, it waits, and says so."""
    with suppress(DataSpaceError, TimeoutError):
        await asyncio.wait_for(deliver(node), SOON_SECONDS_MAX)


async def first(node: Node) -> Row | None:
    """The one that is to be sent next, with all of it."""
    asked = Selection(
        KIND, ("id",), Where("state", "eq", WAITING), order=Order("place"), page=Page(1)
    )
    row = (await node.catalogue.select(asked)).first
    return None if row is None else await _read(node, row["id"])


async def waiting(node: Node) -> int:
    """How many wait."""
    asked = Selection(KIND, where=Where("state", "eq", WAITING), rows=False, total=True)
    return (await node.catalogue.select(asked)).total or 0


def due(node: Node, row: Row) -> bool:
    """Whether its time has come, or the hub was heard since it was last tried."""
    now = node.clock.now()
    tried = read_moment(row["tried_at"]) if row["tried_at"] else None
    if tried is None:
        return True
    if row["in_doubt"] and row["last_error"] is None and now - tried < UNDER_WAY:
        return False
    heard = node.meeting.heard_at if node.meeting else None
    since = heard is not None and heard > tried
    return since or not row["next_try_at"] or read_moment(row["next_try_at"]) <= now


async def _answer(node: Node, hub: Hub, row: Row) -> HubAnswer:
    """Raises:  MovedOn, and what came in the way, which is noted."""
    done_for, refusal = await _rests(node, row)
    lapsed, in_doubt = await asker.lapsed(node, row), bool(row["in_doubt"])
    if refusal is None and not in_doubt:  # else the hub may have done it, and has to say so
        refusal = lapsed
    if refusal is not None:
        answer = HubAnswer.refused(refusal)
        await _note_answer(node, row, answer)
        return answer
    row = await _note(node, row, SENDING, {
        "attempts": (row["attempts"] or 0) + 1, "tried_at": written(node.clock.now()),
        "in_doubt": True, "last_error": None, "last_error_detail": None,
    })  # fmt: skip
    try:
        answer = await hub.do(_asked(row, done_for, lapsed=lapsed is not None))
    except DataSpaceError as error:
        await _note_error(node, row, error, in_doubt=in_doubt)
        raise
    await _note_answer(node, row, answer)
    return answer


async def _rests(node: Node, row: Row) -> tuple[Mapping[str, str], DataSpaceError | None]:
    """What the requests that it rests on came to, by their ids; or why it is not sent at all."""
    if not row["after"]:
        return {}, None
    fields = ("id", "state", "object")
    asked = Selection(KIND, fields, Where("id", "in", tuple(row["after"])), page=Page(20))
    found = (await node.catalogue.select(asked)).rows
    for each in found:
        if each["state"] in (REFUSED, WITHDRAWN):
            return {}, RestsOnRefused(id=each["id"], state=each["state"])
    return {each["id"]: each["object"] for each in found}, None


def _asked(row: Row, done_for: Mapping[str, str], *, lapsed: bool) -> HubAsked:
    given = {
        each["name"]: done_for.get(each["value"], each["value"]) for each in row["given"] or ()
    }
    sealed = {"secret_hash": row["secret_hash"]} if row["secret_hash"] else {}
    return HubAsked(
        row["id"], row["act"], {**given, **sealed}, row["reason"] or "",
        asked_by=row["asked_by"], lapsed=lapsed,
    )  # fmt: skip


async def _note_error(node: Node, row: Row, error: DataSpaceError, *, in_doubt: bool) -> None:
    """What was refused at the hub's door, or never left, was not done by this try; by one before
    it, which is `in_doubt`, it may have been."""
    sent = error.facts.get("sent", True) and not isinstance(error, PeerRefuses)
    # How tries are spread over time is no secret.
    wait = wait_seconds(row["attempts"], random.random(), every=ASKED_EVERY_SECONDS)  # noqa: S311
    with suppress(MovedOn):
        await _note(node, row, NOTED, {
            "last_error": error.code, "in_doubt": in_doubt or sent,
            "last_error_detail": error.message("en")[:DETAIL_CHARACTERS_MAX],
            "next_try_at": written(node.clock.now() + timedelta(seconds=wait)),
        })  # fmt: skip


async def _note_answer(node: Node, row: Row, answer: HubAnswer) -> None:
    """The answer, and who is told of it, in one change set. Raises:  MovedOn."""
    now = node.clock.now()
    values = {
        "state": answer.state, "answered_at": written(now), "in_doubt": None, "next_try_at": None,
        "last_error": None, "last_error_detail": None, "answer": answer.words or None,
        "code": answer.code or None, "object_kind": answer.kind or None,
        "object": answer.object or None, "hub_revision": answer.revision or None,
    }  # fmt: skip
    verb = LAPSE if answer.code in LAPSED else VERBS[answer.state]
    said = f"{answer.code}: {answer.words}" if answer.code else answer.object
    event = Event(Trigger(KIND, verb), {**row, **values}, said)
    deed = Deed(node, _act(verb, now), _set_id(row, verb))
    await _note(node, row, verb, values, told=notices_of(event, deed, {}))


async def _note(
    node: Node, row: Row, verb: str, values: Mapping[str, Any], *, told: tuple[Change, ...] = ()
) -> Row:
    """The row as it is then. Raises:  MovedOn when it has changed since it was read."""
    now = node.clock.now()
    changed = {**values, "changed_at": written(now)}
    amend = Amend(
        KIND, row["id"], changed, _act(verb, now),
        guard=Where("state", "eq", WAITING), version=row["version"],
    )  # fmt: skip
    applied = await node.catalogue.apply(ChangeSet(_set_id(row, verb), (*told, amend)))
    if applied.repeated:
        raise MovedOn(kind=KIND, id=row["id"])
    return {**row, **changed, "version": row["version"] + 1}


def _act(verb: str, now: datetime) -> Act:
    return Act(ACTOR, f"{KIND}.{verb}", written(now))


def _set_id(row: Row, verb: str) -> str:
    return derived_id("chs", ACTOR, row["id"], str(row["version"]), verb)


async def _read(node: Node, id_: str) -> Row:
    [row] = (await node.catalogue.select(whole(KIND, Where("id", "eq", id_)))).rows
    return flat(row)
