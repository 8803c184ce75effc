"""A running node: the ports that it was opened with, and what it knows of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from dataspace.accounts.port import Accounts, Denials
from dataspace.clocks.calendars import Calendar
from dataspace.clocks.china import CHINA
from dataspace.federation.flow.checking import BYTES_MAX
from dataspace.federation.joining.statements import PublishedKeys, Unsealing, nobody_unseals
from dataspace.federation.live.turns import Turns
from dataspace.federation.meeting import Meeting
from dataspace.federation.peer import Belonging, Reach, belonging_of, nobody
from dataspace.federation.profile import Profile
from dataspace.federation.profiles.recipe import Recipe
from dataspace.notices.delivery.port import Channel
from dataspace.ports import Assets, Catalogue, Clock, Identity

SHANGHAI = "3100"


class Books(Protocol):
    """All of a node that filling its catalogue needs: nobody signs in, and no file is touched."""

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def clock(self) -> Clock: ...


@dataclass(frozen=True, slots=True)
class Node:
    """`bureau` is the participant that authorises by default, empty when none is set.

    `region` is the first four digits of GB/T 2260; identifiers are allotted in it. `accounts` is
    whoever keeps the accounts, None at a node whose people the city's issuer knows; `denials` are
    those who are shut out at once. Working days are counted by `calendar`. `channels` are the ways
    out for notices, by their code; keys of calls are derived from `webhook_key`. `profile` is that
    of the industry whose space it serves, None for the city's. A sub-space joins under one of the
    `profiles`; what nodes say is checked by `unseal`, and this one's own public keys are in
    `keys`. By `recipes` the products of the profile's templates are computed. `meeting` is what it
    meets other nodes with, None where it meets nobody; `reach` gives the way to each of them, and
    `turns` count how often who has them asked live. Of what a node publishes a hub keeps
    `node_bytes_max`.
    """

    catalogue: Catalogue
    identity: Identity
    assets: Assets
    clock: Clock
    bureau: str = ""
    region: str = SHANGHAI
    accounts: Accounts | None = None
    denials: Denials = field(default_factory=Denials)
    calendar: Calendar = CHINA
    channels: Mapping[str, Channel] = field(default_factory=dict)
    webhook_key: bytes = field(default=b"", repr=False)
    profile: Profile | None = None
    profiles: frozenset[str] = frozenset()
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    unseal: Unsealing = nobody_unseals
    keys: PublishedKeys | None = None
    meeting: Meeting | None = None
    reach: Reach = nobody
    turns: Turns = field(default_factory=Turns)
    node_bytes_max: int = BYTES_MAX

    @property
    def industry(self) -> str:
        """The place in identifiers that an industry's node allots; empty for the city's."""
        return self.profile.place if self.profile else ""

    @property
    def belonging(self) -> Belonging | None:
        """None at the hub, and before it has joined one."""
        membership = self.meeting.membership if self.meeting else None
        return belonging_of(membership) if membership else None
