"""The keys of a node: made once, owner only, published as JWKS, rotated with overlap."""

import base64
import hashlib
import json
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from subspaces.key_file import NodeKeysUnreadable
from subspaces.keys import FILE, NodeKeys, NodeKeysGiven, unsealed
from tests.clock import FrozenClock

ISSUER = "https://id.example.org/realms/city"


@pytest.fixture
def keys(tmp_path: Path, clock: FrozenClock) -> NodeKeys:
    return NodeKeys.open(tmp_path, clock)


def test_keys_are_made_once(keys: NodeKeys, tmp_path: Path, clock: FrozenClock) -> None:
    again = NodeKeys.open(tmp_path, clock)
    assert again.signing_jwks == keys.signing_jwks
    assert again.assertion_jwks == keys.assertion_jwks
    assert keys.signing_jwks != keys.assertion_jwks


def test_only_the_owner_reads_them(keys: NodeKeys, tmp_path: Path) -> None:
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {0o600}


def test_nothing_private_is_published(keys: NodeKeys) -> None:
    (jwk,) = keys.signing_jwks["keys"]
    assert set(jwk) == {"kty", "crv", "x", "use", "kid"}
    assert (jwk["kty"], jwk["crv"], jwk["use"]) == ("OKP", "Ed25519", "sig")
    canonical = json.dumps({"crv": jwk["crv"], "kty": "OKP", "x": jwk["x"]}, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).digest()
    assert jwk["kid"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_of_processes_that_begin_at_once_all_have_the_same_keys(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.clock import FrozenClock;"
        "from subspaces.keys import NodeKeys;"
        "print(NodeKeys.open(Path(sys.argv[1]), FrozenClock()).signing_kid)"
    )
    begun = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    assert len({each.communicate()[0] for each in begun}) == 1
    assert [each.returncode for each in begun] == [0, 0]


def test_an_assertion_says_what_keycloak_asks_for(keys: NodeKeys, clock: FrozenClock) -> None:
    first, second = (keys.assertion("nod_1", issuer=ISSUER) for _ in range(2))
    payload = unsealed(first, keys.assertion_jwks, kind="JWT")
    assert payload is not None
    said, now = json.loads(payload), int(clock.now().timestamp())
    assert (said["iss"], said["sub"], said["aud"]) == ("nod_1", "nod_1", ISSUER)
    assert (said["iat"], said["exp"]) == (now, now + 30)
    header = json.loads(base64.urlsafe_b64decode(first.partition(".")[0] + "=="))
    assert header["alg"] == "EdDSA"
    assert first != second
    assert unsealed(first, keys.signing_jwks, kind="JWT") is None


def test_a_key_that_is_prepared_is_published_and_does_not_sign(keys: NodeKeys) -> None:
    before = keys.signing_kid
    keys.prepare()
    keys.prepare()
    assert keys.signing_kid == before
    assert len(keys.signing_jwks["keys"]) == len(keys.assertion_jwks["keys"]) == 2


def test_the_key_before_stays_published_until_its_time(keys: NodeKeys, clock: FrozenClock) -> None:
    sealed, before = keys.seal(b"{}", kind="card"), keys.signing_kid
    keys.prepare()
    (_, following) = [each["kid"] for each in keys.signing_jwks["keys"]]
    keys.rotate(until=clock.now() + timedelta(hours=1))
    assert keys.signing_kid == following
    assert unsealed(sealed, keys.signing_jwks, kind="card") == b"{}"
    clock.advance(hours=1)
    assert [each["kid"] for each in keys.signing_jwks["keys"]] == [following]
    assert unsealed(sealed, keys.signing_jwks, kind="card") is None
    assert before != following


def test_the_private_half_of_a_key_that_is_gone_is_destroyed(
    keys: NodeKeys, tmp_path: Path
) -> None:
    private = json.loads((tmp_path / FILE).read_text())["signing"]["signs"]["d"]
    keys.rotate()
    assert private not in (tmp_path / FILE).read_text()


def test_what_another_process_rotates_holds_at_once(
    keys: NodeKeys, tmp_path: Path, clock: FrozenClock
) -> None:
    NodeKeys.open(tmp_path, clock).rotate()
    assert keys.signing_kid == NodeKeys.open(tmp_path, clock).signing_kid


def test_a_statement_is_of_one_kind(keys: NodeKeys) -> None:
    sealed = keys.seal(b"{}", kind="card")
    assert unsealed(sealed, keys.signing_jwks, kind="list") is None
    head, body, signature = sealed.split(".")
    for forged in (f"{head}.e30x.{signature}", f"{head}.{body}.{signature[:-4]}AAAA", "x", "é.é.é"):
        assert unsealed(forged, keys.signing_jwks, kind="card") is None


def test_replicas_have_the_same_keys_by_one_secret(tmp_path: Path, clock: FrozenClock) -> None:
    one, other = (NodeKeys.open(tmp_path / n, clock, secret="s" * 32) for n in ("a", "b"))
    assert one.signing_jwks == other.signing_jwks != one.assertion_jwks
    assert one.seal(b"x", kind="card") == other.seal(b"x", kind="card")
    with pytest.raises(NodeKeysGiven):
        one.rotate()


def test_a_damaged_file_is_told_without_what_it_holds(
    keys: NodeKeys, tmp_path: Path, clock: FrozenClock
) -> None:
    (tmp_path / FILE).write_text('{"signing": "secret stuff"}')
    with pytest.raises(NodeKeysUnreadable) as refused:
        keys.seal(b"{}", kind="card")
    assert "secret" not in str(refused.value)
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    with pytest.raises(NodeKeysUnreadable):
        NodeKeys.open(tmp_path, clock)
