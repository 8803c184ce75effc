"""Pages and orders: what `first`, `after`, `last`, `before` and `orderBy` mean."""

from collections.abc import Callable, Mapping
from typing import Any

from dataspace.errors import Invalid
from dataspace.selection import PAGE_MAX, Order, Page
from dataspace.shape import Noun
from dataspace.text import Text
from hub.api.limits import PageTooLarge
from hub.api.reading.cursors import Position

SIZE_DEFAULT = 20
BY_ID = Order()


class SizeNegative(Invalid):
    code = "page.size_negative"
    title = Text("{what} is {asked}; it counts from 0", "{what} 为 {asked}，应不小于 0")
    advice = Text("Ask for 0 or more.", "请填写不小于 0 的数。")


class DirectionsMixed(Invalid):
    code = "page.directions_mixed"
    title = Text(
        "A page goes forwards (first, after) or backwards (last, before), not both",
        "翻页只能向前（first、after）或向后（last、before），不可混用",
    )
    advice = Text("Leave one of the two out.", "请去掉其中一组参数。")


class RankNeedsSearch(Invalid):
    code = "page.rank_needs_search"
    title = Text("The order RANK needs a search", "按相关度排序须有检索词")
    advice = Text("Give search, or another orderBy.", "请填写 search，或改用其他排序。")


def size_within(size: int, what: str, *, most: int = PAGE_MAX) -> int:
    """Raises:  SizeNegative, PageTooLarge."""
    if size < 0:
        raise SizeNegative(what=what, asked=size)
    if size > most:
        raise PageTooLarge(what=what, limit=most, asked=size)
    return size


def page_of(given: Mapping[str, Any], read: Callable[[str], Position]) -> Page:
    """Raises:  SizeNegative, PageTooLarge, DirectionsMixed, and the refusals of cursors."""
    first, last = given.get("first"), given.get("last")
    after, before = given.get("after"), given.get("before")
    backwards = last is not None or before is not None
    if backwards and (first is not None or after is not None):
        raise DirectionsMixed()
    asked = last if backwards else first
    size = SIZE_DEFAULT if asked is None else size_within(asked, "last" if backwards else "first")
    cursor = before if backwards else after
    position = None if cursor is None else read(cursor)
    return Page(size, position, backwards)


def order_of(noun: Noun, given: Mapping[str, Any], *, otherwise: Order = BY_ID) -> Order:
    """`otherwise` is the order when none is asked for. Raises:  RankNeedsSearch."""
    named, searched = given.get("order_by"), given.get("search")
    if named is None:
        return Order("rank", descending=True) if searched else otherwise
    word = str(getattr(named, "value", named))
    if word == "RANK":
        if not searched:
            raise RankNeedsSearch()
        return Order("rank", descending=True)
    name, _, direction = word.rpartition("_")
    return Order(name.lower(), descending=direction == "DESC")
