"""The findings on one resource: on its data where it has a file, and on what is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any, Final

from dataspace.errors import DataSpaceError, NotFound
from dataspace.guards import MANDATORY
from dataspace.quality.kinds import KINDS
from dataspace.quality.refusals import DataFileRefused, DataFileTooLarge, MeasuringTooLong
from dataspace.quality.rules import QualityRule
from dataspace.quality.scoring import Finding
from dataspace.quality.supply import FRESH, supply_status
from dataspace.quantity import read_moment
from dataspace.selection import Where
from hub.node import Node
from hub.operations.quality.files import DataFile, fetched, in_turn, work_folder
from hub.operations.quality.subjects import Subject, read

NO_FILE, NO_TABLE, REFUSED, MEASURED = "NO_FILE", "NO_TABLE", "REFUSED", "MEASURED"
MISMATCHES: Final = (DataFileRefused, DataFileTooLarge, MeasuringTooLong)
TABULAR: Final = (".csv", ".tsv", ".xlsx", ".json", ".jsonl", ".ndjson", ".parquet")


@dataclass
class Measurement:
    """What a measurement came to; `refusal` is what was wrong with the file, if anything."""

    outcome: str
    findings: list[Finding] = field(default_factory=list)
    record_count: int | None = None
    refusal: DataSpaceError | None = None


async def measurement(node: Node, subject: Subject, *, now: datetime) -> Measurement:
    """Measures the resource. Raises:  AssetsUnavailable, and what the catalogue raises."""
    rules = subject.rules
    on_data = await _on_data(node, subject, rules, now)
    # Findings on data are in the order of their rules.
    measured = iter(on_data.findings)
    on_data.findings = [
        next(measured)
        if on_data.outcome == MEASURED and KINDS[rule.kind].on_data
        else _beside_the_data(rule, subject, on_data.outcome, now)
        for rule in rules
    ]
    return on_data


async def _on_data(
    node: Node, subject: Subject, rules: Sequence[QualityRule], now: datetime
) -> Measurement:
    sample = subject.sample
    if sample is None:
        return Measurement(NO_FILE)
    if PurePath(sample["file_name"]).suffix.lower() not in TABULAR:
        return Measurement(NO_TABLE)
    async with work_folder() as folder:
        try:
            file = await fetched(node, sample, folder)
            others = await _others(node, rules, folder)
            return await in_turn(lambda: _measured(file, subject, rules, now=now, others=others))
        except MISMATCHES as error:
            return Measurement(REFUSED, refusal=error)


async def _others(
    node: Node, rules: Sequence[QualityRule], folder: Path
) -> dict[str, tuple[Path, str]]:
    """The files of the resources that keys lead to; one that is away, or not what it was, is left
    out, and its rules are not measured."""
    files: dict[str, tuple[Path, str]] = {}
    for id_ in dict.fromkeys(each.other for each in rules if each.other):
        try:
            other = await read(node, Where("id", "eq", id_), id_)
            if other.sample is not None:
                file = await fetched(node, other.sample, folder)
                files[id_] = (file.path, file.name)
        except (*MISMATCHES, NotFound):
            continue
    return files


def _measured(
    file: DataFile, subject: Subject, rules: Sequence[QualityRule], *, now: datetime, others: Any
) -> Measurement:
    # The engine takes a while to load, which only those spend who measure.
    from hub.operations.quality.data import duck
    from hub.operations.quality.data.measuring import Beside, measured

    beside = Beside(now, subject.row["update_cycle"] or "", subject.personal, others)
    with duck.opened(file.folder) as engine:
        records = engine.load(file.path, file.name)
        return Measurement(MEASURED, measured(engine, records, rules, beside=beside), records.rows)


def _beside_the_data(rule: QualityRule, subject: Subject, outcome: str, now: datetime) -> Finding:
    row = subject.values
    match rule.kind:
        case "METADATA":
            missing = [each for each in MANDATORY if row.get(each) in (None, "", [], ())]
            told = QualityRule(rule.kind, columns=tuple(missing), weight=rule.weight)
            return Finding(told, len(MANDATORY), len(missing))
        case "SUPPLY":
            changed = row["data_changed_at"]
            at = read_moment(changed) if changed else None
            status = supply_status(row["update_cycle"], at, now=now)
            return Finding(rule, why="NO_CYCLE") if status is None else (
                Finding(rule, 1, int(status != FRESH))
            )  # fmt: skip
        case "READABLE" if outcome != NO_FILE:
            return Finding(rule, 1, int(outcome == REFUSED))
    why = "FILE_REFUSED" if outcome in (REFUSED, NO_TABLE) else "NO_FILE"
    return Finding(rule, why=why)
