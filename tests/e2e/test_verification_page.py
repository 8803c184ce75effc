"""The page that verifies a certificate in a real browser: scanned, and with a file in hand."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dataspace.selection import Page as PageOf
from dataspace.selection import Selection, Where
from graph.sqlite_catalogue import SqliteCatalogue
from hub.operations import resources
from tests.clock import FrozenClock
from tests.e2e.running_hub import running_hub
from tests.unit.operations.city import APPROVER, a_node, a_registered_resource

pytestmark = pytest.mark.browser
WIDTHS = [1280, 390]
LANGUAGES = {"en": "Valid", "zh-CN": "有效"}


@dataclass(frozen=True)
class Issued:
    """A hub with a certificate that holds, and one that was cancelled."""

    address: str
    valid: str
    revoked: str


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issued]:
    data = tmp_path_factory.mktemp("city") / "data"
    data.mkdir()
    # The browser has a loop of its own in this thread.
    with ThreadPoolExecutor(1) as apart:
        registering = apart.submit(lambda: asyncio.run(_registered(data / "catalogue.sqlite")))
        valid, revoked = registering.result()
    with running_hub(data) as hub:
        yield Issued(hub.address, valid, revoked)


async def _registered(file: Path) -> list[str]:
    catalogue = await SqliteCatalogue.open(file)
    node = await a_node(catalogue, FrozenClock())
    numbers = []
    for name in ("企业用水量 Water consumption of firms", "公共停车场 Public car parks"):
        done = await a_registered_resource(node, name=name)
        where = Where("resource", "eq", done.id)
        selection = Selection("certificate", ("code",), where=where, page=PageOf(1))
        row = (await catalogue.select(selection)).first
        assert row is not None
        numbers.append(row["code"])
    await resources.cancel(node, APPROVER, done.id, reason="Merged with another")
    await catalogue.close()
    return numbers


def opened(browser: Browser, address: str, *, language: str, width: int) -> Page:
    context = browser.new_context(
        locale=language, viewport={"width": width, "height": 900}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(address)
    return page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_who_scans_the_code_sees_that_it_holds(
    browser: Browser, issued: Issued, language: str, width: int, tmp_path: Path
) -> None:
    address = f"{issued.address}/certificates/{issued.valid}"
    page = opened(browser, address, language=language, width=width)
    page.screenshot(path=tmp_path / "page.png", full_page=True)
    expect(page.locator(".standing")).to_contain_text(LANGUAGES[language])
    colour = page.locator(".sign").evaluate("each => getComputedStyle(each).backgroundColor")
    assert colour == "rgb(23, 128, 95)", "the style sheet is let in"
    for shown in page.locator("h1, .verdict, .facts, .check, button, .files a").all():
        box = shown.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    page.context.close()


def test_a_cancelled_one_says_so(browser: Browser, issued: Issued, tmp_path: Path) -> None:
    address = f"{issued.address}/certificates/{issued.revoked}"
    page = opened(browser, address, language="zh-CN", width=1280)
    page.screenshot(path=tmp_path / "page.png", full_page=True)
    expect(page.locator(".standing")).to_contain_text("已撤销")
    page.context.close()


def test_a_file_in_hand_is_compared(browser: Browser, issued: Issued, tmp_path: Path) -> None:
    address = f"{issued.address}/certificates/{issued.valid}"
    page = opened(browser, address, language="zh-CN", width=1280)
    genuine = page.context.request.get(f"{address}.pdf").body()
    for content, said in ((genuine, "有效"), (genuine.replace(b"%PDF", b"%pdf"), "内容被改动")):
        file = tmp_path / "certificate.pdf"
        file.write_bytes(content)
        page.locator("input[type=file]").set_input_files(file)
        page.locator("button").click()
        expect(page.locator(".standing")).to_contain_text(said)
    page.screenshot(path=tmp_path / "page.png", full_page=True)
    page.locator(".switch").click()
    expect(page.locator(".standing")).to_contain_text("Altered")
    page.context.close()


def test_a_number_is_typed_in(browser: Browser, issued: Issued) -> None:
    page = opened(browser, f"{issued.address}/certificates", language="en", width=1280)
    page.locator("input[name=number]").fill(issued.valid)
    page.locator("button").click()
    expect(page.locator(".standing")).to_contain_text("Valid")
    page.context.close()
