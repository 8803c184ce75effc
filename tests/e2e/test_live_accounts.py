"""A real Keycloak beside a catalogue: who the catalogue lets in signs in, and nobody else."""

import json
import secrets
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from dataspace.accounts.port import Denials
from dataspace.caller import Caller, Role
from dataspace.errors import AccountRefused
from dataspace.selection import Page, Selection, Where
from graph.sqlite_catalogue import SqliteCatalogue
from hub.node import Node
from hub.operations import evidence, members, nodes, participants, spaces
from hub.operations.accounts import denials, errands, occurrences
from hub.settings import Settings
from hub.wiring import check_realm
from identity.keycloak_identity import KeycloakIdentity
from identity.realm_keys import fetch_keys
from identity.refusals import (
    AdministrationRefused,
    CutOff,
    OrganisationAmbiguous,
    RealmDrifted,
    TokenExpired,
    TokenNotYetValid,
)
from identity.signatures import unverified_claims
from tests.clock import FrozenClock
from tests.live_realm import LiveRealm, make
from tests.unit.operations.city import ADMIN, BANK, REGISTRAR, a_node

pytestmark = [pytest.mark.live, pytest.mark.anyio, pytest.mark.timeout(300)]

SECADMIN = Caller("sec", "安全管理员", frozenset({Role.SECADMIN}), BANK)
PASSWORD, SIGNING = "Eigenes-Wort-2026", "city-signing"


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
async def hub(live_realm: LiveRealm, tmp_path: Path) -> AsyncIterator[Node]:
    """A hub whose small city's bank is admitted to the realm; it is taken out again."""
    catalogue = await SqliteCatalogue.open(tmp_path / "catalogue.sqlite")
    denied = Denials()
    identity = await KeycloakIdentity.open(
        live_realm.address, live_realm.name, WallClock(), denials=denied
    )
    async with live_realm.accounts() as accounts:
        city = await a_node(catalogue, FrozenClock(datetime.now(UTC)), admitted=False)
        hub = replace(city, identity=identity, accounts=accounts, denials=denied, clock=WallClock())
        await participants.admit(hub, REGISTRAR, BANK)
        yield hub
        if (await _standing(hub)) != "WITHDRAWN":
            await take_out(hub)
        assert (await errands.work_off(hub)).waiting == 0
    await catalogue.close()


async def take_out(hub: Node) -> None:
    """The bank leaves; its people are removed first."""
    there = Where("status", "ne", "REMOVED")
    people = (await hub.catalogue.select(Selection("member", ("id",), there, page=Page(100)))).rows
    for each in people:
        await members.amend(hub, SECADMIN, each["id"], {"status": "REMOVED"})
    await participants.withdraw(hub, REGISTRAR, BANK, reason="Ende")


async def _standing(hub: Node) -> str:
    found = Selection("participant", ("id", "standing"), page=Page(50))
    rows = (await hub.catalogue.select(found)).rows
    return next(str(each["standing"]) for each in rows if each["id"] == BANK)


async def a_member(hub: Node, realm: LiveRealm, *roles: str) -> tuple[str, str]:
    """Their id and user name; they have signed in once."""
    username = f"li.{secrets.token_hex(3)}"
    values = {
        "username": username,
        "name": "李文 Li Wen",
        "roles": list(roles),
        "participant": BANK,
    }
    made = await members.enter(hub, SECADMIN, values)
    await realm.let_in(username, PASSWORD)
    return made.id, username


