"""The tables that say what a source's words mean here; each is a CSV file under `data/`."""

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _mapping(name: str, key: str, value: str) -> dict[str, str]:
    return {row[key]: row[value] for row in rows(name)}


def topic_code(label: str) -> str:
    """The topic class that a category or tag stands for; empty when the table has none."""
    return _mapping("topics", "label", "topic").get(" ".join(label.casefold().split()), "")


def item_type(source_type: str) -> str:
    """The ITEM_TYPE of a source's type word, without a length in brackets; else OTHER."""
    word = source_type.casefold().partition("(")[0].strip()
    return _mapping("item_types", "word", "type").get(word, "OTHER")


@cache
def update_cycle(words: str) -> str:
    """The UPDATE_CYCLE of the source's words: the first line of the table that fits them.

    A line that begins with `=` must be the whole of the words, any other a part of them.
    """
    text = " ".join(words.casefold().split())
    for line, cycle in _mapping("update_cycles", "words", "cycle").items():
        if text.strip(" .") == line[1:] if line[:1] == "=" else line in text:
            return cycle
    return ""


@cache
def resource_format(words: str) -> str:
    """The RESOURCE_FORMAT of a type or media type word; empty when the table has none."""
    text = words.casefold()
    found = _mapping("formats", "words", "format")
    return next((kind for word, kind in found.items() if word in text), "")
