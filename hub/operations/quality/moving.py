"""One move of what has a machine and is not drafted: a work order, an objection."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dataspace.change import Amend
from dataspace.machine import Machine, Situation, decide
from dataspace.quantity import written
from hub.operations.mechanism.done import Done, Request, carry_out, once
from hub.operations.mechanism.lifecycle import Values
from hub.operations.mechanism.moving import after
from hub.operations.mechanism.reading import flat, seen


@dataclass(frozen=True)
class Keeping:
    """A machine, and by move the values that go with it beside its marks."""

    machine: Machine
    values: Mapping[str, Values] = field(default_factory=dict)


async def move(keeping: Keeping, request: Request) -> Done:
    """Raises:  NotFound for what the caller may not see, whatever `machine.decide` raises, and
    MovedOn when somebody else was faster."""
    return await once(request, lambda: _move(keeping, request))


async def _move(keeping: Keeping, request: Request) -> Done:
    row = flat(await seen(request.node, request.caller, keeping.machine.kind, id=request.id))
    situation = Situation(request.caller, request.now, row, reason=request.reason)
    step = decide(keeping.machine, request.verb, situation)
    more = keeping.values.get(request.verb, {})
    values = {**step.values, **more, "changed_at": written(request.now)}
    change = Amend(
        keeping.machine.kind, request.id, values, request.act,
        guard=step.guard, version=row["version"],
    )  # fmt: skip
    return await carry_out(request, request.id, changes=(change,), values=after(row, values))