async def test_setting_up_twice_changes_nothing_and_drift_is_found_and_put_right(
    live_realm: LiveRealm,
) -> None:
    assert await make(live_realm) == 0
    async with live_realm.service() as service, live_realm.administration(as_hub=True) as seen:
        await seen.ready()
        await service.put("", {"bruteForceProtected": False})
        (console,) = await service.get("/clients", clientId="cityspace-console")
        attributes = {**console["attributes"], "pkce.code.challenge.method": ""}
        await service.put(
            f"/clients/{console['id']}", {**console, "attributes": attributes, "publicClient": True}
        )
        with pytest.raises(RealmDrifted) as caught:
            await seen.ready()
        assert caught.value.facts["count"] == 2
        assert "bruteForceProtected" in caught.value.message("zh")
        with pytest.raises(RealmDrifted):
            await check_realm(_in_production(live_realm))
        with pytest.raises(AdministrationRefused):
            await seen.set_up(lambda _: None)
        told: list[object] = []
        async with live_realm.administration() as administration:
            assert await administration.set_up(told.append) == 2
        await seen.ready()
        await check_realm(_in_production(live_realm))
        assert live_realm.secret not in str([str(each) for each in told])


def _in_production(realm: LiveRealm) -> Settings:
    """As a production would have it, but that this realm is not https."""
    given = {
        "CITYSPACE_IDENTITY": f"keycloak+{realm.issuer}",
        "CITYSPACE_IDENTITY_SECRET": realm.secret,
        "CITYSPACE_BASE_URL": realm.base,
    }
    return replace(Settings.read(given), environment="production")


async def test_a_person_signs_in_for_their_participant_with_their_roles(
    hub: Node, live_realm: LiveRealm
) -> None:
    space = await spaces.enter(
        hub, ADMIN, {"code": "finance", "name": "金融", "kind": "SUBSPACE", "tier": "SUBSPACE"}
    )
    await participants.join(hub, ADMIN, BANK, space.id)
    id_, username = await a_member(hub, live_realm, "data_steward", "developer")
    answer = live_realm.sign_in(username, PASSWORD)
    assert answer.status_code == 200, answer.text
    caller = await hub.identity.caller(answer.json()["access_token"])
    assert caller.participant == BANK
    assert caller.roles == {Role.DATA_STEWARD, Role.DEVELOPER}
    assert caller.spaces == (space.id,)
    assert "李文" in caller.name
    rows = (await hub.catalogue.select(Selection("member", ("id", "subject")))).rows
    assert [each["subject"] for each in rows if each["id"] == id_] == [caller.subject]
    await members.amend(hub, SECADMIN, id_, {"roles": ["developer"]})
    again = await hub.identity.caller(live_realm.sign_in(username, PASSWORD).json()["access_token"])
    assert again.roles == {Role.DEVELOPER}


async def test_a_first_password_must_be_replaced(hub: Node, live_realm: LiveRealm) -> None:
    _, username = await a_member(hub, live_realm)
    assert hub.accounts is not None
    await hub.accounts.set_password(username, "Einmal-nur-2026")
    answer = live_realm.sign_in(username, "Einmal-nur-2026")
    assert answer.status_code == 400
    assert "not fully set up" in answer.text
    with pytest.raises(AccountRefused):
        await hub.accounts.set_password("nobody.at.all", "x")


async def test_a_disabled_person_is_out_at_once(hub: Node, live_realm: LiveRealm) -> None:
    id_, username = await a_member(hub, live_realm)
    signed_in = live_realm.sign_in(username, PASSWORD).json()
    await hub.identity.caller(signed_in["access_token"])
    await members.amend(hub, SECADMIN, id_, {"status": "DISABLED"})
    await denials.renew(hub)  # what every hub does each five seconds
    with pytest.raises(CutOff):
        await hub.identity.caller(signed_in["access_token"])
    refreshed = live_realm.tokens(
        grant_type="refresh_token", client_id="tests", refresh_token=signed_in["refresh_token"]
    )
    assert refreshed.status_code == 400
    assert live_realm.sign_in(username, PASSWORD).status_code in (400, 401)
    await members.amend(hub, SECADMIN, id_, {"status": "ACTIVE"})
    await denials.renew(hub)
    assert live_realm.sign_in(username, PASSWORD).status_code == 200


