"""Rulebooks as values, and which rules apply to a space at a date.

The rules of a space are the meet of what its own rulebook and those above it state. So nobody's
rules are ever looser than those of a tier above, also when the upper one is tightened later.
Source: the two tiers of governance (两级治理框架), read as in `docs/explanation/rulebooks.md`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from dataspace.rulebooks.kinds import RULES, RuleKind
from dataspace.rulebooks.order import no_looser
from dataspace.rulebooks.refusals import RulebookCyclic
from dataspace.text import Text

SPACES_MAX = 4  # from the top down: city, district, sub-space, and one within it


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One version of the rules of a space, `rules` by their names.

    It applies from `takes_effect_at` until the next version does. `space` and `parent`, the
    space whose rules it inherits ("" for the city's), are codes of spaces; `tier` is a code of
    GovernanceTier. A rule that it does not state is inherited, and nothing is restricted when
    nobody states it.
    """

    space: str
    tier: str
    parent: str
    version: int
    takes_effect_at: datetime
    rules: Mapping[str, Any]
    id: str = ""

    def __str__(self) -> str:
        return f"{self.space} v{self.version}"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What applies of one rule, and which versions of which rulebooks say so.

    `sources` is one rulebook, the uppermost that states the value; or all that state the rule,
    from the top down, when the value is that of none alone, as two sets of codes may leave.
    """

    kind: RuleKind
    value: Any
    sources: tuple[Rulebook, ...]


@dataclass(frozen=True, slots=True)
class Loosening:
    """A rule that `rulebook` would make looser than `inherited`, which `ancestor` states."""

    kind: RuleKind
    value: Any
    inherited: Any
    rulebook: Rulebook
    ancestor: Rulebook

    @property
    def text(self) -> Text:
        value, inherited = (self.kind.order.written(each) for each in (self.value, self.inherited))
        unit, name = self.kind.unit, self.kind.name
        return Text(
            f"{name} {value} in {self.rulebook} is looser than {inherited} in {self.ancestor} "
            f"({unit.en}, {self.kind.order.direction.en} is tighter)",
            f"{self.rulebook} 的 {name} 为 {value}，宽于 {self.ancestor} 的 {inherited}"
            f"（{unit.zh}，{self.kind.order.direction.zh}）",
        )


def ancestry(space: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """The spaces that a space inherits from and itself, from the top down.

    `parents` says for every space what it is part of, "" when of nothing.

    Raises:  RulebookCyclic, also for more than SPACES_MAX, which nobody could follow.
    """
    way = [space]
    while parent := parents.get(way[0], ""):
        if parent in way or len(way) == SPACES_MAX:
            raise RulebookCyclic(space=space, way=" → ".join((*reversed(way), parent)))
        way.insert(0, parent)
    return tuple(way)


def in_force(versions: Iterable[Rulebook], at: datetime) -> Rulebook | None:
    """The version that applies at a moment, of the versions of one rulebook."""
    begun = [each for each in versions if each.takes_effect_at <= at]
    return max(begun, key=lambda each: each.takes_effect_at, default=None)


def chain(
    space: str, parents: Mapping[str, str], rulebooks: Iterable[Rulebook]
) -> tuple[Rulebook, ...]:
    """All versions of the rulebooks that matter to a space, from the top down.

    Raises:  RulebookCyclic.
    """
    spaces = ancestry(space, parents)
    return tuple(
        sorted(
            (each for each in rulebooks if each.space in spaces),
            key=lambda each: (spaces.index(each.space), each.version),
        )
    )


def effective(chain: Sequence[Rulebook], at: datetime) -> Mapping[str, Ruling]:
    """Every rule that is stated for the lowest space of a chain at a moment, by name.

    The answer for a moment that is over never changes, for no version takes effect in the past.
    """
    by_space: dict[str, list[Rulebook]] = {}
    for each in chain:
        by_space.setdefault(each.space, []).append(each)
    applying = [found for each in by_space.values() if (found := in_force(each, at))]
    return {
        name: _ruling(kind, stating)
        for name, kind in RULES.items()
        if (stating := tuple(each for each in applying if name in each.rules))
    }


def loosened(rulebook: Rulebook, ancestors: Iterable[Rulebook]) -> tuple[Loosening, ...]:
    """Every rule that a rulebook would make looser than some ancestor states it.

    This is the whole of the tighten-only rule, over every kind of rule: where it finds nothing,
    what the rulebook states is what applies on the day.
    """
    return tuple(
        Loosening(RULES[name], value, ancestor.rules[name], rulebook, ancestor)
        for ancestor in ancestors
        for name, value in rulebook.rules.items()
        if name in ancestor.rules
        if not no_looser(RULES[name].order, value, ancestor.rules[name])
    )


def _ruling(kind: RuleKind, stating: tuple[Rulebook, ...]) -> Ruling:
    value = reduce(kind.order.meet, (each.rules[kind.name] for each in stating))
    exact = tuple(each for each in stating if each.rules[kind.name] == value)
    return Ruling(kind, value, exact[:1] or stating)
