"""The caller in the place of an absent colleague, and the record that each act leaves of it."""

from dataclasses import replace
from typing import Final

from dataspace.caller import Caller, Role
from dataspace.change import Act, Amend
from dataspace.errors import Refused
from dataspace.quantity import written
from dataspace.selection import Every, Page, Row, Selection, Where
from dataspace.text import Text
from hub.node import Node
from hub.operations.mechanism.reading import ends

MEMBER: Final = ("id", "subject", "name", "roles", "status")


class DelegationNotInForce(Refused):
    """There is no such delegation to the caller now."""

    code = "delegation.not_in_force"
    title = Text("No delegation {id} lets you act now", "当前没有可供您代办的授权 {id}")
    advice = Text(
        "Ask your colleague for one, or act under your own roles.",
        "请联系同事授权，或以本人角色办理。",
    )


async def acting(node: Node, caller: Caller, id: str) -> Caller:
    """The caller in the place of whoever delegated to them. Raises:  DelegationNotInForce."""
    where = Every((Where("id", "eq", id), _in_force(written(node.clock.now()))))
    selection = Selection(
        "delegation", ("id", "roles"), where, page=Page(1),
        children=(
            ends("delegator", "member", *MEMBER, children=(ends("participant", "participant"),)),
            ends("deputy", "member", *MEMBER),
        ),
    )  # fmt: skip
    row = (await node.catalogue.select(selection)).first
    if row is None or not caller.subject or row["deputy"]["subject"] != caller.subject:
        raise DelegationNotInForce(id=id[:64])
    absent = row["delegator"]
    if absent["status"] != "ACTIVE" or row["deputy"]["status"] != "ACTIVE":
        raise DelegationNotInForce(id=id)
    roles = frozenset(Role(each) for each in row["roles"]) & roles_of(absent)
    return replace(
        caller, roles=roles, participant=absent["participant"]["id"],
        delegation=row["id"], delegator=absent["subject"],
    )  # fmt: skip


def used(caller: Caller, act: Act, id_: str) -> tuple[Amend, ...]:
    """The record that a delegation was used for an act on an object.

    It is refused, and the act with it, when the delegation ended meanwhile.
    """
    if not caller.delegation:
        return ()
    use = replace(act, action="delegation.use", reason=f"{act.action} {id_}")
    values = {"used_at": act.at, "changed_at": act.at}
    return (Amend("delegation", caller.delegation, values, use, guard=_in_force(act.at)),)


def _in_force(moment: str) -> Every:
    return Every((
        Where("status", "eq", "GRANTED"),
        Where("starts_at", "lte", moment),
        Where("ends_at", "gt", moment),
    ))  # fmt: skip


def roles_of(member: Row) -> frozenset[Role]:
    return frozenset(Role(each) for each in member["roles"] or ())
