"""ONLINE and OFFLINE, noted from heartbeats: once a change, never once a beat.

A connector moves by its machine. A node that serves a space stays in its state, and only what is
to be seen of it is noted, with a record of evidence and the same notices. What is announced
(MAINTENANCE, OUTAGE) and what is decided (ISOLATED, REVOKED) is no business of a heartbeat.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.change import Amend, Change
from dataspace.errors import DataSpaceError, MovedOn
from dataspace.federation.heartbeats import SILENT as SILENCE
from dataspace.federation.heartbeats import Heartbeat, Pulse
from dataspace.federation.meeting import Meeting
from dataspace.federation.standings import Entry, taken_at
from dataspace.lifecycles.access import NODE
from dataspace.machine import decide
from dataspace.quantity import written
from dataspace.refusals import WrongState
from dataspace.selection import (
    EVERYTHING,
    PAGE_MAX,
    POSITION,
    Condition,
    Every,
    Page,
    Row,
    Selection,
    Where,
)
from hub.node import Node
from hub.operations.mechanism.done import Done, Request, carry_out, once
from hub.operations.mechanism.moving import after, situation_of, told_of
from hub.operations.nodes import LIFECYCLE

LISTENER: Final = Caller("system:heartbeats", "Heartbeats 心跳", frozenset({Role.SCHEDULER}))
COME, GO, BEAT = "come_online", "go_offline", "note_heartbeat"
SEEN: Final = {COME: "ONLINE", GO: "OFFLINE"}
SAID: Final = "No heartbeat for 15 seconds 超过 15 秒未收到心跳"


async def heard(node: Node, meeting: Meeting, entry: Entry, beat: Heartbeat) -> None:
    """Takes a beat: into memory always, into the catalogue when something has changed.

    Raises:  CatalogueUnavailable.
    """
    now = node.clock.now()
    pulse = meeting.presence.hear(entry.node, beat, now)
    if entry.status == "OFFLINE" and pulse.believed(now):
        await _noted(node, entry.node, COME, pulse=pulse)
    elif entry.status != "OFFLINE" and pulse.due(now):
        await _noted(node, entry.node, BEAT, pulse=pulse)


async def sweep(node: Node, *, reason: str = SAID) -> AsyncIterator[bool]:
    """Marks as OFFLINE who is silent; of each, whether it was. Raises:  CatalogueUnavailable."""
    async for row in silent(node):
        assert node.meeting is not None, "whoever heard nobody misses nobody"
        if await _taken_elsewhere(node, node.meeting, row):
            yield False
            continue
        pulse = node.meeting.presence.pulses.get(row["id"])
        yield await _noted(node, row["id"], GO, pulse=pulse, reason=reason) is not None


async def silent(node: Node) -> AsyncIterator[Row]:
    """Who is ONLINE, and was not heard by this process for long enough."""
    if node.meeting is None:
        return
    now = node.clock.now()
    async for row in online(node):
        if node.meeting.presence.silent(row["id"], now):
            yield row


async def online(node: Node) -> AsyncIterator[Row]:
    """Who is ONLINE by heartbeats; one that was entered so, and never beat, is left alone."""
    where = Every((Where("status", "eq", "ONLINE"), Where("last_heartbeat_at", "is_null", False)))
    position, more = None, True
    while more:
        found = await node.catalogue.select(
            Selection("node", ("id", "address"), where, page=Page(PAGE_MAX, position))
        )
        for row in found.rows:
            yield row
        more = found.more_after
        position = found.rows[-1][POSITION] if found.rows else None


async def _taken_elsewhere(node: Node, meeting: Meeting, row: Row) -> bool:
    """Whether another process of the hub has taken its heartbeat lately: the node has the hub's
    receipt for it, which nobody else can make."""
    if not row["address"]:
        return False
    try:
        stamp = await meeting.asking.receipt(row["address"])
    except DataSpaceError:
        return False
    at = taken_at(stamp, meeting.signatory, node=row["id"])
    now = node.clock.now()
    if at is None or now - at > SILENCE:
        return False
    known = meeting.presence.pulses.get(row["id"])
    beat = known.beat if known else Heartbeat("", "", 0)
    meeting.presence.hear(row["id"], beat, at)
    return True


async def _noted(
    node: Node, id_: str, verb: str, *, pulse: Pulse | None, reason: str = ""
) -> Done | None:
    """What another process noted meanwhile, or an officer decided, stands."""
    request = Request(node, LISTENER, "node", verb, id_, reason)
    done = None
    with suppress(MovedOn, WrongState):
        done = await once(request, lambda: _note(request, _values(pulse)))
    if pulse is not None:
        pulse.noted(node.clock.now(), changed=verb != BEAT and done is not None)
    return done


def _values(pulse: Pulse | None) -> Mapping[str, Any]:
    if pulse is None or not pulse.beat.version:
        return {}
    beat = pulse.beat
    return {
        "last_heartbeat_at": written(pulse.last_at), "software_version": beat.version,
        "reported_state": beat.state,
        "catalogue_revision": beat.revision, "resource_count": beat.resources,
        "product_count": beat.products,
    }  # fmt: skip


async def _note(request: Request, values: Mapping[str, Any]) -> Done:
    """Raises:  MovedOn when there is nothing to note any more."""
    situation = await situation_of(LIFECYCLE, request)
    row, status = situation.row, SEEN.get(request.verb)
    if row["status"] not in SEEN.values() or row["status"] == status:
        raise MovedOn(kind="node", id=request.id)
    guard: Condition = EVERYTHING
    told: tuple[Change, ...] = ()
    values = {**values, "changed_at": written(request.now)}
    if status:
        values = {**values, "status": status}
        if any(situation.state in move.sources for move in NODE.moves if move.name == request.verb):
            step = decide(NODE, request.verb, situation)
            values, guard = {**values, **step.values}, step.guard
        told = told_of(LIFECYCLE, request, situation, values=values)
    change = Amend("node", request.id, values, request.act, guard=guard, version=row["version"])
    return await carry_out(request, request.id, changes=(*told, change), values=after(row, values))
