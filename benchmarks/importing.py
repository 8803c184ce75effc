"""How fast does a catalogue come in, with its columns, and in how much memory?

Whole commands, with their start, into an empty data folder: the three cities, then a file twelve
times as long as New York's. Budget: 400 data sets a second, 250 MiB resident at the peak; the
made-up cities are filled within the same memory.
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.corpora import CITIES, Spent, cityspace, made_up_cities
from benchmarks.figures import Figure
from tests.conftest import CATALOGUES

RATE_LEAST, PEAK_MOST = 400, 250
TIMES = 12


def measure(data: Path, largest: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as made:
        return [*_imports(Path(made)), *_seedings(data, largest)]


def _imports(folder: Path) -> Iterator[Figure]:
    cities = {name: _import(folder / name, CATALOGUES / file) for name, file in CITIES.items()}
    for name, spent in cities.items():
        yield from _figures(name, spent.told["read"], [spent])
    together = sum(spent.told["read"] for spent in cities.values())
    yield from _figures("three cities", together, list(cities.values()), least=RATE_LEAST)
    long = _import(folder / "long", _grown(CATALOGUES / CITIES["New York"], folder))
    yield from _figures(f"New York × {TIMES}", long.told["read"], [long], least=RATE_LEAST)


def _seedings(data: Path, largest: int) -> Iterator[Figure]:
    for each in made_up_cities(data, largest):
        rows = each.made.told["total"] if "total" in each.made.told else each.made.told["written"]
        yield from _figures(f"seeding {each.name}", rows, [each.made])


def _figures(
    of: str, rows: int, spent: list[Spent], least: float | None = None
) -> Iterator[Figure]:
    seconds = sum(each.seconds for each in spent)
    worked = sum(each.processor_seconds for each in spent)
    peak = max(each.resident_peak_mebibytes for each in spent)
    yield Figure(of, f"{rows:,} in", seconds, "s")
    yield Figure(of, "rate", rows / seconds, "/s", least=least)
    yield Figure(of, "rate of the processor", rows / worked, "/s")
    yield Figure(of, "peak of resident memory", peak, "MiB", most=PEAK_MOST)


def _import(folder: Path, file: Path) -> Spent:
    return cityspace("import", "--data", str(folder), str(file))


def _grown(file: Path, folder: Path) -> Path:
    """The file's data sets again and again, each time under other identifiers."""
    grown = folder / f"grown-{file.name}"
    with grown.open("w", encoding="utf-8") as written:
        for turn in range(TIMES):
            with file.open(encoding="utf-8") as lines:
                for row in map(json.loads, lines):
                    row["resource"]["id"] += f"-{turn}"
                    written.write(json.dumps(row) + "\n")
    return grown
