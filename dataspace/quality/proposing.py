"""Metadata that are read out of a data file, as lines that a steward accepts or refuses (J-L2-3).

A line is proposed only where the file says something else than the metadata do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dataspace.quality.rules import QualityRule, written_rule
from dataspace.quality.suspicion import suspected_by_name, suspected_by_values

CODES_MAX: Final = 20  # that a column with a code table may have
REPEATED_LEAST: Final = 5  # times that a value of a code table stands there on average
CODE_CHARACTERS_MAX: Final = 40
# From the narrowest type to the widest: the first that all values have is proposed.
TYPES: Final = ("BOOLEAN", "DATE", "NUMBER", "MOMENT", "LINK")
LENGTHS: Final = (1, 2, 4, 8, 10, 16, 18, 20, 32, 50, 64, 100, 128, 200, 255, 500, 1000, 2000, 4000)
YES, NO = "true", "false"


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What was counted in one column of `rows` records.

    `matched` counts the values of every type of TYPES and form of `suspicion`; `values` are the
    distinct ones, ascending, when there are at most CODES_MAX; bounds are those of numbers or
    days, empty when the values are of neither type.
    """

    name: str
    rows: int
    filled: int
    distinct: int = 0
    length_max: int = 0
    matched: Mapping[str, int] = field(default_factory=dict)
    minimum: str = ""
    maximum: str = ""
    values: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """TEXT unless all values are of another type; what was never filled has none.

        Numbers of persons, phones and cards are names: nobody reckons with them.
        """
        if not self.filled:
            return ""
        if suspected_by_values(self.matched, self.filled):
            return "TEXT"
        return next((each for each in TYPES if self.matched.get(each, 0) == self.filled), "TEXT")


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """`present` is what the metadata say now, `proposed` what they would say, as written.

    Of `considered` values `fitting` are as proposed.
    """

    column: str
    field: str
    present: str
    proposed: str
    basis: str
    considered: int = 0
    fitting: int = 0


def proposed(
    profiles: Sequence[ColumnProfile], items: Sequence[Mapping[str, Any]]
) -> list[ProposedLine]:
    """Every line in the order of the columns; what has no column any more stands last."""
    lines = [
        line for profile in profiles for line in _of_column(profile, item_of(items, profile.name))
    ]
    there = {profile.name for profile in profiles}
    gone = (each for each in items if not there & {each.get("field_name"), each["name"]})
    lines += [
        ProposedLine(_column(each), "REMOVED", each["name"], "", "COLUMN_GONE") for each in gone
    ]
    return lines


def rule_lines(rules: Iterable[QualityRule]) -> list[ProposedLine]:
    """A line for every rule that is offered to the steward of a resource."""
    return [ProposedLine(each.told, "RULE", "", written_rule(each), "PROFILE") for each in rules]


def item_of(items: Iterable[Mapping[str, Any]], column: str) -> Mapping[str, Any] | None:
    """The item that describes a column: by its name in the source, or else by its own name."""
    held = list(items)
    by_field = (each for each in held if each.get("field_name") == column)
    by_name = (each for each in held if each["name"] == column)
    return next(by_field, None) or next(by_name, None)


def accepted(
    items: Sequence[Mapping[str, Any]], lines: Iterable[ProposedLine]
) -> list[dict[str, Any]]:
    """The items once these lines are accepted; a column without an item gets one.

    RANGE says nothing of an item: it becomes a quality rule, and so does CODE_TABLE besides. RULE
    is one already.
    """
    kept = [dict(each) for each in items]
    for line in lines:
        item = item_of(kept, line.column)
        if line.field == "RULE":
            continue
        if line.field == "REMOVED":
            kept = [each for each in kept if each is not item]
        elif item is None:
            made = {"name": line.column, "field_name": line.column, "data_type": "TEXT"}
            kept.append(made | _set(line))
        else:
            # It is one of `kept`, which are our own copies.
            dict.update(item, _set(line))
    return kept


