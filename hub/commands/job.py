"""`cityspace job list | run CODE | backfill CODE | history`: the scheduled jobs, by hand."""

import asyncio
from datetime import datetime
from typing import Any

from dataspace.errors import DataSpaceError
from dataspace.jobs.job import JobDefinition
from dataspace.jobs.table import JOBS
from dataspace.quantity import read_moment, written
from dataspace.selection import EVERYTHING, Order, Page, Row, Selection, Where
from dataspace.text import Text
from hub.commands.call import Call, Exit, WrongUsage
from hub.commands.grammar import Grammar
from hub.data_folder import check_there
from hub.node import Node
from hub.operations.jobs import runs
from hub.scheduling import asking
from hub.scheduling.running import Bench
from hub.scheduling.timetable import next_firing
from hub.wiring import open_node, workshop

LINES_DEFAULT = 20
SHOWN = (
    "job", "business_time", "state", "cause", "started", "finished", "attempts", "considered",
    "done", "refused", "failed", "reason", "holder",
)  # fmt: skip


def arguments(parser: Grammar) -> None:
    parser.add(
        "what", choices=("list", "run", "backfill", "history"),
        text=Text(
            "list: all jobs; run: one now; backfill: one for each firing of a span;"
            " history: what was run",
            "list：列出全部作业；run：立即运行；backfill：按时段补做；history：运行记录",
        ),
    )  # fmt: skip
    parser.add("code", nargs="?", default="", metavar="CODE", text=Text("which job", "作业代码"))
    parser.add(
        "--at", metavar="MOMENT",
        text=Text("run: the moment that it is to have been due (default: now)",
                  "run：业务时间（默认：当前）"),
    )  # fmt: skip
    parser.add("--from", dest="start", metavar="MOMENT",
               text=Text("backfill: after this moment", "backfill：起始时间（不含）"))  # fmt: skip
    parser.add("--to", dest="end", metavar="MOMENT",
               text=Text("backfill: up to this moment", "backfill：截止时间（含）"))  # fmt: skip
    parser.add(
        "--dry-run", action="store_true",
        text=Text("say what would be looked at; change nothing", "仅说明将检查的对象，不作改动"),
    )  # fmt: skip
    parser.add(
        "--first", type=int, default=LINES_DEFAULT, metavar="N",
        text=Text(f"history: the last so many, up to 100 (default: {LINES_DEFAULT})",
                  f"history：最近若干条，上限 100（默认：{LINES_DEFAULT}）"),
    )  # fmt: skip
    parser.add_data()


def run(call: Call) -> Exit:
    check_there(call.settings)
    return asyncio.run(_run(call))


async def _run(call: Call) -> Exit:
    does = {"list": _list, "run": _run_one, "backfill": _backfill, "history": _history}
    async with open_node(call.settings) as opened:
        return await does[call.arguments.what](call, opened.node)


async def _list(call: Call, node: Node) -> Exit:
    told = [await _listed(call, node, job) for job in JOBS.values()]
    call.answer(told)
    for each in told:
        call.say(RUNS, **each)
    return Exit.DONE


async def _listed(call: Call, node: Node, job: JobDefinition) -> dict[str, Any]:
    at = next_firing(job.cron, after=node.clock.now())
    last = (await node.catalogue.select(runs.last_run(job.code))).first
    return {
        "code": job.code, "name": job.text.to(call.language), "link": job.link, "cron": job.cron,
        "missed": job.missed.name, "next": written(at) if at else "",
        "last": f"{last['business_time']} {last['state']}" if last else "–",
    }  # fmt: skip


async def _run_one(call: Call, node: Node) -> Exit:
    now = node.clock.now()
    at = _moment(call.arguments.at) or now.replace(microsecond=0)
    job = asking.job_named(call.arguments.code, now, at)
    return await _all(call, node, job, (at,))


async def _backfill(call: Call, node: Node) -> Exit:
    start, end = _moment(call.arguments.start), _moment(call.arguments.end)
    if start is None or end is None:
        raise WrongUsage(problem=NO_SPAN, suggestion="", command="cityspace job")
    job = asking.job_named(call.arguments.code, node.clock.now(), start, end)
    return await _all(call, node, job, asking.span(job, start=start, end=end))


async def _all(call: Call, node: Node, job: JobDefinition, moments: tuple[datetime, ...]) -> Exit:
    """One after the other, in order; all are tried whatever comes of one."""
    if call.arguments.dry_run:
        count = await asking.considered(node, job, moments[-1])
        call.answer({"job": job.code, "runs": len(moments), "considered": count})
        call.say(DRY, job=job.code, runs=len(moments), considered=count)
        return Exit.DONE
    bench = Bench(node, workshop(call.settings), lambda what, error: _report(call, what, error))
    told = []
    for at in moments:
        told.append(_told(await asking.run_by_hand(bench, job, at)))
        call.say(RAN, **told[-1])
    call.answer(told)
    return Exit.DONE if all(each["state"] == runs.DONE for each in told) else Exit.REFUSED


async def _history(call: Call, node: Node) -> Exit:
    code = call.arguments.code
    found = await node.catalogue.select(
        Selection(
            "job_run", ("id", *SHOWN), Where("job", "eq", code) if code else EVERYTHING,
            order=Order("business_time", descending=True), page=Page(call.arguments.first),
        )
    )  # fmt: skip
    told = [_told(row) for row in found.rows]
    call.answer(told)
    for each in told:
        call.say(RAN, **each)
    return Exit.DONE


def _told(row: Row) -> dict[str, Any]:
    return {name: "" if row.get(name) is None else row[name] for name in SHOWN}


def _moment(text: str | None) -> datetime | None:
    """Raises:  MomentInvalid."""
    return read_moment(text) if text else None


def _report(call: Call, what: str, error: Exception) -> None:
    said = error.message(call.language) if isinstance(error, DataSpaceError) else repr(error)
    call.note(WRONG, what=what, said=said)


NO_SPAN = Text("backfill needs --from and --to", "backfill 须同时给出 --from 与 --to")
RUNS = Text(
    "{code:<12} {link:<3} {name}  next {next}, last {last}",
    "{code:<12} {link:<3} {name}  下次 {next}，最近 {last}",
)
DRY = Text(
    "Nothing was changed. {job} would run {runs} times; the last run would look at {considered}.",
    "未作改动。{job} 将运行 {runs} 次；其中最后一次将检查 {considered} 个对象。",
)
RAN = Text(
    "{job} of {business_time}: {state}; {considered} looked at, {done} done, {refused} refused,"
    " {failed} failed. {reason}",
    "{job}（{business_time}）：{state}；检查 {considered}，办结 {done}，被拒 {refused}，"
    "失败 {failed}。{reason}",
)
WRONG = Text("Trouble with {what}: {said}", "{what} 出错：{said}")
