"""The card of a node: what it is, where it is, and by which keys it is known.

It is served sealed by the node's signing key, as a compact JWS (RFC 7515) over its canonical
form, so that it can be kept and shown to others. A card vouches for nothing by itself: its keys
count when they are those that the hub's register has, or when it came from an address that one
went to on purpose (ADR 0029).
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from dataspace.errors import Invalid
from dataspace.evidence import canonical
from dataspace.federation.signing import SKEW_SECONDS_MAX, Jwks, Signatory, origin
from dataspace.quantity import MomentInvalid, read_moment, written
from dataspace.text import Text

KIND: Final = "cityspace-card+jws"
PLACE: Final = "/.well-known/cityspace-node"
CARD_BYTES_MAX: Final = 65_536
CARD_AGE_MAX: Final = timedelta(hours=1)


class CardInvalid(Invalid):
    """What a node says of itself is not in order; nothing of it counts."""

    code = "card.invalid"
    title = Text("The card of {address} does not hold: {why}", "{address} 的节点名片无效：{why}")
    advice = Text("Compare its address, its keys and its clock.", "请核对其地址、密钥与时钟。")


UNREADABLE: Final = Text("it cannot be read", "无法读取")
NOT_SEALED: Final = Text("none of its keys has signed it", "不是由其自身密钥签署")
OTHER_ADDRESS: Final = Text("it is the card of another address", "其地址与访问地址不符")
OLD: Final = Text("it was made at another time", "其签署时间不符")


@dataclass(frozen=True, slots=True)
class NodeCard:
    """`identifier` is its infrastructure identifier, empty until it is admitted, and `node` its id
    in the hub's register; `admission` is where its admission stands, as it knows. `endpoints` are
    whole addresses by what they are for; `signing_keys` is a JWKS of public Ed25519 keys.
    """

    name: str
    kind: str
    version: str
    address: str
    signing_keys: Jwks
    issued_at: str
    identifier: str = ""
    node: str = ""
    profile: str = ""
    admission: str = ""
    endpoints: Mapping[str, str] = field(default_factory=dict)
    capabilities: tuple[str, ...] = ()

    @property
    def canonical(self) -> bytes:
        return canonical(asdict(self))


def sealed(card: NodeCard, signatory: Signatory) -> str:
    return signatory.seal(card.canonical, kind=KIND)


def opened(seal: str, signatory: Signatory, *, address: str, now: datetime) -> NodeCard:
    """The card of the node that was asked at an address, when it holds.

    Whoever knows the node's keys already compares them with the card's.

    Raises:  CardInvalid.
    """
    card = _read(seal, address)
    if signatory.unsealed(seal, card.signing_keys, kind=KIND) is None:
        raise CardInvalid(address=address, why=NOT_SEALED)
    if origin(card.address) != origin(address):
        raise CardInvalid(address=address, why=OTHER_ADDRESS)
    age = now - read_moment(card.issued_at)
    if not timedelta(seconds=-SKEW_SECONDS_MAX) <= age <= CARD_AGE_MAX:
        raise CardInvalid(address=address, why=OLD)
    return card


def card_of(said: Mapping[str, Any]) -> NodeCard:
    """Raises:  ValueError, TypeError, MomentInvalid when it says something else than a card does.

    What a later version says beside is passed over.
    """
    own = {each.name for each in fields(NodeCard)}
    known = {name: value for name, value in said.items() if name in own}
    card = NodeCard(**{**known, "capabilities": tuple(said.get("capabilities") or ())})
    texts = (card.name, card.kind, card.version, card.address, card.issued_at, card.identifier,
             card.node, card.profile, card.admission, *card.endpoints.values(),
             *card.capabilities)  # fmt: skip
    if not all(isinstance(each, str) for each in texts) or "keys" not in card.signing_keys:
        raise ValueError(said)
    read_moment(card.issued_at)
    return card


def issued(card: NodeCard, keys: Jwks, now: datetime) -> NodeCard:
    """The same card as of now, with the keys that are published now."""
    return replace(card, signing_keys=keys, issued_at=written(now))


def _read(seal: str, address: str) -> NodeCard:
    """As it was sent, before anybody has checked it."""
    try:
        if len(seal) > CARD_BYTES_MAX:
            raise ValueError(len(seal))
        payload = _payload(seal)
        return card_of(json.loads(payload))
    except (ValueError, TypeError, AttributeError, RecursionError, MomentInvalid) as error:
        raise CardInvalid(address=address, why=UNREADABLE) from error


def _payload(seal: str) -> bytes:
    part = [*seal.split("."), ""][1]
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
