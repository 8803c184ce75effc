"""A node signs in with its own key: the rules for its assertions are Keycloak's."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OKPKey
from starlette.testclient import TestClient

from dataspace.caller import Role
from dataspace.text import Text
from identity.embedded_identity import EmbeddedIdentity
from identity.endpoints.clients import ASSERTION_TYPE
from identity.issuer.demo import BANK
from identity.issuer.directory import Account, Client, Directory
from identity.signatures import Key, public_jwks, read_key, sign
from tests.clock import FrozenClock
from tests.sign_in import PROTOCOL
from tests.unit.identity.conftest import ISSUER

NODE = "node-finance"
serial = itertools.count()


def a_key(kind: Any, curve: str, algorithm: str) -> Key:
    made = kind.generate_key(curve).as_dict(private=True)
    return read_key({**made, "alg": algorithm, "use": "sig", "kid": f"{algorithm}-1"})


KEY = a_key(OKPKey, "Ed25519", "EdDSA")
ACCOUNT = Account("svc-1", "service-account-node-finance", Text("Finance node", "金融节点"),
                  (Role.DATA_STEWARD,), BANK)  # fmt: skip


@pytest.fixture
def node(folder: Path) -> Client:
    client = Client(NODE, jwks=public_jwks([KEY]), account=ACCOUNT)
    Directory(folder, demo=True).add_client(client)
    return client


@pytest.fixture
def now(clock: FrozenClock) -> int:
    return int(clock.now().timestamp())


def hand_in(http: TestClient, now: int, key: Key = KEY, **changed: Any) -> Any:
    usual = {
        "iss": NODE,
        "sub": NODE,
        "aud": ISSUER,
        "jti": f"once-{next(serial)}",
        "iat": now,
        "exp": now + 60,
    }
    claims = {name: value for name, value in {**usual, **changed}.items() if value is not None}
    return hand_in_text(http, sign(claims, key))


def hand_in_text(http: TestClient, assertion: str) -> Any:
    form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
    return http.post(f"{PROTOCOL}/token", data={"grant_type": "client_credentials", **form})


async def test_a_node_gets_a_token_for_its_signature(
    http: TestClient, identity: EmbeddedIdentity, node: Client, now: int
) -> None:
    caller = await identity.caller(hand_in(http, now).json()["access_token"])
    assert (caller.client, caller.participant) == (NODE, BANK.participant)


def test_another_kind_of_key_holds_from_the_next_request_on(
    http: TestClient, folder: Path, node: Client, now: int
) -> None:
    fresh = a_key(ECKey, "P-256", "ES256")
    assert hand_in(http, now, fresh).status_code == 400
    replaced = Client(NODE, jwks=public_jwks([fresh]), account=ACCOUNT)
    Directory(folder, demo=True).add_client(replaced)
    assert hand_in(http, now, fresh).status_code == 200
    assert hand_in(http, now, KEY).status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": [ISSUER, "other"]},
        {"aud": [ISSUER]},
        {"aud": ISSUER + "/"},
        {"aud": None},
        {"iss": "node-energy"},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "j" * 201},
        {"exp": None},
        {"exp": "soon"},
    ],
)
def test_an_assertion_that_is_not_sound_is_refused(
    http: TestClient, node: Client, now: int, changed: dict[str, Any]
) -> None:
    answer = hand_in(http, now, **changed)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize(
    ("made", "expires", "status"),
    [
        (0, 0, 400),  # no leeway on exp
        (0, 1, 200),
        (-60, 30, 200),
        (-61, 30, 400),
        (15, 60, 200),
        (16, 60, 400),
        (None, 60, 200),
        (None, 61, 400),
        (0, 86_400, 200),
    ],
)
def test_an_assertion_lives_shortly(
    http: TestClient, node: Client, now: int, made: int | None, expires: int, status: int
) -> None:
    made_at = None if made is None else now + made
    assert hand_in(http, now, iat=made_at, exp=now + expires).status_code == status


def test_an_assertion_is_good_once(http: TestClient, node: Client, now: int) -> None:
    assert hand_in(http, now, jti="same").status_code == 200
    answer = hand_in(http, now, jti="same")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_an_assertion_is_remembered_for_as_long_as_it_could_come_back(
    http: TestClient, node: Client, now: int, clock: FrozenClock
) -> None:
    """Made fifteen seconds ahead and good for an hour: it holds until sixty seconds after."""
    lasting = {"jti": "same", "iat": now + 15, "exp": now + 3600}
    assert hand_in(http, now, **lasting).status_code == 200
    for _ in range(76):
        clock.advance(seconds=1)
        assert hand_in(http, now, **lasting).status_code == 400


def test_an_unknown_node_is_told_by_401(http: TestClient, now: int) -> None:
    answer = hand_in(http, now)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_key_that_does_not_say_that_it_is_for_signing_is_not_used(
    http: TestClient, folder: Path, now: int
) -> None:
    jwks = public_jwks([KEY])
    del jwks["keys"][0]["use"]
    Directory(folder, demo=True).add_client(Client(NODE, jwks=jwks, account=ACCOUNT))
    assert hand_in(http, now).status_code == 400


@pytest.mark.parametrize("assertion", ["", "a.b.c", "e30.e30.", "x" * 9000])
def test_what_is_no_assertion_is_refused(http: TestClient, node: Client, assertion: str) -> None:
    answer = hand_in_text(http, assertion)
    assert answer.json()["error"] == "invalid_client"


def test_an_unsigned_assertion_is_refused(http: TestClient, node: Client, now: int) -> None:
    payload = sign({"iss": NODE, "sub": NODE, "aud": ISSUER, "exp": now + 60, "jti": "n"}, KEY)
    answer = hand_in_text(http, f"eyJhbGciOiJub25lIn0.{payload.split('.')[1]}.")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_a_node_without_a_secret_has_no_empty_one(http: TestClient, node: Client) -> None:
    form = {"grant_type": "client_credentials", "client_id": NODE, "client_secret": ""}
    answer = http.post(f"{PROTOCOL}/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
