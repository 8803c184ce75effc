"""The stories of the examples, told against a demonstration, as the tutorial quotes them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.e2e.test_demo import PUBLISHED_SECONDS_MAX, Demo, demo, is_published, soon

__all__ = ["demo"]

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

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


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


@pytest.mark.parametrize(("story", "language"), TOLD)
def test_a_story_is_as_it_is_told(demo: Demo, story: str, language: str) -> None:
    soon(lambda: is_published(demo), PUBLISHED_SECONDS_MAX)
    said = told(story, language, demo.data)
    assert said.returncode == 0, said.stdout + said.stderr
    printed = [line.strip() for line in said.stdout.splitlines()]
    rest = iter(printed)
    for line in quoted(story, language):
        wanted = re.compile(re.escape(line).replace("…", r"\S+"))
        assert any(map(wanted.fullmatch, rest)), f"{line!r} is not told in its place:\n{printed}"


def test_a_story_that_does_not_hold_says_so_and_fails(demo: Demo, tmp_path: Path) -> None:
    """The energy node stands where the finance node should."""
    for name in ("city", "finance", "energy"):
        (tmp_path / name).symlink_to(demo.data / ("energy" if name == "finance" else name))
    said = told("sme_credit", "zh", tmp_path)
    assert said.returncode == 1, said.stdout + said.stderr
    assert "并非如此" in said.stdout
    assert said.stderr == ""
