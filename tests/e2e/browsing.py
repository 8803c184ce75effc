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


@contextmanager
def launched() -> Iterator[Browser]:
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


def run(page: Page, *, seconds: float = 5) -> str:
    """Runs what stands in the editor and gives the answer's text, without its layout."""
    page.locator(".graphiql-execute-button").click()
    answer = page.locator(".result-window .view-lines")
    expect(answer).to_contain_text(re.compile(r"data|errors"), timeout=seconds * 1000)
    return str(answer.inner_text()).replace("\xa0", " ")


def sign_in(page: Page, username: str) -> None:
    page.locator(".bar .button.primary").click()
    page.locator(f"button[value={username}]").click()
    expect(page.locator(".account")).to_be_visible()
    ready(page)
