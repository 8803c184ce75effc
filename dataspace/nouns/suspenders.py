"""What a product may be suspended by: an authorisation that fell, a source of another node, or that
its own node is cut off; and how it says by which of them it is suspended now.

Its `availability_reason` has one line for each cause that holds, with the cause's id at its end.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from dataspace.shape import Edge
from dataspace.text import Text

LINE_CHARACTERS_MAX: Final = 400
AVAILABILITY_REASON_CHARACTERS_MAX: Final = 4000

SUSPENDERS = (
    Edge("suspended_by", "authorisation", Text("Authorisations whose fall suspends it", "致其暂停的授权"),
         "products_suspended", Text("Products that it suspends", "因其暂停的产品"), many=True),
    Edge("lost_resources", "resource", Text("Resources whose loss suspends it", "致其暂停的来源资源"),
         "products_suspended", Text("Products that its loss suspends", "因其失效暂停的产品"), many=True),
    Edge("lost_products", "product", Text("Products whose loss suspends it", "致其暂停的来源产品"),
         "products_suspended", Text("Products that its loss suspends", "因其失效暂停的产品"), many=True),
)  # fmt: skip


def reason_of(
    before: str | None, grounds: Mapping[str, str], *, lifted: Iterable[str] = ()
) -> str | None:
    """The reason with these grounds, by the ids of the causes, and without those that are lifted.

    Where it would become too long, the last are not named. None when no cause is left.
    """
    said = {_cause(line): line for line in (before or "").splitlines()}
    said |= {cause: _line(cause, why) for cause, why in grounds.items()}
    lines = [line for cause, line in said.items() if cause not in set(lifted)]
    while len("\n".join(lines)) > AVAILABILITY_REASON_CHARACTERS_MAX:
        lines.pop()
    return "\n".join(lines) or None


def _line(cause: str, why: str) -> str:
    return f"{' '.join(why.split())[:LINE_CHARACTERS_MAX]} [{cause}]"


def _cause(line: str) -> str:
    return line.rpartition(" [")[2].removesuffix("]")
