"""What a node is among others: its profile, its keys, and the ways in which it meets them."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from dataspace.federation.meeting import Met
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


def open_meeting(
    settings: Settings, outgoing: Outgoing = alone
) -> AbstractAsyncContextManager[Met]:
    """What a node meets others with; it takes a fifth of a second to import.

    Raises:  NodeKeysUnreadable, NoncesFull.
    """
    from subspaces.peers.opening import Lines, opened

    keys, at = node_keys(settings), settings.address
    lines = Lines(outgoing)
    return opened(keys, settings.data, SystemClock(), address=at, hub=settings.hub, lines=lines)


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
