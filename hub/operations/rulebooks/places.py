"""A space with all that it is part of, and the rulebooks that are decided for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dataspace.quantity import read_moment, written
from dataspace.rulebooks.adopting import read_rules
from dataspace.rulebooks.kinds import RULES
from dataspace.rulebooks.rulebook import SPACES_MAX, Rulebook
from dataspace.selection import (
    Child,
    Condition,
    Either,
    Every,
    Linked,
    Not,
    Order,
    Page,
    PartChild,
    Row,
    Selection,
    Where,
)
from hub.operations.mechanism.reading import rows_of

DECIDED: Final = Where("status", "eq", "DECIDED")
STATED: Final = PartChild("rules", "rules", ("name", "value"), first=len(RULES))
FIELDS: Final = ("id", "code", "tier")
EDITIONS_MAX = 20


@dataclass(frozen=True)
class Place:
    """`spaces` are the space itself and what it is part of, from the lowest up."""

    spaces: tuple[Row, ...]

    @property
    def code(self) -> str:
        return str(self.spaces[0]["code"])

    @property
    def parent(self) -> str:
        return str(self.spaces[1]["code"]) if len(self.spaces) > 1 else ""

    @property
    def parents(self) -> Mapping[str, str]:
        """What every space is part of, by codes; in a circle what was read first."""
        codes = [str(each["code"]) for each in self.spaces]
        return dict(reversed(list(zip(codes, [*codes[1:], ""], strict=True))))

    @property
    def rulebooks(self) -> list[Rulebook]:
        parents = self.parents
        return [
            rulebook_of(row, space=str(space["code"]), parent=parents[str(space["code"])])
            for space in self.spaces
            for row in rows_of(space.get("rulebooks"))
        ]


def children(*, at: datetime | None = None, prefix: str = "") -> tuple[Child, ...]:
    """What is read beside a space to know its place, under keys that begin with `prefix`.

    With `at` only what is in force at that moment, or else the newest versions. One space more
    than a space may inherit through is read, so that a longer way, or a circle, is noticed.
    """
    return _children(SPACES_MAX, at, prefix)


def decided(at: datetime) -> tuple[Child, ...]:
    """What is decided for a space alone, whatever it is part of."""
    return (Child("rulebooks", "rulebooks", _versions(at)),)


def place_of(space: Row, *, prefix: str = "") -> Place:
    """The place of a space that was read with `children` and `FIELDS`."""
    upper: Row | None = space
    spaces: list[Row] = []
    while upper is not None:
        key = "" if spaces else prefix
        spaces.append({**upper, "rulebooks": upper.get(f"{key}rulebooks")})
        upper = upper.get(f"{key}part_of")
    return Place(tuple(spaces))


def rulebook_of(row: Row, *, space: str, parent: str) -> Rulebook:
    """Raises:  RuleUnknown, RuleValueWrong."""
    lines = [(each["name"], each["value"]) for each in row["rules"]]
    moment = read_moment(row["takes_effect_at"])
    rules = read_rules(f"{space} v{row['edition']}", lines)
    return Rulebook(space, row["tier"], parent, row["edition"], moment, rules, row["id"])


def latest(rulebooks: Sequence[Rulebook], space: str) -> int:
    """The last version that is decided for a space; 0 before the first."""
    return max((each.version for each in rulebooks if each.space == space), default=0)


def unchanged(place: Place) -> Condition:
    """Holds of a space that stands where it was read, with nothing decided since at any tier."""
    return _as_read(place.spaces, place.rulebooks)


def ruled(levels: int = SPACES_MAX) -> Condition:
    """Holds of a space for which, or for a space within it, a rulebook has been decided."""
    within = (Linked("sub_spaces", ruled(levels - 1)),) if levels > 1 else ()
    return Either((Linked("rulebooks", DECIDED), *within))


def _as_read(spaces: Sequence[Row], rulebooks: Sequence[Rulebook]) -> Condition:
    space, *above = spaces
    later = Where("edition", "gt", latest(rulebooks, str(space["code"])))
    return Every((
        Where("id", "eq", space["id"]),
        Where("tier", "eq", space["tier"]),
        Not(Linked("rulebooks", Every((DECIDED, later)))),
        Linked("part_of", _as_read(above, rulebooks)) if above
        else Where("part_of", "is_null", True),
    ))  # fmt: skip


def _children(levels: int, at: datetime | None, prefix: str) -> tuple[Child, ...]:
    above = _children(levels - 1, at, "") if levels > 1 else ()
    upper = Selection("space", FIELDS, page=Page(1), children=above)
    rulebooks = Child(f"{prefix}rulebooks", "rulebooks", _versions(at))
    return rulebooks, Child(f"{prefix}part_of", "part_of", upper)


def _versions(at: datetime | None) -> Selection:
    begun = (Where("takes_effect_at", "lte", written(at)),) if at else ()
    return Selection(
        "rulebook",
        ("id", "title", "edition", "tier", "takes_effect_at"),
        Every((DECIDED, *begun)),
        order=Order("takes_effect_at", descending=True),
        page=Page(1 if at else EDITIONS_MAX),
        parts=(STATED,),
    )
