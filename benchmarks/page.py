"""How long does a page of 50 resources take, with provider, topics and three authorisations each?

First, in the middle and at the end, newest data first. Budget: at 120,000 resources at most 1.3
times what it takes at 12,000; in the middle and at the end at most 1.2 times the first page.
"""

import asyncio
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks.asking import Asking, Milliseconds, Question, timed_of_each
from benchmarks.corpora import SIZES, Corpus, every
from benchmarks.figures import Figure

GROWTH_MOST, DEEP_MOST = 1.3, 1.2
PAGE = """query Page($first: Int, $after: String, $last: Int) {
  resources(first: $first, after: $after, last: $last, orderBy: DATA_CHANGED_AT_DESC) {
    pageInfo { endCursor hasNextPage }
    nodes {
      id name state summary dataChangedAt labels
      provider { id name }
      topics(first: 10) { nodes { code name } }
      authorisations(first: 3) { nodes { id title state } }
    }
  }
}"""
WALK = """query Walk($after: String) {
  resources(first: 100, after: $after, orderBy: DATA_CHANGED_AT_DESC) {
    pageInfo { endCursor }
  }
}"""
COUNT = "{ resources { totalCount } }"


def measure(data: Path, largest: int) -> list[Figure]:
    return list(_figures(asyncio.run(timed_of_each(every(data, largest), _questions))))


async def _questions(_corpus: Corpus, asked: Asking) -> dict[str, Question]:
    middle = await _middle(asked)
    return {
        "first page": partial(asked.data, PAGE, first=50),
        "page in the middle": partial(asked.data, PAGE, first=50, after=middle),
        "page at the end": partial(asked.data, PAGE, last=50),
    }


async def _middle(asked: Asking) -> str | None:
    """The cursor of the row in the middle, as a reader comes to it: page after page."""
    total = (await asked.data(COUNT))["resources"]["totalCount"]
    cursor = None
    for _ in range(total // 200):
        found = await asked.data(WALK, after=cursor)
        cursor = found["resources"]["pageInfo"]["endCursor"]
    return cursor


def _figures(taken: Mapping[tuple[str, str], Milliseconds]) -> Iterator[Figure]:
    for (name, what), each in taken.items():
        yield Figure(name, what, each.passed, "ms")
        yield Figure(name, f"{what}, processor", each.worked, "ms")
        first = taken[name, "first page"]
        if each is not first:
            ratio = each.worked / first.worked
            yield Figure(name, f"{what} / first page", ratio, most=DEEP_MOST)
    small, large = (taken.get((f"{size:,}", "first page")) for size in SIZES)
    if small and large:
        growth = large.worked / small.worked
        yield Figure("120,000 / 12,000", "first page", growth, most=GROWTH_MOST)
