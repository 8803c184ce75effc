"""The GraphQL page in a real browser, over a small city with the real embedded issuer."""

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.e2e.browsing import opened, ready, run, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
AXE = ROOT / "console" / "graphiql" / "node_modules" / "axe-core" / "axe.min.js"
START_SECONDS_MAX = 30

in_both_languages = pytest.mark.parametrize("language", ["zh-CN", "en-GB"], indirect=True)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The city's page; the process ends with the module."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.e2e.console_city", str(port)]
    folder = tmp_path_factory.mktemp("identity")
    process = subprocess.Popen([*command, str(folder)], cwd=ROOT)
    try:
        yield _once_it_answers(f"http://127.0.0.1:{port}/graphql")
    finally:
        process.terminate()
        process.wait(timeout=10)


def _once_it_answers(address: str) -> str:
    until = time.monotonic() + START_SECONDS_MAX
    while True:
        try:
            with urllib.request.urlopen(address):
                return address
        except OSError:
            assert time.monotonic() < until, "the city did not start"
            time.sleep(0.1)


@pytest.fixture
def language(request: pytest.FixtureRequest) -> str:
    """The browser's; Chinese unless a test asks for both."""
    return str(getattr(request, "param", "zh-CN"))


@pytest.fixture
def context(browser: Browser, language: str) -> Iterator[BrowserContext]:
    made = browser.new_context(locale=language, viewport={"width": 1440, "height": 900})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    """The page, loaded; a fault that the browser reports fails the test."""
    made = context.new_page()
    made.on("pageerror", lambda error: pytest.fail(f"the page raised {error}"))
    return opened(made, address)


def say(language: str, en: str, zh: str) -> str:
    return zh if language.startswith("zh") else en


@in_both_languages
def test_the_page_speaks_the_browsers_language(page: Page, language: str) -> None:
    expect(page.locator(".bar strong")).to_have_text(say(language, "CitySpace", "城市可信数据空间"))
    expect(page.locator(".shelf-title")).to_have_text(say(language, "Saved queries", "常用查询"))
    expect(page.locator("[data-name=variables]")).to_have_text(say(language, "Variables", "变量"))
    assert page.locator("html").get_attribute("lang") == say(language, "en", "zh-CN")


@in_both_languages
def test_the_language_that_was_chosen_is_kept(page: Page, language: str, address: str) -> None:
    page.get_by_role("button", name=say(language, "中文", "English")).click()
    other = say(language, "常用查询", "Saved queries")
    expect(page.locator(".shelf-title")).to_have_text(other)
    opened(page, address)
    expect(page.locator(".shelf-title")).to_have_text(other)
    sample = page.locator(".graphiql-query-editor .view-lines")
    expect(sample).to_contain_text(say(language, "城市的数据目录", "catalogue"))


def test_nothing_comes_from_elsewhere_and_the_policy_refuses_nothing(
    context: BrowserContext, address: str
) -> None:
    page, asked, said = context.new_page(), list[Request](), list[str]()
    page.on("request", lambda each: asked.append(each))
    page.on("console", lambda message: said.append(message.text) if message.type != "log" else None)
    opened(page, address)
    run(page)
    page.locator(".graphiql-sidebar > button").first.click()
    expect(page.locator(".graphiql-doc-explorer")).to_be_visible()
    home = address.removesuffix("/graphql") + "/"
    assert [each.url for each in asked if not each.url.startswith((home, "data:"))] == []
    assert said == []


def test_the_sample_query_runs_at_once(page: Page) -> None:
    assert '"totalCount": 12' in run(page)


@in_both_languages
def test_descriptions_come_in_the_language_of_the_page(page: Page, language: str) -> None:
    page.locator(".graphiql-sidebar > button").first.click()
    page.locator(".graphiql-doc-explorer a", has_text="Query").first.click()
    expect(page.locator(".graphiql-doc-explorer")).to_contain_text(
        say(language, "Public data resources", "公共数据资源")
    )