async def test_a_suspended_participant_is_out_with_all_its_people(
    hub: Node, live_realm: LiveRealm
) -> None:
    _, username = await a_member(hub, live_realm)
    before = live_realm.sign_in(username, PASSWORD).json()["access_token"]
    await participants.suspend(hub, REGISTRAR, BANK, reason="违规")
    await denials.renew(hub)
    with pytest.raises(CutOff):
        await hub.identity.caller(before)
    after = live_realm.sign_in(username, PASSWORD)
    if after.status_code == 200:
        with pytest.raises(OrganisationAmbiguous):
            await hub.identity.caller(after.json()["access_token"])
    await participants.admit(hub, REGISTRAR, BANK)
    await denials.renew(hub)
    signed_in = live_realm.sign_in(username, PASSWORD).json()
    assert (await hub.identity.caller(signed_in["access_token"])).participant == BANK


async def test_a_node_signs_in_with_its_key_until_it_is_cut_off(
    hub: Node, live_realm: LiveRealm
) -> None:
    key, other = (OKPKey.generate_key("Ed25519", {"alg": "EdDSA"}, auto_kid=True) for _ in range(2))

    def keys(of: OKPKey) -> str:
        return json.dumps({"keys": [of.as_dict(private=False)]})

    values = {"name": "银行节点", "kind": "BUSINESS", "operator": BANK, "public_keys": keys(key)}
    id_ = (await nodes.enter(hub, ADMIN, values)).id
    answer = live_realm.sign_in_node(id_, key)
    assert answer.status_code == 200, answer.text
    token = answer.json()["access_token"]
    caller = await hub.identity.caller(token)
    assert (caller.client, caller.participant) == (id_, BANK)
    assert live_realm.sign_in_node(id_, other).status_code in (400, 401)
    await nodes.amend(hub, ADMIN, id_, {"public_keys": keys(other)})
    assert live_realm.sign_in_node(id_, other).status_code == 200
    await nodes.amend(hub, ADMIN, id_, {"status": "ISOLATED"})
    await denials.renew(hub)
    assert live_realm.sign_in_node(id_, other).status_code == 401
    with pytest.raises(CutOff):
        await hub.identity.caller(token)
    await nodes.amend(hub, ADMIN, id_, {"status": "RETIRED"})
    assert live_realm.sign_in_node(id_, other).status_code == 401


async def test_an_account_of_somebody_else_is_left_alone(hub: Node, live_realm: LiveRealm) -> None:
    username = f"other.{secrets.token_hex(3)}"
    async with live_realm.service() as service:
        await service.post("/users", {"username": username, "enabled": True, "firstName": "Other"})
        values = {"username": username, "name": "李", "roles": [], "participant": BANK}
        made = await members.enter(hub, SECADMIN, values)
        (user,) = await service.get("/users", username=username, exact="true")
        assert user["firstName"] == "Other"
    errand = Selection("errand", ("state", "last_error"), page=Page(50))
    told = [each for each in (await hub.catalogue.select(errand)).rows if each["last_error"]]
    assert [(each["state"], each["last_error"]) for each in told] == [
        ("FAILED", "accounts.refused")
    ]
    assert made.values["username"] == username


async def test_a_new_key_of_the_realm_counts_with_its_first_token(
    hub: Node, live_realm: LiveRealm
) -> None:
    _, username = await a_member(hub, live_realm)
    before = live_realm.sign_in(username, PASSWORD).json()["access_token"]
    hub = replace(
        hub,
        identity=await KeycloakIdentity.open(
            live_realm.address, live_realm.name, _Later(seconds=0)
        ),
    )
    async with live_realm.service() as service:
        config = {"priority": ["900"], "keySize": ["2048"], "algorithm": ["RS256"]}
        made = await service.post(
            "/components",
            {
                "name": "rotated", "providerId": "rsa-generated", "config": config,
                "providerType": "org.keycloak.keys.KeyProvider",
            },
        )  # fmt: skip
        try:
            after = live_realm.sign_in(username, PASSWORD).json()["access_token"]
            assert _kid(after) != _kid(before)
            clock = _Later(seconds=11)  # a realm is asked again after ten seconds at the soonest
            hub.identity._clock = clock  # type: ignore[attr-defined]
            assert (await hub.identity.caller(after)).signed_in
            assert (await hub.identity.caller(before)).signed_in
        finally:
            await service.delete(f"/components/{made}")


