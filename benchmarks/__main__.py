"""Measures what the benchmarks ask, keeps the figures and writes them into the page.

    python -m benchmarks [NAME …] [--data FOLDER] [--largest N] [--results FOLDER]

Each is a process of its own, so that none lives in the memory of another. With `--largest 12000`
the city of 120,000 is left out; the catalogues that are asked are made once and kept in `--data`.
"""

import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from importlib import import_module
from pathlib import Path

from benchmarks.corpora import SIZES
from benchmarks.figures import PAGE, RESULTS, kept, page_with_figures

NAMES = ("page", "search", "facets", "importing", "start", "verification", "token_check",
         "watching_cost", "work_list", "heartbeats", "following", "flood", "live")  # fmt: skip
# They take minutes, and are measured when what they ask about was changed.
LONG = ("quality", "freshness", "node_memory")
ON_SERVERS = ("neo4j_page",)


def main() -> int:
    given = _given()
    if len(given.names) == 1:
        return _measure(given.names[0], given)
    for name in given.names:
        began = time.monotonic()
        options = ("--data", given.data, "--largest", given.largest, "--results", given.results)
        words = [sys.executable, "-m", "benchmarks", name, *map(str, options)]
        if code := subprocess.call(words):
            return code
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    return 0


def _measure(name: str, given: Namespace) -> int:
    module = import_module(f"benchmarks.{name}")
    figures = module.measure(given.data.absolute(), given.largest)
    question = (module.__doc__ or "").splitlines()[0]
    kept(given.results, name, question, figures)
    if given.results == RESULTS:
        page = page_with_figures(PAGE.read_text("utf-8"), RESULTS)
        PAGE.write_text(page, encoding="utf-8")
    print(f"\n{question}")
    for each in figures:
        verdict = "" if each.holds else "   DOES NOT HOLD"
        print(f"  {each.of:>20}  {each.what:<34} {each.value:>10.2f} {each.unit:<4} "
              f"{each.budget}{verdict}")  # fmt: skip
    return 0


def _given() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks")
    known = (*NAMES, *LONG, *ON_SERVERS)
    parser.add_argument("names", nargs="*", default=NAMES, help=", ".join(known))
    parser.add_argument("--data", type=Path, default=Path("data/benchmarks"))
    parser.add_argument("--largest", type=int, default=max(SIZES))
    parser.add_argument("--results", type=Path, default=RESULTS)
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in known]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    given.data.mkdir(parents=True, exist_ok=True)
    return given


if __name__ == "__main__":
    sys.exit(main())
