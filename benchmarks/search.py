"""How long does a search take, of a word that few resources have and of one that many have?

The first 20 by rank, with snippets. No budget: what it costs is to be seen.
"""

import asyncio
from functools import partial
from pathlib import Path

from benchmarks.asking import Asking, Question, timed_of_each
from benchmarks.corpora import CITIES, Corpus, every
from benchmarks.figures import Figure

SEARCH = """query Search($text: String!) {
  resources(first: 20, search: $text) { edges { rank snippet node { id name } } }
}"""
COUNT = "query Count($text: String!) { resources(search: $text) { totalCount } }"
# Rare and common, in the three cities' English and in the made-up cities' Chinese.
IN_ENGLISH, IN_CHINESE = ("towing", "data"), ("古树名木", "登记")


def measure(data: Path, largest: int) -> list[Figure]:
    taken = asyncio.run(timed_of_each(every(data, largest), _questions))
    return [Figure(name, what, each.passed, "ms") for (name, what), each in taken.items()]


async def _questions(corpus: Corpus, asked: Asking) -> dict[str, Question]:
    questions = {}
    words = IN_ENGLISH if corpus.name in CITIES else IN_CHINESE
    for sort, word in zip(("rare", "common"), words, strict=True):
        found = (await asked.data(COUNT, text=word))["resources"]["totalCount"]
        questions[f"{sort} word, {found:,} found"] = partial(asked.data, SEARCH, text=word)
    return questions
