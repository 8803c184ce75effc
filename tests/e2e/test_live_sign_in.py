"""A person signs in to the console through the real Keycloak's own page, in Chinese."""

import asyncio
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from hub.dev.process import Running
from tests.e2e.browsing import CHROMIUM, FLAGS
from tests.e2e.running_hub import RunningHub, cityspace, free_port, running_hub
from tests.live_realm import LiveRealm, drop

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.timeout(300)]

OWN = "Eigenes-Wort-2026"


@dataclass(frozen=True)
class City:
    hub: RunningHub
    realm: LiveRealm
    environ: dict[str, str]


@pytest.fixture(scope="module")
def city(keycloak_server: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A hub whose realm was set up by the command, as an operator does it."""
    port, folder = free_port(), tmp_path_factory.mktemp("city")
    base, name = f"http://127.0.0.1:{port}", f"city-{secrets.token_hex(3)}"
    realm = LiveRealm(keycloak_server, name, secrets.token_urlsafe(24), base)
    environ = {
        "CITYSPACE_IDENTITY": f"keycloak+{realm.issuer}",
        "CITYSPACE_IDENTITY_SECRET": realm.secret,
        "CITYSPACE_IDENTITY_ADMIN_PASSWORD": realm.administrator[1],
        "CITYSPACE_BASE_URL": base,
    }
    data = ("--data", str(folder / "data"))
    shown = cityspace("identity", "setup", "--dry-run", "--json", *data, environ=environ)
    assert shown.returncode == 1, shown.stderr
    made = cityspace("identity", "setup", "--json", *data, environ=environ)
    assert made.returncode == 0, made.stderr
    assert len(json.loads(shown.stdout)["changes"]) >= 50
    assert realm.secret not in shown.stdout + made.stdout
    with running_hub(folder / "data", "--port", str(port), environ=environ) as hub:
        yield City(hub, realm, environ)
    asyncio.run(drop(realm))


@pytest.fixture(scope="module")
def person(city: City) -> str:
    """Their user name; before the browser starts, which has an event loop of its own."""
    return asyncio.run(_a_person(city))


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
        yield context.new_page()
        browser.close()


def test_check_finds_nothing_wrong_with_a_realm_that_was_set_up(city: City) -> None:
    told = cityspace("check", "--json", "--data", str(city.hub.data), environ=city.environ)
    parts = json.loads(told.stdout)["parts"]
    assert [each["adapter"] for each in parts if each["ready"]].count("Keycloak") == 2, parts


def test_a_person_chooses_a_password_and_is_known_to_the_console(
    city: City, person: str, page: Page, tmp_path: Path
) -> None:
    first = cityspace(
        "identity", "password",
        person, "--json", "--data", str(city.hub.data),
        environ=city.environ,
    )  # fmt: skip
    assert first.returncode == 0, first.stderr
    errors: list[str] = []
    page.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else None
    )
    page.goto(f"{city.hub.address}/graphql")
    page.locator(".bar .button.primary").click()
    page.wait_for_url(re.compile(re.escape(city.realm.issuer)))
    expect(page.locator("html")).to_have_attribute("lang", re.compile("zh"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("登录城市可信数据空间")
    page.screenshot(path=tmp_path / "user-name.png", full_page=True)
    page.locator("#username").fill(person)
    if not page.locator("#password").count():
        page.locator("#kc-login").click()
    page.locator("#password").fill(json.loads(first.stdout)["password"])
    page.screenshot(path=tmp_path / "password.png", full_page=True)
    page.locator("#kc-login").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("请设置您自己的密码")
    page.screenshot(path=tmp_path / "own-password.png", full_page=True)
    page.locator("#password-new").fill(OWN)
    page.locator("#password-confirm").fill(OWN)
    page.locator("input[type=submit], button[type=submit]").first.click()
    page.wait_for_url(re.compile(re.escape(city.hub.address)))
    expect(page.locator(".account")).to_be_visible()
    expect(page.locator(".account")).to_contain_text("李文")
    page.screenshot(path=tmp_path / "console.png", full_page=True)
    assert not [each for each in errors if "Content Security Policy" in each], errors
    assert _sign_ins(city) >= 1


async def _a_person(city: City) -> str:
    """A member of a participant, made in the hub's own catalogue while the hub runs."""
    from dataspace.accounts.port import Denials
    from dataspace.caller import Caller, Role
    from graph.sqlite_catalogue import SqliteCatalogue
    from hub.node import Node
    from hub.operations import members, participants
    from tests.e2e.test_live_accounts import WallClock

    catalogue = await SqliteCatalogue.open(city.hub.data / "catalogue.sqlite")
    async with city.realm.accounts() as accounts:
        node = Node(
            catalogue,
            None,
            None,
            WallClock(),
            accounts=accounts,
            denials=Denials(),  # type: ignore[arg-type]
        )
        admin = Caller("admin", roles=frozenset({Role.PLATFORM_ADMIN}))
        security = Caller("security", roles=frozenset({Role.SECADMIN}))
        made = await participants.enter(node, admin, {"name": "市市场监管局", "kind": "DEPARTMENT"})
        await participants.admit(node, admin, made.id)
        username = f"li.{secrets.token_hex(3)}"
        values = {
            "username": username, "name": "李文 Li Wen", "participant": made.id,
            "roles": ["data_steward", "data_requester"],
        }  # fmt: skip
        await members.enter(node, security, values)
    await catalogue.close()
    return username


def _sign_ins(city: City) -> int:
    """How many sign-ins `identity run` has taken into the evidence."""
    ran = cityspace("identity", "run", "--json", "--data", str(city.hub.data), environ=city.environ)
    assert ran.returncode == 0, ran.stderr
    return int(json.loads(ran.stdout)["occurrences"])


def test_the_policy_names_the_realm(city: City) -> None:
    request = Request(f"{city.hub.address}/graphql", headers={"Accept": "text/html"})
    with urlopen(request) as answer:
        policy = answer.headers["content-security-policy"]
    assert f"connect-src 'self' {city.realm.address}" in policy
