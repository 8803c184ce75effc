"""A figure that was measured, what it is held against, and how figures are kept and shown."""

import json
import os
import platform
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- figures: written by `make bench` -->", "<!-- end of the figures -->"
LIBRARIES = ("granian", "graphene", "orjson", "rdflib", "starlette")


@dataclass(frozen=True)
class Figure:
    """`of` is what was asked about, such as a city; at most `most`, at least `least`, if given."""

    of: str
    what: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def holds(self) -> bool:
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )

    @property
    def budget(self) -> str:
        if self.most is not None:
            return f"≤ {shown(self.most)}"
        return "" if self.least is None else f"≥ {shown(self.least)}"


def kept(folder: Path, name: str, question: str, figures: Sequence[Figure]) -> None:
    """Writes what one benchmark measured, with where it was measured."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = [Figure(**{**asdict(each), "value": round(each.value, 3)}) for each in figures]
    result = {
        "question": question,
        "machine": machine(),
        "figures": [
            {name: value for name, value in asdict(each).items() if value not in (None, "")}
            for each in figures
        ],
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    return {
        "processors": os.cpu_count(),
        "processor": platform.machine(),
        "memory_gibibytes": round(
            os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1
        ),
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in LIBRARIES},
    }


def page_with_figures(page: str, results: Path) -> str:
    """The page with the tables of all results between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{''.join(_tables(results))}{END}{after}"


def _tables(results: Path) -> Iterator[str]:
    for path in sorted(results.glob("*.json")):
        result = json.loads(path.read_text("utf-8"))
        yield f"### {result['question']}\n\n| of | what | measured | budget | |\n"
        yield "| --- | --- | --: | --: | --- |\n"
        for each in (Figure(**figure) for figure in result["figures"]):
            value = f"{shown(each.value)} {each.unit}".strip()
            holds = ("holds" if each.holds else "**does not hold**") if each.budget else ""
            yield f"| {each.of} | {each.what} | {value} | {each.budget} | {holds} |\n"
        words = (f"{name} {value}" for name, value in result["machine"].items())
        yield f"\nMeasured on: {', '.join(words)}.\n\n"


def shown(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or value >= 1000 else f"{value:.3g}"
