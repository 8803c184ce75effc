"""Quality rules as values: which apply to a resource, and whether one states what it needs."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from dataspace.quality.kinds import (
    BOUND,
    COLUMN,
    COLUMNS,
    COMPARISON,
    KINDS,
    OTHER_COLUMN,
    PATTERN,
    VALUES,
)
from dataspace.quality.refusals import PatternInvalid, RuleIncomplete

WEIGHT_DEFAULT: Final = 1
WEIGHT_MAX: Final = 100
RULES_MAX: Final = 400
# What the ITEM_TYPE of an item asks of its values; of the others nothing can be asked of a text.
CHECKED_TYPES: Final = ("NUMBER", "MONEY", "DATE", "MOMENT", "BOOLEAN", "LINK")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# What RE2 does not have, because it cannot be matched in linear time.
_BEYOND_RE2 = re.compile(r"\(\?(?:[=!>]|<[=!])|\\[1-9]|\(\?P=|\(\?\(")
PATTERN_CHARACTERS_MAX: Final = 400


@dataclass(frozen=True, slots=True)
class QualityRule:
    """One rule of one resource.

    `column` is that of the file, by its heading. `values` are the codes of CODE_TABLE, or the one
    ITEM_TYPE of TYPE. Bounds are numbers or days as they are written; those of LENGTH count
    characters and those of ROW_COUNT records. `other` is the resource whose `other_column` a
    FOREIGN_KEY is looked for in, the same one when it is empty. `source` is the id of the row of
    the catalogue that states it, empty for one that follows from the metadata.
    """

    kind: str
    column: str = ""
    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    pattern: str = ""
    minimum: str = ""
    maximum: str = ""
    comparison: str = ""
    other_column: str = ""
    other: str = ""
    weight: int = WEIGHT_DEFAULT
    source: str = ""

    @property
    def told(self) -> str:
        """What it is about, for people: its columns."""
        return self.column or ", ".join(self.columns)


def check(rule: QualityRule) -> None:
    """Raises:  RuleIncomplete, PatternInvalid."""
    needs = KINDS[rule.kind].needs
    stated = {
        COLUMN: bool(rule.column), COLUMNS: bool(rule.columns), VALUES: bool(rule.values),
        PATTERN: bool(rule.pattern), COMPARISON: bool(rule.comparison),
        OTHER_COLUMN: bool(rule.other_column), BOUND: bool(rule.minimum or rule.maximum),
    }  # fmt: skip
    missing = sorted(name for name in needs if not stated[name])
    if rule.kind == "TYPE" and rule.values and rule.values not in [(t,) for t in CHECKED_TYPES]:
        missing.append(f"values: {' | '.join(CHECKED_TYPES)}")
    missing += [name for name, value in _bounds(rule) if not _is_bound(rule, value)]
    if not 1 <= rule.weight <= WEIGHT_MAX:
        missing.append(f"weight: 1–{WEIGHT_MAX}")
    if missing:
        raise RuleIncomplete(kind_of_rule=KINDS[rule.kind].text, needs=", ".join(missing))
    if rule.pattern:
        _check_pattern(rule.pattern)


def written_rule(rule: QualityRule) -> str:
    """The one form of a rule in a line of a proposal; `read_rule` gives the rule back."""
    plain = QualityRule(rule.kind)
    stated = {
        each.name: getattr(rule, each.name)
        for each in fields(rule)
        if each.name == "kind" or getattr(rule, each.name) != getattr(plain, each.name)
    }
    return json.dumps(stated, ensure_ascii=False)


def read_rule(text: str) -> QualityRule:
    stated: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in json.loads(text).items()
    }
    return QualityRule(**stated)


def rules_of_metadata(
    items: Iterable[Mapping[str, Any]], *, record_count: int | None = None
) -> Iterator[QualityRule]:
    """What the metadata of a resource demand of its data, without anybody stating a rule."""
    named = [(str(each.get("field_name") or each["name"]), each) for each in items]
    if named:
        yield QualityRule("COLUMNS", columns=tuple(name for name, _ in named))
    for name, item in named:
        if item.get("nullable") is False:
            yield QualityRule("NOT_NULL", name)
        if item.get("data_type") in CHECKED_TYPES:
            yield QualityRule("TYPE", name, values=(item["data_type"],))
        if item.get("length"):
            yield QualityRule("LENGTH", name, maximum=str(item["length"]))
    if record_count:
        yield QualityRule("ROW_COUNT", minimum=str(record_count))


def rules_of_every_file() -> Iterator[QualityRule]:
    """What is asked of every resource, whatever its metadata say."""
    for kind in ("METADATA", "WELL_FORMED", "DUPLICATE_ROWS", "SUPPLY", "READABLE"):
        yield QualityRule(kind)


def personal_columns(items: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The columns whose values are covered where they are quoted."""
    return frozenset(
        str(name)
        for each in items
        if each.get("personal") or each.get("sensitive")
        for name in (each.get("field_name"), each.get("name"))
        if name
    )


def _bounds(rule: QualityRule) -> list[tuple[str, str]]:
    both = (("minimum", rule.minimum), ("maximum", rule.maximum))
    return [(name, value) for name, value in both if value]


def _is_bound(rule: QualityRule, value: str) -> bool:
    """A count for what is counted, a number or a day for what is compared."""
    if rule.kind in ("LENGTH", "ROW_COUNT"):
        return value.isascii() and value.isdecimal() and len(value) <= 12
    return bool(_NUMBER.fullmatch(value) or _DAY.fullmatch(value))


def _check_pattern(pattern: str) -> None:
    """Python's own expressions are more than RE2's, so what only it has is refused too."""
    if len(pattern) > PATTERN_CHARACTERS_MAX:
        raise PatternInvalid(pattern=pattern[:40], detail=f"> {PATTERN_CHARACTERS_MAX}")
    if found := _BEYOND_RE2.search(pattern):
        raise PatternInvalid(pattern=pattern, detail=found[0])
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise PatternInvalid(pattern=pattern, detail=str(error)) from error
