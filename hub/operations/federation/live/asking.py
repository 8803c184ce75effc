"""The hub asks nodes themselves, all at once: what each says within the deadline, and for the
others what the hub holds of them, with its age."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dataspace.caller import Caller
from dataspace.errors import DataSpaceError, NotFound, NotSignedIn
from dataspace.federation.live import statuses
from dataspace.federation.live.answers import (
    DEADLINE_MILLISECONDS,
    DEADLINE_MILLISECONDS_MAX,
    NODES_MAX,
    OBJECTS_MAX,
    TEXT_CHARACTERS_MAX,
    LiveAnswer,
)
from dataspace.federation.live.refusals import (
    DeadlineOutOfRange,
    NotAskedHere,
    NoWay,
    ObjectElsewhere,
    TooManyNodes,
    TooManyObjects,
)
from dataspace.federation.peer import Peer
from dataspace.federation.refusals import PeerMalformed, PeerRefuses
from dataspace.quantity import written
from dataspace.selection import Condition, Row
from hub.node import Node
from hub.operations.federation.flow.neighbours import FOLLOWED
from hub.operations.federation.live import reading
from hub.operations.federation.live.reading import Held
from hub.operations.federation.register import entry_of


@dataclass(frozen=True, slots=True)
class Question:
    """`nodes` are ids, or None for every node that the hub follows or has cut off; `objects` are
    ids of their products and resources. `visible` says what the caller may see of each kind."""

    visible: Mapping[str, Condition]
    nodes: Sequence[str] | None = None
    objects: Sequence[str] = ()
    deadline_milliseconds: int = DEADLINE_MILLISECONDS

    def check(self) -> None:
        """Raises:  TooManyNodes, TooManyObjects, DeadlineOutOfRange."""
        if self.nodes is not None and len(self.nodes) > NODES_MAX:
            raise TooManyNodes(what="nodes", limit=NODES_MAX, asked=len(self.nodes))
        if len(self.objects) > OBJECTS_MAX:
            raise TooManyObjects(what="objects", limit=OBJECTS_MAX, asked=len(self.objects))
        if not 1 <= self.deadline_milliseconds <= DEADLINE_MILLISECONDS_MAX:
            raise DeadlineOutOfRange(
                limit=DEADLINE_MILLISECONDS_MAX, asked=self.deadline_milliseconds
            )


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one node. `milliseconds` is None where it was not asked; `error` says why there is no
    `answer`."""

    status: str
    milliseconds: int | None = None
    answer: LiveAnswer | None = None
    error: DataSpaceError | None = None

    @property
    def code(self) -> str | None:
        """The other node's own code where it refused."""
        if self.error is None:
            return None
        return str(self.error.facts.get("answered", self.error.code))[:TEXT_CHARACTERS_MAX]


NOT_ASKED: Final = Outcome(statuses.ISOLATED)


async def ask(node: Node, caller: Caller, question: Question) -> list[Row]:
    """Every node that was asked for, in the order of the question, else of their ids.

    Takes no longer than the deadline beside what the hub reads, whatever the nodes do.

    Raises:  NotSignedIn, NotAskedHere, AskedTooOften, NotFound, ObjectElsewhere,
        CatalogueUnavailable, and as `Question.check`.
    """
    if not caller.signed_in:
        raise NotSignedIn()
    if (belonging := node.belonging) is not None:
        raise NotAskedHere(hub=belonging.hub)
    question.check()
    now = node.clock.now()
    node.turns.take(caller.subject, now)
    held = await reading.held(
        node.catalogue, question.visible, nodes=question.nodes, objects=question.objects
    )
    _check_complete(question, held)
    peers = {row["id"]: _way(node, row) for row in held.nodes}
    asked = {id_: peer for id_, peer in peers.items() if not isinstance(peer, Outcome)}
    heard = await _all(asked, held.wanted, seconds=question.deadline_milliseconds / 1000)
    told = {id_: peer for id_, peer in peers.items() if isinstance(peer, Outcome)} | heard
    return [_shown(row, held, told[row["id"]], moment=written(now)) for row in held.nodes]


def _check_complete(question: Question, held: Held) -> None:
    """Nothing that was asked for is left out in silence. Raises:  NotFound, ObjectElsewhere."""
    known = {row["id"] for row in held.nodes}
    for id_ in question.nodes or ():
        if id_ not in known:
            raise NotFound(kind="node", id=id_[:TEXT_CHARACTERS_MAX])
    for id_ in question.objects:
        if id_ not in held.objects:
            raise NotFound(kind="product or resource", id=id_[:TEXT_CHARACTERS_MAX])
        if held.objects[id_]["node"] not in known:
            raise ObjectElsewhere(id=id_)


def _way(node: Node, row: Row) -> Peer | Outcome:
    """The way to a node, or why it is not asked."""
    if entry_of(row).cut_off or node.denials.name(row["id"]):
        return NOT_ASKED
    peer = node.reach(row) if row["state"] in FOLLOWED and row["address"] else None
    if peer is None:
        away = NoWay(node=row["id"], service=row["id"], detail=row["state"], retry_after_seconds=60)
        return Outcome(statuses.DOWN, error=away)
    return peer


async def _all(
    peers: Mapping[str, Peer], wanted: Mapping[str, Sequence[str]], *, seconds: float
) -> dict[str, Outcome]:
    """Whoever is not done by then is LATE, and is not waited for to notice that."""
    if not peers:
        return {}
    began = time.perf_counter()
    tasks = {
        id_: asyncio.ensure_future(_one(peer, wanted.get(id_, ()))) for id_, peer in peers.items()
    }
    try:
        await asyncio.wait(tasks.values(), timeout=seconds)
        late = Outcome(statuses.LATE, _milliseconds(began))
        return {id_: task.result() if task.done() else late for id_, task in tasks.items()}
    finally:
        for task in tasks.values():
            task.cancel()


async def _one(peer: Peer, ids: Sequence[str]) -> Outcome:
    began = time.perf_counter()
    try:
        answer = await peer.live(ids)
        if {each.id for each in answer.objects} - set(ids):
            raise PeerMalformed(what="objects")
    except PeerRefuses as error:
        return Outcome(statuses.REFUSED, _milliseconds(began), error=error)
    except DataSpaceError as error:
        return Outcome(statuses.DOWN, _milliseconds(began), error=error)
    return Outcome(statuses.ANSWERED, _milliseconds(began), answer)


def _milliseconds(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)


def _shown(row: Row, held: Held, outcome: Outcome, *, moment: str) -> Row:
    told = {
        "id": row["id"], "name": row["name"], "status": outcome.status,
        "milliseconds": outcome.milliseconds, "code": outcome.code,
    }  # fmt: skip
    ids = held.wanted.get(row["id"], ())
    if outcome.answer is None:
        return {**told, **reading.copy_of(row), "objects": [held.copy(id_) for id_ in ids]}
    return {**told, **_said(outcome.answer, ids, moment)}


def _said(answer: LiveAnswer, ids: Sequence[str], moment: str) -> dict[str, Any]:
    """Of an object that the node does not tell of any more, that is all there is to say."""
    now = {each.id: each for each in answer.objects}
    return {
        "readiness": answer.readiness, "version": answer.version, "heard_at": moment,
        "revision": answer.revision, "resources": answer.resources,
        "products": answer.products, "as_of": moment,
        "objects": [
            {
                "id": id_, "withdrawn": id_ not in now, "as_of": moment,
                "state": now[id_].state if id_ in now else None,
                "changed_at": now[id_].changed_at if id_ in now else None,
            }
            for id_ in ids
        ],
    }  # fmt: skip
