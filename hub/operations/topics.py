"""The topic classes of the national table, as rows that resources and products refer to."""

from functools import cache

from dataspace.change import Act, ChangeSet, Create
from dataspace.codes import TOPICS
from dataspace.errors import AlreadyThere
from dataspace.identifiers import derived_id
from dataspace.ports import Catalogue
from dataspace.quantity import Clock, written
from dataspace.selection import PAGE_MAX, Page, Selection, Where


@cache
def topic_id(code: str) -> str:
    return derived_id("top", code)


async def seed_topics(catalogue: Catalogue, clock: Clock, *, actor: str) -> int:
    """Makes the topic classes that are not there yet, and says how many those were."""
    wanted = {topic_id(code): (code, zh, en) for code, zh, en in TOPICS}
    missing = await _missing(catalogue, list(wanted))
    if not missing:
        return 0
    act = Act(actor, "topic.create", written(clock.now()), "NDI-TR-2025-06")
    changes = tuple(
        Create("topic", id_, _values(*wanted[id_]), act) for id_ in wanted if id_ in missing
    )
    try:
        await catalogue.apply(ChangeSet(derived_id("topics", *sorted(missing)), changes))
    except AlreadyThere:  # another process made them a moment ago
        return 0
    return len(changes)


async def _missing(catalogue: Catalogue, ids: list[str]) -> set[str]:
    found = await catalogue.select(
        Selection("topic", ("id",), Where("id", "in", ids), page=Page(PAGE_MAX))
    )
    return set(ids) - {row["id"] for row in found.rows}


def _values(code: str, name: str, name_en: str) -> dict[str, str]:
    values = {"code": code, "name": name, "name_en": name_en}
    if not code.endswith("000"):
        values["broader"] = topic_id(f"{code[0]}0000")
    return values
