"""What a node says of itself on its card, from its settings."""

from typing import Final
from urllib.parse import urlsplit

from dataspace.federation.cards import NodeCard
from hub.settings import Settings

CAPABILITIES: Final = ("CATALOGUE", "GRAPHQL", "EVIDENCE")
HUB, MEMBER = "REGIONAL", "BUSINESS"
ENDPOINTS: Final = {
    "graphql": "/graphql", "health": "/health/ready", "federation": "/federation",
}  # fmt: skip


def card_of(settings: Settings, *, version: str) -> NodeCard:
    """Its keys and its moment are filled in whenever it is shown."""
    address = settings.address
    return NodeCard(
        settings.city_name or urlsplit(address).hostname or "",
        HUB,
        version,
        address,
        signing_keys={"keys": []},
        issued_at="",
        endpoints={name: address + place for name, place in ENDPOINTS.items()},
        capabilities=CAPABILITIES,
    )
