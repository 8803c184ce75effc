"""Identity by a realm keeps the contract of the port; the realm here is one that a test holds."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from dataspace.accounts.port import Denials
from identity import realm_keys
from identity.keycloak_identity import (
    ASK_AGAIN_AWAY_SECONDS,
    ASK_AGAIN_SECONDS,
    READY_SECONDS,
    KeycloakIdentity,
)
from identity.refusals import CutOff, IdentityUnavailable, RealmDiffers, TokenKeyUnknown
from tests.clock import FrozenClock
from tests.contract.forging import Authority, rsa_key, signed
from tests.contract.identity import IdentityContract


@cache
def the_key(at: int) -> RSAKey:
    """One of a row of keys that any realm here may sign with, for they take long to make."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)


@dataclass
class Realm:
    """Two documents on a port of this machine; `asked` counts how often the keys were read, and
    `renewed` how often there was another."""

    address: str = ""
    keys: list[dict[str, Any]] = field(default_factory=list)
    up: bool = True
    calls_itself: str = ""
    asked: int = 0
    renewed: int = 0

    @property
    def issuer(self) -> str:
        return f"{self.address}/realms/city"

    def renew_key(self) -> dict[str, Any]:
        key = the_key(self.renewed)
        self.renewed += 1
        self.keys = [key.as_dict(private=False), self._for_encryption()]
        return dict(key.as_dict(private=True))

    def answer(self, path: str) -> Any:
        if path.endswith("openid-configuration"):
            named = self.calls_itself or self.issuer
            return {"issuer": named, "jwks_uri": f"{self.issuer}/certs"}
        self.asked += 1
        return {"keys": self.keys}

    def _for_encryption(self) -> dict[str, Any]:
        """Every realm publishes one; nothing is verified with it."""
        return {"kty": "RSA", "use": "enc", "kid": "enc", "n": "AQ", "e": "AQAB"}


@pytest.fixture
def realm() -> Iterator[Realm]:
    realm = Realm()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(realm.answer(self.path)).encode()
            self.send_response(200 if realm.up else 503)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    realm.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield realm
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def signing(realm: Realm) -> dict[str, Any]:
    """The private key that the realm signs with, as JWK."""
    return realm.renew_key()


@pytest.fixture
def denials() -> Denials:
    return Denials()


@pytest.fixture
async def identity(
    realm: Realm, signing: dict[str, Any], clock: FrozenClock, denials: Denials
) -> KeycloakIdentity:
    return await KeycloakIdentity.open(realm.address, "city", clock, denials=denials)


@pytest.fixture
def authority(realm: Realm, signing: dict[str, Any], identity: KeycloakIdentity) -> Authority:
    async def replace_key() -> None:
        """The node looks for changed keys at every turn of its loop."""
        realm.renew_key()
        await identity.refresh()

    return Authority(realm.issuer, "city-hub", signing["kid"], rsa_key(signing), replace_key)


