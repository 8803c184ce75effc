"""What imports into a data folder have come to, for whoever watches the node.

An import is a process of its own, so it keeps its counts in the folder: totals in one file, and
for each import under way a file that its process holds locked. A file that nobody holds is one
of an import that was killed.
"""

import fcntl
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TOTALS: Final = "tally.json"
LOCK: Final = "tally.lock"
RUNNING: Final = "running-"
OUTCOMES: Final = ("created", "updated", "unchanged", "rejected")
ENDINGS: Final = ("done", "failed", "killed")


@dataclass(frozen=True, slots=True)
class Tally:
    """`entries` by outcome, `ended` imports by ending, both since the folder was made."""

    running: int
    entries: Mapping[str, int]
    ended: Mapping[str, int]


@contextmanager
def tallying(folder: Path | None) -> Iterator[Callable[[Mapping[str, int]], None]]:
    """Gives what is to be called with the counts so far; without a folder it keeps nothing.

    An import is worth more than its counts: where they cannot be written, it goes on.
    """
    if folder is None:
        yield lambda counts: None
        return
    before: Counter[str] = Counter()

    def note(counts: Mapping[str, int]) -> None:
        fresh = Counter({name: counts[name] for name in OUTCOMES}) - before
        before.update(fresh)
        _add(folder, fresh)

    with _held(folder):
        ending = "failed"
        try:
            yield note
            ending = "done"
        finally:
            _add(folder, Counter({ending: 1}))


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """It gets its name when it is locked, so that nobody finds it unlocked while it is new."""
    path = folder / f"{RUNNING}{os.getpid()}-{os.urandom(4).hex()}"
    beside = folder / f".{path.name}"
    try:
        file = os.open(beside, os.O_CREAT | os.O_WRONLY, 0o600)
    except OSError:
        file = None
    try:
        if file is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
            beside.rename(path)
        yield
    finally:
        path.unlink(missing_ok=True)
        if file is not None:
            os.close(file)


def tallied(folder: Path) -> Tally:
    """What stands in the folder now, zeros where nothing does. Raises:  OSError."""
    running = sum(_runs(each, folder) for each in folder.glob(f"{RUNNING}*"))
    counts = _totals(folder)
    return Tally(
        running,
        {name: counts[name] for name in OUTCOMES},
        {name: counts[name] for name in ENDINGS},
    )


def _runs(held: Path, folder: Path) -> bool:
    """Whether its process holds it; of one that was killed it is noted, once."""
    try:
        with held.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            held.unlink()
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    _add(folder, Counter(killed=1))
    return False


def _add(folder: Path, counts: Counter[str]) -> None:
    with suppress(OSError), (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        total = _totals(folder) + counts
        beside = folder / f"{TOTALS}.part"
        beside.write_text(json.dumps(total), encoding="utf-8")
        beside.replace(folder / TOTALS)


def _totals(folder: Path) -> Counter[str]:
    """A file that cannot be read begins anew: it is a convenience, not evidence."""
    try:
        found = json.loads((folder / TOTALS).read_text("utf-8"))
        return Counter({name: int(found.get(name, 0)) for name in (*OUTCOMES, *ENDINGS)})
    except (FileNotFoundError, ValueError, AttributeError):
        return Counter()
