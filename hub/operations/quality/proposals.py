"""Metadata proposals (J-L2-3): read out of a resource's file, answered line by line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.change import Act, Amend, Change, Create
from dataspace.errors import DataSpaceError, Unavailable
from dataspace.federation.profiles.fitting import missing_rules
from dataspace.identifiers import derived_id
from dataspace.nouns.items import told_by_items
from dataspace.quality.nouns import LINES
from dataspace.quality.proposing import (
    ColumnProfile,
    ProposedLine,
    accepted,
    proposed,
    read_codes,
    read_range,
    rule_lines,
)
from dataspace.quality.refusals import DataFileChanged, NoDataFile, NothingChosen
from dataspace.quality.rules import read_rule
from dataspace.quantity import written
from dataspace.refusals import NotYours
from dataspace.relations import RELATIONS
from dataspace.selection import (
    PAGE_MAX,
    POSITION,
    Child,
    Every,
    Page,
    PartChild,
    Row,
    Selection,
    Where,
)
from dataspace.validation import problems
from hub.node import Node
from hub.operations.mechanism.done import Done, Request, carry_out, check_caller, once
from hub.operations.mechanism.drafting import open_row
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.moving import after
from hub.operations.mechanism.reading import flat, rows_of, seen
from hub.operations.quality.files import DataFile, fetched, in_turn, work_folder
from hub.operations.quality.findings import TABULAR
from hub.operations.quality.subjects import Subject, read, subject
from hub.operations.resources import LIFECYCLE

PROPOSERS: Final = frozenset({Role.DATA_STEWARD})
OPEN: Final = "PROPOSED"
RULE_VALUES: Final = (
    "kind", "column", "pattern", "minimum", "maximum", "comparison", "other_column", "weight",
)  # fmt: skip


@dataclass
class ProposalCounts:
    """What a sweep came to: files looked at, proposals made, files refused, what failed."""

    considered: int = 0
    done: int = 0
    refused: int = 0
    failed: int = 0
    more: bool = False


async def propose(node: Node, caller: Caller, id: str, *, request_id: str = "") -> Done:
    """Reads the file of one's resource; what differs from its metadata becomes a proposal.

    Raises:  NotFound, RoleMissing, NotYours, NoDataFile, DataFileRefused, DataFileTooLarge,
             MeasuringTooLong, AssetsUnavailable.
    """
    request = Request(
        node, caller, "metadata_proposal", "propose", request_id=request_id, given={"resource": id}
    )
    return await once(request, lambda: _propose(request, id))


async def accept(
    node: Node, caller: Caller, id: str, lines: Sequence[int], *, request_id: str = ""
) -> Done:
    """Takes the lines of these numbers into the resource's metadata, in one change set.

    Only while the resource is open to change; a range, and a code table besides, become quality
    rules. Raises:  NotFound, RoleMissing, NotYours, WrongState, NothingChosen, DataFileChanged,
    MovedOn, FieldsInvalid.
    """
    given = {"lines": list(lines)}
    request = Request(node, caller, "metadata_proposal", "accept", id, "", request_id, given)
    return await once(request, lambda: _answer(request, lines, "ACCEPTED"))


async def refuse(
    node: Node, caller: Caller, id: str, lines: Sequence[int], *, request_id: str = ""
) -> Done:
    """Says of the lines that they do not hold. Raises:  what `accept` raises."""
    given = {"lines": list(lines)}
    request = Request(node, caller, "metadata_proposal", "refuse", id, "", request_id, given)
    return await once(request, lambda: _answer(request, lines, "REFUSED"))


async def propose_due(
    node: Node, caller: Caller, at: datetime, *, limit: int = 500, dry_run: bool = False
) -> ProposalCounts:
    """Proposes for every resource with a file that no proposal was read out of yet (J-L2-3).

    Raises:  Unavailable.
    """
    counts, position = ProposalCounts(), None
    while True:
        page = await node.catalogue.select(_due(position))
        for row in page.rows:
            if _was_read(row):
                continue
            if counts.considered >= limit:
                counts.more = True
                return counts
            counts.considered += 1
            if not dry_run:
                await _propose_one(node, caller, row["id"], at=at, counts=counts)
        if not page.more_after:
            return counts
        position = page.rows[-1][POSITION]


def _due(position: tuple[Any, str] | None) -> Selection:
    """Resources with a file, and the hashes of the files that proposals were read out of."""
    last = Selection("metadata_proposal", ("file_sha256",), page=Page(PAGE_MAX))
    sample = Selection("asset", ("id", "file_name", "sha256"), page=Page(1))
    where = Every((Where("sample", "is_null", False), Where("vanished_at", "is_null", True)))
    children = (Child("sample", "sample", sample), Child("read", "metadata_proposals", last))
    return Selection("resource", ("id",), where, page=Page(PAGE_MAX, position), children=children)


def _was_read(row: Row) -> bool:
    hashes = {each["file_sha256"] for each in rows_of(row["read"])}
    named = str(row["sample"]["file_name"]).lower()
    return row["sample"]["sha256"] in hashes or not named.endswith(TABULAR)


async def _propose_one(
    node: Node, caller: Caller, id_: str, *, at: datetime, counts: ProposalCounts
) -> None:
    request = Request(
        node, caller, "metadata_proposal", "propose", request_id=f"{id_} {written(at)}"
    )
    try:
        await _made(request, await read(node, Where("id", "eq", id_), id_))
    except Unavailable:
        raise
    except DataSpaceError as error:
        counts.refused += error.code.startswith("quality.")
        counts.failed += not error.code.startswith("quality.")
        return
    counts.done += 1


async def _propose(request: Request, resource: str) -> Done:
    check_caller(request.caller, request.verb, PROPOSERS)
    of = await subject(request.node, request.caller, resource)
    if of.department != request.caller.participant:
        raise NotYours(move=request.verb, party="provider", id=resource)
    return await _made(request, of)


async def _made(request: Request, of: Subject) -> Done:
    """One that finds nothing is kept too: it says that the metadata are as the file has them."""
    if of.sample is None or not of.sample["file_name"].lower().endswith(TABULAR):
        raise NoDataFile(resource=of.id)
    async with work_folder() as folder:
        file = await fetched(request.node, of.sample, folder)
        columns, rows = await in_turn(lambda: _profiled(file))
    lines = [*proposed(columns, of.items), *_of_profile(request.node, of, columns)]
    moment = written(request.now)
    values = {
        "status": OPEN if lines else "ANSWERED",
        "open_lines": len(lines),
        "record_count": rows,
        "file_name": of.sample["file_name"],
        "file_sha256": of.sample["sha256"],
        "proposed_at": moment,
        "resource": of.id,
        "department": of.department,
        "lines": [_line(at, each) for at, each in enumerate(lines, start=1)],
        "created_at": moment,
        "changed_at": moment,
    }
    id_ = request.own_id("mpr")
    changes = (
        *await _superseded(request, of),
        Create("metadata_proposal", id_, values, request.act),
    )
    told = {**values, "id": id_, "version": 1}
    return await carry_out(request, id_, changes=changes, values=told)


def _of_profile(
    node: Node, of: Subject, columns: Sequence[ColumnProfile]
) -> list[ProposedLine]:
    """The quality rules of the node's profile about columns of the file."""
    if node.profile is None:
        return []
    return rule_lines(missing_rules(node.profile, [each.name for each in columns], of.rules))