class TestKeycloakIdentity(IdentityContract):
    async def test_a_new_key_counts_with_the_first_token_that_it_signs(
        self,
        realm: Realm,
        identity: KeycloakIdentity,
        authority: Authority,
        claims: dict[str, Any],
        clock: FrozenClock,
    ) -> None:
        await identity.caller(authority.token(claims))
        later = realm.renew_key()
        clock.advance(seconds=ASK_AGAIN_SECONDS)
        rotated = Authority(
            realm.issuer, "city-hub", later["kid"], rsa_key(later), authority.replace_key
        )
        assert (await identity.caller(rotated.token(claims))).signed_in

    async def test_forged_tokens_ask_the_realm_at_most_every_ten_seconds(
        self,
        realm: Realm,
        identity: KeycloakIdentity,
        authority: Authority,
        claims: dict[str, Any],
        clock: FrozenClock,
    ) -> None:
        clock.advance(seconds=ASK_AGAIN_SECONDS)
        before = realm.asked
        for _ in range(20):
            with pytest.raises(TokenKeyUnknown):
                await identity.caller(signed(claims, authority.key, kid="another"))
        assert realm.asked == before + 1

    async def test_a_realm_that_is_down_leaves_tokens_that_were_issued(
        self,
        realm: Realm,
        identity: KeycloakIdentity,
        authority: Authority,
        claims: dict[str, Any],
        clock: FrozenClock,
    ) -> None:
        realm.up = False
        clock.advance(seconds=READY_SECONDS)
        assert (await identity.caller(authority.token(claims))).signed_in
        await identity.ready()
        for _ in range(2):
            with pytest.raises(IdentityUnavailable) as caught:
                await identity.caller(signed(claims, authority.key, kid="another"))
            assert caught.value.code == "identity.unavailable"

    async def test_it_opens_without_the_realm_and_works_when_that_has_come(
        self, realm: Realm, signing: dict[str, Any], clock: FrozenClock, claims: dict[str, Any]
    ) -> None:
        realm.up = False
        identity = await KeycloakIdentity.open(realm.address, "city", clock)
        token = Authority(realm.issuer, "", signing["kid"], rsa_key(signing), _nothing).token(
            claims
        )
        for ask in (identity.ready(), identity.caller(token)):
            with pytest.raises(IdentityUnavailable):
                await ask
        realm.up = True
        with pytest.raises(IdentityUnavailable):
            await identity.caller(token)
        clock.advance(seconds=ASK_AGAIN_AWAY_SECONDS)
        assert (await identity.caller(token)).signed_in
        await identity.ready()

    async def test_a_realm_that_takes_the_question_and_never_answers_is_given_up(
        self,
        realm: Realm,
        identity: KeycloakIdentity,
        authority: Authority,
        claims: dict[str, Any],
        clock: FrozenClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(realm_keys, "ANSWER_SECONDS_MAX", 0.2)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"http://127.0.0.1:{silent.getsockname()[1]}"
            deaf = await KeycloakIdentity.open(address, "city", clock)
            with pytest.raises(IdentityUnavailable):
                await deaf.ready()
        assert (await identity.caller(authority.token(claims))).signed_in

    @pytest.mark.parametrize("keys", [[], {}, "x", [7], [{"kty": "RSA"}]])
    async def test_keys_that_cannot_be_read_change_nothing(
        self,
        realm: Realm,
        identity: KeycloakIdentity,
        authority: Authority,
        claims: dict[str, Any],
        keys: Any,
    ) -> None:
        realm.keys = keys
        with pytest.raises(IdentityUnavailable):
            await identity.refresh()
        assert (await identity.caller(authority.token(claims))).signed_in

    async def test_a_kind_of_key_that_we_do_not_know_is_passed_over(
        self,
        realm: Realm,
        identity: KeycloakIdentity,
        authority: Authority,
        claims: dict[str, Any],
    ) -> None:
        realm.keys = [{"kty": "AKP", "use": "sig", "kid": "later", "alg": "ML-DSA-65"}, *realm.keys]
        await identity.refresh()
        assert (await identity.caller(authority.token(claims))).signed_in

    async def test_a_realm_under_another_name_is_refused(
        self, realm: Realm, signing: dict[str, Any], clock: FrozenClock
    ) -> None:
        realm.calls_itself = "https://elsewhere.example/realms/city"
        with pytest.raises(RealmDiffers):
            await KeycloakIdentity.open(realm.address, "city", clock)

    @pytest.mark.parametrize("claim", ["sub", "azp", "participant"])
    async def test_who_is_shut_out_is_refused_at_once_with_a_token_that_holds(
        self,
        identity: KeycloakIdentity,
        authority: Authority,
        claims: dict[str, Any],
        denials: Denials,
        claim: str,
    ) -> None:
        token = authority.token(claims)
        await identity.caller(token)
        denials.renew([{**claims, "participant": "par_market"}[claim]])
        with pytest.raises(CutOff):
            await identity.caller(token)
        denials.renew([])
        await identity.caller(token)

    async def test_spaces_may_stand_with_the_organisation(
        self, identity: KeycloakIdentity, authority: Authority, claims: dict[str, Any]
    ) -> None:
        del claims["spaces"]
        claims["organization"]["market-regulator"]["spaces"] = ["spc_1", "spc_2"]
        assert (await identity.caller(authority.token(claims))).spaces == ("spc_1", "spc_2")


async def _nothing() -> None:
    return
