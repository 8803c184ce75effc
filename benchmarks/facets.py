"""How long do counts take: the total, and five facets, two of them of many values and two named?

No budget: what it costs is to be seen. It grows with the rows that are counted.
"""

import asyncio
from functools import partial
from pathlib import Path

from benchmarks.asking import Asking, Question, timed_of_each
from benchmarks.corpora import Corpus, every
from benchmarks.figures import Figure

QUERIES = {
    "total": "{ resources { totalCount } }",
    "five facets": """{ resources {
      facets(fields: [FORMAT, GRADE, PROVIDER, TOPICS, LABELS]) {
        field values { value label count }
      }
    } }""",
}


def measure(data: Path, largest: int) -> list[Figure]:
    taken = asyncio.run(timed_of_each(every(data, largest), _questions))
    return [Figure(name, what, each.passed, "ms") for (name, what), each in taken.items()]


async def _questions(_corpus: Corpus, asked: Asking) -> dict[str, Question]:
    return {what: partial(asked.data, query) for what, query in QUERIES.items()}
