"""The contract of the Identity port: who a token's holder is, and every token that is refused.

A subclass gives two fixtures: `identity`, an open one that reads the time from `clock`, and
`authority`, the issuer that it trusts, whose signing key the tests hold.
"""

import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataspace.caller import Role, RolesExclude
from dataspace.errors import NotSignedIn
from dataspace.ports import Identity
from tests.clock import FrozenClock
from tests.contract.forging import (
    Authority,
    another_key,
    encoded,
    public_pem,
    signed,
    signed_with_secret,
    unsigned,
)

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
LEEWAY_SECONDS_MAX = 60


async def refusal(identity: Identity, token: str) -> str:
    """The code by which the token is refused; the refusal never repeats the token."""
    with pytest.raises(NotSignedIn) as caught:
        await identity.caller(token)
    said = f"{caught.value} {caught.value.facts} {caught.value.message('zh')}"
    assert len(token) < 40 or token[-40:] not in said
    return caught.value.code


class IdentityContract:
    @pytest.fixture
    def claims(self, authority: Authority, clock: FrozenClock) -> dict[str, Any]:
        """What a good token says, in Keycloak's words; it expires in five minutes."""
        now = int(clock.now().timestamp())
        return {
            "iss": authority.issuer,
            "aud": [authority.audience, "account"],
            "exp": now + 300,
            "iat": now,
            "sub": "3f1c0a52-0000-4000-8000-000000000001",
            "typ": "Bearer",
            "azp": "cityspace-console",
            "preferred_username": "steward",
            "name": "李数据 Li Shuju",
            "realm_access": {"roles": ["data_steward", "data_requester", "offline_access"]},
            "organization": {"market-regulator": {"id": "o1", "participantId": ["par_market"]}},
            "spaces": ["city", "finance"],
        }

    async def test_a_good_token_says_who_its_holder_is(
        self, identity: Identity, authority: Authority, claims: dict[str, Any]
    ) -> None:
        caller = await identity.caller(authority.token(claims))
        assert caller.signed_in
        assert caller.subject == claims["sub"]
        assert caller.name == "李数据 Li Shuju"
        assert caller.roles == {Role.DATA_STEWARD, Role.DATA_REQUESTER}
        assert caller.participant == "par_market"
        assert caller.spaces == ("city", "finance")
        assert caller.client == "cityspace-console"

    async def test_who_a_caller_is_comes_from_the_token_only(
        self, identity: Identity, authority: Authority, claims: dict[str, Any]
    ) -> None:
        first = await identity.caller(authority.token(claims))
        other = {**claims, "sub": "another", "realm_access": {"roles": ["auditor"]}}
        second = await identity.caller(authority.token(other))
        assert (second.subject, second.roles) == ("another", {Role.AUDITOR})
        assert await identity.caller(authority.token(claims)) == first

    async def test_a_known_key_needs_no_network(
        self,
        identity: Identity,
        authority: Authority,
        claims: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        await identity.caller(authority.token(claims))

        def refuse(*_: object) -> None:
            raise AssertionError("the network was used")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        other = await identity.caller(authority.token({**claims, "sub": "another"}))
        assert other.subject == "another"

    async def test_every_way_to_be_wrong_has_a_code_of_its_own(
        self,
        identity: Identity,
        authority: Authority,
        claims: dict[str, Any],
        clock: FrozenClock,
    ) -> None:
        now = int(clock.now().timestamp())
        late = LEEWAY_SECONDS_MAX + 1
        no_subject = {name: value for name, value in claims.items() if name != "sub"}
        tokens = {
            "issuer": authority.token({**claims, "iss": "https://elsewhere.example/realms/city"}),
            "audience": authority.token({**claims, "aud": ["account"]}),
            "expired": authority.token({**claims, "exp": now - late}),
            "not before": authority.token({**claims, "nbf": now + late}),
            "algorithm": unsigned({"alg": "none", "kid": authority.kid}, claims) + ".",
            "unknown key": signed(claims, another_key(), kid="another"),
            "signature": signed(claims, another_key(), kid=authority.kid),
            "malformed": "not a token",
            "claim": authority.token(no_subject),
        }
        codes = {why: await refusal(identity, token) for why, token in tokens.items()}
        assert len(set(codes.values())) == len(tokens), codes

    @pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
    async def test_an_unsigned_token_is_refused_however_it_is_spelt(
        self, identity: Identity, authority: Authority, claims: dict[str, Any], algorithm: str
    ) -> None:
        body = unsigned({"alg": algorithm, "typ": "JWT", "kid": authority.kid}, claims)
        genuine = authority.token(claims).rpartition(".")[2]
        for signature in ("", genuine, encoded(b"x")):
            await refusal(identity, f"{body}.{signature}")

    async def test_the_public_key_is_no_secret_to_sign_with(
        self, identity: Identity, authority: Authority, claims: dict[str, Any]
    ) -> None:
        pem = public_pem(authority.key)
        for secret in (pem, pem.strip(), b"", authority.kid.encode()):
            token = signed_with_secret(claims, secret, kid=authority.kid)
            unsigned_token = unsigned({"alg": "none", "kid": authority.kid}, claims) + "."
            assert await refusal(identity, token) == await refusal(identity, unsigned_token)

    async def test_a_key_that_the_token_brings_along_is_not_trusted(
        self, identity: Identity, authority: Authority, claims: dict[str, Any]
    ) -> None:
        forger = another_key()
        numbers = forger.public_key().public_numbers()
        jwk = {
            "kty": "RSA",
            "kid": authority.kid,
            "n": encoded(numbers.n.to_bytes(256)),
            "e": encoded(numbers.e.to_bytes(3)),
        }
        for header in ({"jwk": jwk}, {"jku": "https://elsewhere.example/keys"}):
            await refusal(identity, signed(claims, forger, kid=authority.kid, **header))
            await refusal(identity, signed(claims, forger, **header))

    async def test_another_algorithm_in_the_header_is_refused(
        self, identity: Identity, authority: Authority, claims: dict[str, Any]
    ) -> None:
        for algorithm in ("RS512", "ES512", "HS512", "", None, 7, ["RS256"], "RS256 "):
            await refusal(identity, authority.token(claims, alg=algorithm))

    async def test_what_the_header_calls_critical_is_not_passed_over(
        self, identity: Identity, authority: Authority, claims: dict[str, Any]
    ) -> None:
        token = authority.token(claims, crit=["exp"], exp=1)
        await refusal(identity, token)

    async def test_a_token_holds_until_it_expires_with_at_most_a_minute_of_leeway(
        self,
        identity: Identity,
        authority: Authority,
        claims: dict[str, Any],
        clock: FrozenClock,
    ) -> None:
        token = authority.token(claims)
        await identity.caller(token)
        clock.advance(seconds=299)
        await identity.caller(token)
        clock.advance(seconds=1 + LEEWAY_SECONDS_MAX)
        expired = await refusal(identity, token)
        clock.advance(days=3650)
        assert await refusal(identity, token) == expired

    async def test_a_token_does_not_hold_before_its_time(
        self,
        identity: Identity,
        authority: Authority,
        claims: dict[str, Any],
        clock: FrozenClock,
    ) -> None:
        now = int(clock.now().timestamp())
        token = authority.token({**claims, "nbf": now + 120, "exp": now + 600})
        await refusal(identity, token)
        clock.advance(seconds=120)
        await identity.caller(token)

    @pytest.mark.parametrize("missing", ["iss", "aud", "exp", "sub"])
    async def test_a_token_without_a_claim_that_it_needs_is_refused(
        self, identity: Identity, authority: Authority, claims: dict[str, Any], missing: str
    ) -> None:
        without = {name: value for name, value in claims.items() if name != missing}
        for token in (authority.token(without), authority.token({**claims, missing: None})):
            await refusal(identity, token)

    @pytest.mark.parametrize(
        ("claim", "value"),
        [
            ("exp", "tomorrow"),
            ("exp", True),
            ("exp", 1e400),
            ("exp", 10**30),
            ("nbf", "yesterday"),
            ("aud", 7),
            ("aud", {"city-hub": True}),
            ("aud", "city-hub-other"),
            ("iss", ["http://127.0.0.1:8000/realms/city"]),
            ("sub", ""),
            ("realm_access", "data_steward"),
            ("realm_access", {"roles": "data_steward"}),
            ("realm_access", {"roles": [7]}),
            ("organization", ["market-regulator"]),
            ("organization", {"market-regulator": {"participantId": "par_market"}}),
            ("organization", {"a": {"participantId": ["p"]}, "b": {"participantId": ["q"]}}),
            ("spaces", "city"),
        ],
    )
    async def test_a_claim_of_the_wrong_form_is_refused(
        self,
        identity: Identity,
        authority: Authority,
        claims: dict[str, Any],
        claim: str,
        value: Any,
    ) -> None:
        await refusal(identity, authority.token({**claims, claim: value}))

    async def test_an_audience_may_be_one_name(
        self, identity: Identity, authority: Authority, claims: dict[str, Any]
    ) -> None:
        token = authority.token({**claims, "aud": authority.audience})
        assert (await identity.caller(token)).signed_in

    async def test_an_id_token_is_not_an_access_token(
        self, identity: Identity, authority: Authority, claims: dict[str, Any]
    ) -> None:
        await refusal(identity, authority.token({**claims, "typ": "ID"}))

    async def test_roles_that_keep_an_eye_on_each_other_are_refused_in_one_person(
        self, identity: Identity, authority: Authority, claims: dict[str, Any]
    ) -> None:
        roles = {"roles": ["sysadmin", "auditor"]}
        with pytest.raises(RolesExclude):
            await identity.caller(authority.token({**claims, "realm_access": roles}))

    async def test_a_token_of_a_replaced_key_is_refused(
        self, identity: Identity, authority: Authority, claims: dict[str, Any]
    ) -> None:
        unknown = await refusal(identity, signed(claims, another_key(), kid="another"))
        seen, unseen = authority.token(claims), authority.token({**claims, "sub": "another"})
        await identity.caller(seen)
        await authority.replace_key()
        later = {**claims, "exp": claims["exp"] + 86_400}
        assert await refusal(identity, authority.token(later)) == unknown
        for token in (seen, unseen):
            await refusal(identity, token)

    @pytest.mark.parametrize(
        "token",
        [
            "", " ", ".", "..", "...", "a.b.c", "e30.e30.e30", "e30.e30.", "水.据.x",
            "\x00.\x00.\x00",
            "eyJhbGciOiJSUzI1NiJ9", "[]", "null.null.null", "W10.W10.W10", "bnVsbA.bnVsbA.bnVsbA",
            "A" * 100_000, ".".join(["e30"] * 9), "\ud800.a.b", "e30=.e30=.e30=",
        ],
    )  # fmt: skip
    async def test_what_is_no_token_is_refused(self, identity: Identity, token: str) -> None:
        await refusal(identity, token)

    async def test_deeply_nested_claims_are_refused_or_read_but_never_break(
        self, identity: Identity, authority: Authority
    ) -> None:
        header = encoded(b'{"alg":"RS256"}')
        nested = encoded(b'{"a":' * 50_000)
        await refusal(identity, f"{header}.{nested}.{encoded(b'x')}")
        await refusal(identity, f"{nested[:4000]}.{nested[:3000]}.{encoded(b'x')}")

    @SHARED
    @given(at=st.integers(0, 10_000), character=st.characters(max_codepoint=0x2FF))
    async def test_a_token_with_a_changed_character_is_refused(
        self, hardened: tuple[Identity, str], at: int, character: str
    ) -> None:
        identity, token = hardened
        at %= len(token) - 1  # the last character holds bits that no one reads
        if token[at] != character:
            await refusal(identity, token[:at] + character + token[at + 1 :])

    @SHARED
    @given(st.text(max_size=60))
    async def test_any_text_is_refused_by_a_code(
        self, hardened: tuple[Identity, str], token: str
    ) -> None:
        await refusal(hardened[0], token)

    @pytest.fixture
    def hardened(
        self, identity: Identity, authority: Authority, claims: dict[str, Any]
    ) -> tuple[Identity, str]:
        return identity, authority.token(claims)

    async def test_an_open_identity_is_ready(self, identity: Identity) -> None:
        await identity.ready()
