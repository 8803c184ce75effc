"""Topic classes (主题分类): the national table, put into the catalogue once."""

from collections.abc import Iterator

from dataspace.change import Act, ChangeSet, Create
from dataspace.codes import TOPICS
from dataspace.errors import AlreadyThere
from dataspace.identifiers import derived_id, new_id
from dataspace.quantity import written
from dataspace.selection import PAGE_MAX, Page, Selection
from hub.node import Node

ACTION = "topic.enter"


def topic_id(code: str) -> str:
    """The id of the class with this code, the same in every catalogue."""
    return derived_id("top", code)


async def seed(node: Node, *, actor: str = "cityspace") -> int:
    """Enters the classes that are not there yet, and says how many that were."""
    act = Act(actor, ACTION, written(node.clock.now()))
    selection = Selection("topic", page=Page(PAGE_MAX))
    there = {row["id"] for row in (await node.catalogue.select(selection)).rows}
    missing = tuple(each for each in _classes(act) if each.id not in there)
    if missing:
        await _enter(node, missing)
    return len(missing)


async def _enter(node: Node, missing: tuple[Create, ...]) -> None:
    try:
        await node.catalogue.apply(ChangeSet(new_id("chs"), missing))
    except AlreadyThere:
        """Another process seeded at the same moment, all of them in one change set."""


def _classes(act: Act) -> Iterator[Create]:
    """The broader ones first, for they are what the others refer to."""
    for code, name, name_en in sorted(TOPICS, key=lambda each: not _is_broad(each[0])):
        values = {"code": code, "name": name, "name_en": name_en}
        broader = {} if _is_broad(code) else {"broader": topic_id(f"{code[0]}0000")}
        yield Create("topic", topic_id(code), {**values, **broader}, act)


def _is_broad(code: str) -> bool:
    return code.endswith("0000")
