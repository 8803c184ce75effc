"""Whether a version of a rulebook may take effect: what it says, when, and below whom."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from dataspace.quantity import written
from dataspace.rulebooks.kinds import RULES, RuleKind
from dataspace.rulebooks.refusals import (
    DatesOutOfOrder,
    ParentUnknown,
    RulebookLoosens,
    RuleUnknown,
    RuleValueWrong,
    TierWrong,
    VersionOutOfOrder,
)
from dataspace.rulebooks.rulebook import Rulebook, ancestry, in_force, loosened
from dataspace.text import Text

# From the top down; the codes are those of the code table GovernanceTier.
TIERS = ("CITY", "DISTRICT", "SUBSPACE")


def check(
    rulebook: Rulebook,
    decided: Sequence[Rulebook],
    *,
    parents: Mapping[str, str],
    now: datetime,
) -> None:
    """That a version may take effect, when `decided` are all that are decided already.

    `decided` are versions of the rulebooks of the space and of those above it. A version is
    measured against what is in force above it on its day, and against what is decided to come:
    nobody states what is known to be void from the start.

    Raises:  RuleUnknown, RuleValueWrong, VersionOutOfOrder, DatesOutOfOrder, RulebookCyclic,
             TierWrong, ParentUnknown, RulebookLoosens.
    """
    check_rules(rulebook, rulebook.rules)
    check_succession(rulebook, [e for e in decided if e.space == rulebook.space], now=now)
    above = ancestry(rulebook.space, {**parents, rulebook.space: rulebook.parent})[:-1]
    ancestors = [_from(rulebook, [e for e in decided if e.space == space]) for space in above]
    _check_place(rulebook, ancestors)
    if found := loosened(rulebook, (each for versions in ancestors for each in versions)):
        texts = [each.text for each in found]
        raise RulebookLoosens(
            rulebook=str(rulebook),
            rules=", ".join(dict.fromkeys(each.kind.name for each in found)),
            loosened=Text("; ".join(e.en for e in texts), "；".join(e.zh for e in texts)),
        )


def check_rules(rulebook: object, rules: Mapping[str, Any]) -> None:
    """Every rule is one, with a value of its own type. Raises:  RuleUnknown, RuleValueWrong."""
    for name, value in rules.items():
        kind = _kind(rulebook, name)
        if not kind.order.holds(value):
            raise _wrong(rulebook, kind, value)


def read_rules(rulebook: object, lines: Iterable[tuple[str, str]]) -> Mapping[str, Any]:
    """Rules from names and written values. Raises:  RuleUnknown, RuleValueWrong."""
    rules: dict[str, Any] = {}
    for name, text in lines:
        kind = _kind(rulebook, name)
        if name in rules:
            raise _wrong(rulebook, kind, text)
        try:
            rules[name] = kind.order.read(text)
        except ValueError as error:
            raise _wrong(rulebook, kind, text) from error
    check_rules(rulebook, rules)
    return rules


def written_rules(rules: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and written values, in the order of the kinds."""
    return [
        (name, kind.order.written(rules[name])) for name, kind in RULES.items() if name in rules
    ]


def check_succession(rulebook: Rulebook, earlier: Sequence[Rulebook], *, now: datetime) -> None:
    """That it follows the versions before it. Raises:  VersionOutOfOrder, DatesOutOfOrder."""
    latest = max((each.version for each in earlier), default=0)
    if rulebook.version != latest + 1:
        raise VersionOutOfOrder(rulebook=str(rulebook), latest=latest)
    last = max((each.takes_effect_at for each in earlier), default=None)
    if last is not None and rulebook.takes_effect_at <= last:
        raise _out_of_order(rulebook, last)
    if rulebook.takes_effect_at < now:
        raise _out_of_order(rulebook, now)


def _from(rulebook: Rulebook, versions: Sequence[Rulebook]) -> list[Rulebook]:
    """The versions that are in force on the day of the rulebook or come later, in order."""
    on_the_day = in_force(versions, rulebook.takes_effect_at)
    later = [each for each in versions if each.takes_effect_at > rulebook.takes_effect_at]
    return [*([on_the_day] if on_the_day else []), *later]


def _check_place(rulebook: Rulebook, ancestors: Sequence[Sequence[Rulebook]]) -> None:
    at = rulebook.takes_effect_at
    parent = in_force(ancestors[-1], at) if ancestors else None
    if rulebook.parent and parent is None:
        raise ParentUnknown(rulebook=str(rulebook), parent=rulebook.parent, at=written(at))
    if parent is None:
        if rulebook.tier != TIERS[0]:
            raise TierWrong(rulebook=str(rulebook), tier=rulebook.tier, parent="∅", parent_tier="∅")
    elif not _is_below(rulebook.tier, parent.tier):
        raise TierWrong(
            rulebook=str(rulebook), tier=rulebook.tier,
            parent=str(parent), parent_tier=parent.tier,
        )  # fmt: skip


def _is_below(tier: str, upper: str) -> bool:
    """The city is below nobody, a district below the city, and sub-spaces may stand in a row."""
    if tier not in TIERS or upper not in TIERS:
        return False
    return TIERS.index(upper) < TIERS.index(tier) or tier == upper == TIERS[-1]


def _kind(rulebook: object, name: str) -> RuleKind:
    if (kind := RULES.get(name)) is None:
        raise RuleUnknown(rulebook=str(rulebook), rule=name)
    return kind


def _wrong(rulebook: object, kind: RuleKind, value: object) -> RuleValueWrong:
    return RuleValueWrong(
        rulebook=str(rulebook), rule=kind.name, value=repr(value), form=kind.order.form
    )


def _out_of_order(rulebook: Rulebook, earliest: datetime) -> DatesOutOfOrder:
    at = written(rulebook.takes_effect_at)
    return DatesOutOfOrder(rulebook=str(rulebook), at=at, earliest=written(earliest))
