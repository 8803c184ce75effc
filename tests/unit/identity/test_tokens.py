"""A token holds or is refused with a code of its own; its claims become a caller."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from dataspace.caller import Caller, Role, RolesExclude
from dataspace.errors import DataSpaceError, NotSignedIn
from identity import tokens
from identity.signatures import Key, generate_key, public_jwks, read_key, read_keys, sign
from identity.tokens import TokenVerifier, caller_of

ISSUER = "https://id.city.example/realms/city"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
KEY = read_key(generate_key())
OTHER_KEY = read_key(generate_key())


def claims(**more: Any) -> dict[str, Any]:
    """The claims of a Keycloak access token; a claim that is None is left out."""
    usual = {
        "iss": ISSUER,
        "aud": ["city-hub", "account"],
        "sub": "0a7c",
        "typ": "Bearer",
        "azp": "cityspace-console",
        "iat": SECONDS,
        "exp": SECONDS + 300,
        "preferred_username": "registrar",
        "name": "Zhang Min",
        "realm_access": {"roles": ["registrar", "offline_access", "default-roles-city"]},
        "organization": {"data-bureau": {"id": "1f", "participantId": ["par_bureau"]}},
        "spaces": ["spc_city"],
    }
    return {name: value for name, value in {**usual, **more}.items() if value is not None}


@pytest.fixture
def verifier() -> TokenVerifier:
    verifier = TokenVerifier(ISSUER)
    verifier.trust({str(KEY.kid): KEY})
    return verifier


def refusal(verifier: TokenVerifier, token: str, now: datetime = NOW) -> str:
    with pytest.raises(NotSignedIn) as refused:
        verifier.caller(token, now)
    assert refused.value.status == 401
    return refused.value.code


def test_a_good_token_says_who_calls(verifier: TokenVerifier) -> None:
    assert verifier.caller(sign(claims(), KEY), NOW) == Caller(
        subject="0a7c",
        name="Zhang Min",
        roles=frozenset({Role.REGISTRAR}),
        participant="par_bureau",
        spaces=("spc_city",),
        client="cityspace-console",
    )


def test_one_audience_may_stand_as_a_plain_string(verifier: TokenVerifier) -> None:
    assert verifier.caller(sign(claims(aud="city-hub"), KEY), NOW).signed_in


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"iss": "https://id.city.example/realms/other"}, "identity.token_issuer"),
        ({"iss": ISSUER + "/"}, "identity.token_issuer"),
        ({"aud": ["account"]}, "identity.token_audience"),
        ({"aud": "city-hub-2"}, "identity.token_audience"),
        ({"aud": {"city-hub": 1}}, "identity.token_malformed"),
        ({"typ": "ID"}, "identity.token_type"),
        ({"typ": "Refresh"}, "identity.token_type"),
        ({"iss": None}, "identity.token_claim_missing"),
        ({"sub": None}, "identity.token_claim_missing"),
        ({"aud": None}, "identity.token_claim_missing"),
        ({"exp": None}, "identity.token_claim_missing"),
        ({"iat": None}, "identity.token_claim_missing"),
        ({"typ": None}, "identity.token_claim_missing"),
        ({"exp": "soon"}, "identity.token_malformed"),
        ({"exp": True}, "identity.token_malformed"),
        ({"exp": 10**30}, "identity.token_malformed"),
        ({"nbf": "soon"}, "identity.token_malformed"),
        ({"realm_access": ["registrar"]}, "identity.token_malformed"),
        ({"realm_access": {"roles": "registrar"}}, "identity.token_malformed"),
        ({"spaces": "spc_city"}, "identity.token_malformed"),
        ({"organization": None}, "identity.organisation_ambiguous"),
        ({"organization": {}}, "identity.organisation_ambiguous"),
        ({"organization": {"a": {}, "b": {}}}, "identity.organisation_ambiguous"),
        ({"organization": {"a": {"participantId": ["x", "y"]}}}, "identity.organisation_ambiguous"),
        ({"organization": {"a": {"id": "1f"}}}, "identity.token_claim_missing"),
        ({"organization": ["data-bureau"]}, "identity.token_malformed"),
    ],
)
def test_a_claim_that_does_not_hold_is_refused_by_name(
    verifier: TokenVerifier, changed: dict[str, Any], code: str
) -> None:
    assert refusal(verifier, sign(claims(**changed), KEY)) == code


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (SECONDS + 300 + 29, ""),
        (SECONDS + 300 + 30, "identity.token_expired"),
        (SECONDS - 30, ""),
        (SECONDS - 31, "identity.token_not_yet_valid"),
    ],
)
def test_time_is_judged_by_the_clock_with_thirty_seconds_of_leeway(
    verifier: TokenVerifier, at: int, code: str
) -> None:
    token, now = sign(claims(), KEY), datetime.fromtimestamp(at, UTC)
    if code:
        assert refusal(verifier, token, now) == code
    else:
        assert verifier.caller(token, now).signed_in


def test_a_token_that_holds_from_later_on_is_refused(verifier: TokenVerifier) -> None:
    token = sign(claims(nbf=SECONDS + 90), KEY)
    assert refusal(verifier, token) == "identity.token_not_yet_valid"


def test_an_unsigned_token_is_refused(verifier: TokenVerifier) -> None:
    """Its other disguises are in `tests/contract/identity.py`."""
    _, payload, _ = sign(claims(), KEY).split(".")
    header = urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert refusal(verifier, f"{header}.{payload}.") == "identity.token_algorithm"


def test_an_algorithm_that_is_not_the_keys_is_refused(verifier: TokenVerifier) -> None:
    header = {"alg": "ES256", "kid": str(KEY.kid)}
    token = jws.serialize_compact(header, b"{}", ECKey.generate_key("P-256"), ["ES256"])
    assert refusal(verifier, token) == "identity.token_algorithm"


def test_a_key_that_is_not_the_issuers_is_refused(verifier: TokenVerifier) -> None:
    assert refusal(verifier, sign(claims(), OTHER_KEY)) == "identity.token_key_unknown"


def test_a_key_that_took_anothers_name_is_refused(verifier: TokenVerifier) -> None:
    usurper = read_key({**OTHER_KEY.as_dict(private=True), "kid": str(KEY.kid)})
    assert refusal(verifier, sign(claims(), usurper)) == "identity.token_signature"


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_token_that_was_altered_anywhere_is_refused(verifier: TokenVerifier, part: int) -> None:
    parts = sign(claims(), KEY).split(".")
    parts[part] = parts[part][:20] + ("A" if parts[part][20] != "A" else "B") + parts[part][21:]
    assert refusal(verifier, ".".join(parts)) in (
        "identity.token_malformed",
        "identity.token_signature",
        "identity.token_key_unknown",
        "identity.token_algorithm",
    )


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b", "a.b.c.d", "Bearer x", "é.é.é", "\ud800.a.b", "W10.W10.W10", "x" * 9000],
)
def test_what_is_no_token_is_malformed(verifier: TokenVerifier, token: str) -> None:
    assert refusal(verifier, token) == "identity.token_malformed"


@given(st.text(max_size=200) | st.from_regex(r"[\w-]{0,60}\.[\w-]{0,60}\.[\w-]{0,60}"))
def test_nothing_that_is_sent_raises_anything_else(token: str) -> None:
    verifier = TokenVerifier(ISSUER)
    verifier.trust({str(KEY.kid): KEY})
    with pytest.raises(NotSignedIn):
        verifier.caller(token, NOW)


@given(
    st.dictionaries(
        st.sampled_from(sorted(claims())),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
        | st.lists(st.text(max_size=5), max_size=2)
        | st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=3), max_size=2)),
    )
)  # fmt: skip
def test_claims_of_any_form_make_a_caller_or_a_coded_refusal(odd: dict[str, Any]) -> None:
    verifier = TokenVerifier(ISSUER)
    verifier.trust({str(KEY.kid): KEY})
    try:
        assert verifier.caller(sign({**claims(), **odd}, KEY), NOW).subject
    except DataSpaceError as error:
        assert error.code.startswith("identity.")


@pytest.mark.parametrize(
    ("make", "algorithm"),
    [
        (lambda: ECKey.generate_key("P-256"), "ES256"),
        (lambda: ECKey.generate_key("P-384"), "ES384"),
        (lambda: OKPKey.generate_key("Ed25519"), "EdDSA"),
        (lambda: RSAKey.generate_key(2048), "PS256"),
    ],
)
def test_every_algorithm_on_the_list_works(make: Callable[[], Key], algorithm: str) -> None:
    key = read_key({**make().as_dict(private=True), "alg": algorithm, "use": "sig", "kid": "k"})
    verifier = TokenVerifier(ISSUER)
    verifier.trust(read_keys(public_jwks([key])))
    assert verifier.caller(sign(claims(), key), NOW).participant == "par_bureau"


def test_keys_for_encryption_are_left_out_of_a_realms_key_set() -> None:
    public = public_jwks([KEY, OTHER_KEY])["keys"]
    public[1]["use"] = "enc"
    assert list(read_keys({"keys": public})) == [KEY.kid]


def test_no_private_part_is_ever_shown() -> None:
    assert {"d", "p", "q", "dp", "dq", "qi"}.isdisjoint(public_jwks([KEY])["keys"][0])


def test_a_token_that_is_remembered_still_expires(verifier: TokenVerifier) -> None:
    token = sign(claims(), KEY)
    verifier.caller(token, NOW)
    assert refusal(verifier, token, NOW + timedelta(seconds=331)) == "identity.token_expired"


def test_a_remembered_token_falls_with_its_key(verifier: TokenVerifier) -> None:
    token = sign(claims(), KEY)
    verifier.caller(token, NOW)
    verifier.trust({str(OTHER_KEY.kid): OTHER_KEY})
    assert refusal(verifier, token) == "identity.token_key_unknown"


def test_the_second_look_at_a_token_checks_no_signature(
    verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = sign(claims(), KEY)
    first = verifier.caller(token, NOW)
    monkeypatch.setattr(tokens, "read_signed", None)
    assert verifier.caller(token, NOW) is first


def test_only_so_many_tokens_are_remembered(
    verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "CALLERS_REMEMBERED_MAX", 2)
    made = [sign(claims(jti=str(n)), KEY) for n in range(3)]
    callers = [verifier.caller(token, NOW) for token in made]
    assert verifier.caller(made[2], NOW) is callers[2]
    assert verifier.caller(made[0], NOW) is not callers[0]


def test_roles_that_watch_each_other_are_not_held_by_one_person() -> None:
    both = claims(realm_access={"roles": ["agency_reviewer1", "agency_reviewer2"]})
    with pytest.raises(RolesExclude) as refused:
        caller_of(both)
    assert refused.value.facts["subject"] == "registrar"


def test_who_holds_no_role_is_still_somebody() -> None:
    assert caller_of(claims(realm_access=None)).roles == frozenset()


def test_no_refusal_repeats_the_token(verifier: TokenVerifier) -> None:
    token = sign(claims(iss="https://elsewhere.example"), KEY)
    with pytest.raises(NotSignedIn) as refused:
        verifier.caller(token, NOW)
    assert token.split(".")[2] not in repr(refused.value) + str(refused.value)


def test_no_token_makes_anybody_the_scheduler() -> None:
    assert caller_of(claims(realm_access={"roles": ["scheduler"]})).roles == frozenset()


def test_two_accounts_of_one_person_name_the_same_handler() -> None:
    assert caller_of(claims(handler="person-1")).handler == "person-1"
    assert caller_of(claims(handler=None)).handler == ""
