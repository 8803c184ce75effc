"""An import that is killed, starved of disk or raced by another ends as if nothing had been."""

import itertools
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dataspace.evidence import verify
from graph.sqlite_catalogue import SqliteCatalogue
from tests.importing import a_file, a_portal_row, rows_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
ROWS, COLUMNS = 200, 4
KILLS, KILLS_OF_ONE = 50, 4
SPELLINGS = ("Department of Parks", "Parks Dept.", "PARKS DEPARTMENT", "Fire Department")


class Importer:
    """A process that imports, each time in a fork of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.importing_child"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.answer = path
        self.child = 0

    def begin(self, catalogue: Path, *, bytes_max: int = 0) -> None:
        self.answer = catalogue.with_suffix(f".{self.process.pid}.json")
        self.answer.unlink(missing_ok=True)
        order = [str(catalogue), str(self.path), str(self.answer), bytes_max]
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        self.child = int(self._said())

    def kill_after(self, seconds: float) -> None:
        select.select([self.process.stdout], [], [], seconds)
        with suppress(ProcessLookupError):  # it has ended already
            os.kill(self.child, signal.SIGKILL)
        assert self._said() == "ended"

    def end(self) -> dict[str, Any]:
        assert self._said() == "ended"
        return json.loads(self.answer.read_text())

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    columns = [(f"Column {n}", "Text") for n in range(COLUMNS)]
    return a_file(tmp_path / "portal.jsonl", *(
        a_portal_row(f"r{n}", attribution=SPELLINGS[n // 15 % len(SPELLINGS)], columns=columns)
        for n in range(ROWS)
    ))  # fmt: skip


@pytest.fixture
def importer(path: Path) -> Iterator[Importer]:
    importer = Importer(path)
    yield importer
    importer.close()


def ended(importer: Importer, catalogue: Path, *, bytes_max: int = 0) -> dict[str, Any]:
    importer.begin(catalogue, bytes_max=bytes_max)
    return importer.end()


async def state_of(path: Path) -> dict[str, Any]:
    """What must be the same however often an import was stopped; the evidence must hold."""
    catalogue = await SqliteCatalogue.open(path)
    log = []
    while more := await catalogue.changes_since(len(log), 1000):
        log += more
    assert not list(verify(log))
    rows = {
        kind: await rows_of(catalogue, kind, *fields)
        for kind, fields in (
            ("resource", ("name", "provider", "source_fingerprint", "item_count", "topics")),
            ("participant", ("name", "aliases")),
            ("topic", ("code",)),
        )
    }
    made = Counter(each.kind for each in log if each.evidence["version"] == 1)
    assert {kind: len(of) for kind, of in rows.items() if of} == dict(made)
    await catalogue.close()
    return rows


async def test_killed_at_fifty_moments_it_goes_on_and_ends_as_if_never_killed(
    importer: Importer, tmp_path: Path
) -> None:
    ended(importer, tmp_path / "warm.sqlite")
    begun = time.monotonic()
    whole = ended(importer, tmp_path / "whole.sqlite")
    seconds = time.monotonic() - begun
    assert (whole["created"], whole["merged"]) == (ROWS, 2)
    expected = await state_of(tmp_path / "whole.sqlite")
    dice = random.Random(20260601)
    kills = 0
    for attempt in itertools.count():
        catalogue = tmp_path / f"{attempt}.sqlite"
        for _ in range(KILLS_OF_ONE):
            importer.begin(catalogue)
            importer.kill_after(dice.uniform(0, seconds))
            kills += not importer.answer.exists()  # otherwise it was quicker than the signal
        await state_of(catalogue)
        last = ended(importer, catalogue)
        assert last["created"] + last["unchanged"] == ROWS
        assert await state_of(catalogue) == expected
        if kills >= KILLS:
            break


@pytest.mark.parametrize("share", [0.1, 0.8], ids=["opening", "importing"])
async def test_on_a_full_disk_it_stops_with_a_code_and_goes_on_afterwards(
    importer: Importer, tmp_path: Path, share: float
) -> None:
    assert ended(importer, tmp_path / "whole.sqlite")["created"] == ROWS
    bytes_max = int((tmp_path / "whole.sqlite").stat().st_size * share)
    catalogue = tmp_path / "starved.sqlite"
    stopped = ended(importer, catalogue, bytes_max=bytes_max)
    assert stopped["code"] in ("catalogue.full", "catalogue.unavailable")
    await state_of(catalogue)
    assert ended(importer, catalogue)["created"] > 0
    assert await state_of(catalogue) == await state_of(tmp_path / "whole.sqlite")


async def test_two_at_once_on_one_catalogue_end_as_one(
    importer: Importer, path: Path, tmp_path: Path
) -> None:
    rival = Importer(path)
    ended(importer, tmp_path / "alone.sqlite")
    catalogue = tmp_path / "shared.sqlite"
    importer.begin(catalogue)
    rival.begin(catalogue)
    reports = [importer.end(), rival.end()]
    rival.close()
    assert sum(each["created"] for each in reports) == ROWS
    assert all(each["created"] + each["unchanged"] == ROWS for each in reports)
    assert await state_of(catalogue) == await state_of(tmp_path / "alone.sqlite")
