"""How soon a node answers, how small it stays, and how long its evidence takes to verify.

    python -m benchmarks.node_start FOLDER

seeds the demo city of 12,000 resources in FOLDER, unless it is there. Budget: ready 2 s after the
start, 150 MB resident when idle; a verification reads the log once and the tables once.
"""

import json
import os
import platform
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from tests.e2e.running_hub import cityspace, running_hub

STARTS = 5
MEBIBYTE = 1024 * 1024


def start(data: Path) -> dict[str, float]:
    """One start: wall and processor seconds until ready, memory then, seconds to stop."""
    with running_hub(data, "--demo") as hub:
        process = psutil.Process(hub.process.pid)
        spent, memory = process.cpu_times(), process.memory_info().rss
        began = time.monotonic()
        hub.stop()
        return {
            "ready_seconds": hub.ready_after_seconds,
            "processor_seconds": spent.user + spent.system,
            "resident_mebibytes": memory / MEBIBYTE,
            "stop_seconds": time.monotonic() - began,
        }


def verification(data: Path) -> dict[str, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(cityspace("evidence", "verify", "--data", str(data), "--json").stdout)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "records": told["records"],
        "verify_processor_seconds": after.ru_utime + after.ru_stime
        - before.ru_utime - before.ru_stime,
    }  # fmt: skip


def measured(data: Path) -> dict[str, Any]:
    cityspace("seed", "--data", str(data), seconds=1200)
    starts = [start(data) for _ in range(STARTS)]
    found = {name: statistics.median(each[name] for each in starts) for name in starts[0]}
    found |= verification(data)
    return {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
        **{name: round(value, 2) for name, value in found.items()},
    }


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1])), indent=2))
