"""`cityspace evidence verify | root | proof ID`: anyone can check what the node says it did."""

import asyncio
from dataclasses import asdict
from typing import Any

from dataspace.errors import NotFound
from dataspace.evidence import Divergence
from dataspace.ports import Catalogue
from dataspace.relations import EVIDENCE
from dataspace.selection import Order, Page, Row, Selection, Where
from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.commands.progress import Bar
from hub.operations import evidence
from hub.watching.verified import note_verified
from hub.wiring import SystemClock, check_there, open_catalogue

LINES_MAX = 20


class RecordMissing(NotFound):
    code = "evidence.record_missing"
    title = Text("The log has no record of {id}", "日志中没有 {id} 的记录")
    advice = Text(
        "Give a record's sequence or id, or the id of what it is about.",
        "请给出记录序号、记录编号，或其对象的编号。",
    )


def arguments(parser: Grammar) -> None:
    parser.add(
        "what", choices=("verify", "root", "proof"),
        text=Text(
            "verify: hash everything anew; root: of the whole log; proof: that a record is in it",
            "verify：全部重新计算；root：全日志根哈希；proof：单条记录的包含证明",
        ),
    )  # fmt: skip
    parser.add(
        "id", nargs="?", default="",
        text=Text("proof: sequence or id of a record, or of what it is about",
                  "proof：记录序号、记录编号或对象编号"),
    )  # fmt: skip
    parser.add_data()


def run(call: Call) -> Exit:
    check_there(call.settings)
    return asyncio.run(_run(call))


async def _run(call: Call) -> Exit:
    answer = {"verify": _verify, "root": _root, "proof": _proof}[call.arguments.what]
    async with open_catalogue(call.settings) as catalogue:
        return await answer(call, catalogue)


async def _verify(call: Call, catalogue: Catalogue) -> Exit:
    counted = await catalogue.select(Selection("evidence", rows=False, total=True))
    whole = counted.total or 0
    with Bar(call.err) as bar:
        verified = await evidence.verify(
            catalogue, lambda records: bar.show(records, whole, f"{records:,}")
        )
    note_verified(call.settings.data, verified, SystemClock().now())
    found = [_told(each, call) for each in verified.divergences]
    call.answer(
        {
            "holds": verified.holds,
            "records": verified.records,
            "root": verified.root,
            "diverging": verified.diverging,
            "first": found[0] if found else None,
            "divergences": found,
        }
    )
    if verified.holds:
        call.say(HOLDS, records=verified.records, root=verified.root)
        return Exit.DONE
    for each in found[:LINES_MAX]:
        call.say(DIVERGES, **each)
    call.say(ADVICE, diverging=verified.diverging, records=verified.records)
    return Exit.REFUSED


async def _root(call: Call, catalogue: Catalogue) -> Exit:
    found = await evidence.root(catalogue)
    call.answer({"records": found.size, "root": found.root})
    call.line(f"{found.size} {found.root}")
    return Exit.DONE


async def _proof(call: Call, catalogue: Catalogue) -> Exit:
    record = await _record(catalogue, call.arguments.id)
    found = asdict(await evidence.proof(catalogue, record["sequence"]))
    call.answer({"record": record, "index": record["sequence"] - 1, **found})
    call.say(PROVEN, **record, size=found["size"], root=found["root"])
    for each in found["path"]:
        call.line(f"  {each}")
    return Exit.DONE


async def _record(catalogue: Catalogue, id_: str) -> Row:
    """The record with this sequence or id, or the latest about this object."""
    if id_.isdecimal():
        where = Where("sequence", "eq", int(id_))
    else:
        where = Where("id" if id_.startswith(f"{EVIDENCE.prefix}_") else "subject", "eq", id_)
    fields = ("id", *(each.name for each in EVIDENCE.fields))
    latest = Order("sequence", descending=True)
    found = await catalogue.select(
        Selection("evidence", fields, where=where, order=latest, page=Page(1))
    )
    if found.first is None:
        raise RecordMissing(id=id_)
    return {name: found.first[name] for name in fields}


def _told(divergence: Divergence, call: Call) -> dict[str, Any]:
    return {
        "sequence": divergence.revision,
        "kind": divergence.kind,
        "id": divergence.id,
        "what": divergence.what.to(call.language),
    }


HOLDS = Text(
    "The evidence holds: {records} records, root {root}", "存证完好：共 {records} 条，根哈希 {root}"
)
DIVERGES = Text(
    "Record {sequence} ({kind} {id}) does not hold: {what}",
    "第 {sequence} 条记录（{kind} {id}）不符：{what}",
)
ADVICE = Text(
    "{diverging} of {records} records do not hold; everything from the first on is in doubt."
    " Stop writing, keep a copy, and compare with a root that somebody else has kept.",
    "共 {records} 条记录中 {diverging} 条不符；自首条不符记录起均存疑。"
    "请停止写入、保留副本，并与他方保存的根哈希比对。",
)
PROVEN = Text(
    "Record {sequence} ({action} of {subject} at {at}) is in the log of {size}; root {root}, path:",
    "第 {sequence} 条记录（{at}，{subject}，{action}）在 {size} 条的日志中；根哈希 {root}，路径：",
)
