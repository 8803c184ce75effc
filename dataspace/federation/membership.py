"""What a node that joined knows of the hub that it belongs to."""

from dataclasses import dataclass, field

from dataspace.federation.signing import Jwks


@dataclass(frozen=True, slots=True)
class Membership:
    """`hub` is the hub's address and `hub_keys` the JWKS that it signs with; `node` is this node's
    id in the hub's register, by which the issuer knows it too; `issuer` is the city's."""

    hub: str
    node: str
    issuer: str
    hub_keys: Jwks = field(default_factory=dict)
