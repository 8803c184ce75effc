"""Many decisions in one request: each is a move of its own, with its own reason and evidence.

One that is refused does not hold up the others; every one is answered for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dataspace.caller import Caller
from dataspace.errors import DataSpaceError, Invalid, NotFound
from dataspace.relations import RELATIONS
from dataspace.text import Text
from hub.node import Node
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Done

DECISIONS_MAX: Final = 100


class TooManyDecisions(Invalid):
    code = "task.too_many_decisions"
    title = Text(
        "{asked} decisions in one request, at most {limit}", "一次办理 {asked} 项，上限 {limit} 项"
    )
    advice = Text("Send them in several requests.", "请分批提交。")


@dataclass(frozen=True, slots=True)
class Decision:
    """`id` is that of the object. The same `request_id` again gives the first answer."""

    id: str
    move: str
    reason: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """Either `done` or `refusal`."""

    decision: Decision
    done: Done | None = None
    refusal: DataSpaceError | None = None


async def decide_all(
    node: Node, caller: Caller, decisions: Sequence[Decision], *, desks: Mapping[str, Desk]
) -> list[Decided]:
    """One after the other, in the order given. Raises:  TooManyDecisions."""
    if len(decisions) > DECISIONS_MAX:
        raise TooManyDecisions(asked=len(decisions), limit=DECISIONS_MAX)
    return [await _decided(node, caller, each, desks=desks) for each in decisions]


async def _decided(
    node: Node, caller: Caller, decision: Decision, *, desks: Mapping[str, Desk]
) -> Decided:
    noun = RELATIONS.by_prefix.get(decision.id.partition("_")[0])
    desk = desks.get(noun.name) if noun else None
    try:
        if desk is None:
            raise NotFound(kind="object", id=decision.id[:64])
        done = await desk.move(
            node, caller, decision.id, decision.move,
            reason=decision.reason, request_id=decision.request_id,
        )  # fmt: skip
    except DataSpaceError as refusal:
        return Decided(decision, refusal=refusal)
    return Decided(decision, done)
