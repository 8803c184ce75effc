"""What a node meets others with, opened and closed as a whole."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import subspaces.peers.http_peer as over_http
from dataspace.federation.meeting import Hub, Meeting, Met
from dataspace.federation.membership import Membership
from dataspace.federation.peer import Peer
from dataspace.federation.watched.onward import Outgoing, alone
from dataspace.quantity import Clock
from dataspace.selection import Row
from subspaces.keys import NodeKeys
from subspaces.member_folder import MemberFolder
from subspaces.nonces import SharedNonces
from subspaces.peer_certificates import OwnCertificate
from subspaces.signatures import NodeSignatory


@dataclass(frozen=True, slots=True)
class Lines:
    """How requests go out: `outgoing` is around each to another node, and `transport` is the way
    where it is not the network. `shown` is this node's certificate, where it has one."""

    outgoing: Outgoing = alone
    transport: over_http.Transport | None = None
    shown: OwnCertificate | None = None


PLAIN: Final = Lines()


@asynccontextmanager
async def opened(
    keys: NodeKeys,
    data: Path,
    clock: Clock,
    *,
    address: str,
    hub: str = "",
    lines: Lines = PLAIN,
) -> AsyncIterator[Met]:
    """`hub` is where the hub is now, when it has moved since the node joined.

    Raises:  NodeKeysUnreadable, NoncesFull.
    """
    signatory, nonces, folder = (
        NodeSignatory(keys, clock),
        SharedNonces(data, clock),
        MemberFolder(data),
    )
    async with over_http.open_client(lines.transport, lines.shown) as http:

        def client_of(membership: Membership) -> over_http.SignedClient:
            tokens = over_http.Tokens(http, keys, membership, clock)
            return over_http.SignedClient(http, signatory, tokens, lines.outgoing)

        def hub_of(membership: Membership) -> Hub:
            return over_http.HttpHub(client_of(membership), hub or membership.hub)

        clients = dict[str, over_http.SignedClient]()

        def member_client(membership: Membership) -> over_http.SignedClient:
            if membership.node not in clients:
                clients[membership.node] = client_of(membership)
            return clients[membership.node]

        def to_hub() -> Hub | None:
            if (membership := meeting.membership) is None:
                return None
            return over_http.HttpHub(member_client(membership), hub or membership.hub)

        def reach(row: Row) -> Peer | None:
            """A node that has joined knows the way to its hub alone."""
            if (membership := meeting.membership) is not None:
                return over_http.peer_at(hub or membership.hub, member_client(membership))
            bare = over_http.SignedClient(http, signatory, outgoing=lines.outgoing)
            return over_http.peer_at(row["address"], bare) if row["address"] else None

        asking = over_http.HttpAsking(http, signatory, clock, lines.outgoing)
        meeting = Meeting(
            address, signatory, nonces, asking, folder, folder.membership(), to_hub=to_hub
        )
        try:
            yield Met(meeting, folder.membership, hub_of, reach)
        finally:
            nonces.close()
