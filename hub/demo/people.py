"""The people of a demonstration as members, where the accounts are kept outside."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dataspace.caller import Caller, Role
from dataspace.selection import PAGE_MAX, Every, Page, Selection, Where
from hub.node import Node
from hub.operations import members, participants
from hub.operations.accounts import errands

ADMINISTRATOR: Final = Caller("demo", roles=frozenset({Role.PLATFORM_ADMIN}))
SECURITY: Final = Caller("demo-security", roles=frozenset({Role.SECADMIN}))
PASSWORD_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`participant` is in the catalogue already."""

    username: str
    name: str
    roles: tuple[Role, ...]
    participant: str


async def enter_people(node: Node, people: Sequence[DemoPerson]) -> Mapping[str, str]:
    """Enters those who are missing; their first passwords, by user name.

    A first password holds for one sign-in, at which its owner chooses another.

    Raises:  Unavailable when the service that keeps the accounts does not answer.
    """
    assert node.accounts is not None
    missing = await _missing(node, people)
    for participant in dict.fromkeys(each.participant for each in missing):
        request = f"demo.{participant}"
        await participants.open_accounts(node, ADMINISTRATOR, participant, request_id=request)
    for each in missing:
        values = {
            "username": each.username, "name": each.name, "participant": each.participant,
            "roles": [str(role) for role in each.roles],
        }  # fmt: skip
        await members.enter(node, SECURITY, values, request_id=f"demo.{each.username}")
    if unavailable := (await errands.work_off(node)).unavailable:
        raise unavailable
    passwords = {each.username: secrets.token_urlsafe(PASSWORD_BYTES) for each in missing}
    for username, password in passwords.items():
        await node.accounts.set_password(username, password)
    return passwords


async def make_known(node: Node, participants_: Sequence[str]) -> None:
    """The issuer of the demonstration hears which spaces its people's participants are in, so that
    their tokens name them, and of every change of it from now on.

    Raises:  Unavailable when the service that keeps the accounts does not answer.
    """
    unknown = Every((
        Where("id", "in", sorted(set(participants_))), Where("standing", "is_null", True)
    ))  # fmt: skip
    found = await node.catalogue.select(
        Selection("participant", where=unknown, page=Page(PAGE_MAX))
    )
    for row in found.rows:
        request = f"demo.{row['id']}"
        await participants.open_accounts(node, ADMINISTRATOR, row["id"], request_id=request)
    if unavailable := (await errands.work_off(node)).unavailable:
        raise unavailable


async def _missing(node: Node, people: Sequence[DemoPerson]) -> list[DemoPerson]:
    """Those who have no account yet; a start that was cut short may have entered some of them."""
    where = Where("username", "in", [each.username for each in people])
    found = await node.catalogue.select(
        Selection("member", ("username", "subject"), where, page=Page(PAGE_MAX))
    )
    known = {row["username"] for row in found.rows if row["subject"]}
    return [each for each in people if each.username not in known]
