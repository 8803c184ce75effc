"""`cityspace notice run | dead | retry [ID …]`: notices that go out, and those that did not."""

import asyncio
from typing import Any

from dataspace.selection import POSITION, Row
from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.data_folder import check_there
from hub.node import Node
from hub.operations.notices import keeping, retrying
from hub.wiring import open_node


def arguments(parser: Grammar) -> None:
    parser.add(
        "what", choices=("run", "dead", "retry"),
        text=Text(
            "run: send what is due now; dead: list what was given up; retry: try it again",
            "run：立即投递到期消息；dead：列出已放弃的投递；retry：重新投递",
        ),
    )  # fmt: skip
    parser.add(
        "ids", nargs="*",
        text=Text("retry: which deliveries; all unless named", "retry：投递编号，不填则为全部"),
    )  # fmt: skip
    parser.add_data()


def run(call: Call) -> Exit:
    check_there(call.settings)
    what = {"run": _run, "dead": _dead, "retry": _retry}[call.arguments.what]
    return asyncio.run(_opened(call, what))


async def _opened(call: Call, what: Any) -> Exit:
    async with open_node(call.settings) as opened:
        done: Exit = await what(call, opened.node)
        return done


async def _run(call: Call, node: Node) -> Exit:
    found = await keeping.turn(node)
    call.answer({"done": found.done, "waiting": found.waiting, "dead": found.dead})
    call.say(RAN, done=found.done, waiting=found.waiting, dead=found.dead)
    if not node.channels:
        call.note(NO_CHANNEL)
    return Exit.REFUSED if found.dead else Exit.DONE


async def _dead(call: Call, node: Node) -> Exit:
    rows: list[Row] = []
    position, more = None, True
    while more:
        found = await retrying.dead(node, position=position)
        rows += found.rows
        more = found.more_after
        position = found.rows[-1][POSITION] if found.rows else None
    call.answer([_told(row) for row in rows])
    for row in rows:
        told = _told(row)
        call.line("  ".join(str(told[name]) for name in ("id", "channel", "address", "notice")))
        call.line(f"    {told['detail']} [{told['error']}]")
    call.say(COUNTED, count=len(rows))
    return Exit.DONE


async def _retry(call: Call, node: Node) -> Exit:
    count = await retrying.retry_all(node, call.arguments.ids)
    call.answer({"retried": count})
    call.say(RETRIED, count=count)
    return Exit.DONE


def _told(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"], "channel": row["channel"], "address": row["address"],
        "notice": row["notice"]["code"], "subject": row["notice"]["subject"],
        "attempts": row["attempts"], "error": row["last_error"],
        "detail": row["last_error_detail"], "at": row["changed_at"],
    }  # fmt: skip


RAN = Text(
    "{done} delivered, {waiting} to be tried again, {dead} given up.",
    "已送达 {done} 条，待重投 {waiting} 条，已放弃 {dead} 条。",
)
NO_CHANNEL = Text(
    "No channel is set: see CITYSPACE_MAIL and CITYSPACE_WEBHOOKS.",
    "未配置投递渠道：参见 CITYSPACE_MAIL 与 CITYSPACE_WEBHOOKS。",
)
COUNTED = Text("{count} deliveries were given up.", "已放弃的投递共 {count} 条。")
RETRIED = Text("{count} deliveries wait again.", "已重新排队 {count} 条。")
