"""What `cityspace node` leaves in the queue while the hub is away, and shows of what is kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.federation.queue.codes import WAITING
from dataspace.ports import Catalogue
from dataspace.selection import Order, Page, Row, Selection, Where
from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.node.member import Member
from hub.data_folder import MEMBERSHIP_FILE
from hub.operations.federation import tables
from hub.operations.federation.queue import asking
from hub.settings import Settings
from hub.wiring import open_books, open_meeting, open_node

LINES_MAX: Final = 20
SHOWN: Final = (
    "id", "title", "state", "asked_by", "created_at", "attempts", "in_doubt", "last_error", "code",
    "answer",
)  # fmt: skip


async def leave_in_queue(call: Call, member: Member, act: str, **given: str) -> Exit:
    """The running node sends it when the hub is back. Raises:  what `asking.ask` raises."""
    caller = Caller(member.node, "cityspace node", frozenset({Role.PLATFORM_ADMIN}))
    pairs = [{"name": name, "value": value} for name, value in given.items()]
    values = {"act": act, "given": pairs}
    async with open_node(call.settings) as opened, open_meeting(call.settings) as met:
        node = replace(opened.node, meeting=met.meeting, reach=met.reach)
        issued = await asking.ask(node, caller, values, reason=call.arguments.reason)
    told = {"id": issued.done.id, "state": WAITING, "act": act}
    call.answer(told)
    call.say(QUEUED, **told)
    return Exit.DONE


async def kept_of(settings: Settings) -> dict[str, Any]:
    """What waits, and the last that was answered; and of which code tables the hub has another
    edition than this software. Nothing of a node that has only applied."""
    if not (settings.data / MEMBERSHIP_FILE).exists():
        return {"queue": [], "code_tables_differing": []}
    async with open_books(settings) as books:
        differing = await tables.differing(books.catalogue)
        return {"queue": await _queue(books.catalogue), "code_tables_differing": differing}


async def _queue(catalogue: Catalogue) -> list[dict[str, Any]]:
    rows: list[Row] = []
    for where, order in (
        (Where("state", "eq", WAITING), Order("place")),
        (Where("state", "ne", WAITING), Order("answered_at", descending=True)),
    ):
        asked = Selection("hub_request", SHOWN, where, order=order, page=Page(LINES_MAX))
        rows += (await catalogue.select(asked)).rows
    return [{name: row[name] for name in SHOWN if row.get(name) is not None} for row in rows]


def tell_kept(call: Call, kept: Mapping[str, Any]) -> None:
    for each in kept.get("queue", ()):
        told = {"attempts": 0, "last_error": "–", "answer": "", **each}
        call.say(WAITS if each["state"] == WAITING else ENDED, **told)
    if names := kept.get("code_tables_differing"):
        call.say(DIFFER, names=", ".join(names))


DIFFER = Text(
    "  code tables that differ from the hub's: {names}; bring both to one version",
    "  与枢纽不一致的代码表：{names}；请将双方升级至相同版本",
)
QUEUED = Text(
    "The hub is away. It waits in the queue as {id}; the running node sends it when the hub is"
    " back, and `cityspace node status` tells what became of it.",
    "枢纽暂不可用。事项已列入队列（{id}），枢纽恢复后由运行中的节点报送；"
    "可用 `cityspace node status` 查看结果。",
)
WAITS = Text(
    "  waits for the hub: {title}; since {created_at} by {asked_by}, tried {attempts} times,"
    " last error {last_error} [{id}]",
    "  等待枢纽：{title}；自 {created_at} 起，提出人 {asked_by}，已报送 {attempts} 次，"
    "最近错误 {last_error} [{id}]",
)
ENDED = Text(
    "  answered: {title}: {state} {answer} [{id}]", "  已应答：{title}：{state} {answer} [{id}]"
)
