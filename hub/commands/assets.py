"""`cityspace assets setup | policy`: the store of the files, and what the hub's key may do there.

What `check --assets` finds is told here too.
"""

import json
from typing import Any

from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.operations.assets import Compared, compare, remove_orphans
from hub.wiring import SystemClock, assets_policy, assets_steps, open_assets, open_catalogue

EVIDENCE_DAYS = 365
LINES_MAX = 20


def arguments(parser: Grammar) -> None:
    parser.add(
        "what", choices=("setup", "policy"),
        text=Text(
            "setup: make what the store lacks; policy: print what the hub's key must be allowed",
            "setup：补齐存储所缺；policy：输出枢纽密钥所需权限",
        ),
    )  # fmt: skip
    parser.add(
        "--dry-run", action="store_true",
        text=Text("setup: say what would change, and change nothing",
                  "setup：仅说明将作的改动，不执行"),
    )  # fmt: skip
    parser.add(
        "--evidence-days", metavar="N", type=int, default=EVIDENCE_DAYS,
        text=Text(
            f"setup: days for which files of evidence stay locked (default: {EVIDENCE_DAYS});"
            " they can be made more, never fewer",
            f"setup：存证文件锁定天数（默认：{EVIDENCE_DAYS}）；只增不减",
        ),
    )  # fmt: skip
    parser.add_data()


def run(call: Call) -> Exit:
    return {"setup": _set_up, "policy": _policy}[call.arguments.what](call)


def _policy(call: Call) -> Exit:
    policy = json.loads(assets_policy(call.settings))
    call.answer(policy)
    call.line(json.dumps(policy, indent=2))
    return Exit.DONE


def _set_up(call: Call) -> Exit:
    """What a dry run shows is what is done without it, in the same order."""
    lacking = assets_steps(call.settings, evidence_days=call.arguments.evidence_days)
    told = [{"what": each.what.to(call.language), "done": False} for each in lacking]
    if call.arguments.dry_run:
        for each in told:
            call.say(WOULD, what=each["what"])
        call.answer({"steps": told})
        call.say(NOTHING_DONE if told else NOTHING_TO_DO)
        return Exit.DONE
    for step, each in zip(lacking, told, strict=True):
        each["done"] = step.apply()
        call.say(DONE if each["done"] else NOT_OFFERED, what=each["what"])
    call.answer({"steps": told})
    call.say(SET_UP if told else NOTHING_TO_DO)
    return Exit.DONE


async def check_files(call: Call) -> dict[str, Any]:
    """Compares, tries, tells, and removes orphans when it is told to."""
    async with open_assets(call.settings) as assets, open_catalogue(call.settings) as catalogue:
        found = await compare(catalogue, assets, SystemClock())
        _tell(call, found)
        removed = 0
        if call.arguments.delete_orphans:
            removed = await remove_orphans(assets, found.orphans)
            call.say(REMOVED, count=removed)
        lacking = [each for each in await assets.abilities() if not each.works]
    for each in lacking:
        call.say(LACKS, name=each.name, lost=each.lost.to(call.language))
    return {
        "holds": found.holds, "files": found.files, "removed": removed,
        "orphans": [each.key for each in found.orphans],
        "missing": [row["id"] for row in found.missing],
        "differing": [row["id"] for row in found.differing],
        "lacking": {each.name: each.lost.to(call.language) for each in lacking},
    }  # fmt: skip


def _tell(call: Call, found: Compared) -> None:
    call.say(
        COMPARED, files=found.files, orphans=len(found.orphans), missing=len(found.missing),
        differing=len(found.differing),
    )  # fmt: skip
    for row in found.missing[:LINES_MAX]:
        call.say(MISSING, id=row["id"], name=row["file_name"])
    for row in found.differing[:LINES_MAX]:
        call.say(DIFFERS, id=row["id"], name=row["file_name"], bytes=row["bytes"])
    for each in found.orphans[:LINES_MAX]:
        at = each.stored_at.isoformat("T", "seconds")
        call.say(ORPHAN, key=each.key, bytes=each.bytes, at=at)


WOULD = Text("  would {what}", "  将{what}")
DONE = Text("✓ {what}", "✓ 已{what}")
NOT_OFFERED = Text("– not offered by this store: {what}", "– 该存储不支持：{what}")
NOTHING_DONE = Text("Nothing was changed.", "未做任何改动。")
NOTHING_TO_DO = Text("The store lacks nothing.", "存储已就绪，无需改动。")
SET_UP = Text("The store is set up.", "存储已初始化。")
COMPARED = Text(
    "  {files} files; {missing} missing, {differing} of another size,"
    " {orphans} that no row refers to",
    "  共 {files} 个文件；缺失 {missing}，大小不符 {differing}，无记录引用 {orphans}",
)
MISSING = Text("✗ the file of {id} ({name}) is missing", "✗ {id}（{name}）的文件缺失")
DIFFERS = Text("✗ the file of {id} ({name}) has not its {bytes} bytes",
               "✗ {id}（{name}）的文件不足或超出 {bytes} 字节")  # fmt: skip
ORPHAN = Text(
    "– no row refers to {key} ({bytes} bytes, of {at}); --delete-orphans removes it",
    "– 无记录引用 {key}（{bytes} 字节，{at}）；--delete-orphans 可删除",
)
REMOVED = Text("  {count} files removed", "  已删除 {count} 个文件")
LACKS = Text("– the store lacks {name}: {lost}", "– 存储不具备 {name}：{lost}")
