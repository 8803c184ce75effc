"""What is signed of a request from node to node, and every way in which it may be refused.

A token says who asks, the signature says to whom, what and when (ADR 0029). Signed are the method,
the whole address, the digest of the body, the token, and the origin that the request is for,
by RFC 9421 with Ed25519 and RFC 9530.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from dataspace.errors import DataSpaceError, NotSignedIn, Unavailable
from dataspace.quantity import written
from dataspace.text import Text

TAG: Final = "cityspace"
ADDRESSEE: Final = "cityspace-to"
"""The header that names the origin of the node that a request is for."""
COVERED: Final = ("@method", "@target-uri", ADDRESSEE, "content-digest")
AUTHORISED: Final = "authorization"
SKEW_SECONDS_MAX: Final = 60
# A nonce can come again as long as the moment that it was signed at is taken.
NONCE_KEPT_SECONDS: Final = 2 * SKEW_SECONDS_MAX
NONCE_CHARACTERS_MAX: Final = 64

Jwks = Mapping[str, Any]


class SignatureMissing(NotSignedIn):
    """There is no signature of our tag, or not one that can be read."""

    code = "signature.missing"
    title = Text("The request is not signed: {detail}", "请求没有签名：{detail}")
    advice = Text(
        "Sign it by RFC 9421 with the node's signing key and the tag cityspace.",
        "请按 RFC 9421 用节点签名密钥签名，tag 为 cityspace。",
    )


class SignatureIncomplete(NotSignedIn):
    """The signature leaves something out that it must cover."""

    code = "signature.incomplete"
    title = Text("The signature does not cover {missing}", "签名未涵盖 {missing}")
    advice = Text(
        "Cover every component that the request must be bound to.",
        "请涵盖请求须绑定的全部组成部分。",
    )


class SignatureKeyUnknown(NotSignedIn):
    """The key is none of those that this node is known to sign with."""

    code = "signature.key_unknown"
    title = Text("{node} is not known to sign with the key {key}", "{node} 未登记签名密钥 {key}")
    advice = Text(
        "Sign with the key of the node that the token is for; tell the hub of a new key first.",
        "请用令牌所属节点的密钥签名；新密钥须先告知枢纽。",
    )


class SignatureInvalid(NotSignedIn):
    """What was signed is not what arrived, or another key signed it."""

    code = "signature.invalid"
    title = Text("The signature does not hold", "签名验证不通过")
    advice = Text(
        "Sign the request exactly as it is sent: method, address, token, digest.",
        "请按实际发送的方法、地址、令牌与摘要签名。",
    )


class BodyDiffers(NotSignedIn):
    """The body is not the one that its digest is of."""

    code = "signature.body_differs"
    title = Text("The body is not the one that was signed", "请求体与所签名的不一致")
    advice = Text(
        "Send the body of which Content-Digest was made.", "请发送与 Content-Digest 相符的请求体。"
    )


class SignedAtWrongTime(NotSignedIn):
    """The clocks of the two nodes differ too much, or the request was held back."""

    code = "signature.wrong_time"
    title = Text(
        "It was signed at {signed_at}, and it is {now} here: {skew_seconds} seconds apart,"
        " {limit_seconds} are tolerated",
        "签名时间为 {signed_at}，本节点时间为 {now}，相差 {skew_seconds} 秒，"
        "容许 {limit_seconds} 秒",
    )
    advice = Text(
        "Set the clock of your node by NTP, and send a request when it is signed.",
        "请用 NTP 校准节点时钟，并在签名后立即发送请求。",
    )


class SignatureReplayed(NotSignedIn):
    """A request with this nonce was taken already."""

    code = "signature.replayed"
    title = Text("This very request was made before", "该请求已被使用过")
    advice = Text("Sign every request anew.", "请为每个请求重新签名。")


class AddressedElsewhere(DataSpaceError):
    """The request was signed for another node; whoever brings it here is not who signed it, or
    this node does not know the address that others reach it by."""

    status = 421
    code = "signature.addressed_elsewhere"
    title = Text(
        "The request is for {addressee}, and this is {own}",
        "请求的对象是 {addressee}，而本节点是 {own}",
    )
    advice = Text(
        "If this is the right node, let CITYSPACE_BASE_URL name the address that others use.",
        "如节点无误，请将 CITYSPACE_BASE_URL 设为其他节点所用的地址。",
    )


class NoncesFull(Unavailable):
    """More signed requests than can be told from replayed ones; none is let in untold."""

    code = "signature.overloaded"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as it is sent or as it arrived; the names of headers in small letters.

    `target` is the whole address, with the query, as the sender writes it.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def must_cover(self) -> tuple[str, ...]:
        return (*COVERED, AUTHORISED) if AUTHORISED in self.headers else COVERED


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature says of itself, once it holds."""

    key: str
    nonce: str
    created_at: datetime


class Signatory(Protocol):
    """Signs for one node, and checks what others have signed.

    * `check` MUST refuse, each with its own code, a request without a signature, one that leaves
      a component out, one at the wrong time, one by a key that is none of `keys`, another body,
      and a signature that does not hold. That a nonce is new is for `Nonces` to say.
    * A statement MUST be opened only as the kind that it was sealed as.
    """

    def sign(self, request: SignedRequest) -> Mapping[str, str]:
        """The headers to send beside those of the request."""
        ...

    def check(self, request: SignedRequest, keys: Jwks, *, now: datetime) -> Signed:
        """Raises:  the refusals of this file. A key that is unknown is told without its node."""
        ...

    def seal(self, payload: bytes, *, kind: str) -> str: ...

    def unsealed(self, sealed: str, keys: Jwks, *, kind: str) -> bytes | None:
        """What was sealed, when one of the keys has sealed it as that kind; else None."""
        ...

    @property
    def keys(self) -> Jwks:
        """The public keys that this node signs with."""
        ...


class Nonces(Protocol):
    def take(self, key: str, nonce: str, *, until: datetime) -> None:
        """Raises:  SignatureReplayed when it was taken before, NoncesFull."""
        ...


def check_time(created_at: datetime, now: datetime) -> None:
    """Raises:  SignedAtWrongTime, with both clocks."""
    skew = round((created_at - now).total_seconds())
    if abs(skew) > SKEW_SECONDS_MAX:
        raise SignedAtWrongTime(
            signed_at=written(created_at), now=written(now), skew_seconds=skew,
            limit_seconds=SKEW_SECONDS_MAX,
        )  # fmt: skip


def check_addressee(addressee: str, own: str) -> None:
    """Raises:  AddressedElsewhere."""
    if origin(addressee) != origin(own):
        raise AddressedElsewhere(addressee=addressee[:200] or "—", own=own)


def origin(address: str) -> str:
    """Scheme, host and port as RFC 6454 writes them; empty for what is no address."""
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    shown = f"[{host}]" if ":" in host else host
    standard = port in (None, {"http": 80, "https": 443}.get(parts.scheme))
    return f"{parts.scheme}://{shown}" + ("" if standard else f":{port}")


def target_of(address: str, path: str) -> str:
    """The whole address of a place at a node, as both sides sign it; `path` with its query."""
    return origin(address) + urlsplit(address).path.rstrip("/") + path
