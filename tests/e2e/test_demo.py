"""A city with its sub-spaces in three processes, as `make run` brings them up, and its stories."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import launched, opened, sign_in
from tests.e2e.running_hub import COMMAND, ROOT, cityspace, free_port
from tests.e2e.stories import TOLD, quoted, told
from tests.e2e.test_first_evening import photograph, run_saved

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

LOGGED = {"CITYSPACE_LOG_FORMAT": "json"}
INDEX = "企业用电波动指数"
PUBLISHED = """{ products(filter: {hasOriginNode: true}) {
  nodes { name asOf originNode { name status } } } }"""
NODES = '{ nodes(filter: {state: {eq: "%s"}}) { nodes { id address status } } }'
# Three beats that do not come, and the turn in which that is noticed.
PUBLISHED_SECONDS_MAX = 60
OFFLINE_SECONDS_MAX = 60
CUT_OFF_SECONDS_MAX = 10


@dataclass
class Demo:
    process: subprocess.Popen[str]
    told: dict[str, Any]
    data: Path

    @property
    def city(self) -> str:
        return str(self.told["city"])

    @property
    def finance(self) -> str:
        return str(self.told["spaces"]["finance"])

    def ask(self, query: str, *, at: str = "", person: str = "") -> Any:
        headers = {"accept-language": "zh"}
        if person:
            headers["authorization"] = f"Bearer {self.token(person)}"
        answer = httpx2.post(
            f"{at or self.city}/graphql", json={"query": query}, headers=headers, timeout=20
        )
        told = answer.json()
        assert "errors" not in told, told
        return told["data"]

    def token(self, person: str) -> str:
        said = cityspace("token", "--person", person, "--data", str(self.data / "city"))
        return said.stdout.strip()

    def serving(self, name: str) -> psutil.Process:
        """The process itself that serves a node of the demonstration."""
        data = str(self.data / name)
        return next(
            each for each in psutil.process_iter(["cmdline"])
            if data in (each.info["cmdline"] or ()) and "hub.dev.guardian" not in each.cmdline()
        )  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    data = tmp_path_factory.mktemp("demo")
    process = subprocess.Popen(
        [*COMMAND, "demo", "--json", "--data", str(data), "--port", str(free_port())],
        stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT, env={**os.environ, **LOGGED},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield Demo(process, json.loads(process.stdout.readline()), data)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
        process.stdout.close()
        assert not [each for each in psutil.process_iter(["cmdline"])
                    if str(data) in " ".join(each.info["cmdline"] or ())]  # fmt: skip


def soon(said: Callable[[], bool], seconds: float) -> float:
    began = time.monotonic()
    while not said():
        assert time.monotonic() - began < seconds, "it did not come to be in time"
        time.sleep(0.2)
    return time.monotonic() - began


def status_of(demo: Demo, address: str, state: str = "ACTIVE") -> str:
    rows = demo.ask(NODES % state)["nodes"]["nodes"]
    return next((str(row["status"]) for row in rows if row["address"] == address), "")


def is_published(demo: Demo) -> bool:
    """Of both sub-spaces, at the city, for anybody."""
    nodes = demo.ask(PUBLISHED)["products"]["nodes"]
    return len({each["originNode"]["name"] for each in nodes}) == 2 and any(
        INDEX in each["name"] for each in nodes
    )


def test_what_the_sub_spaces_publish_is_found_at_the_city_by_anybody(demo: Demo) -> None:
    soon(lambda: is_published(demo), PUBLISHED_SECONDS_MAX)
    asked = "{ products(filter: {hasOriginNode: false}) { nodes { name } } }"
    own = demo.ask(asked, at=demo.finance)["products"]["nodes"]
    assert any(INDEX in each["name"] for each in own)
    refused = demo.ask("{ feedRefusals { totalCount } }", person="reviewer1")
    assert refused["feedRefusals"]["totalCount"] == 0


@pytest.mark.browser
def test_a_citizen_reads_in_chinese_what_the_sub_spaces_publish(demo: Demo) -> None:
    with launched() as browser:
        context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
        page = opened(context.new_page(), f"{demo.city}/graphql")
        answer = run_saved(page, "子空间发布的产品")
        assert "errors" not in answer
        expect(page.locator(".result-window .view-lines")).to_contain_text("ONLINE")
        photograph(page, "sub-spaces-zh")


@pytest.mark.browser
def test_a_person_of_the_city_signs_in_at_the_console_of_a_sub_space(demo: Demo) -> None:
    energy = str(demo.told["spaces"]["energy"])
    with launched() as browser:
        context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
        page = opened(context.new_page(), f"{energy}/graphql")
        sign_in(page, "grid")
        expect(page.locator(".account")).to_contain_text("城市电网公司")
        expect(page).to_have_url(f"{energy}/graphql")


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("story", "language"), TOLD)
def test_a_story_is_as_it_is_told(demo: Demo, story: str, language: str) -> None:
    soon(lambda: is_published(demo), PUBLISHED_SECONDS_MAX)
    said = told(story, language, demo.data)
    assert said.returncode == 0, said.stdout + said.stderr
    printed = [line.strip() for line in said.stdout.splitlines()]
    rest = iter(printed)
    for line in quoted(story, language):
        wanted = re.compile(re.escape(line).replace("…", r"\S+"))
        assert any(map(wanted.fullmatch, rest)), f"{line!r} is not told in its place:\n{printed}"


def test_a_story_that_does_not_hold_says_so_and_fails(demo: Demo, tmp_path: Path) -> None:
    """The energy node stands where the finance node should."""
    for name in ("city", "finance", "energy"):
        (tmp_path / name).symlink_to(demo.data / ("energy" if name == "finance" else name))
    said = told("sme_credit", "zh", tmp_path)
    assert said.returncode == 1, said.stdout + said.stderr
    assert "并非如此" in said.stdout
    assert said.stderr == ""


def test_a_node_that_is_killed_is_told_of_and_what_it_published_stays(demo: Demo) -> None:
    soon(lambda: status_of(demo, demo.finance) == "ONLINE", 20)
    demo.serving("finance").kill()
    soon(lambda: status_of(demo, demo.finance) == "OFFLINE", OFFLINE_SECONDS_MAX)
    assert is_published(demo)
    port = demo.finance.rpartition(":")[2]
    again = subprocess.Popen(
        [*COMMAND, "serve", "--data", str(demo.data / "finance"), "--port", port,
         "--profile", "finance"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
        env={**os.environ, **LOGGED},
    )  # fmt: skip
    try:
        soon(lambda: status_of(demo, demo.finance) == "ONLINE", OFFLINE_SECONDS_MAX)
    finally:
        again.terminate()
        again.wait(20)


def test_a_node_that_is_cut_off_is_refused_within_ten_seconds_and_told_why(demo: Demo) -> None:
    energy = str(demo.told["spaces"]["energy"])
    [node] = [
        row for row in demo.ask(NODES % "ACTIVE")["nodes"]["nodes"] if row["address"] == energy
    ]
    reason = "异常流量 Unusual traffic"
    demo.ask(
        f'mutation {{ nodeIsolate(input: {{id: "{node["id"]}", reason: "{reason}"}})'
        " { object { state } } }",
        person="admin",
    )

    def refused() -> bool:
        log = (demo.data / "energy" / "energy.log").read_text("utf-8")
        return "node.isolated" in log or "peer.refuses" in log

    soon(refused, CUT_OFF_SECONDS_MAX)
    told = cityspace("node", "status", "--data", str(demo.data / "energy"), "--json")
    assert (json.loads(told.stdout)["state"], json.loads(told.stdout)["reason"]) == (
        "ISOLATED", reason,
    )  # fmt: skip
    shown = demo.ask(PUBLISHED)["products"]["nodes"]
    assert {each["originNode"]["status"] for each in shown} >= {"ISOLATED"}


def test_the_city_and_its_nodes_have_evidence_that_holds(demo: Demo) -> None:
    for name in ("city", "finance", "energy"):
        said = cityspace("evidence", "verify", "--data", str(demo.data / name), "--json")
        assert said.returncode == 0, (name, said.stdout, said.stderr)
