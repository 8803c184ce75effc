"""Requests signed by RFC 9421: the standard's own vector, and every way to be refused."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from hypothesis import given
from hypothesis import strategies as st

from dataspace.errors import DataSpaceError
from dataspace.federation.signing import (
    AddressedElsewhere,
    BodyDiffers,
    SignatureIncomplete,
    SignatureInvalid,
    SignatureKeyUnknown,
    SignatureMissing,
    SignedAtWrongTime,
    SignedRequest,
    check_addressee,
    check_time,
)
from subspaces.keys import NodeKeys
from subspaces.signatures import NodeSignatory, _Message
from tests.clock import FrozenClock

HUB = "https://hub.example.org"


@pytest.fixture(scope="module")
def signatory(tmp_path_factory: pytest.TempPathFactory) -> NodeSignatory:
    return _signatory(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> NodeSignatory:
    return _signatory(tmp_path_factory.mktemp("other"))


def _signatory(folder: Path) -> NodeSignatory:
    return NodeSignatory(NodeKeys.open(folder, FrozenClock()), FrozenClock())


NOW = FrozenClock().now()


def signed(signatory: NodeSignatory, body: bytes = b'{"state": "ACTIVE"}') -> SignedRequest:
    headers = {"authorization": "Bearer token-of-a", "content-type": "application/json"}
    request = SignedRequest("POST", f"{HUB}/federation/heartbeats?a=1", headers, body)
    return replace(request, headers={**headers, **signatory.sign(request)})


def test_the_library_holds_the_vector_of_the_standard() -> None:
    """RFC 9421, B.2.6: the request of B.2 signed with the Ed25519 key of B.1.4."""
    pem = (
        b"-----BEGIN PRIVATE KEY-----\n"
        b"MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n"
        b"-----END PRIVATE KEY-----\n"
    )
    public = (
        b"-----BEGIN PUBLIC KEY-----\n"
        b"MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n"
        b"-----END PUBLIC KEY-----\n"
    )
    headers = {
        "Host": "example.com", "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "Content-Type": "application/json", "Content-Length": "18",
    }  # fmt: skip
    message = _Message("POST", "https://example.com/foo?param=Value&Pet=dog", headers)
    keys = MappingKeyResolver(
        public_keys={"test-key-ed25519": public}, private_keys={"test-key-ed25519": pem}
    )
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=keys).sign(
        message, key_id="test-key-ed25519", label="sig-b26", include_alg=False,
        created=datetime.fromtimestamp(1618884473, UTC),
        covered_component_ids=(
            "date", "@method", "@path", "@authority", "content-type", "content-length",
        ),
    )  # fmt: skip
    expected = (
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    )
    assert message.headers["Signature"] == f"sig-b26=:{expected}:"
    assert message.headers["Signature-Input"] == (
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"'
    )
    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=keys)
    assert verifier.verify(message, max_age=timedelta(days=36500))


def test_what_is_signed_is_taken(signatory: NodeSignatory) -> None:
    found = signatory.check(signed(signatory), signatory.keys, now=NOW)
    assert found.created_at == NOW
    assert found.key == signatory.keys["keys"][0]["kid"]
    again = signatory.check(signed(signatory), signatory.keys, now=NOW)
    assert again.nonce != found.nonce


def without(name: str) -> Callable[[SignedRequest], SignedRequest]:
    return lambda request: replace(
        request, headers={key: value for key, value in request.headers.items() if key != name}
    )


def with_header(name: str, value: str) -> Callable[[SignedRequest], SignedRequest]:
    return lambda request: replace(request, headers={**request.headers, name: value})


@pytest.mark.parametrize(
    ("forge", "refusal"),
    [
        (without("signature"), SignatureMissing),
        (without("signature-input"), SignatureMissing),
        (with_header("signature", "x"), SignatureMissing),
        (with_header("signature-input", 'cityspace=("@method"'), SignatureMissing),
        (with_header("signature-input", 'cityspace=("@method");tag="cityspace"'), SignatureMissing),
        (with_header("authorization", "Bearer token-of-b"), SignatureInvalid),
        (with_header("cityspace-to", "https://other.example.org:443"), SignatureInvalid),
        (without("cityspace-to"), SignatureInvalid),
        (without("content-digest"), BodyDiffers),
        (with_header("content-digest", "md5=:AAAA:"), BodyDiffers),
        (lambda r: replace(r, body=b"{}"), BodyDiffers),
        (lambda r: replace(r, method="PUT"), SignatureInvalid),
        (lambda r: replace(r, target=r.target + "2"), SignatureInvalid),
        (lambda r: replace(r, target=r.target.replace("hub", "other")), SignatureInvalid),
        (lambda r: replace(r, target=r.target.replace("https", "http")), SignatureInvalid),
    ],
)
def test_what_was_swapped_is_refused(
    signatory: NodeSignatory,
    forge: Callable[[SignedRequest], SignedRequest],
    refusal: type[DataSpaceError],
) -> None:
    with pytest.raises(DataSpaceError) as refused:
        signatory.check(forge(signed(signatory)), signatory.keys, now=NOW)
    # A signature without its moment is one that cannot be judged.
    assert type(refused.value) in (refusal, SignatureIncomplete)


def test_a_signature_that_leaves_the_token_out_is_refused(signatory: NodeSignatory) -> None:
    request = SignedRequest("GET", f"{HUB}/federation/standings")
    bare = replace(request, headers=signatory.sign(request))
    signatory.check(bare, signatory.keys, now=NOW)
    brought = with_header("authorization", "Bearer of-somebody")(bare)
    with pytest.raises(SignatureIncomplete) as refused:
        signatory.check(brought, signatory.keys, now=NOW)
    assert refused.value.facts["missing"] == "authorization"


def test_the_key_of_another_node_is_refused(signatory: NodeSignatory, other: NodeSignatory) -> None:
    with pytest.raises(SignatureKeyUnknown):
        signatory.check(signed(other), signatory.keys, now=NOW)
    renamed = {"keys": [{**other.keys["keys"][0], "kid": signatory.keys["keys"][0]["kid"]}]}
    with pytest.raises(SignatureInvalid):
        signatory.check(signed(signatory), renamed, now=NOW)


@given(st.integers(-100_000, 100_000))
def test_a_minute_of_skew_is_tolerated_and_more_is_told(seconds: int) -> None:
    created = NOW + timedelta(seconds=seconds)
    if abs(seconds) <= 60:
        check_time(created, NOW)
        return
    with pytest.raises(SignedAtWrongTime) as refused:
        check_time(created, NOW)
    assert refused.value.facts["skew_seconds"] == seconds
    assert {"signed_at", "now"} < set(refused.value.facts)


def test_a_request_that_was_held_back_is_refused(signatory: NodeSignatory) -> None:
    request = signed(signatory)
    for seconds in (-61, 61):
        with pytest.raises(SignedAtWrongTime):
            signatory.check(request, signatory.keys, now=NOW + timedelta(seconds=seconds))


@given(body=st.binary(max_size=200), flipped=st.integers(0, 511))
def test_no_bit_of_a_signature_or_a_body_may_differ(
    signatory: NodeSignatory, body: bytes, flipped: int
) -> None:
    request = signed(signatory, body)
    signatory.check(request, signatory.keys, now=NOW)
    raw = bytearray(base64.b64decode(request.headers["signature"].split(":")[1]))
    raw[flipped // 8] ^= 1 << flipped % 8
    damaged = with_header("signature", f"cityspace=:{base64.b64encode(raw).decode()}:")(request)
    with pytest.raises(SignatureInvalid):
        signatory.check(damaged, signatory.keys, now=NOW)
    with pytest.raises(BodyDiffers):
        signatory.check(replace(request, body=body + b"x"), signatory.keys, now=NOW)


@given(
    st.dictionaries(st.sampled_from(["signature", "signature-input", "content-digest"]), st.text())
)
def test_whatever_is_sent_gets_a_coded_answer(
    signatory: NodeSignatory, garbage: dict[str, str]
) -> None:
    request = replace(signed(signatory), headers={"authorization": "Bearer x", **garbage})
    with pytest.raises(DataSpaceError):
        signatory.check(request, signatory.keys, now=NOW)


def test_a_request_for_another_node_is_told_so() -> None:
    check_addressee("https://HUB.example.org:443", HUB)
    for foreign in ("", "https://hub.example.org:8443", "http://hub.example.org", "https://["):
        with pytest.raises(AddressedElsewhere):
            check_addressee(foreign, HUB)
