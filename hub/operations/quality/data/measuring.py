"""Measures a data file by its rules: one pass for all that is decided row by row, one for each
rule that looks at rows together."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from dataspace.quality.kinds import KINDS
from dataspace.quality.masking import shown
from dataspace.quality.refusals import DataFileRefused
from dataspace.quality.rules import QualityRule
from dataspace.quality.scoring import Example, Finding
from dataspace.quality.supply import FRESH, supply_status
from dataspace.quality.suspicion import suspected_by_name
from hub.operations.quality.data import texts
from hub.operations.quality.data.columns import Columns
from hub.operations.quality.data.conditions import Clause, clause, columns_of
from hub.operations.quality.data.duck import TABLE, Engine
from hub.operations.quality.data.records import EXAMPLES_MAX, Records

# Days and times in files have no zone: they are those of the city.
ZONE: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Beside:
    """What a measurement rests on beside the file: the cycle for the newest record, the columns
    whose values are covered, and the files of other resources that keys lead to, by resource."""

    now: datetime
    update_cycle: str = ""
    personal: frozenset[str] = frozenset()
    others: Mapping[str, tuple[Path, str]] = field(default_factory=dict)


def measured(
    engine: Engine, records: Records, rules: Sequence[QualityRule], *, beside: Beside
) -> list[Finding]:
    """The findings in the order of the rules; rules that are not on data are left out.

    Raises:  MeasuringTooLong, DataFileTooLarge.
    """
    measuring = _Measuring(engine, records, beside)
    return measuring.findings([each for each in rules if KINDS[each.kind].on_data])


def covered(columns: Sequence[str], personal: frozenset[str]) -> frozenset[str]:
    """The columns that are about persons by the metadata, or by what they are called."""
    return personal | {each for each in columns if suspected_by_name(each)}


class _Measuring:
    def __init__(self, engine: Engine, records: Records, beside: Beside) -> None:
        self.engine, self.records, self.beside = engine, records, beside
        self.named = Columns({name: f"c{at}" for at, name in enumerate(records.columns)})
        self.personal = covered(records.columns, beside.personal)
        self.loaded: dict[str, Records | None] = {}

    def findings(self, rules: Sequence[QualityRule]) -> list[Finding]:
        there = [each for each in rules if set(columns_of(each)) <= self.named.named.keys()]
        by_row = self._by_row(there)
        return [
            by_row.get(each) or self._one(each) if each in there else Finding(each, why="NO_COLUMN")
            for each in rules
        ]

    def _by_row(self, rules: Sequence[QualityRule]) -> dict[QualityRule, Finding]:
        """All rules that are decided row by row, in one pass over the table."""
        clauses = {rule: made for rule in rules if (made := clause(rule, self.named)) is not None}
        if not clauses:
            return {}
        decided = ", ".join(
            f"{each.considered} AS considered{at}, {each.fails} AS fails{at}"
            for at, each in enumerate(clauses.values())
        )
        counts = ", ".join(
            f"count(*) FILTER (considered{at}), count(*) FILTER (fails{at}),"
            f" min(n, {EXAMPLES_MAX}) FILTER (fails{at})"
            for at in range(len(clauses))
        )
        parameters = [value for each in clauses.values() for value in each.parameters]
        [counted] = self.engine.rows(
            f"SELECT {counts} FROM (SELECT n, {decided} FROM {self.named.source})", parameters
        )
        return {
            rule: self._found(rule, made, counted[3 * at : 3 * at + 3])
            for at, (rule, made) in enumerate(clauses.items())
        }

    def _found(self, rule: QualityRule, made: Clause, counted: Sequence[Any]) -> Finding:
        """`counted` are how many were looked at, how many fail, and the numbers of the first."""
        considered, failed, first = counted
        if not failed:
            return Finding(rule, considered)
        found = self.engine.rows(
            f"SELECT n, {made.shown} FROM {TABLE}"
            f" WHERE n IN ({', '.join(map(str, first))}) ORDER BY n"
        )
        return Finding(rule, considered, failed, self._examples(rule, found))

    def _one(self, rule: QualityRule) -> Finding:
        match rule.kind:
            case "ROW_COUNT":
                return self._row_count(rule)
            case "COLUMNS":
                missing = [each for each in rule.columns if each not in self.named.named]
                told = replace(rule, columns=tuple(missing)) if missing else rule
                return Finding(told, len(rule.columns), len(missing))
            case "WELL_FORMED":
                bad = self.records
                return Finding(rule, bad.rows, bad.malformed, tuple(bad.examples))
            case "DUPLICATE_ROWS":
                return self._repeated(rule, self.records.columns)
            case "UNIQUE":
                return self._repeated(rule, rule.columns)
            case "FOREIGN_KEY":
                return self._foreign_key(rule)
        return self._newest_record(rule)

    def _row_count(self, rule: QualityRule) -> Finding:
        """As many records as are expected at least, and no more than are expected at most."""
        least, most = int(rule.minimum or 0), int(rule.maximum or self.records.rows)
        lacking = max(least - self.records.rows, self.records.rows - most, 0)
        return Finding(rule, max(least, self.records.rows), lacking)

    def _repeated(self, rule: QualityRule, headings: Sequence[str]) -> Finding:
        """Records that were there before; a key without any value is no key and not looked at.

        Equal hashes only say where to look, which keeps the comparison itself small.
        """
        key = ", ".join(self.named[each] for each in headings)
        filled = f"coalesce({key}) IS NOT NULL"
        again = (
            f"WITH same AS (SELECT hash({key}) AS h FROM {TABLE} WHERE {filled} GROUP BY h"
            f" HAVING count(*) > 1) SELECT n, concat_ws(' / ', {key}) AS shown FROM (SELECT n,"
            f" {key}, row_number() OVER (PARTITION BY {key} ORDER BY n) AS place FROM {TABLE}"
            f" WHERE {filled} AND hash({key}) IN (SELECT h FROM same)) WHERE place > 1"
        )
        [(considered,)] = self.engine.rows(f"SELECT count(*) FROM {TABLE} WHERE {filled}")
        self.engine.rows(f"CREATE OR REPLACE TABLE repeated AS {again}")
        [(failed,)] = self.engine.rows("SELECT count(*) FROM repeated")
        found = self.engine.rows(f"SELECT * FROM repeated ORDER BY n LIMIT {EXAMPLES_MAX}")
        return Finding(rule, considered, failed, self._examples(rule, found, headings))

    def _foreign_key(self, rule: QualityRule) -> Finding:
        """Every value is found in the other column, of this file or of another resource's."""
        table, other = TABLE, self.named.named.get(rule.other_column, "")
        if rule.other:
            table = f"other_{rule.other}"
            records = self._other(rule.other, table)
            if records is None or rule.other_column not in records.columns:
                return Finding(rule, why="OTHER_AWAY")
            other = f"c{records.columns.index(rule.other_column)}"
        column = self.named[rule.column]
        known = f"trim({column}) IN (SELECT trim({other}) FROM {table} WHERE {other} IS NOT NULL)"
        made = Clause(f"{column} IS NOT NULL", known, column)
        [counted] = self.engine.rows(
            f"SELECT (SELECT count(*) FROM {TABLE} WHERE {made.considered}), count(*),"
            f" min(n, {EXAMPLES_MAX}) FROM {TABLE} WHERE {made.fails}"
        )
        return self._found(rule, made, counted)

    def _other(self, resource: str, table: str) -> Records | None:
        """The file of another resource, loaded once. Its id is one of ours: letters and digits."""
        if resource not in self.loaded:
            path, file_name = self.beside.others.get(resource, (None, ""))
            # That it cannot be read is no fault of the file that is measured.
            with suppress(DataFileRefused):
                self.loaded[resource] = self.engine.load(path, file_name, table) if path else None
        return self.loaded.get(resource)

    def _newest_record(self, rule: QualityRule) -> Finding:
        column = self.named[rule.column]
        [(newest,)] = self.engine.rows(f"SELECT max({texts.moment(column)}) FROM {TABLE}")
        if newest is None:
            return Finding(rule, 1, 1)
        at = newest.replace(tzinfo=ZONE)
        status = supply_status(self.beside.update_cycle, at, now=self.beside.now)
        if status is None:
            return Finding(rule, why="NO_CYCLE")
        return Finding(rule, 1, int(status != FRESH), (Example(0, f"{newest:%Y-%m-%d %H:%M}"),))

    def _examples(
        self, rule: QualityRule, found: Sequence[tuple[int, str]], headings: Sequence[str] = ()
    ) -> tuple[Example, ...]:
        about = headings or (*columns_of(rule), rule.column)
        personal = rule.kind == "ID_CARD" or not self.personal.isdisjoint(about)
        return tuple(Example(row, shown(value, personal=personal)) for row, value in found)
