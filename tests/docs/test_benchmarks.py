"""The benchmarks' page shows what their results say, and each says what it asks."""

from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.__main__ import LONG, NAMES
from benchmarks.figures import PAGE, RESULTS, Figure, kept, page_with_figures


def test_the_page_shows_the_committed_results() -> None:
    page = PAGE.read_text("utf-8")
    assert page_with_figures(page, RESULTS) == page


@pytest.mark.parametrize("name", (*NAMES, *LONG))
def test_a_benchmark_begins_with_its_question_and_its_budget(name: str) -> None:
    told = import_module(f"benchmarks.{name}").__doc__ or ""
    assert told.splitlines()[0].endswith("?")
    assert "udget" in told


def test_a_figure_is_held_against_its_budget(tmp_path: Path) -> None:
    kept(tmp_path, "question", "How many?", [
        Figure("few", "rows", 3, most=4), Figure("many", "rows", 12_000, "ms", least=20_000),
        Figure("some", "rows", 0.25, "s"),
    ])  # fmt: skip
    page = page_with_figures("before <!-- figures: written by `make bench` --> last week "
                             "<!-- end of the figures --> after", tmp_path)  # fmt: skip
    assert "### How many?" in page
    assert "| few | rows | 3 | ≤ 4 | holds |" in page
    assert "| many | rows | 12,000 ms | ≥ 20,000 | **does not hold** |" in page
    assert "| some | rows | 0.25 s |  |  |" in page
    assert "last week" not in page
    assert page.startswith("before ")
    assert page.endswith(" after")
