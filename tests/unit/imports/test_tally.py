"""Imports keep count of what they read, for whoever watches the node from another process."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hub.imports.tally import tallied, tallying

READ = {"created": 3, "updated": 1, "unchanged": 0, "rejected": 2}
HOLDING = """
import sys, time
from pathlib import Path
from hub.imports.tally import tallying
with tallying(Path(sys.argv[1])) as note:
    note({"created": 5, "updated": 0, "unchanged": 0, "rejected": 0})
    print("held", flush=True)
    time.sleep(60)
"""


def test_counts_of_one_import_add_to_those_before(tmp_path: Path) -> None:
    for _ in range(2):
        with tallying(tmp_path) as note:
            note({**READ, "created": 1})
            assert tallied(tmp_path).running == 1
            note(READ)
    found = tallied(tmp_path)
    assert found.running == 0
    assert found.entries == {name: 2 * count for name, count in READ.items()}
    assert found.ended == {"done": 2, "failed": 0, "killed": 0}


def test_an_import_that_fails_is_told_from_one_that_is_done(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), tallying(tmp_path) as note:
        note(READ)
        raise RuntimeError
    assert tallied(tmp_path).ended == {"done": 0, "failed": 1, "killed": 0}


def test_an_import_that_is_killed_is_noted_once(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDING, tmp_path], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        assert tallied(tmp_path).running == 1
        child.send_signal(signal.SIGKILL)
    for _ in range(2):
        found = tallied(tmp_path)
        assert (found.running, found.ended["killed"], found.entries["created"]) == (0, 1, 5)


def test_many_imports_at_once_lose_no_count(tmp_path: Path) -> None:
    with tallying(tmp_path) as first, tallying(tmp_path) as second:
        for upto in range(1, 30):
            first({**READ, "created": upto})
            second({**READ, "created": upto})
        assert tallied(tmp_path).running == 2
    assert tallied(tmp_path).entries["created"] == 58


def test_where_nothing_can_be_kept_the_import_goes_on(tmp_path: Path) -> None:
    for folder in (None, tmp_path / "not" / "there"):
        with tallying(folder) as note:
            note(READ)
    found = tallied(tmp_path / "not" / "there")
    assert (found.running, set(found.entries.values()), set(found.ended.values())) == (0, {0}, {0})


@pytest.mark.parametrize("spoilt", ["", "[]", "{", '{"created": "x"}'])
def test_totals_that_cannot_be_read_begin_anew(tmp_path: Path, spoilt: str) -> None:
    (tmp_path / "tally.json").write_text(spoilt)
    with tallying(tmp_path) as note:
        note(READ)
    assert tallied(tmp_path).entries == READ
