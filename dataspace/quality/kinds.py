"""The kinds of quality rules, as data: what each looks at, and in which dimension it counts.

Dimensions are those of GB/T 36344-2018; which rules stand for them is inferred (domain reference,
section 6.8). Nothing here reads data: `rules` says what a rule needs, a measurer what it found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dataspace.quality import tables
from dataspace.text import Text

COLUMN, COLUMNS, VALUES, PATTERN, BOUND = "column", "columns", "values", "pattern", "bound"
COMPARISON, OTHER_COLUMN = "comparison", "other_column"


@dataclass(frozen=True, slots=True)
class RuleKind:
    """`needs` names what a rule of the kind must state; BOUND is a minimum, a maximum or both.

    One that is not `on_data` looks at the catalogue or at the file as a whole.
    """

    code: str
    dimension: str
    needs: frozenset[str] = frozenset()
    on_data: bool = True

    @property
    def text(self) -> Text:
        return tables.QUALITY_RULE_KIND.codes[self.code].text


def _kind(code: str, dimension: str, *needs: str) -> RuleKind:
    return RuleKind(code, dimension, frozenset(needs))


KINDS: Final[Mapping[str, RuleKind]] = {
    kind.code: kind
    for kind in (
        _kind("TYPE", "NORMATIVITY", COLUMN, VALUES),
        _kind("LENGTH", "NORMATIVITY", COLUMN, BOUND),
        _kind("CODE_TABLE", "NORMATIVITY", COLUMN, VALUES),
        _kind("CREDIT_CODE", "NORMATIVITY", COLUMN),
        _kind("ID_CARD", "NORMATIVITY", COLUMN),
        RuleKind("METADATA", "NORMATIVITY", on_data=False),
        _kind("NOT_NULL", "COMPLETENESS", COLUMN),
        _kind("ROW_COUNT", "COMPLETENESS", BOUND),
        _kind("COLUMNS", "COMPLETENESS", COLUMNS),
        _kind("RANGE", "ACCURACY", COLUMN, BOUND),
        _kind("PATTERN", "ACCURACY", COLUMN, PATTERN),
        _kind("DUPLICATE_ROWS", "ACCURACY"),
        _kind("UNIQUE", "ACCURACY", COLUMNS),
        _kind("WELL_FORMED", "ACCURACY"),
        _kind("SUM", "CONSISTENCY", COLUMN, COLUMNS),
        _kind("COMPARE", "CONSISTENCY", COLUMN, COMPARISON, OTHER_COLUMN),
        _kind("FOREIGN_KEY", "CONSISTENCY", COLUMN, OTHER_COLUMN),
        RuleKind("SUPPLY", "TIMELINESS", on_data=False),
        _kind("NEWEST_RECORD", "TIMELINESS", COLUMN),
        RuleKind("READABLE", "ACCESSIBILITY", on_data=False),
    )
}
DIMENSIONS: Final = tuple(tables.QUALITY_DIMENSION.codes)
