"""The port to whoever keeps the accounts, and the hook that cuts somebody off at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dataspace.caller import Caller, Role


def console_of(program: str) -> str:
    """The client by which people sign in at the console of a node that has joined."""
    return f"{program}-console"


class Standing(StrEnum):
    """What the identity service shall do for somebody: let in, keep out, or forget."""

    LET_IN = "LET_IN"
    KEPT_OUT = "KEPT_OUT"
    FORGOTTEN = "FORGOTTEN"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A participant, by its id in the catalogue; `spaces` are the ids of those it belongs to."""

    id: str
    name: str
    standing: Standing
    spaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A member. `participant` is the organisation that they act for; `handler` tells which
    natural person it is, the same in all accounts of one, and is empty where nobody said."""

    id: str
    username: str
    name: str
    roles: frozenset[Role]
    participant: str
    standing: Standing
    handler: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """A node, which signs in with a key of its own: `public_keys` is a JWKS as text, or empty.

    `address` is where it is reached, and so its console, at which people sign in; empty where it
    has none.
    """

    id: str
    name: str
    participant: str
    public_keys: str
    standing: Standing
    address: str = ""

    @property
    def has_console(self) -> bool:
        return self.standing is Standing.LET_IN and bool(self.public_keys and self.address)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One event that the identity service reports; `id` is its own id of it. No secret is in it.

    `routine` says that it is the hub's own sign-in, which comes every few minutes.
    """

    id: str
    at: datetime
    source: str
    action: str
    actor: str = ""
    client: str = ""
    address: str = ""
    target: str = ""
    error: str = ""
    routine: bool = False


class Accounts(Protocol):
    """The accounts at the identity service, made to be what the catalogue says.

    * Every `settle` MUST be idempotent: it looks at what is there and changes what differs, so
      that one which was interrupted anywhere is completed by the next.
    * What KEPT_OUT means MUST hold from its return on: no further token, no refreshed one.
    * An account that is not ours (its name taken by somebody else) MUST be refused, untouched.
    * A service that does not answer MUST be Unavailable; what it refuses, AccountRefused.
    """

    async def settle_organisation(self, organisation: Organisation) -> None: ...

    async def settle_person(self, person: Person) -> str:
        """The subject of their tokens; empty when forgotten. The organisation must be there."""
        ...

    async def settle_program(self, program: Program) -> None:
        """A program without keys cannot sign in. At its console people sign in as long as it is
        let in, by the client `console_of` names, and are sent back to its address alone."""
        ...

    async def set_password(self, username: str, password: str) -> None:
        """For their next sign-in only, when they choose their own. Raises:  AccountRefused."""
        ...

    async def occurrences(
        self, source: str, *, since: datetime | None, skip: int, first: int
    ) -> Sequence[Occurrence]:
        """Oldest first, from `since` on."""
        ...

    async def close(self) -> None: ...


@dataclass(slots=True)
class Denials:
    """Subjects, clients and participants whose tokens are refused although they hold."""

    _ids: frozenset[str] = field(default=frozenset())

    def renew(self, ids: Iterable[str]) -> None:
        self._ids = frozenset(ids) - {""}

    def name(self, id_: str) -> bool:
        return id_ in self._ids

    def cover(self, caller: Caller) -> bool:
        return bool(self._ids) and not self._ids.isdisjoint(
            (caller.subject, caller.client, caller.participant)
        )
