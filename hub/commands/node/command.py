"""`cityspace node join HUB | status | rotate-keys | leave | maintenance`: a node and its city."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Final

from dataspace.federation.joining.refusals import HubAway
from dataspace.quantity import read_moment, written
from dataspace.text import Text
from hub.commands.call import Call, Exit, WrongUsage
from hub.commands.grammar import Grammar
from hub.commands.node.joining import join
from hub.commands.node.member import ADMITTED, WAITING, Member
from hub.commands.node.queued import kept_of, leave_in_queue, tell_kept
from hub.commands.node.telling import NOTHING, Kept, tell
from hub.data_folder import membership

# A decision may take days: it is asked for ever more seldom, and at least twice a minute.
POLL_SECONDS: Final = 2.0
POLL_SECONDS_MAX: Final = 30.0
POLL_GROWS: Final = 1.2
WHAT: Final = ("join", "status", "rotate-keys", "leave", "maintenance")


def arguments(parser: Grammar) -> None:
    parser.add(
        "what", choices=WHAT,
        text=Text(
            "join: apply with an invitation; status: how it stands; rotate-keys: sign by fresh"
            " keys; leave: apply to leave; maintenance: announce a stop, stop, or run again",
            "join：凭邀请码申请接入；status：查看状态；rotate-keys：更换密钥；leave：申请退出；"
            "maintenance：公告停服、停服或恢复运行",
        ),
    )  # fmt: skip
    parser.add(
        "hub", nargs="?", default="", text=Text("join: address of the hub", "join：枢纽地址")
    )
    _of_joining(parser)
    parser.add(
        "--wait", action="store_true",
        text=Text("join, status: until it is decided", "join、status：等待至作出决定"),
    )  # fmt: skip
    parser.add(
        "--reason", default="",
        text=Text(
            "leave, maintenance: why; it becomes evidence", "leave、maintenance：理由，写入存证"
        ),
    )  # fmt: skip
    parser.add(
        "--at", metavar="MOMENT",
        text=Text("maintenance: announce a stop at this moment", "maintenance：公告于该时间停服"),
    )  # fmt: skip
    parser.add(
        "--over", action="store_true",
        text=Text("maintenance: it runs again", "maintenance：已恢复运行"),
    )  # fmt: skip
    parser.add_data()


def _of_joining(parser: Grammar) -> None:
    parser.add(
        "--code", metavar="XXXX-…",
        text=Text("join: invitation code; - reads it from standard input, @FILE from a file",
                  "join：邀请码；- 表示从标准输入读取，@文件 表示从文件读取"),
    )  # fmt: skip
    parser.add(
        "--once", action="store_true",
        text=Text("join: a folder that has applied or joined already is only asked how it stands,"
                  " and the hub of one that has joined is not asked at all",
                  "join：已提交申请的仅查询状态；已接入的不再访问枢纽"),
    )  # fmt: skip
    parser.add("--profile", metavar="NAME", text=Text("join: such as finance", "join：如 finance"))
    parser.add("--name", text=Text("join: what the node is called", "join：节点名称"))
    parser.add(
        "--credit-code", metavar="CODE",
        text=Text(
            "join: unified social credit code of the operator", "join：运营方统一社会信用代码"
        ),
    )  # fmt: skip
    parser.add(
        "--address", metavar="URL",
        text=Text(
            "join: where the node is reached (default: its own)", "join：节点地址（默认为本机）"
        ),
    )  # fmt: skip
    parser.add(
        "--rulebook", metavar="FILE", type=Path,
        text=Text("join: its rules and declarations, in TOML", "join：自身规则与声明（TOML）"),
    )  # fmt: skip


def run(call: Call) -> Exit:
    """Raises:  WrongUsage, NotJoined, HubAway, HubRefuses, and what the keys raise."""
    # The hub answers in the language of whoever reads it here.
    call = replace(call, settings=replace(call.settings, language=call.language))
    return asyncio.run(_ACTS[call.arguments.what](call))


async def _join(call: Call) -> Exit:
    known = membership(call.settings) if call.arguments.once else {}
    if known.get("issuer"):
        call.answer(known)
        call.say(JOINED, **{"name": UNNAMED, **known})
        return Exit.DONE
    member = await Member.of(call.settings).ask() if known else await join(call)
    return await _shown(call, member)


async def _status(call: Call) -> Exit:
    """The queue is shown also while the hub is away. Raises:  HubAway then."""
    member, kept = Member.of(call.settings), await kept_of(call.settings)
    try:
        member = await member.ask()
    except HubAway:
        call.answer({"node": member.node, "hub": member.hub, **kept})
        tell_kept(call, kept)
        raise
    return await _shown(call, member, kept=kept)


async def _rotate_keys(call: Call) -> Exit:
    member = Member.of(call.settings)
    return await _shown(call, await member.keep(await member.door.rotate_keys(member.node)))


async def _leave(call: Call) -> Exit:
    """Left in the queue while the hub is away, as is a stop."""
    member, reason = Member.of(call.settings), _reason(call)
    try:
        told = await member.door.move(member.node, "exit", reason=reason)
    except HubAway:
        return await leave_in_queue(call, member, "NODE_EXIT")
    return await _shown(call, await member.keep(told))


async def _maintenance(call: Call) -> Exit:
    member, reason = Member.of(call.settings), _reason(call)
    at = read_moment(call.arguments.at) if call.arguments.at else None
    name = "recover" if call.arguments.over else "stop"
    try:
        if at is not None:
            told = await member.door.announce_stop(member.node, at, reason=reason)
        else:
            told = await member.door.move(member.node, name, reason=reason)
    except HubAway:
        if at is not None:
            return await leave_in_queue(call, member, "NODE_ANNOUNCE_STOP", stop_at=written(at))
        return await leave_in_queue(call, member, f"NODE_{name.upper()}")
    return await _shown(call, await member.keep(told))


async def _shown(call: Call, member: Member, *, kept: Kept = NOTHING) -> Exit:
    """Tells how it stands; with --wait again when somebody has decided."""
    pause = POLL_SECONDS
    if call.arguments.wait and member.state in WAITING and not call.as_json:
        tell(call, member)
    while call.arguments.wait and member.state in WAITING:
        await asyncio.sleep(pause)
        pause = min(pause * POLL_GROWS, POLL_SECONDS_MAX)
        member = await member.ask()
    tell(call, member, kept)
    tell_kept(call, kept)
    refused = member.state not in (*WAITING, *ADMITTED)
    return Exit.REFUSED if refused else Exit.DONE


def _reason(call: Call) -> str:
    """Raises:  WrongUsage."""
    if not call.arguments.reason.strip():
        raise WrongUsage(problem=NO_REASON, suggestion="", command="cityspace node")
    return str(call.arguments.reason)


_ACTS: Final = {
    "join": _join, "status": _status, "rotate-keys": _rotate_keys, "leave": _leave,
    "maintenance": _maintenance,
}  # fmt: skip
UNNAMED: Final = "–"
JOINED = Text(
    "{name} ({node}) has joined {hub} already.", "{name}（{node}）已接入 {hub}。"
)
NO_REASON = Text("--reason is needed: it becomes evidence", "须填写 --reason，理由将写入存证")
