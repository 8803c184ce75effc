"""How long do counts take: the total, and five facets, two of them of many values and two named?

No budget: what it costs is to be seen. It grows with the rows that are counted.
"""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from benchmarks.asking import Question, asking, timed
from benchmarks.corpora import every
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
    return asyncio.run(_measured(data, largest))


async def _measured(data: Path, largest: int) -> list[Figure]:
    questions: dict[tuple[str, str], Question] = {}
    async with AsyncExitStack() as opened:
        for corpus in every(data, largest):
            asked = await opened.enter_async_context(asking(corpus.folder))
            for what, query in QUERIES.items():
                questions[corpus.name, what] = partial(asked.data, query)
        taken = await timed(questions)
    return [Figure(name, what, each.passed, "ms") for (name, what), each in taken.items()]
