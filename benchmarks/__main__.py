"""Runs every benchmark, or those that are named: python -m benchmarks [NAME …] [--data FOLDER].

Each is a program of its own that prints what it measured; its first lines say what it asks and
what the answer is held against.
"""

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

SIZES = ("12000", "120000")
BENCHMARKS: dict[str, tuple[str, ...]] = {
    "node_start": ("{data}/city",),
    "catalogue_page": ("{data}/pages", *SIZES),
    "token_check": (),
}


def main() -> int:
    parser = ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", default=list(BENCHMARKS), help=", ".join(BENCHMARKS))
    parser.add_argument("--data", type=Path, default=Path("data/benchmarks"))
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in BENCHMARKS]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    given.data.mkdir(parents=True, exist_ok=True)
    for name in given.names:
        print(f"\n{name}", flush=True)
        words = [word.format(data=given.data) for word in BENCHMARKS[name]]
        if code := subprocess.call([sys.executable, "-m", f"benchmarks.{name}", *words]):
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
