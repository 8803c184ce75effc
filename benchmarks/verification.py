"""How long does it take to verify all evidence of a city of 12,000 resources?

The log is read and hashed once, and every table, version and index once. No budget.
"""

from pathlib import Path

from benchmarks.corpora import SIZES, cityspace, made_up
from benchmarks.figures import Figure


def measure(data: Path, largest: int) -> list[Figure]:
    corpus = made_up(data, min(SIZES[0], largest))
    spent = cityspace("evidence", "verify", "--data", str(corpus.folder))
    return [
        Figure(corpus.name, f"{spent.told['records']:,} records", spent.seconds, "s"),
        Figure(corpus.name, "peak of resident memory", spent.resident_peak_mebibytes, "MiB"),
    ]
