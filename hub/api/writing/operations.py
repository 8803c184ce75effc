"""Every operation as a mutation: its name is the noun and the act, as the evidence has it.

`resource.take_in` of the evidence is `resourceTakeIn` here.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dataspace.caller import Caller
from dataspace.machine import NOWHERE, Move
from dataspace.relations import RELATIONS
from dataspace.text import Text
from hub.api.reading.moves import DESKS
from hub.api.schema.registry import camel
from hub.node import Node
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Done

Given = Mapping[str, Any]
Run = Callable[[Node, Caller, Given], Awaitable[Done]]


@dataclass(frozen=True)
class Operation:
    """`takes` names what the input has beside `requestId`; "values" has the fields in `fields`."""

    kind: str
    verb: str
    text: Text
    takes: tuple[str, ...]
    run: Run
    fields: tuple[str, ...] = ()
    needs_reason: bool = False

    @property
    def name(self) -> str:
        return camel(f"{self.kind}_{self.verb}")


def _of_desk(desk: Desk) -> Iterator[Operation]:
    """Drafting, amending, removing, and every move of the machine but the first."""
    lifecycle = desk.lifecycle
    kind, fields = lifecycle.kind, lifecycle.fields
    noun = RELATIONS.by_name[kind].text

    def text(en: str, zh: str) -> Text:
        return Text(f"{en}: {noun.en}", f"{zh}：{noun.zh}")

    yield Operation(kind, "draft", text("Draft", "起草"), ("values",), _drafting(desk), fields)
    yield Operation(
        kind,
        "amend",
        text("Amend what is open to change", "修改"),
        ("id", "version", "values"),
        _amending(desk),
        fields,
    )
    yield Operation(
        kind, "remove", text("Take back a draft", "删除草稿"), ("id", "reason"), _removing(desk)
    )
    for move in lifecycle.machine.moves:
        if move.sources != (NOWHERE,):
            yield Operation(
                kind,
                move.name,
                text(move.text.en, move.text.zh),
                ("id", "reason"),
                _moving(desk, move),
                needs_reason=move.needs_reason,
            )


def _drafting(desk: Desk) -> Run:
    async def run(node: Node, caller: Caller, given: Given) -> Done:
        return await desk.draft(node, caller, given["values"], request_id=_request(given))

    return run


def _amending(desk: Desk) -> Run:
    async def run(node: Node, caller: Caller, given: Given) -> Done:
        return await desk.amend(
            node,
            caller,
            given["id"],
            given["values"],
            version=given.get("version"),
            request_id=_request(given),
        )

    return run


def _removing(desk: Desk) -> Run:
    async def run(node: Node, caller: Caller, given: Given) -> Done:
        return await desk.remove(
            node, caller, given["id"], reason=_reason(given), request_id=_request(given)
        )

    return run


def _moving(desk: Desk, move: Move) -> Run:
    operation = desk.moving(move.name)

    async def run(node: Node, caller: Caller, given: Given) -> Done:
        return await operation(
            node, caller, given["id"], reason=_reason(given), request_id=_request(given)
        )

    return run


def _request(given: Given) -> str:
    return given.get("request_id") or ""


def _reason(given: Given) -> str:
    return given.get("reason") or ""


OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation for desk in DESKS.values() for operation in _of_desk(desk)
}
