"""Whoever receives the reports of a node, at one address: every report signed by the node's key."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from dataspace.federation.signing import Signatory, origin
from subspaces.peers.http_peer import Asked, SignedClient, Transport, open_client


@dataclass(frozen=True, slots=True)
class ReportReceiver:
    """The signature is by RFC 9421, as between nodes; its keys stand on the node's card."""

    address: str
    signatory: Signatory
    transport: Transport | None = None

    async def tell(self, report: bytes) -> None:
        """Raises:  PeerUnavailable, PeerRefuses, PeerMalformed."""
        place = urlsplit(self.address)
        path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        async with open_client(self.transport) as http:
            client = SignedClient(http, self.signatory)
            await client.ask(origin(self.address), Asked("POST", path, report))
