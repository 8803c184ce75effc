"""`make run FULL=1`: a city and its sub-spaces, each on servers of its own, started and again."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hub.dev import keeper
from tests.e2e.running_hub import COMMAND, ROOT, cityspace, free_port
from tests.importing import a_file, a_portal_row

pytestmark = [pytest.mark.live, pytest.mark.slow, pytest.mark.timeout(1500)]

STARTED_SECONDS_MAX, STOPPED_SECONDS_MAX, PUBLISHED_SECONDS_MAX = 900, 60, 120
PUBLISHED = """{ products(filter: {hasOriginNode: true}) {
  nodes { originNode { address status } sample { link } } } }"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Its servers outlive whoever started them, until they are told to stop."""
    yield tmp_path
    cityspace("dev", "servers", "stop", "--folder", str(tmp_path / "servers"))


@contextmanager
def demonstration(folder: Path, *words: str) -> Iterator[dict[str, Any]]:
    flags = ("--json", "--data", str(folder / "demo"), "--servers", str(folder / "servers"))
    with (folder / "demo.log").open("a") as log:
        process = subprocess.Popen(
            [*COMMAND, "demo", *flags, *words], stdout=subprocess.PIPE, stderr=log, text=True,
            encoding="utf-8", cwd=ROOT, env=os.environ,
        )  # fmt: skip
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, (folder / "demo.log").read_text("utf-8")
        yield json.loads(line)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOPPED_SECONDS_MAX) == 0
        process.stdout.close()


def published(told: dict[str, Any]) -> list[dict[str, Any]]:
    """What sub-spaces that are online publish at the city."""
    answer = httpx2.post(f"{told['city']}/graphql", json={"query": PUBLISHED}, timeout=30)
    rows = answer.json()["data"]["products"]["nodes"]
    return [each for each in rows if each["originNode"]["status"] == "ONLINE"]


def from_both(told: dict[str, Any]) -> bool:
    return {each["originNode"]["address"] for each in published(told)} == {
        *told["spaces"].values()
    }


def soon(true: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < PUBLISHED_SECONDS_MAX
        time.sleep(0.5)


def started(folder: Path) -> dict[str, dict[str, str]]:
    servers = ("--folder", str(folder / "servers"), "--json")
    up = cityspace("dev", "servers", "start", "demo", *servers, seconds=STARTED_SECONDS_MAX)
    assert up.returncode == 0, up.stderr
    return dict(json.loads(up.stdout)["servers"])


def test_city_and_sub_spaces_run_on_servers_of_their_own_and_find_them_again(
    folder: Path,
) -> None:
    own = str(a_file(folder / "springfield.jsonl", a_portal_row()))
    up = started(folder)
    with demonstration(folder, "--port", str(free_port()), "--catalogue", own) as told:
        soon(lambda: from_both(told))
        for space in keeper.SPACES:
            check_of(folder, space, keeper.environment(up, space))
    cityspace("dev", "servers", "stop", "--folder", str(folder / "servers"))
    assert started(folder) == up, "they are where they were, as tokens and nodes know them"
    with demonstration(folder) as again:
        assert again["spaces"] == told["spaces"]
        soon(lambda: from_both(again))


def check_of(folder: Path, space: str, environ: dict[str, str]) -> None:
    """The node's parts are its own servers, and its files lie in its own store, whole."""
    data = ("--data", str(folder / "demo" / space))
    checked = cityspace("check", "--assets", "--json", *data, environ=environ)
    found = json.loads(checked.stdout)
    assert [each["adapter"] for each in found["parts"]] == ["Neo4j", "Keycloak", "S3"]
    assert found["ready"], found
    assert found["files"]["files"] >= 3
    assert (found["files"]["missing"], found["files"]["differing"]) == ([], [])
    assert cityspace("evidence", "verify", *data, environ=environ).returncode == 0
