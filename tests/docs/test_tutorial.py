"""The tutorial is run as it stands: every block of it, and what it says that comes out of it."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

SECONDS_MAX = 280

pytestmark = [pytest.mark.slow, pytest.mark.timeout(SECONDS_MAX + 20)]

TUTORIAL = ROOT / "docs" / "tutorial" / "first-product.md"
BLOCK = re.compile(r"^```(bash|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)
MARK = "--- the next block ---"


@pytest.fixture
def steps() -> list[tuple[str, list[str]]]:
    """Every command block with the lines that the next text block promises of it."""
    found: list[tuple[str, list[str]]] = []
    for language, block in BLOCK.findall(TUTORIAL.read_text("utf-8")):
        if language == "bash":
            found.append((block, []))
        else:
            found[-1][1].extend(line.strip() for line in block.splitlines())
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """What a fresh clone has, as links; and a server that somebody left behind is stopped."""
    for name in (".venv", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    yield tmp_path


def test_the_tutorial_does_what_it_says(steps: list[tuple[str, list[str]]], folder: Path) -> None:
    blocks = f"\necho '{MARK}'\n".join(block for block, _ in steps)
    script = f"set -eu\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{blocks}"
    # The server's log lines would come in the middle of what the commands say.
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "CITYSPACE_LOG_LEVEL": "warning"}
    ran = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environ, timeout=SECONDS_MAX, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout
    told = ran.stdout.split(MARK)
    assert len(told) == len(steps)
    for (block, promised), out in zip(steps, told, strict=True):
        rest = out
        for line in promised:
            assert line in rest, f"{line!r} does not come out of\n{block}\nbut\n{out}"
            rest = rest[rest.index(line) + len(line) :]