async def test_the_signing_key_is_changed_by_setting_the_old_one_aside(
    live_realm: LiveRealm,
) -> None:
    """As `docs/how-to/use-keycloak.md` says."""
    keys = {"type": "org.keycloak.keys.KeyProvider"}
    before = await fetch_keys(live_realm.issuer)
    async with live_realm.service() as service, live_realm.administration() as administration:
        (ours,) = [e for e in await service.get("/components", **keys) if e["name"] == SIGNING]
        config = {**ours["config"], "active": ["false"]}
        place = f"/components/{ours['id']}"
        await service.put(place, {**ours, "name": "set aside", "config": config})
        assert await administration.set_up(lambda _: None) == 1
        after = await fetch_keys(live_realm.issuer)
        assert len(after.keys() - before.keys()) == 1
        assert before.keys() < after.keys(), "what the old one signed still holds"
        await service.delete(place)
        assert before.keys() - (await fetch_keys(live_realm.issuer)).keys()
        assert await administration.drift() == []


@pytest.mark.parametrize(("seconds", "refusal"), [(-90, TokenNotYetValid), (340, TokenExpired)])
async def test_clocks_may_differ_by_half_a_minute_and_no_more(
    hub: Node, live_realm: LiveRealm, seconds: int, refusal: type[Exception]
) -> None:
    _, username = await a_member(hub, live_realm)
    token = live_realm.sign_in(username, PASSWORD).json()["access_token"]
    for skew in (-20, 0, 20):
        identity = await KeycloakIdentity.open(
            live_realm.address, live_realm.name, _Later(seconds=skew)
        )
        assert (await identity.caller(token)).signed_in
    identity = await KeycloakIdentity.open(
        live_realm.address, live_realm.name, _Later(seconds=seconds)
    )
    with pytest.raises(refusal):
        await identity.caller(token)


async def test_sign_ins_and_administration_are_in_the_evidence_without_a_secret(
    hub: Node, live_realm: LiveRealm
) -> None:
    _, username = await a_member(hub, live_realm)
    assert live_realm.sign_in(username, "Falsches-Wort-2026").status_code in (400, 401)
    assert live_realm.sign_in(username, PASSWORD).status_code == 200
    taken = await occurrences.take_in(hub)
    assert taken > 5
    assert await occurrences.take_in(hub) == 0
    log = [each for each in await hub.catalogue.changes_since(0, 5000) if each.kind == "occurrence"]
    assert len(log) == taken
    told = [dict(each.values or {}) for each in log]
    mine = [each for each in told if each.get("target") == username]
    assert [each["action"] for each in mine][-2:] == ["LOGIN_ERROR", "LOGIN"]
    assert mine[-2]["error"] == "invalid_user_credentials"
    assert any(each["action"] == "CREATE USER" for each in told)
    assert not any(each.get("client") == "city-hub" for each in told if each["source"] == "LOGIN")
    written = json.dumps(told)
    for secret in (PASSWORD, "Falsches-Wort-2026", live_realm.secret):
        assert secret not in written
    assert (await evidence.verify(hub.catalogue)).holds


class _Later(WallClock):
    """The machine's clock, set wrong by so much."""

    def __init__(self, **by: float) -> None:
        self._by = timedelta(**by)

    def now(self) -> datetime:
        return super().now() + self._by


def _kid(token: str) -> Any:
    assert unverified_claims(token)
    return json.loads(urlsafe_b64decode(token.partition(".")[0] + "=="))["kid"]
