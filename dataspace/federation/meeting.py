"""What a node meets others with: its keys, its address, and what it was told of who may speak."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from dataspace.federation.heartbeats import Heartbeat, Presence
from dataspace.federation.membership import Membership
from dataspace.federation.mutual_tls.certificates import Certificates
from dataspace.federation.peer import Reach
from dataspace.federation.queue.answers import HubAnswer, HubAsked
from dataspace.federation.signing import Nonces, Signatory
from dataspace.federation.standings import AGE_MAX, Standings
from dataspace.federation.watched.counts import Counts


class Hub(Protocol):
    """The hub as a node that has joined speaks to it.

    * Errors of networks and libraries MUST NOT escape: PeerUnavailable, PeerRefuses and
      PeerMalformed, as of the Peer port.
    """

    async def beat(self, heartbeat: Heartbeat) -> str:
        """The hub's stamp (`Standings.stamp`)."""
        ...

    async def standings(self) -> str:
        """The hub's sealed list (`Standings.sealed`)."""
        ...

    async def do(self, asked: HubAsked) -> HubAnswer:
        """Asks for an act, which the hub does once for its id, however often it is asked.

        A PeerUnavailable whose fact `sent` is False says that nothing has left this node."""
        ...


def no_hub() -> Hub | None:
    """Of one that has no way to any hub."""
    return None


class Asking(Protocol):
    """Asks any node what it says to everybody."""

    async def receipt(self, address: str) -> str:
        """The last stamp that a node got for a heartbeat. Raises:  as `Hub`."""
        ...


class Kept(Protocol):
    """Where a node keeps the hub's list, so that it knows after a restart who is cut off."""

    def read(self) -> str: ...

    def write(self, sealed: str) -> None: ...


@dataclass(slots=True)
class Meeting:
    """`membership` is None at the hub and at a node that has not joined. `known` is the hub's list
    as this node has it, and `stamp` the hub's last word; both None and "" until it was heard. The
    list holds for `age_max`, which is what the rules in force say. `to_hub` gives the way to the
    hub that it joined, which took its last heartbeat at `heard_at`. `certificates` are what others
    must show at the door, None where their signatures are enough.
    """

    address: str
    signatory: Signatory
    nonces: Nonces
    asking: Asking
    kept: Kept
    membership: Membership | None = None
    known: Standings | None = None
    stamp: str = ""
    age_max: timedelta = AGE_MAX
    presence: Presence = field(default_factory=Presence)
    counts: Counts = field(default_factory=Counts)
    to_hub: Callable[[], Hub | None] = no_hub
    heard_at: datetime | None = None
    certificates: Certificates | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """`membership` looks whether the node has joined; `hub` speaks to the hub that it joined, and
    `reach` gives the way to any node that this one follows."""

    meeting: Meeting
    membership: Callable[[], Membership | None]
    hub: Callable[[Membership], Hub]
    reach: Reach
