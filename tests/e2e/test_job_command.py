"""`cityspace job`, and the jobs of a node that serves."""

import json
import shutil
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from hub.cli import main
from tests.e2e.running_hub import running_hub


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a node without a single row, as its first command leaves it."""
    folder = tmp_path_factory.mktemp("made") / "data"
    folder.mkdir(mode=0o700)
    (folder / "cityspace.json").write_text(json.dumps({"layout": 1}), "utf-8")
    assert main(["catalogue", "dump", "--data", str(folder), str(folder.with_name("d"))]) == 0
    assert main(["job", "list", "--data", str(folder)]) == 0
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


class Told:
    def __init__(self, capsys: pytest.CaptureFixture[str], data: Path) -> None:
        self.capsys, self.data = capsys, data

    def __call__(self, *words: str, code: int = 0) -> Any:
        self.capsys.readouterr()
        assert main(["job", *words, "--json", "--data", str(self.data)]) == code
        said = self.capsys.readouterr()
        return json.loads(said.out or said.err)


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], data: Path) -> Told:
    return Told(capsys, data)


def test_a_backup_is_taken_restored_and_found_in_the_history(told: Told) -> None:
    by_code = {each["code"]: each for each in told("list")}
    assert by_code["J-X-5"]["last"] == "–"
    assert told("run", "J-X-5", "--dry-run")["considered"] == 0
    assert [each["state"] for each in told("run", "J-X-5")] == ["DONE"]
    [drill] = told("run", "J-X-5-DRILL")
    assert (drill["state"], drill["done"], drill["reason"].split()[0]) == ("DONE", 1, "HOLDS")
    history = [(each["job"], each["cause"]) for each in told("history")]
    assert sorted(history) == [("J-X-5", "ASKED"), ("J-X-5-DRILL", "ASKED")]
    assert len(told("history", "J-X-5")) == 1


def test_a_span_is_made_up_for_in_order(told: Told) -> None:
    span = ("--from", "2026-05-01T00:00:00+08:00", "--to", "2026-05-01T03:00:00+08:00")
    assert told("backfill", "J-X-4", *span, "--dry-run")["runs"] == 3
    made = told("backfill", "J-X-4", *span)
    hours = ["2026-04-30T17", "2026-04-30T18", "2026-04-30T19"]
    assert [each["business_time"][:13] for each in made] == hours
    assert {each["state"] for each in made} == {"DONE"}


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("run", "J-X-99"), "job.unknown", 1),
        (("run", "J-L5-3"), "job.waits", 1),
        (("run", "J-X-4", "--at", "2126-01-01T00:00:00Z"), "job.ahead", 1),
        (("run", "J-X-4", "--at", "yesterday"), "moment.invalid", 1),
        (("backfill", "J-X-4"), "command.wrong_usage", 2),
    ],
)
def test_what_is_wrong_is_said_by_code(
    told: Told, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    assert told(*words, code=exit_code)["error"]["code"] == code


@pytest.mark.slow
def test_a_node_that_serves_leads_and_lets_go_when_it_stops(tmp_path: Path) -> None:
    """The next one leads at once, although the lease would have lasted for minutes."""
    for _ in range(2):
        with running_hub(tmp_path / "data", environ={"CITYSPACE_JOBS": "on"}) as hub:
            deadline = time.monotonic() + 20
            while _lease_seconds(hub.address) <= 0 and time.monotonic() < deadline:
                time.sleep(0.1)
            assert _lease_seconds(hub.address) > 0
            assert hub.stop() == 0


def _lease_seconds(address: str) -> float:
    with urlopen(f"{address}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    name = "cityspace_scheduler_lease_seconds "
    return float(next((line for line in lines if line.startswith(name)), "x 0").split()[1])
