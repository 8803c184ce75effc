"""The stories of the examples, as they are told and as the tutorial quotes them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

LANGUAGES = {"en": ".md", "zh": ".zh.md"}
# Each in one language always, and in the other with all that takes long.
TOLD = (
    ("sme_credit", "zh"),
    ("vehicle_charger_grid", "en"),
    pytest.param("sme_credit", "en", marks=pytest.mark.long),
    pytest.param("vehicle_charger_grid", "zh", marks=pytest.mark.long),
)
QUOTED = re.compile(r"^```text\n(.*?)^```", re.MULTILINE | re.DOTALL)
TOLD_SECONDS_MAX = 240


def told(story: str, language: str, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, f"examples/{story}.py", "--data", str(data), "--language", language],
        cwd=ROOT, timeout=TOLD_SECONDS_MAX, check=False, capture_output=True, text=True,
        encoding="utf-8",
    )  # fmt: skip


def quoted(story: str, language: str) -> list[str]:
    """The lines of the page that the story prints, `…` standing for what is made anew each time."""
    page = ROOT / "docs" / "tutorial" / (story.replace("_", "-") + LANGUAGES[language])
    blocks = QUOTED.findall(page.read_text("utf-8"))
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    assert len(lines) > 20
    return lines
