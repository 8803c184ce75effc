import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

ENDED_SECONDS_MAX = 20


@pytest.fixture(autouse=True)
def nothing_is_left_behind(tmp_path: Path) -> Iterator[None]:
    """Of all that was started for a test, servers and their guardians too."""
    yield
    until = time.monotonic() + ENDED_SECONDS_MAX
    while left := _processes_of(tmp_path):
        assert time.monotonic() < until, left
        time.sleep(0.2)


def _processes_of(folder: Path) -> list[list[str]]:
    found = psutil.process_iter(["cmdline", "status"])
    return [
        each.info["cmdline"] for each in found
        if each.info["status"] != psutil.STATUS_ZOMBIE
        and str(folder) in " ".join(each.info["cmdline"] or ())
    ]  # fmt: skip
