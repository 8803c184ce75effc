"""The sign-in page in a real browser: both languages, wide and narrow, without a script."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from tests.served_issuer import served
from tests.sign_in import PROTOCOL, an_attempt

pytestmark = pytest.mark.browser
WIDTHS = [1280, 390]
SIGNED_OUT = {"en": "You are signed out", "zh-CN": "您已退出登录"}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("issuer")
    with served(folder / "identity", folder / "server.log") as address:
        yield address


def opened(browser: Browser, base: str, *, language: str, width: int) -> Page:
    context = browser.new_context(
        locale=language, viewport={"width": width, "height": 900}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{base}{PROTOCOL}/auth?{urlencode(an_attempt(base).parameters)}")
    return page


@pytest.mark.parametrize("language", SIGNED_OUT)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_click_signs_in_and_another_signs_out(
    browser: Browser, base: str, language: str, width: int, tmp_path: Path
) -> None:
    page = opened(browser, base, language=language, width=width)
    page.screenshot(path=tmp_path / "page.png", full_page=True)
    page.locator("button[value=registrar]").click()
    page.wait_for_url(f"{base}/graphql?*")
    page.goto(f"{base}{PROTOCOL}/logout")
    page.locator("button.main").click()
    assert SIGNED_OUT[language] in page.locator("h1").inner_text()
    page.context.close()


@pytest.mark.parametrize("language", SIGNED_OUT)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_style_is_let_in_and_nothing_is_cut_off(
    browser: Browser, base: str, language: str, width: int
) -> None:
    page = opened(browser, base, language=language, width=width)
    for shown in page.locator("input:visible, button, a, h1").all():
        box = shown.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    sign_in = page.locator("button.main").bounding_box()
    assert sign_in
    assert sign_in["height"] == 46  # as the style sheet says: the policy has not kept it out
    page.context.close()


def test_a_wrong_password_is_told_and_the_name_is_kept(browser: Browser, base: str) -> None:
    page = opened(browser, base, language="zh-CN", width=1280)
    page.get_by_label("用户名").fill("auditor")
    page.get_by_label("密码").fill("guess")
    page.get_by_role("button", name="登录", exact=True).click()
    assert page.get_by_role("alert").inner_text() == "用户名或密码不正确。"
    assert page.get_by_label("用户名").input_value() == "auditor"
    page.context.close()


def test_the_language_is_switched_by_a_link(browser: Browser, base: str) -> None:
    page = opened(browser, base, language="zh-CN", width=390)
    page.get_by_role("link", name="English").click()
    assert page.get_by_label("User name").is_visible()
    page.get_by_role("link", name="中文").click()
    assert page.get_by_label("用户名").is_visible()
    page.context.close()
