"""Nobody from elsewhere comes in, and no request is larger than it need be."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from identity.embedded_identity import EmbeddedIdentity, check_allowed
from identity.refusals import EmbeddedInProduction, EmbeddedNotLoopback
from tests.sign_in import BASE, CONSOLE, PROTOCOL, REALM

DISCOVERY = f"{REALM}/.well-known/openid-configuration"


def from_address(identity: EmbeddedIdentity, peer: str) -> TestClient:
    return TestClient(Starlette(routes=identity.routes), base_url=BASE, client=(peer, 1))


@pytest.mark.parametrize("peer", ["10.0.0.7", "192.168.1.2", "8.8.8.8", "::2", "", "testclient"])
def test_another_machine_is_turned_away(identity: EmbeddedIdentity, peer: str) -> None:
    for path in (DISCOVERY, f"{PROTOCOL}/auth", f"{PROTOCOL}/certs"):
        answer = from_address(identity, peer).get(path)
        assert answer.status_code == 403
        assert "location" not in answer.headers


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.1", "::1"])
def test_this_machine_is_let_in(identity: EmbeddedIdentity, peer: str) -> None:
    assert from_address(identity, peer).get(DISCOVERY).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:8000", "10.0.0.7", "[::2]:1"]
)
def test_a_name_of_another_machine_is_turned_away(http: TestClient, host: str) -> None:
    """A page elsewhere may point its own name to 127.0.0.1 (DNS rebinding)."""
    answer = http.get(DISCOVERY, headers={"Host": host})
    assert answer.status_code == 403
    assert answer.json()["code"] == "identity.embedded_not_loopback"


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:1", "[::1]:8000"])
def test_a_name_of_this_machine_is_let_in(http: TestClient, host: str) -> None:
    assert http.get(DISCOVERY, headers={"Host": host}).status_code == 200


def test_a_proxy_lets_nobody_else_in(http: TestClient) -> None:
    assert http.get(DISCOVERY, headers={"X-Forwarded-For": "8.8.8.8"}).status_code == 403


def test_a_body_over_the_limit_is_refused(http: TestClient) -> None:
    answer = http.post(f"{PROTOCOL}/token", data={"client_id": "x" * 70_000})
    assert answer.status_code == 413


def test_a_body_of_another_form_is_refused(http: TestClient) -> None:
    assert http.post(f"{PROTOCOL}/token", json={"client_id": "x"}).status_code == 415


@pytest.mark.parametrize(
    "body", ["client_id=a&client_id=b", "&".join(f"a{n}=1" for n in range(99))]
)
def test_parameters_stand_once_and_are_few(http: TestClient, body: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = http.post(f"{PROTOCOL}/token", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_doubled_parameter_of_a_page_is_shown_as_a_page(http: TestClient) -> None:
    answer = http.get(f"{PROTOCOL}/auth?client_id={CONSOLE}&client_id=x")
    assert answer.status_code == 400
    assert "<h1>" in answer.text


def test_odd_bytes_are_refused_and_break_nothing(http: TestClient) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic !"}
    for body in (b"\xff\xfe", b"%ff%00=%", b"client_id=%f0%9f%98%80&grant_type=password"):
        assert http.post(f"{PROTOCOL}/token", content=body, headers=headers).status_code == 401


@pytest.mark.parametrize(
    "issuer", ["http://127.0.0.1:8000/realms/city", "http://localhost:1/", "http://[::1]/"]
)
def test_it_may_run_on_this_machine(issuer: str) -> None:
    check_allowed(issuer, "development")


@pytest.mark.parametrize(
    "issuer", ["https://city.example/realms/city", "http://0.0.0.0:8000/", "http://10.1.1.1/", ""]
)
def test_it_runs_under_no_other_address(issuer: str) -> None:
    with pytest.raises(EmbeddedNotLoopback):
        check_allowed(issuer, "development")


def test_it_never_runs_in_production() -> None:
    with pytest.raises(EmbeddedInProduction):
        check_allowed("http://127.0.0.1:8000/realms/city", "production")


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:41000", "http://localhost", "https://[::1]:8443"]
)
def test_the_console_of_another_node_of_this_machine_reads_what_it_signs_in_by(
    http: TestClient, origin: str
) -> None:
    headers = {"Origin": origin}
    answers = [
        http.get(DISCOVERY, headers=headers), http.get(f"{PROTOCOL}/certs", headers=headers),
        http.post(f"{PROTOCOL}/token", data={"client_id": CONSOLE}, headers=headers),
    ]  # fmt: skip
    assert [each.headers["access-control-allow-origin"] for each in answers] == [origin] * 3
    assert all("access-control-allow-credentials" not in each.headers for each in answers)
    page = http.get(f"{PROTOCOL}/auth?client_id={CONSOLE}", headers=headers)
    assert "access-control-allow-origin" not in page.headers


@pytest.mark.parametrize(
    "origin",
    ["", "null", "https://evil.example", "http://127.0.0.1.evil.example", "http://[", "file://",
     "http://127.0.0.1@evil.example", "http://evil.example:127.0.0.1",
     "http://evil.example#127.0.0.1", "http://127.0.0.1:9/path"],
)  # fmt: skip
def test_no_page_from_elsewhere_reads_anything(http: TestClient, origin: str) -> None:
    answer = http.get(DISCOVERY, headers={"Origin": origin})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["vary"] == "origin"
