"""How long does a search take, of a word that few resources have and of one that many have?

The first 20 by rank, with snippets. No budget: what it costs is to be seen.
"""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from benchmarks.asking import Question, asking, timed
from benchmarks.corpora import CITIES, every
from benchmarks.figures import Figure

SEARCH = """query Search($text: String!) {
  resources(first: 20, search: $text) { edges { rank snippet node { id name } } }
}"""
COUNT = "query Count($text: String!) { resources(search: $text) { totalCount } }"
# Rare and common, in the three cities' English and in the made-up cities' Chinese.
IN_ENGLISH, IN_CHINESE = ("towing", "data"), ("古树名木", "登记")


def measure(data: Path, largest: int) -> list[Figure]:
    return asyncio.run(_measured(data, largest))


async def _measured(data: Path, largest: int) -> list[Figure]:
    questions: dict[tuple[str, str], Question] = {}
    async with AsyncExitStack() as opened:
        for corpus in every(data, largest):
            asked = await opened.enter_async_context(asking(corpus.folder))
            words = IN_ENGLISH if corpus.name in CITIES else IN_CHINESE
            for sort, word in zip(("rare", "common"), words, strict=True):
                found = (await asked.data(COUNT, text=word))["resources"]["totalCount"]
                question = partial(asked.data, SEARCH, text=word)
                questions[corpus.name, f"{sort} word, {found:,} found"] = question
        taken = await timed(questions)
    return [Figure(name, what, each.passed, "ms") for (name, what), each in taken.items()]
