"""How long does it take to measure a million records, and in how much memory?

A register of enterprises as CSV, about 190 MB: loaded, held against twenty rules in all dimensions
that data are measured in, and then described for a proposal of metadata. Budget: 30 s to load and
measure on an idle machine, 512 MB (488 MiB) resident at the peak; the register is made once.
"""

import csv
import resource
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import Figure
from dataspace.quality.rules import QualityRule
from hub.operations.quality.data import duck
from hub.operations.quality.data.measuring import Beside, measured
from hub.operations.quality.data.profiling import profiles
from tests.unit.quality.enterprises import HEADINGS, Spoilt, records

SECONDS_MOST, PEAK_MOST_MEBIBYTES = 30, 488
RECORDS = 1_000_000
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SPOILT = Spoilt(credit_code=5, identity_number=5, empty_name=3, repeated=2, sum=4, state=1)
RULES = (
    *(QualityRule("NOT_NULL", each) for each in HEADINGS[:6]),
    QualityRule("COLUMNS", columns=HEADINGS),
    QualityRule("ROW_COUNT", minimum=str(RECORDS)),
    QualityRule("WELL_FORMED"),
    QualityRule("DUPLICATE_ROWS"),
    QualityRule("UNIQUE", columns=HEADINGS[:1]),
    QualityRule("CREDIT_CODE", HEADINGS[0]),
    QualityRule("ID_CARD", HEADINGS[3]),
    QualityRule("PATTERN", HEADINGS[4], pattern=r"1[3-9]\d{9}"),
    QualityRule("TYPE", HEADINGS[6], values=("DATE",)),
    QualityRule("LENGTH", HEADINGS[1], maximum="60"),
    QualityRule("RANGE", HEADINGS[7], minimum="0", maximum="1000000"),
    QualityRule("SUM", HEADINGS[7], HEADINGS[8:10]),
    QualityRule("CODE_TABLE", HEADINGS[10], values=("存续", "在业", "吊销", "注销")),
    QualityRule("COMPARE", HEADINGS[6], comparison="LTE", other_column=HEADINGS[11]),
    QualityRule("NEWEST_RECORD", HEADINGS[11]),
)


def measure(data: Path, largest: int) -> list[Figure]:
    file = _made(data / f"enterprises-{RECORDS}.csv")
    of = f"{RECORDS:,} records"
    with tempfile.TemporaryDirectory(dir=data) as folder:
        path = Path(folder) / file.name
        shutil.copyfile(file, path)
        began, worked = time.monotonic(), time.process_time()
        with duck.opened(Path(folder), seconds_max=600) as engine:
            loaded = engine.load(path, path.name)
            load_seconds = time.monotonic() - began
            found = measured(engine, loaded, RULES, beside=Beside(NOW, "DAILY"))
            seconds = time.monotonic() - began
            worked = time.process_time() - worked
            began = time.monotonic()
            profiles(engine, loaded)
            profile_seconds = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure(of, "load", load_seconds, "s"),
        Figure(of, f"load and measure {len(RULES)} rules", seconds, "s", most=SECONDS_MOST),
        Figure(of, "the same, time of the processor", worked, "s"),
        Figure(of, "rows that fail", sum(each.failed for each in found)),
        Figure(of, "describe the columns", profile_seconds, "s"),
        Figure(of, "peak of resident memory", peak, "MiB", most=PEAK_MOST_MEBIBYTES),
    ]


def _made(file: Path) -> Path:
    if not file.exists():
        print(f"making {file.name} …", flush=True)
        with file.open("w", encoding="utf-8", newline="") as text:
            writer = csv.writer(text)
            writer.writerow(HEADINGS)
            writer.writerows(records(RECORDS, spoilt=SPOILT))
    return file
