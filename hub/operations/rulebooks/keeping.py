"""The operations on rulebooks: enter and amend a draft, and decide that it takes effect."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.change import Amend
from dataspace.errors import Conflict, NotFound
from dataspace.quantity import read_moment, written
from dataspace.rulebooks.adopting import check, read_rules, written_rules
from dataspace.rulebooks.rulebook import Rulebook
from dataspace.selection import Child, Linked, Page, Row, Selection, Where
from dataspace.text import Text
from hub.node import Node
from hub.operations.mechanism.done import Done, Request, carry_out, check_caller, once
from hub.operations.mechanism.ledger import Ledger
from hub.operations.mechanism.lifecycle import Values
from hub.operations.mechanism.moving import after
from hub.operations.mechanism.reading import flat
from hub.operations.rulebooks.places import FIELDS as PLACE_FIELDS
from hub.operations.rulebooks.places import STATED, Place, children, latest, place_of, unchanged

FIELDS: Final = ("title", "takes_effect_at", "rules")
FIXED: Final = ("space",)
KEEPERS: Final = frozenset({Role.PLATFORM_ADMIN})


class RulebookDecided(Conflict):
    """What has been decided is not changed: the next version says what is to be from then on."""

    code = "rulebook.decided"
    title = Text("{rulebook} has been decided", "{rulebook} 已确定")
    advice = Text("Enter the next version.", "请录入新的版本。")


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    """Rules are kept as they are written, in the order of the kinds."""
    if row and row["status"] != "DRAFT":
        raise RulebookDecided(rulebook=row["title"])
    prepared: dict[str, Any] = {} if row else {"status": "DRAFT"}
    if lines := values.get("rules"):
        rules = read_rules(values.get("title") or row.get("title") or "", _pairs(lines))
        prepared["rules"] = [{"name": name, "value": value} for name, value in written_rules(rules)]
    return prepared


LEDGER: Final = Ledger("rulebook", keepers=KEEPERS, fields=FIELDS, fixed=FIXED, prepare=_prepare)
enter = LEDGER.enter
amend = LEDGER.amend


async def take_effect(node: Node, caller: Caller, id: str, *, request_id: str = "") -> Done:
    """Decides that a draft takes effect on its date, at once when it has none.

    The decision rests on every rulebook above it, so it is applied only if all of them, and the
    place of the space, are as they were read (docs/decisions/0011).

    Raises:  RoleMissing, NotFound, RulebookDecided, MovedOn, and what `adopting.check` raises.
    """
    request = Request(node, caller, "rulebook", "take_effect", id, request_id=request_id)
    return await once(request, lambda: _take_effect(request))


async def _take_effect(request: Request) -> Done:
    check_caller(request.caller, request.verb, KEEPERS)
    row = await _draft(request)
    if row["status"] != "DRAFT":
        raise RulebookDecided(rulebook=row["title"])
    place, now = place_of(row["space"]), request.now
    rulebook = _rulebook(row, place, now)
    check(rulebook, place.rulebooks, parents=place.parents, now=now)
    values = {
        "status": "DECIDED",
        "edition": rulebook.version,
        "tier": rulebook.tier,
        "takes_effect_at": written(rulebook.takes_effect_at),
        "decided_by": request.caller.subject,
        "decided_at": written(now),
        "changed_at": written(now),
    }
    change = Amend(
        "rulebook", request.id, values, request.act,
        guard=Linked("space", unchanged(place)), version=row["version"],
    )  # fmt: skip
    return await carry_out(request, request.id, changes=(change,), values=after(flat(row), values))


def _rulebook(row: Row, place: Place, now: datetime) -> Rulebook:
    at = read_moment(row["takes_effect_at"]) if row["takes_effect_at"] else now
    number = latest(place.rulebooks, place.code) + 1
    rules = read_rules(f"{place.code} v{number}", _pairs(row["rules"]))
    return Rulebook(place.code, place.spaces[0]["tier"], place.parent, number, at, rules, row["id"])


def _pairs(lines: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    return [(each["name"], each["value"]) for each in lines]


async def _draft(request: Request) -> Row:
    """The draft, its space's place, and what is decided there. Keepers see every rulebook."""
    space = Selection("space", PLACE_FIELDS, page=Page(1), children=children())
    selection = Selection(
        "rulebook",
        ("id", "version", "title", "status", "takes_effect_at", "created_at"),
        Where("id", "eq", request.id),
        page=Page(1),
        children=(Child("space", "space", space),),
        parts=(STATED,),
    )
    if (row := (await request.node.catalogue.select(selection)).first) is None:
        raise NotFound(kind="rulebook", id=request.id)
    return row
