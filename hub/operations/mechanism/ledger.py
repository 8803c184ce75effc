"""The operations on what is entered and kept up by hand, without a machine."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dataspace.caller import Caller, Role
from dataspace.change import Amend, Change, Create
from dataspace.errors import MovedOn
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import EVERYTHING, Condition, Every, Row
from hub.node import Node
from hub.operations.accounts.errands import attempt_soon, has_account
from hub.operations.accounts.outbox import errand, errand_id
from hub.operations.mechanism.done import Done, Request, carry_out, check_caller, once
from hub.operations.mechanism.input import accepted, check_whole
from hub.operations.mechanism.lifecycle import Values, nothing_prepared
from hub.operations.mechanism.moving import after
from hub.operations.mechanism.reading import flat, seen
from hub.operations.papers.keeping import papers_settled, remove_dropped


async def nobody(request: Request, values: Values, row: Row) -> bool:
    return False


def nothing_held(values: Values, row: Row) -> Condition:
    return EVERYTHING


@dataclass(frozen=True)
class Ledger:
    """`fields` may be set; those in `fixed` only at the entry. `keepers` may do both.

    `prepare` checks what is set and gives what follows from it, as it does for a `Lifecycle`.
    `holds` says what must still be so of the row when an amendment is applied, under its lock.
    `parties` keep those of the rows of which `is_party` says so, asked with the row as it is, empty
    at an entry, and with what is to be set.
    With `accounts` every change is an errand to the identity service too.
    """

    kind: str
    keepers: frozenset[Role]
    fields: tuple[str, ...]
    fixed: tuple[str, ...] = ()
    prepare: Callable[[Request, Values, Row], Awaitable[Values]] = nothing_prepared
    holds: Callable[[Values, Row], Condition] = nothing_held
    parties: frozenset[Role] = frozenset()
    is_party: Callable[[Request, Values, Row], Awaitable[bool]] = nobody
    accounts: bool = False

    async def enter(
        self, node: Node, caller: Caller, values: Mapping[str, Any], *, request_id: str = ""
    ) -> Done:
        """A new row. Raises:  RoleMissing, FieldsInvalid, NotUnique, ReferenceMissing."""
        request = Request(node, caller, self.kind, "enter", request_id=request_id, given=values)
        return await once(request, lambda: self._enter(request, values))

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
        """Other values. Raises:  NotFound, MovedOn, and what `enter` raises."""
        request = Request(node, caller, self.kind, "amend", id, request_id=request_id, given=values)
        return await once(request, lambda: self._amend(request, values, version))

    async def row(self, request: Request) -> Row:
        """The row, when the caller keeps it. Raises:  RoleMissing, NotFound."""
        check_caller(request.caller, request.verb, self.keepers | self.parties)
        row = flat(await seen(request.node, request.caller, self.kind, id=request.id))
        await self._check_kept(request, row)
        return row

    async def write(
        self,
        request: Request,
        row: Values,
        *,
        values: Values,
        guard: Condition = EVERYTHING,
        beside: tuple[Change, ...] = (),
    ) -> Done:
        """New values for the row as it was read, if it is still so, with what is told of them.

        Raises:  MovedOn, AssetsUnavailable for a file that is left over; the row is written all
                 the same.
        """
        changed = {**values, "changed_at": written(request.now)}
        change = Amend(
            self.kind, request.id, changed, request.act,
            guard=Every((self.holds(values, dict(row)), guard)), version=row["version"],
        )  # fmt: skip
        done = await self._carry_out(request, change, after(row, changed), beside=beside)
        await remove_dropped(request.node, done, before=row, values=changed)
        return done

    async def _enter(self, request: Request, values: Values) -> Done:
        check_caller(request.caller, request.verb, self.keepers | self.parties)
        await self._check_kept(request, {})
        given = accepted(self.kind, values, fields=(*self.fields, *self.fixed))
        return await self._create(request, given)

    async def _check_kept(self, request: Request, row: Row) -> None:
        """Raises:  RoleMissing for who keeps others of the kind, and not this one."""
        if request.caller.holds(*self.keepers):
            return
        if not await self.is_party(request, request.given, row):
            check_caller(request.caller, request.verb, self.keepers)

    async def _create(self, request: Request, given: Values) -> Done:
        moment = written(request.now)
        prepared = await self.prepare(request, given, {})
        kept = {**given, **prepared, "created_at": moment, "changed_at": moment}
        check_whole(self.kind, kept)
        id_ = request.own_id(RELATIONS.by_name[self.kind].prefix)
        change = Create(self.kind, id_, kept, request.act)
        return await self._carry_out(request, change, {**kept, "id": id_, "version": 1})

    async def _carry_out(
        self,
        request: Request,
        change: Create | Amend,
        values: Values,
        *,
        beside: tuple[Change, ...] = (),
    ) -> Done:
        """The errand is in the change set, so that no crash parts the two; then it is tried."""
        with_account = self.accounts and has_account(self.kind, values)
        told = errand(request, change.id) if with_account else ()
        done = await carry_out(request, change.id, changes=(*told, *beside, change), values=values)
        if told:
            await attempt_soon(request.node, errand_id(request))
        return done

    async def _amend(self, request: Request, values: Values, version: int | None) -> Done:
        row = await self.row(request)
        if version not in (None, row["version"]):
            raise MovedOn(kind=self.kind, id=request.id)
        given = papers_settled(accepted(self.kind, values, fields=self.fields), row)
        return await self.write(
            request, row, values={**given, **await self.prepare(request, given, row)}
        )
