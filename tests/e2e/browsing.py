"""Chromium, and what a person does with the GraphQL page."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


# What shows is looked at again and again, so that a busy machine takes longer and fails nothing.
SHOWN_MILLISECONDS_MAX = 20_000


@contextmanager
def launched() -> Iterator[Browser]:
    expect.set_options(timeout=SHOWN_MILLISECONDS_MAX)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    ready(page)
    return page


def ready(page: Page) -> None:
    expect(page.locator(".graphiql-query-editor .view-lines")).to_contain_text(re.compile(r"\w"))


def run(page: Page, *, seconds: float = SHOWN_MILLISECONDS_MAX / 1000) -> str:
    """Runs what stands in the editor and gives the answer's text, without its layout."""
    page.locator(".graphiql-execute-button").click()
    answer = page.locator(".result-window .view-lines")
    expect(answer).to_contain_text(re.compile(r"data|errors"), timeout=seconds * 1000)
    return str(answer.inner_text()).replace("\xa0", " ")


def ask(page: Page, query: str, *, seconds: float = SHOWN_MILLISECONDS_MAX / 1000) -> str:
    """Pastes it into the editor, in place of what stands there, and runs it."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", query)
    page.locator(".graphiql-query-editor .view-lines").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+V")
    shown = page.locator(".graphiql-query-editor .view-lines")
    expect(shown).to_contain_text(query[:20].replace(" ", "\xa0"))
    page.wait_for_timeout(500)  # GraphiQL reads the operations of a new document a moment later
    return run(page, seconds=seconds)


def sign_in(page: Page, username: str) -> None:
    page.locator(".bar .button.primary").click()
    page.locator(f"button[value={username}]").click()
    expect(page.locator(".account")).to_be_visible()
    ready(page)