async def _superseded(request: Request, of: Subject) -> tuple[Change, ...]:
    """Proposals of the resource that still wait; the newest file is what counts."""
    where = Every((Where("resource", "eq", of.id), Where("status", "eq", OPEN)))
    selection = Selection("metadata_proposal", ("id", "version"), where, page=Page(PAGE_MAX))
    act = Act(request.act.actor, "metadata_proposal.supersede", request.act.at)
    return tuple(
        Amend("metadata_proposal", row["id"],
              {"status": "SUPERSEDED", "open_lines": 0, "changed_at": act.at},
              act, version=row["version"])
        for row in (await request.node.catalogue.select(selection)).rows
    )  # fmt: skip


def _profiled(file: DataFile) -> tuple[list[ColumnProfile], int]:
    # The engine takes a while to load, which only those spend who measure.
    from hub.operations.quality.data import duck
    from hub.operations.quality.data.profiling import profiles

    with duck.opened(file.folder) as engine:
        records = engine.load(file.path, file.name)
        return profiles(engine, records), records.rows


def _line(number: int, line: ProposedLine) -> Mapping[str, Any]:
    return {
        "number": number, "column": line.column, "field": line.field,
        "proposed": line.proposed[:4000], "basis": line.basis,
        "considered": line.considered, "fitting": line.fitting,
        **({"present": line.present[:4000]} if line.present else {}),
    }  # fmt: skip


