"""HTTP Message Signatures (RFC 9421) and Content-Digest (RFC 9530) over the keys of a node."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from http_message_signatures import (
    ContentDigest,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    MappingKeyResolver,
    algorithms,
)

from dataspace.federation.signing import (
    ADDRESSEE,
    NONCE_CHARACTERS_MAX,
    TAG,
    BodyDiffers,
    Jwks,
    SignatureIncomplete,
    SignatureInvalid,
    SignatureKeyUnknown,
    SignatureMissing,
    Signed,
    SignedRequest,
    check_time,
    origin,
)
from dataspace.quantity import Clock
from subspaces.keys import NodeKeys, public_key, unsealed

LABEL: Final = "cityspace"
DIGEST: Final = "content-digest"


@dataclass
class _Message:
    """A request in the form that the library reads and writes."""

    method: str
    url: str
    headers: dict[str, str]


class _Keys(HTTPSignatureKeyResolver):
    """Only the keys that the sender is known by."""

    def __init__(self, keys: Jwks) -> None:
        self._keys = keys

    def resolve_public_key(self, key_id: str) -> Any:
        return public_key(self._keys, kid=key_id)


class _Verifier(HTTPMessageVerifier):
    """What a signature says of itself is judged here, before the library looks whether it holds:
    by the node's own clock, and with a code for each way in which it may be wrong."""

    def __init__(self, request: SignedRequest, keys: Jwks, *, now: datetime) -> None:
        super().__init__(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(keys))
        self._request, self._keys, self._now = request, keys, now
        self.read: list[Signed] = []

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Raises:  the refusals of the Signatory port."""
        signed = _said(sig_input.params)
        if missing := set(self._request.must_cover) - {_plain(each) for each in sig_input}:
            raise SignatureIncomplete(missing=", ".join(sorted(missing)))
        check_time(signed.created_at, self._now)
        if public_key(self._keys, kid=signed.key) is None:
            raise SignatureKeyUnknown(node="—", key=signed.key[:64])
        _check_body(self._request)
        self.read.append(signed)


class NodeSignatory:
    """The Signatory port."""

    def __init__(self, keys: NodeKeys, clock: Clock) -> None:
        self._keys, self._clock = keys, clock

    @property
    def keys(self) -> Jwks:
        return self._keys.signing_jwks

    def sign(self, request: SignedRequest) -> Mapping[str, str]:
        given = {**request.headers, ADDRESSEE: origin(request.target)}
        message = _Message(request.method, request.target, dict(given))
        kid = self._keys.signing_kid
        resolver = MappingKeyResolver(public_keys={}, private_keys={kid: self._keys.signing_key})
        signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
        signer.sign(
            message, key_id=kid, created=self._clock.now(), nonce=secrets.token_urlsafe(18),
            label=LABEL, tag=TAG, covered_component_ids=request.must_cover, body=request.body,
        )  # fmt: skip
        made = {name.lower(): value for name, value in message.headers.items()}
        return {name: value for name, value in made.items() if name not in request.headers}

    def check(self, request: SignedRequest, keys: Jwks, *, now: datetime) -> Signed:
        verifier = _Verifier(request, keys, now=now)
        message = _Message(request.method, request.target, dict(request.headers))
        try:
            verifier.verify(message, max_age=None, expect_tag=TAG)
        except InvalidSignature as error:
            if verifier.read:
                raise SignatureInvalid() from error
            raise SignatureMissing(detail=str(error)[:200]) from error
        if len(verifier.read) != 1:
            raise SignatureMissing(detail=f"{len(verifier.read)} × {TAG}")
        return verifier.read[0]

    def seal(self, payload: bytes, *, kind: str) -> str:
        return self._keys.seal(payload, kind=kind)

    def unsealed(self, sealed: str, keys: Jwks, *, kind: str) -> bytes | None:
        return unsealed(sealed, keys, kind=kind)


def _plain(component: Any) -> str:
    """A component with a parameter is another one: a member of a field is not the field."""
    return str(component) if component.params else str(component.value)


def _said(said: Mapping[str, Any]) -> Signed:
    """Raises:  SignatureIncomplete, SignatureMissing."""
    if missing := [name for name in ("created", "keyid", "nonce") if not said.get(name)]:
        raise SignatureIncomplete(missing=", ".join(missing))
    if len(said["nonce"]) > NONCE_CHARACTERS_MAX:
        raise SignatureMissing(detail="nonce")
    try:
        created_at = datetime.fromtimestamp(said["created"], UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SignatureMissing(detail="created") from error
    return Signed(said["keyid"], said["nonce"], created_at)


def _check_body(request: SignedRequest) -> None:
    try:
        ContentDigest.verify(request.headers.get(DIGEST, ""), request.body)
    except InvalidSignature as error:
        raise BodyDiffers() from error
