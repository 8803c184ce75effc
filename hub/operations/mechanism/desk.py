"""The desk of a noun: every operation that its machine gives it, from one description."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dataspace.caller import Caller
from dataspace.selection import Condition
from hub.node import Node
from hub.operations.mechanism import drafting, moving
from hub.operations.mechanism.done import Done, Request
from hub.operations.mechanism.lifecycle import Lifecycle
from hub.operations.mechanism.waiting import waiting_for


class Mover(Protocol):
    """One named move, as an operation of its own."""

    async def __call__(
        self, node: Node, caller: Caller, id: str, *, reason: str = "", request_id: str = ""
    ) -> Done: ...


@dataclass(frozen=True)
class Desk:
    lifecycle: Lifecycle

    async def draft(
        self, node: Node, caller: Caller, values: Mapping[str, Any], *, request_id: str = ""
    ) -> Done:
        """A new object of the caller's participant. Raises:  see `drafting.draft`."""
        request = Request(
            node, caller, self.lifecycle.kind, "draft", request_id=request_id, given=values
        )
        return await drafting.draft(self.lifecycle, request, values)

    async def amend(
        self,
        node: Node,
        caller: Caller,
        id: str,
        values: Mapping[str, Any],
        *,
        version: int | None = None,
        request_id: str = "",
    ) -> Done:
        """Other values for what is open to change. Raises:  see `drafting.amend`."""
        request = Request(
            node, caller, self.lifecycle.kind, "amend", id, request_id=request_id, given=values
        )
        return await drafting.amend(self.lifecycle, request, values, version=version)

    async def remove(
        self, node: Node, caller: Caller, id: str, *, reason: str = "", request_id: str = ""
    ) -> Done:
        """Takes back a draft. Raises:  see `drafting.remove`."""
        request = Request(node, caller, self.lifecycle.kind, "remove", id, reason, request_id)
        return await drafting.remove(self.lifecycle, request)

    async def move(
        self,
        node: Node,
        caller: Caller,
        id: str,
        name: str,
        *,
        reason: str = "",
        request_id: str = "",
    ) -> Done:
        """Any move of the machine, by its name. Raises:  see `moving.move`."""
        request = Request(node, caller, self.lifecycle.kind, name, id, reason, request_id)
        return await moving.move(self.lifecycle, request)

    def moving(self, name: str) -> Mover:
        """The operation that makes this one move."""

        async def operation(
            node: Node, caller: Caller, id: str, *, reason: str = "", request_id: str = ""
        ) -> Done:
            return await self.move(node, caller, id, name, reason=reason, request_id=request_id)

        return operation

    def waiting(self, caller: Caller) -> Condition:
        """Which of these objects wait for the caller's decision."""
        return waiting_for(self.lifecycle, caller)
