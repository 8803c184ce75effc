"""What a node is among others: its profile, its keys, and the ways in which it meets them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from dataspace.federation.meeting import Met
from dataspace.federation.mutual_tls.certificates import Held
from dataspace.federation.profile import Profile
from dataspace.federation.profiles.content import Content
from dataspace.federation.watched.onward import Outgoing, alone
from hub.settings import Settings
from hub.wiring.clock import SystemClock
from subspaces import profiles as profiles
from subspaces.keys import NodeKeys
from subspaces.keys import unsealed as unsealed
from subspaces.peers.hub_door import HubDoor


def profile_of(settings: Settings) -> Profile | None:
    """What the node is; None for the city. Raises:  what `profiles.profile_named` raises."""
    return profiles.profile_named(settings.profile) if settings.profile else None


def content_of(profile: str, seed: int) -> Content:
    """Made-up data for the node of a profile, whose making only seeding needs.

    Raises:  ContentMissing.
    """
    from subspaces.content import made

    return made.content_of(profile, seed)


@asynccontextmanager
async def open_meeting(settings: Settings, outgoing: Outgoing = alone) -> AsyncIterator[Met]:
    """What a node meets others with; it takes a fifth of a second to import.

    Raises:  NodeKeysUnreadable, NoncesFull, CertificateUnreadable.
    """
    from subspaces.peer_certificates import DemandedCertificates, OwnCertificate
    from subspaces.peers.opening import Lines, opened

    keys, at = node_keys(settings), settings.address
    shown = OwnCertificate(Path(settings.peer_certificate)) if settings.peer_certificate else None
    lines = Lines(outgoing, shown=shown)
    async with opened(
        keys, settings.data, SystemClock(), address=at, hub=settings.hub, lines=lines
    ) as met:
        if settings.peer_authority:
            authority = Path(settings.peer_authority)
            met.meeting.certificates = DemandedCertificates(authority, settings.ingress)
        yield met


def certificate_held(settings: Settings) -> Held | None:
    """That which this node shows to others, where it has one. Raises:  CertificateUnreadable."""
    if not settings.peer_certificate:
        return None
    from subspaces.peer_certificates import OwnCertificate

    return OwnCertificate(Path(settings.peer_certificate)).held


def report_teller(settings: Settings) -> Callable[[bytes], Awaitable[None]] | None:
    """The way of reports to their receiver, where one is set. Raises:  NodeKeysUnreadable."""
    if not settings.report_to:
        return None
    from subspaces.peers.report_receiver import ReportReceiver
    from subspaces.signatures import NodeSignatory

    signatory = NodeSignatory(node_keys(settings), SystemClock())
    return ReportReceiver(settings.report_to, signatory).tell


def node_keys(settings: Settings) -> NodeKeys:
    """Made the first time, in a folder that is prepared. Raises:  NodeKeysUnreadable."""
    return NodeKeys.open(settings.data, SystemClock(), secret=settings.node_key)


def hub_door(settings: Settings, hub: str) -> HubDoor:
    """The way of a node to the hub of a city. Raises:  as `node_keys`."""
    return HubDoor(hub, node_keys(settings), SystemClock(), language=settings.language)
