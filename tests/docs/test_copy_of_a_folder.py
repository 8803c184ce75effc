"""A node is backed up and restored as the page says, while it changes."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PAGE = ROOT / "docs" / "how-to" / "back-up.md"
BLOCK = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = ROOT / ".venv" / "bin"


def _run(folder: Path, script: str) -> str:
    environ = {**os.environ, "PATH": f"{COMMAND}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-ec", script], cwd=folder, env=environ, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_copy_that_is_made_while_the_node_is_filled_holds_and_is_a_node(tmp_path: Path) -> None:
    copying, checking = BLOCK.findall(PAGE.read_text("utf-8"))
    _run(tmp_path, "cityspace seed --data data --departments 2 --resources 2")
    more = subprocess.Popen(
        [COMMAND / "cityspace", "seed", "--data", "data", "--departments", "60"], cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _run(tmp_path, f"until [ -s data/catalogue.sqlite-wal ]; do sleep 0.1; done\n{copying}")
        assert more.poll() is None
    finally:
        more.kill()
        more.wait()
    assert "The evidence holds" in _run(tmp_path, checking)
    shutil.rmtree(tmp_path / "data")
    (tmp_path / "copy").rename(tmp_path / "data")
    assert "Every part answers" in _run(tmp_path, "cityspace check --data data")
