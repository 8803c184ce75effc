"""The first evening: a hub as `make run` serves it, and a member of the bureau at the browser.

With `TAKE_PICTURES=docs/images` the pictures of the README are taken on the way.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import opened, run, sign_in
from tests.e2e.running_hub import RunningHub, cityspace, running_hub

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PICTURES = os.environ.get("TAKE_PICTURES")


@pytest.fixture(scope="module")
def demo_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A smaller city than `make run` makes, of the same generator."""
    data = tmp_path_factory.mktemp("evening") / "demo"
    seeded = cityspace("seed", "--data", str(data), "--departments", "12", "--resources", "40")
    assert seeded.returncode == 0, seeded.stderr
    with running_hub(data, "--demo") as hub:
        yield hub


def visit(browser: Browser, hub: RunningHub, *, locale: str = "zh-CN") -> Page:
    page = browser.new_context(locale=locale, viewport={"width": 1440, "height": 900}).new_page()
    return opened(page, f"{hub.address}/graphql")


def run_saved(page: Page, title: str) -> str:
    """Opens a saved query in a tab and runs it; the answer as it is shown."""
    page.locator(".shelf li button", has_text=title).click()
    expect(page.locator(".graphiql-tab").nth(1)).to_contain_text(title)
    page.wait_for_timeout(500)  # GraphiQL reads the operations of a new document a moment later
    return run(page)


def photograph(page: Page, name: str) -> None:
    if PICTURES:
        page.mouse.move(700, 400)
        page.wait_for_timeout(400)
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def test_bureau_staff_see_in_chinese_what_waits_for_them(
    browser: Browser, demo_hub: RunningHub
) -> None:
    page = visit(browser, demo_hub)
    sign_in(page, "registrar")
    answer = run_saved(page, "待我审核")
    assert "errors" not in answer
    assert re.search(r'"totalCount": [1-9]', answer)
    photograph(page, "console-zh")


def test_an_english_reader_finds_what_is_public_without_signing_in(
    browser: Browser, demo_hub: RunningHub
) -> None:
    page = visit(browser, demo_hub, locale="en-GB")
    answer = run_saved(page, "Find by words")
    assert "errors" not in answer
    assert re.search(r'"totalCount": [1-9]', answer)


@pytest.mark.catalogues
def test_new_yorks_own_catalogue_answers_in_the_browser(
    browser: Browser, catalogues: Path, tmp_path: Path
) -> None:
    file = catalogues / "data.cityofnewyork.us.jsonl"
    with running_hub(tmp_path / "data", "--demo", "--catalogue", str(file), seconds=120) as hub:
        page = visit(browser, hub)
        assert '"totalCount": 977' in run(page)
        sign_in(page, "auditor")
        answer = run_saved(page, "近期变更")
        assert re.search(r'"totalCount": [1-9]\d{3}', answer)
        photograph(page, "console-new-york")
