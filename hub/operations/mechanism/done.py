"""One call of an operation: what was asked, and that it is done once however often it is asked."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dataspace.caller import Caller, Role, check_exclusive
from dataspace.change import Act, Change, ChangeSet, Recorded, kept
from dataspace.errors import ChangeSetDiffers, DataSpaceError, NotSignedIn
from dataspace.identifiers import derived_id, new_id
from dataspace.quantity import read_moment, written
from dataspace.refusals import RoleMissing
from dataspace.relations import RELATIONS
from dataspace.selection import Every, Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations.tasks.acting import used

OWN = ("id", "version")


@dataclass(frozen=True, slots=True)
class Done:
    """`values` are the row's fields, and its edges as ids, after the change; empty when removed.
    What has no value is left out, and so are parts, such as items.

    `revision` is the sequence of the record of evidence that the change made.
    """

    kind: str
    id: str
    revision: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done, by whom, when and why, and the change set that it is done in: of a request, or
    of a job that acts at a logical time."""

    node: Node
    act: Act
    change_set: str

    @property
    def now(self) -> datetime:
        return read_moment(self.act.at)


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for which act on which object; `id` is empty for an object that is not there yet.

    The change set's id binds the request id to the caller, the act and the object, so that
    nobody repeats, or is answered with, what somebody else did. `given` is what the act is done
    with beside the reason: who repeats the request id has to repeat that too. What was `found` on
    the way is told in the evidence in place of a reason, and is not repeated.
    """

    node: Node
    caller: Caller
    kind: str
    verb: str
    id: str = ""
    reason: str = ""
    request_id: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    found: str = ""
    change_set: str = field(init=False)

    def __post_init__(self) -> None:
        parts = (self.caller.subject, self.action, self.id, self.request_id)
        named = derived_id("chs", *parts) if self.request_id else new_id("chs")
        object.__setattr__(self, "change_set", named)

    @property
    def action(self) -> str:
        return f"{self.kind}.{self.verb}"

    @property
    def now(self) -> datetime:
        return self.node.clock.now()

    @property
    def act(self) -> Act:
        why = self.reason.strip() or self.found
        return Act(self.caller.subject, self.action, written(self.now), why)

    @property
    def deed(self) -> Deed:
        return Deed(self.node, self.act, self.change_set)

    def changing(self, *changes: Change) -> ChangeSet:
        asked = [self.action, self.reason.strip(), self.given]
        plain = json.dumps(asked, ensure_ascii=False, sort_keys=True, default=repr)
        return ChangeSet(self.change_set, changes, asked=plain if self.request_id else "")

    def own_id(self, prefix: str) -> str:
        """The id of what this request creates: the same again when it is repeated."""
        return derived_id(prefix, self.change_set)


def check_caller(caller: Caller, verb: str, roles: frozenset[Role]) -> None:
    """Raises:  RoleMissing."""
    if not caller.holds(*roles):
        raise RoleMissing(move=verb, roles=", ".join(sorted(roles)))


def check_signed_in(caller: Caller) -> None:
    """Raises:  NotSignedIn, RolesExclude."""
    if not caller.signed_in:
        raise NotSignedIn()
    check_exclusive(caller.subject, caller.roles)


async def once(request: Request, attempt: Callable[[], Awaitable[Done]]) -> Done:
    """Does it; when it was done before under the same request id, gives the first answer.

    A repeated request usually finds the object moved on, by itself: so a refusal is looked at
    twice before it is given.

    Raises:  NotSignedIn, RolesExclude, ChangeSetDiffers when something else was done under the
             request id, and what the attempt raises.
    """
    check_signed_in(request.caller)
    try:
        return await attempt()
    except ChangeSetDiffers:
        raise
    except DataSpaceError:
        if request.request_id and (first := await earlier(request)):
            return first
        raise


async def carry_out(
    request: Request, id_: str, *, changes: tuple[Change, ...], values: Mapping[str, Any]
) -> Done:
    """Applies the changes, the last of which is the one that was asked for.

    Who acts for an absent colleague leaves a record of that too.
    """
    told = used(request.caller, request.act, id_)
    applied = await request.node.catalogue.apply(request.changing(*told, *changes))
    if applied.repeated and (first := await earlier(request)):
        return first
    return Done(request.kind, id_, applied.revision, _told(request.kind, values))


async def earlier(request: Request) -> Done | None:
    """What the same request did before, if it did.

    Raises:  ChangeSetDiffers when it was asked to do something else.
    """
    asked = (
        Where("change_set", "eq", request.change_set),
        Where("action", "eq", request.action),
    )
    selection = Selection(
        "evidence",
        fields=("sequence",),
        where=Every(asked),
        order=Order("sequence", descending=True),
        page=Page(1),
    )
    catalogue = request.node.catalogue
    record = (await catalogue.select(selection)).first
    if record is None:
        return None
    await catalogue.apply(request.changing())  # changes nothing: its id was applied
    [recorded] = await catalogue.changes_since(record["sequence"] - 1, 1)
    return Done(request.kind, recorded.id, recorded.revision, _row_after(recorded))


def _row_after(recorded: Recorded) -> Row:
    if recorded.values is None:
        return {}
    own = {"id": recorded.id, "version": recorded.evidence["version"]}
    return _told(recorded.kind, {**own, **recorded.values})


def _told(kind: str, values: Mapping[str, Any]) -> Row:
    """The values that are kept, without parts, which may be long."""
    noun = RELATIONS.by_name[kind]
    own = {name: values[name] for name in OWN if name in values}
    rest = {n: v for n, v in values.items() if n not in OWN and n not in noun.part_by_name}
    return {**own, **kept(noun, rest)}
