"""The chain of a node's life on Keycloak, Neo4j and S3: the city's own, and each node's own."""

import asyncio
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.dev import keeper
from hub.dev.process import Running
from tests.e2e.browsing import ready
from tests.e2e.chain.city import City
from tests.e2e.chain.member import AT_WORK, aside
from tests.e2e.chain.story import Story
from tests.e2e.chain.telling import tell, verify
from tests.e2e.running_hub import cityspace, free_port, running_hub
from tests.importing import a_file, a_portal_row
from tests.live import lay_out
from tests.live_realm import LiveRealm, drop, make

pytestmark = [
    pytest.mark.live, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1500),
]  # fmt: skip

OWN = "Eigenes-Wort-2026"


@pytest.fixture
def servers(laid_out: Path, tmp_path: Path) -> Iterator[Mapping[str, Running]]:
    """A Neo4j and an S3 each for the city and its two sub-spaces."""
    names = [each for each in keeper.names_for(*keeper.SPACES) if each != "keycloak"]
    for name in names:
        if name.startswith("neo4j"):
            lay_out(tmp_path / name, laid_out)
    with keeper.kept_up(tmp_path, *names) as running:
        yield running


@pytest.fixture
def realm(keycloak_server: Running) -> Iterator[LiveRealm]:
    """A realm of this city's own, whose console is at a port that is free."""
    name, base = f"city-{secrets.token_hex(3)}", f"http://127.0.0.1:{free_port()}"
    realm = LiveRealm(keycloak_server, name, secrets.token_urlsafe(24), base)
    yield realm
    aside(lambda: drop(realm))


def test_a_node_joins_is_found_comes_and_goes_is_cut_off_and_leaves_on_real_servers(
    browser: Browser, servers: Mapping[str, Running], realm: LiveRealm, tmp_path: Path
) -> None:
    up = {name: each.facts for name, each in servers.items()}
    environ = {
        **AT_WORK, **keeper.environment({**up, "keycloak": realm.server.facts}),
        "CITYSPACE_IDENTITY": f"keycloak+{realm.issuer}",
        "CITYSPACE_IDENTITY_SECRET": realm.secret,
    }  # fmt: skip
    data, port = tmp_path / "city", realm.base.rpartition(":")[2]
    words = ("--departments", "2", "--resources", "2", "--data", str(data))
    made = cityspace("seed", *words, environ=environ, seconds=600)
    assert made.returncode == 0, made.stderr
    # Beside one data set of its own a demonstration makes no others up.
    own = str(a_file(tmp_path / "springfield.jsonl", a_portal_row()))
    flags = ("--demo", "--catalogue", own, "--port", port)
    with running_hub(data, *flags, environ=environ, seconds=400) as hub:
        aside(lambda: _people(realm))

        def token(person: str) -> str:
            return str(realm.sign_in(person, OWN).json()["access_token"])

        def sign_in(page: Page, person: str) -> None:
            home = page.url.partition("?")[0]
            _at_keycloak(page, realm, person, first=hub.password_of(person))
            page.wait_for_url(re.compile(re.escape(home)))
            expect(page.locator(".account")).to_be_visible()
            ready(page)

        def settings(profile: str) -> Mapping[str, str]:
            return keeper.environment(up, profile)

        city = City(hub, token, sign_in, settings)
        tell(city, Story(city, browser), tmp_path)
        verify(city, environ)


async def _people(realm: LiveRealm) -> None:
    """Those who work by programs have chosen their passwords; the second administrator has not."""
    await make(realm)
    await asyncio.gather(*(realm.let_in(person, OWN) for person in ("admin", "operator")))


def _at_keycloak(page: Page, realm: LiveRealm, person: str, *, first: str) -> None:
    """By the first password, and one of their own that is chosen on the way; by that one later."""
    chosen = realm.sign_in(person, OWN).status_code == 200
    page.locator(".bar .button.primary").click()
    page.wait_for_url(re.compile(re.escape(realm.issuer)))
    page.locator("#username").fill(person)
    if not page.locator("#password").count():
        page.locator("#kc-login").click()
    page.locator("#password").fill(OWN if chosen else first)
    page.locator("#kc-login").click()
    if chosen:
        return
    page.locator("#password-new").fill(OWN)
    page.locator("#password-confirm").fill(OWN)
    page.locator("input[type=submit], button[type=submit]").first.click()
