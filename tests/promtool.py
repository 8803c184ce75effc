"""Prometheus's own checker, which CI requires and others may do without."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None and not os.environ.get("CI"),
    reason="promtool is not installed (Debian: apt-get install prometheus)",
)


def promtool(*words: str | Path, given: str = "") -> str:
    """What it says; an error when it finds fault."""
    assert PROMTOOL, "CI needs promtool; .ci/run installs it"
    done = subprocess.run([PROMTOOL, *words], input=given, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
