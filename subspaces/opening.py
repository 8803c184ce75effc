"""What a node meets others with, opened and closed as a whole."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import subspaces.http_peer as over_http
from dataspace.federation.meeting import Hub, Meeting, Met
from dataspace.federation.membership import Membership
from dataspace.quantity import Clock
from subspaces.keys import NodeKeys
from subspaces.member_folder import MemberFolder
from subspaces.nonces import SharedNonces
from subspaces.signatures import NodeSignatory


@asynccontextmanager
async def opened(
    keys: NodeKeys,
    data: Path,
    clock: Clock,
    *,
    address: str,
    hub: str = "",
    transport: over_http.Transport | None = None,
) -> AsyncIterator[Met]:
    """`hub` is where the hub is now, when it has moved since the node joined.

    Raises:  NodeKeysUnreadable, NoncesFull.
    """
    signatory, nonces, folder = (
        NodeSignatory(keys, clock),
        SharedNonces(data, clock),
        MemberFolder(data),
    )
    async with over_http.open_client(transport) as http:

        def hub_of(membership: Membership) -> Hub:
            tokens = over_http.Tokens(http, keys, membership, clock)
            client = over_http.SignedClient(http, signatory, tokens)
            return over_http.HttpHub(client, hub or membership.hub)

        asking = over_http.HttpAsking(http, signatory, clock)
        meeting = Meeting(address, signatory, nonces, asking, folder)
        try:
            yield Met(meeting, folder.membership, hub_of)
        finally:
            nonces.close()