def _of_column(profile: ColumnProfile, item: Mapping[str, Any] | None) -> Iterator[ProposedLine]:
    """What differs, first the type, for it is the line that a new column is taken in by."""
    basis = "VALUES" if item is not None else "NEW_COLUMN"
    now = item or {}
    if profile.type and profile.type != now.get("data_type"):
        fitting = profile.matched.get(profile.type, profile.filled)
        yield _line(profile, "DATA_TYPE", now.get("data_type"), profile.type, basis, fitting)
    if not profile.filled:
        return
    length = _length(profile.length_max)
    if profile.type == "TEXT" and (now.get("length") or 0) < profile.length_max:
        yield _line(profile, "LENGTH", now.get("length"), str(length), basis, profile.filled)
    may_be_empty = profile.filled < profile.rows
    if now.get("nullable") is None or (may_be_empty and now.get("nullable") is False):
        fitting = profile.rows - profile.filled if may_be_empty else profile.rows
        value = YES if may_be_empty else NO
        yield _line(profile, "NULLABLE", now.get("nullable"), value, basis, fitting)
    yield from _personal(profile, now)
    yield from _values(profile, now, basis)


def _personal(profile: ColumnProfile, now: Mapping[str, Any]) -> Iterator[ProposedLine]:
    by_values = suspected_by_values(profile.matched, profile.filled)
    kind = by_values or suspected_by_name(profile.name)
    if kind and not now.get("personal"):
        basis = "VALUES" if by_values else "NAME"
        fitting = profile.matched.get(kind, 0) if by_values else 0
        yield _line(profile, "PERSONAL", now.get("personal"), kind, basis, fitting)


def _values(profile: ColumnProfile, now: Mapping[str, Any], basis: str) -> Iterator[ProposedLine]:
    """Few values that come again and again are a code table; numbers and days have a range."""
    personal = suspected_by_values(profile.matched, profile.filled) or suspected_by_name(
        profile.name
    )
    repeated = profile.distinct * REPEATED_LEAST <= profile.filled
    codes = all(_is_code(each, profile.type) for each in profile.values)
    if profile.values and repeated and codes and not personal and not now.get("code_table"):
        yield _line(profile, "CODE_TABLE", "", written_codes(profile.values), basis, profile.filled)
    elif profile.minimum and profile.type in ("NUMBER", "DATE") and not personal:
        span = f"{profile.minimum}..{profile.maximum}"
        yield _line(profile, "RANGE", "", span, basis, profile.filled)


def written_codes(values: Iterable[str]) -> str:
    """Codes in the one form that a line has them in; `read_codes` gives them back."""
    return " | ".join(values)


def _is_code(value: str, type_: str) -> bool:
    """Words, or whole numbers: what has a fraction or is a day is measured, and no code."""
    if len(value) > CODE_CHARACTERS_MAX or "|" in value or value != value.strip():
        return False
    return type_ == "TEXT" or (type_ == "NUMBER" and value.isdecimal())


def read_codes(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split("|") if each.strip())


def read_range(text: str) -> tuple[str, str]:
    minimum, _, maximum = text.partition("..")
    return minimum, maximum


def _line(
    profile: ColumnProfile, field_: str, present: object, value: str, basis: str, fitting: int
) -> ProposedLine:
    considered = profile.rows if field_ == "NULLABLE" else profile.filled
    return ProposedLine(profile.name, field_, _written(present), value, basis, considered, fitting)


def _written(present: object) -> str:
    if isinstance(present, bool):
        return YES if present else NO
    return "" if present is None else str(present)


def _set(line: ProposedLine) -> dict[str, Any]:
    """The values of an item that a line gives."""
    match line.field:
        case "DATA_TYPE":
            return {"data_type": line.proposed}
        case "LENGTH":
            return {"length": int(line.proposed)}
        case "NULLABLE":
            return {"nullable": line.proposed == YES}
        case "PERSONAL":
            return {"personal": True, "sensitive": line.proposed in ("ID_CARD", "BANK_CARD")}
        case "CODE_TABLE":
            return {"code_table": line.proposed}
    return {}


def _length(longest: int) -> int:
    """The next usual length of a column, so that a metadatum is no accident of one file."""
    return next((each for each in LENGTHS if each >= longest), longest)


def _column(item: Mapping[str, Any]) -> str:
    return str(item.get("field_name") or item["name"])