@in_both_languages
def test_a_person_signs_in_is_shown_and_signs_out(page: Page, language: str) -> None:
    sign_in(page, "reviewer1")
    expect(page.locator(".account-name")).to_have_text(say(language, "Liu Yang", "刘洋"))
    expect(page.locator(".account-role")).to_contain_text(say(language, "First reviewer", "初审人"))
    assert "?" not in page.url
    page.locator(".account-button").click()
    page.get_by_role("button", name=say(language, "Sign out", "退出登录")).click()
    expect(page.locator(".bar .button.primary")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('cityspace:session')") is None


def test_only_a_signed_in_person_sends_a_token(page: Page) -> None:
    with page.expect_request(lambda each: each.method == "POST") as anonymous:
        run(page)
    assert "authorization" not in anonymous.value.headers
    sign_in(page, "steward")
    with page.expect_request(lambda each: "resources" in (each.post_data or "")) as known:
        run(page)
    assert known.value.headers["authorization"].startswith("Bearer ey")


def test_another_person_can_be_chosen(page: Page, language: str) -> None:
    sign_in(page, "steward")
    page.locator(".account-button").click()
    page.get_by_role("button", name=say(language, "Switch person", "切换人员")).click()
    page.locator("button[value=auditor]").click()
    expect(page.locator(".account-name")).to_have_text(say(language, "Zheng Yi", "郑怡"))


def test_a_saved_query_opens_in_a_tab_with_its_variables(page: Page, language: str) -> None:
    sign_in(page, "steward")
    title = say(language, "My department's resources by freshness", "本部门资源按新鲜度")
    page.locator(".shelf li button", has_text=title).click()
    expect(page.locator(".graphiql-tab").nth(1)).to_contain_text(title)
    expect(page.locator(".graphiql-query-editor .view-lines")).to_contain_text("MyDepartment")
    variables = page.locator(".graphiql-editor-tool .view-lines").first
    expect(variables).to_contain_text(re.compile(r'"department":.*"par_\w+"'))
    page.locator(".graphiql-tab").first.click()
    page.locator(".shelf li button", has_text=title).click()
    expect(page.locator(".graphiql-tab")).to_have_count(2)


def test_a_placeholder_is_looked_up_in_the_catalogue(page: Page, language: str) -> None:
    page.locator(".shelf li button", has_text=say(language, "Who uses", "谁在使用")).click()
    variables = page.locator(".graphiql-editor-tool .view-lines").first
    expect(variables).to_contain_text("res_0000")


def test_what_cannot_be_looked_up_is_left_to_the_reader(page: Page, language: str) -> None:
    page.locator(".shelf li button", has_text=say(language, "lineage", "血缘")).click()
    variables = page.locator(".graphiql-editor-tool .view-lines").first
    expect(variables).to_contain_text(say(language, "‹identifier›", "‹编号›"))


def test_the_shelf_is_searched(page: Page, language: str) -> None:
    page.locator(".shelf-search").fill(say(language, "lineage", "血缘"))
    expect(page.locator(".shelf li")).to_have_count(1)


def test_a_saved_query_is_reached_and_opened_by_keyboard(page: Page) -> None:
    page.locator(".shelf-search").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".graphiql-tab")).to_have_count(2)


def kept_session(page: Page, **changes: Any) -> None:
    """As if time had passed: what the tab keeps of the session, changed, and the page reloaded."""
    page.evaluate(
        """changes => {
            const kept = JSON.parse(sessionStorage.getItem('cityspace:session'))
            sessionStorage.setItem('cityspace:session', JSON.stringify({ ...kept, ...changes }))
        }""",
        changes,
    )
    page.reload()
    ready(page)


def test_a_session_is_renewed_before_it_ends(page: Page) -> None:
    sign_in(page, "steward")
    token = "JSON.parse(sessionStorage.getItem('cityspace:session')).access_token"
    before = page.evaluate(token)
    kept_session(page, expires_ms=page.evaluate("Date.now()") + 15_000)
    page.wait_for_function(f"before => {token} !== before", arg=before)
    expect(page.locator(".account")).to_be_visible()


@in_both_languages
def test_a_session_that_has_ended_asks_to_sign_in_again(page: Page, language: str) -> None:
    sign_in(page, "steward")
    kept_session(page, expires_ms=0, refresh_token="spent")
    expect(page.locator(".notice")).to_contain_text(
        say(language, "Your session has ended", "登录已过期")
    )
    page.locator(".notice-action").click()
    expect(page.locator(".account")).to_be_visible()


@in_both_languages
def test_a_hub_that_does_not_answer_is_told_to_the_reader(page: Page, language: str) -> None:
    page.route("**/graphql", lambda route: route.abort())
    answer = run(page)
    assert say(language, "The hub does not answer", "城市枢纽没有应答") in answer
    expect(page.locator(".notice")).to_be_visible()
    page.unroute("**/graphql")
    page.locator(".graphiql-execute-button").click()
    expect(page.locator(".notice")).to_have_count(0)


def test_a_sign_in_that_this_tab_did_not_start_is_refused(page: Page, address: str) -> None:
    opened(page, f"{address}?code=stolen&state=forged")
    expect(page.locator(".notice")).to_be_visible()
    expect(page.locator(".account")).to_have_count(0)
    assert page.url == address


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_our_own_parts_are_accessible(page: Page, theme: Any) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core comes with `npm ci` in console/graphiql")
    page.emulate_media(color_scheme=theme)
    sign_in(page, "developer")
    page.locator(".account-button").click()
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run({ include: [['.bar'], ['.shelf']] })")
    assert [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ] == []
