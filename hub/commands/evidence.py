"""`cityspace evidence verify | root | proof ID`: anyone can check what the node says it did."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from dataspace.change import Recorded
from dataspace.errors import NotFound
from dataspace.evidence import Divergence, Tree, Verifier, inclusion_proof
from dataspace.ports import Catalogue
from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.wiring import check_there, open_catalogue

BATCH = 500
SHOWN_MAX = 20


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
    verifier, found = Verifier(), list[Divergence]()
    async for recorded in records(catalogue):
        if (divergence := verifier.check(recorded)) is not None and len(found) < SHOWN_MAX:
            found.append(divergence)
    call.answer(
        {
            "holds": not found, "records": verifier.sequence, "root": verifier.tree.root,
            "first": _told(found[0], call) if found else None,
            "divergences": [_told(each, call) for each in found],
        }
    )  # fmt: skip
    if not found:
        call.say(HOLDS, records=verifier.sequence, root=verifier.tree.root)
        return Exit.DONE
    for each in found:
        call.say(DIVERGES, **_told(each, call))
    call.say(ADVICE)
    return Exit.REFUSED


async def _root(call: Call, catalogue: Catalogue) -> Exit:
    tree = Tree()
    async for recorded in records(catalogue):
        tree.append(recorded.evidence["leaf"])
    call.answer({"records": tree.size, "root": tree.root})
    call.line(f"{tree.size} {tree.root}")
    return Exit.DONE


async def _proof(call: Call, catalogue: Catalogue) -> Exit:
    """Keeps the leaf hashes, 32 bytes of meaning each, and the one record that is asked for."""
    wanted, leaves, record = call.arguments.id, list[str](), None
    async for recorded in records(catalogue):
        leaves.append(recorded.evidence["leaf"])
        told = recorded.evidence
        if wanted and wanted in (str(told["sequence"]), told.get("id"), recorded.id):
            record = told
    if record is None:
        raise RecordMissing(id=wanted)
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    index = record["sequence"] - 1
    proof: dict[str, Any] = {
        "record": record, "leaf": record["leaf"], "index": index, "size": len(leaves),
        "root": tree.root, "path": inclusion_proof(leaves, index),
    }  # fmt: skip
    call.answer(proof)
    call.say(PROVEN, **{**proof, **record})
    for each in proof["path"]:
        call.line(f"  {each}")
    return Exit.DONE


async def records(catalogue: Catalogue) -> AsyncIterator[Recorded]:
    """The whole log, oldest first, a batch at a time."""
    revision = 0
    while batch := await catalogue.changes_since(revision, BATCH):
        for recorded in batch:
            yield recorded
        if batch[-1].revision <= revision:
            return
        revision = batch[-1].revision


def _told(divergence: Divergence, call: Call) -> dict[str, Any]:
    return {
        "sequence": divergence.revision, "kind": divergence.kind, "id": divergence.id,
        "what": divergence.what.to(call.language),
    }  # fmt: skip


HOLDS = Text(
    "The evidence holds: {records} records, root {root}", "存证完好：共 {records} 条，根哈希 {root}"
)
DIVERGES = Text(
    "Record {sequence} ({kind} {id}) does not hold: {what}",
    "第 {sequence} 条记录（{kind} {id}）不符：{what}",
)
ADVICE = Text(
    "Everything from the first such record on is in doubt. Stop writing, keep a copy, and compare"
    " with a root that somebody else has kept.",
    "自首条不符记录起均存疑。请停止写入、保留副本，并与他方保存的根哈希比对。",
)
PROVEN = Text(
    "Record {sequence} ({action} of {subject} at {at}) is in the log of {size}; root {root}, path:",
    "第 {sequence} 条记录（{at}，{subject}，{action}）在 {size} 条的日志中；根哈希 {root}，路径：",
)
