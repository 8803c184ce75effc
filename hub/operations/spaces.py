"""Data spaces: the city's own, the industry sub-spaces, and the logical ones."""

from typing import Final

from dataspace.caller import Role
from dataspace.errors import Conflict
from dataspace.rulebooks.rulebook import ancestry
from dataspace.selection import Condition, Every, Not, Page, Row, Selection, Where
from dataspace.text import Text
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.ledger import Ledger
from hub.operations.mechanism.lifecycle import Values
from hub.operations.membership.keeping import LOGICAL, OPEN, OPERATORS, check_open, is_operator
from hub.operations.rulebooks.places import FIELDS as PLACE_FIELDS
from hub.operations.rulebooks.places import children, place_of, ruled

FIELDS: Final = (
    "code", "name", "summary", "kind", "tier", "operator", "part_of", "required_capabilities",
)  # fmt: skip
# What the rules of a space, and of those within it, rest on.
SETTLED: Final = ("tier", "part_of")


class SpaceSettled(Conflict):
    """Moving a space would change what rules applied, and still apply, in it and within it."""

    code = "space.settled"
    title = Text(
        "{name} keeps its tier and place: rulebooks have been decided for it or within it",
        "{name} 的层级与归属不可更改：该空间或其下级已有确定的规则册",
    )
    advice = Text("Enter another space.", "请另行录入空间。")


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    check_open(row)
    if _moves(values, row):
        where = Every((Where("id", "eq", request.id), ruled()))
        selection = Selection("space", where=where, page=Page(1))
        if (await request.node.catalogue.select(selection)).first:
            raise SpaceSettled(name=row["name"])
    if parent := values.get("part_of"):
        await _check_not_within_itself(request, values.get("code") or row.get("code") or "", parent)
    return _its_creator(request, values) if not row else {}


def _its_creator(request: Request, values: Values) -> Values:
    """Whoever creates a logical space is its operator, unless another is named (TC-045)."""
    creator = request.caller.participant
    wanted = values.get("kind") == LOGICAL and creator and not values.get("operator")
    return {"operator": creator} if wanted else {}


def _moves(values: Values, row: Row) -> bool:
    return bool(row) and any(values.get(name, row[name]) != row[name] for name in SETTLED)


def _holds(values: Values, row: Row) -> Condition:
    return Every((OPEN, Not(ruled()))) if _moves(values, row) else OPEN


async def _check_not_within_itself(request: Request, code: str, parent: str) -> None:
    """Raises:  RulebookCyclic. That the parent is there is for the catalogue to refuse."""
    selection = Selection(
        "space", PLACE_FIELDS, Where("id", "eq", parent), page=Page(1), children=children()
    )
    if (upper := (await request.node.catalogue.select(selection)).first) is not None:
        place = place_of(upper)
        ancestry(code, {**place.parents, code: place.code})


LEDGER: Final = Ledger(
    "space",
    keepers=frozenset({Role.PLATFORM_ADMIN}),
    parties=OPERATORS,
    is_party=is_operator,
    fields=FIELDS,
    prepare=_prepare,
    holds=_holds,
)
enter = LEDGER.enter
amend = LEDGER.amend
