"""What each person sets for themselves: language, channels, and how far they have read.

Nobody sets anything for somebody else. That an address is theirs is not verified here: what a
notice says to its reader is all that a wrong address gives away, and it carries no link that
signs anybody in.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from dataspace.caller import Caller
from dataspace.change import Amend, Change, Create
from dataspace.errors import NotFound
from dataspace.identifiers import derived_id
from dataspace.notices.delivery.addresses import problem_of_email, problem_of_webhook
from dataspace.quantity import written
from dataspace.selection import Every, Page, Row, Selection, Where
from dataspace.validation import Problem
from dataspace.visibility import visible
from hub.node import Node
from hub.operations.mechanism.done import Done, Request, carry_out, once
from hub.operations.mechanism.input import FieldsInvalid, accepted
from hub.operations.mechanism.reading import flat, whole

FIELDS: Final = ("language", "email", "by_email", "webhook", "by_webhook")
LANGUAGE_DEFAULT: Final = "ZH"


def mailbox_id(subject: str) -> str:
    return derived_id("mbx", subject)


async def keep(
    node: Node, caller: Caller, values: Mapping[str, Any], *, request_id: str = ""
) -> Done:
    """The caller's own settings; a webhook that is another one gets another signing key.

    Their roles and participant are noted with it, for who is not a member of the catalogue.

    Raises:  NotSignedIn, FieldsInvalid, MovedOn.
    """
    request = Request(node, caller, "mailbox", "keep", request_id=request_id, given=values)
    return await once(request, lambda: _keep(request, values))


async def read(node: Node, caller: Caller, id: str, *, request_id: str = "") -> Done:
    """The caller has read this notice, and so all that came before it.

    Raises:  NotSignedIn, NotFound for one that is not told to them, MovedOn.
    """
    request = Request(node, caller, "notice", "read", id, request_id=request_id)
    done = await once(request, lambda: _read(request))
    return replace(done, id=id)


async def of(node: Node, subject: str) -> Row | None:
    where = Where("id", "eq", mailbox_id(subject))
    row = (await node.catalogue.select(whole("mailbox", where))).first
    return None if row is None else flat(row)


async def _keep(request: Request, values: Mapping[str, Any]) -> Done:
    given = accepted("mailbox", values, fields=FIELDS)
    row = await of(request.node, request.caller.subject)
    merged = {**(row or {}), **given}
    _check(merged)
    key = _key(row, given)
    kept = {**given, **key, **await _person(request)}
    return await _write(request, row, kept)


def _check(merged: Mapping[str, Any]) -> None:
    """Raises:  FieldsInvalid."""
    wrong = {
        "email": problem_of_email(merged.get("email"), needed=bool(merged.get("by_email"))),
        "webhook": problem_of_webhook(merged.get("webhook"), needed=bool(merged.get("by_webhook"))),
    }
    if found := [Problem(name, text) for name, text in wrong.items() if text is not None]:
        raise FieldsInvalid("mailbox", found)


def _key(row: Row | None, given: Mapping[str, Any]) -> Row:
    """A key that an earlier receiver knows signs nothing for the next one."""
    before = row or {}
    if "webhook" not in given or given["webhook"] == before.get("webhook"):
        return {}
    return {"webhook_key": (before.get("webhook_key") or 0) + 1}


async def _person(request: Request) -> Row:
    caller = request.caller
    where = Where("subject", "eq", caller.subject)
    member = (await request.node.catalogue.select(Selection("member", where=where))).first
    return {
        "roles": sorted(caller.roles),
        "participant": caller.participant or None,
        "member": member["id"] if member else None,
    }


async def _read(request: Request) -> Done:
    seen = Every((Where("id", "eq", request.id), visible(request.caller)["notice"]))
    selection = Selection("notice", ("created_at",), where=seen, page=Page(1))
    notice = (await request.node.catalogue.select(selection)).first
    if notice is None:
        raise NotFound(kind="notice", id=request.id)
    row = await of(request.node, request.caller.subject)
    until = max(notice["created_at"], (row or {}).get("read_up_to") or "")
    person = {} if row else await _person(request)
    return await _write(request, row, {**person, "read_up_to": until})


async def _write(request: Request, row: Row | None, values: Mapping[str, Any]) -> Done:
    """Raises:  MovedOn when another of their requests was faster."""
    moment, id_ = written(request.now), mailbox_id(request.caller.subject)
    kept: Row = {**values, "changed_at": moment}
    change: Change
    if row is None:
        new = {
            "language": LANGUAGE_DEFAULT,
            **kept,
            "subject": request.caller.subject,
            "created_at": moment,
        }
        change, after = Create("mailbox", id_, new, request.act), new
    else:
        change = Amend("mailbox", id_, kept, request.act, version=row["version"])
        after = {**row, **kept}
    values = {**after, "id": id_} if request.kind == "mailbox" else {}
    return await carry_out(request, id_, changes=(change,), values=values)