async def _answer(request: Request, lines: Sequence[int], answer: str) -> Done:
    check_caller(request.caller, request.verb, PROPOSERS)
    row = flat(await seen(request.node, request.caller, "metadata_proposal", id=request.id))
    if row["department"] != request.caller.participant:
        raise NotYours(move=request.verb, party="department", id=request.id)
    held, chosen = await _lines(request, lines)
    resource = Request(
        request.node, request.caller, "resource", "take_in_metadata", row["resource"]
    )
    changes: tuple[Change, ...] = ()
    if answer == "ACCEPTED":
        changes = await _taken_in(resource, row, chosen, request.act)
    numbers = {each["number"] for each in chosen}
    answered = [{**each, "answer": answer} if each["number"] in numbers else each for each in held]
    # What waits stands first, so that a reader of the first lines gets on to the next ones.
    answered.sort(key=lambda each: "answer" in each)
    waiting = sum("answer" not in each for each in answered)
    values = {
        "lines": answered,
        "open_lines": waiting,
        "status": OPEN if waiting else "ANSWERED",
        "answered_by": request.caller.subject,
        "answered_at": written(request.now),
        "changed_at": written(request.now),
    }
    amend = Amend("metadata_proposal", request.id, values, request.act, version=row["version"])
    return await carry_out(
        request, request.id, changes=(*changes, amend), values=after(row, values)
    )


async def _lines(request: Request, numbers: Collection[int]) -> tuple[list[Row], list[Row]]:
    """All lines of the proposal, and those that are chosen. Raises:  NothingChosen."""
    part = PartChild("lines", "lines", tuple(f.name for f in LINES.fields), first=LINES.count_max)
    where = Every((Where("id", "eq", request.id), Where("status", "eq", OPEN)))
    selection = Selection("metadata_proposal", where=where, page=Page(1), parts=(part,))
    row = (await request.node.catalogue.select(selection)).first or {"lines": []}
    held = [{k: v for k, v in each.items() if v is not None} for each in row["lines"]]
    chosen = [each for each in held if each["number"] in numbers and "answer" not in each]
    missing = sorted(set(numbers) - {each["number"] for each in chosen})
    if missing or not chosen:
        raise NothingChosen(id=request.id, lines=", ".join(map(str, missing)) or "∅")
    return held, chosen


async def _taken_in(
    request: Request, proposal: Row, chosen: Sequence[Row], act: Act
) -> tuple[Change, ...]:
    """The resource with the lines taken in, and the quality rules that they become."""
    row = await open_row(LIFECYCLE, request, states=LIFECYCLE.open_states)
    of = await read(request.node, Where("id", "eq", request.id), request.id)
    if of.sample is None or of.sample["sha256"] != proposal["file_sha256"]:
        raise DataFileChanged(id=proposal["id"], resource=request.id)
    lines = [_read(each) for each in chosen]
    items = accepted([_held(each) for each in of.items], lines)
    values = {"items": items, **told_by_items(items), "changed_at": act.at}
    if found := problems(RELATIONS.by_name["resource"], {"items": items}, partial=True):
        raise FieldsInvalid("resource", found)
    amend = Amend(
        "resource", request.id, values, Act(act.actor, request.action, act.at),
        guard=Where("state", "eq", row["state"]), version=row["version"],
    )  # fmt: skip
    return amend, *_rules(proposal, chosen, act)


def _rules(proposal: Row, chosen: Sequence[Row], act: Act) -> tuple[Change, ...]:
    made = []
    for line in chosen:
        stated = _stated(line)
        if stated is None:
            continue
        values = {
            "column": line["column"], **stated, "resource": proposal["resource"],
            "department": proposal["department"], "created_at": act.at, "changed_at": act.at,
        }  # fmt: skip
        id_ = derived_id("qrl", proposal["id"], str(line["number"]))
        made.append(
            Create("quality_rule", id_, values, Act(act.actor, "quality_rule.enter", act.at))
        )
    return tuple(made)


def _stated(line: Row) -> Mapping[str, Any] | None:
    match line["field"]:
        case "CODE_TABLE":
            return {"kind": "CODE_TABLE", "values": list(read_codes(line["proposed"]))}
        case "RANGE":
            minimum, maximum = read_range(line["proposed"])
            return {"kind": "RANGE", "minimum": minimum, "maximum": maximum}
        case "RULE":
            rule = read_rule(line["proposed"])
            lists = {name: list(getattr(rule, name)) for name in ("columns", "values")}
            return {name: getattr(rule, name) for name in RULE_VALUES} | lists
    return None


def _read(line: Row) -> ProposedLine:
    return ProposedLine(
        line["column"], line["field"], line.get("present", ""), line.get("proposed", ""),
        line.get("basis", ""),
    )  # fmt: skip


def _held(item: Row) -> Row:
    return {name: value for name, value in item.items() if value is not None}
