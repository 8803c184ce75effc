"""Quality runs (数据质量评测, J-L2-2): measured, graded and, if need be, put to work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.change import Amend, Change, Create
from dataspace.errors import DataSpaceError, MovedOn, NotUnique, Unavailable
from dataspace.identifiers import derived_id
from dataspace.quality.kinds import KINDS
from dataspace.quality.scoring import Finding, Score, is_below, score_of
from dataspace.quantity import written
from dataspace.refusals import NotYours
from dataspace.selection import (
    PAGE_MAX,
    POSITION,
    Condition,
    Every,
    Linked,
    Not,
    Page,
    Row,
    Selection,
    Where,
)
from dataspace.visibility import is_staff
from hub.node import Node
from hub.operations.mechanism.done import Done, Request, carry_out, check_caller, once
from hub.operations.mechanism.moving import after
from hub.operations.quality import orders
from hub.operations.quality.findings import REFUSED, Measurement, measurement
from hub.operations.quality.orders import Wanted
from hub.operations.quality.subjects import Subject, read, subject

ASSESSORS: Final = frozenset({Role.DATA_STEWARD, Role.REGISTRAR})
ATTEMPTS_MAX: Final = 3
AGAIN_AFTER: Final = timedelta(days=7)  # whether or not the file has changed since
DETAIL_CHARACTERS_MAX: Final = 1000
PUBLISHED: Final = ("REGISTERED", "AUTHORISABLE")


@dataclass
class RunCounts:
    """What a sweep came to: resources looked at, measured, refused by what is wrong with their
    file, failed by what is wrong with us; `more` says that its limit left some out."""

    considered: int = 0
    done: int = 0
    refused: int = 0
    failed: int = 0
    more: bool = False


async def assess(node: Node, caller: Caller, id: str, *, request_id: str = "") -> Done:
    """Measures one resource now. What it is told of is the resource; the run stands beside it.

    A file that is not what it says gives a run that says so, and no grade.

    Raises:  NotFound, RoleMissing, NotYours, MovedOn, AssetsUnavailable.
    """
    request = Request(node, caller, "resource", "assess_quality", id, request_id=request_id)
    return await once(request, lambda: _assess(request))


async def assess_due(
    node: Node, caller: Caller, at: datetime, *, limit: int = 500, dry_run: bool = False
) -> RunCounts:
    """Measures the registered resources whose file was not measured, or not in a week (J-L2-2).

    Only what is due is read, a page at a time. Raises:  Unavailable, and nothing else.
    """
    counts, selection = RunCounts(), _due(at)
    while True:
        page = await node.catalogue.select(selection)
        for row in page.rows:
            if counts.considered >= limit:
                counts.more = True
                return counts
            counts.considered += 1
            if not dry_run:
                await _assess_one(node, caller, row["id"], at=at, counts=counts)
        if not page.more_after:
            return counts
        selection = _due(at, page.rows[-1][POSITION])


def _due(at: datetime, position: tuple[Any, str] | None = None) -> Selection:
    lately = Where("started_at", "gt", written(at - AGAIN_AFTER))
    since = Linked("quality_runs", lately)
    where: Condition = Every((
        Where("state", "in", PUBLISHED), Where("sample", "is_null", False),
        Where("vanished_at", "is_null", True), Not(since),
    ))  # fmt: skip
    return Selection("resource", ("id",), where, page=Page(PAGE_MAX, position))


async def _assess_one(
    node: Node, caller: Caller, id_: str, *, at: datetime, counts: RunCounts
) -> None:
    request_id = written(at)
    request = Request(node, caller, "resource", "assess_quality", id_, request_id=request_id)
    try:
        of = await read(node, Where("id", "eq", id_), id_)
        done, outcome = await _measured(request, of)
    except Unavailable:
        raise
    except DataSpaceError:
        counts.failed += 1
        return
    assert done.id == id_
    if outcome == REFUSED:
        counts.refused += 1
    else:
        counts.done += 1


async def _assess(request: Request) -> Done:
    check_caller(request.caller, request.verb, ASSESSORS)
    of = await subject(request.node, request.caller, request.id)
    if not is_staff(request.caller) and of.department != request.caller.participant:
        raise NotYours(move=request.verb, party="provider", id=request.id)
    done, _ = await _measured(request, of)
    return done


async def _measured(request: Request, of: Subject) -> tuple[Done, str]:
    """Raises:  MovedOn when the file was replaced meanwhile, or others kept being faster."""
    began = written(request.now)
    result = await measurement(request.node, of, now=request.now)
    for _ in range(ATTEMPTS_MAX - 1):
        try:
            return await _kept(request, of, result, began), result.outcome
        except (MovedOn, NotUnique):
            was, of = of, await read(request.node, Where("id", "eq", of.id), of.id)
            if (was.sample or {}).get("id") != (of.sample or {}).get("id"):
                raise MovedOn(kind="resource", id=of.id) from None
    return await _kept(request, of, result, began), result.outcome


async def _kept(request: Request, of: Subject, result: Measurement, began: str) -> Done:
    """The run, the grade and the work order, in one change set."""
    # What fails most is told first, for nobody reads hundreds of findings.
    score = score_of(sorted(result.findings, key=_by_points))
    demanded = of.demanded_grade(request.now)
    run = _run(request, of, result=result, score=score, demanded=demanded) | {"started_at": began}
    run_id = derived_id("qrn", request.change_set)
    grade = {"quality_grade": score.grade} if score.grade else {}
    changes: tuple[Change, ...] = (
        Create("quality_run", run_id, run, request.act),
        *_orders(request, of, result=result, score=score, demanded=demanded),
        Amend("resource", of.id, grade, request.act, guard=_same_file(of)),
    )
    return await carry_out(request, of.id, changes=changes, values=after(of.values, grade))


def _same_file(of: Subject) -> Condition:
    if of.sample is None:
        return Where("sample", "is_null", True)
    return Where("sample", "eq", of.sample["id"])


def _orders(
    request: Request, of: Subject, *, result: Measurement, score: Score, demanded: str
) -> tuple[Change, ...]:
    """Made when the grade is too low or the file cannot be measured, closed when a grade is not;
    what was not measured at all says nothing."""
    if score.grade is None and result.refusal is None:
        return ()
    is_wanted = result.refusal is not None or is_below(score.grade, demanded)
    detail = _detail(result, score, demanded)
    wanted = Wanted("QUALITY", is_wanted, request.change_set, detail)
    named = {"id": of.id, "name": of.row["name"], "provider": of.department}
    return orders.changes(named, of.orders, wanted, deed=request.deed)


def _detail(result: Measurement, score: Score, demanded: str) -> str:
    if (refusal := result.refusal) is not None:
        return f"{refusal.message('zh')} {refusal.message('en')} [{refusal.code}]"
    worst = sorted(
        (each for each in score.findings if each.points is not None and each.failed),
        key=lambda each: each.points or 0,
    )[:10]
    lines = [
        f"{KINDS[each.rule.kind].text.zh} {each.rule.told}：{each.failed}/{each.considered}"
        for each in worst
    ]
    return "\n".join([f"{score.grade} < {demanded}，{score.whole_points}/100", *lines])


def _run(
    request: Request, of: Subject, *, result: Measurement, score: Score, demanded: str
) -> dict[str, Any]:
    sample, refusal, moment = of.sample or {}, result.refusal, written(request.now)
    return {
        "outcome": result.outcome,
        "score": score.whole_points,
        "grade": score.grade,
        "demanded_grade": demanded,
        "record_count": result.record_count,
        "file_name": sample.get("file_name"),
        "file_sha256": sample.get("sha256"),
        "refusal": refusal.code if refusal else None,
        "refusal_detail": refusal.message("zh")[:DETAIL_CHARACTERS_MAX] if refusal else None,
        "finished_at": moment,
        "run_by": request.caller.subject,
        "resource": of.id,
        "department": of.department,
        "dimensions": [
            _told(
                dimension=each.dimension, score=_points(each.points),
                measured=each.measured, not_measured=each.not_measured,
            )
            for each in score.dimensions
        ],
        "findings": [_finding(at, each) for at, each in enumerate(score.findings, start=1)],
        "examples": list(_examples(score)),
        "created_at": moment,
        "changed_at": moment,
    }  # fmt: skip


def _finding(number: int, finding: Finding) -> Mapping[str, Any]:
    rule = finding.rule
    return _told(
        number=number, kind=rule.kind, dimension=KINDS[rule.kind].dimension,
        column=rule.told[:4000], weight=rule.weight, score=_points(finding.points),
        considered=finding.considered,
        failed=finding.failed if finding.considered is not None else None,
        why=finding.why, rule=rule.source,
    )  # fmt: skip


def _examples(score: Score) -> Iterator[Row]:
    for at, finding in enumerate(score.findings, start=1):
        for each in finding.examples:
            yield {"finding": at, "row": each.row, "value": each.value}


def _by_points(finding: Finding) -> tuple[bool, int]:
    return finding.points is None, finding.points or 0


def _points(hundredths: int | None) -> int | None:
    return None if hundredths is None else hundredths // 100


def _told(**values: Any) -> Mapping[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}
