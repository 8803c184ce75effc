"""What `cityspace node` leaves in the queue while the hub is away, and shows of the queue."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.federation.queue.codes import WAITING
from dataspace.selection import Order, Page, Row, Selection, Where
from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.node.member import Member
from hub.data_folder import MEMBERSHIP_FILE
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


async def queue_of(settings: Settings) -> list[dict[str, Any]]:
    """What waits, and the last that was answered; nothing of a node that has only applied."""
    if not (settings.data / MEMBERSHIP_FILE).exists():
        return []
    async with open_books(settings) as books:
        waits = Where("state", "eq", WAITING)
        first = Selection("hub_request", SHOWN, waits, order=Order("place"), page=Page(LINES_MAX))
        over = Where("state", "ne", WAITING)
        last = Selection(
            "hub_request", SHOWN, over, order=Order("answered_at", descending=True),
            page=Page(LINES_MAX),
        )  # fmt: skip
        rows: list[Row] = []
        for each in (first, last):
            rows += (await books.catalogue.select(each)).rows
    return [{name: row[name] for name in SHOWN if row.get(name) is not None} for row in rows]


def tell_queue(call: Call, queue: Sequence[Mapping[str, Any]]) -> None:
    for each in queue:
        told = {"attempts": 0, "last_error": "–", "answer": "", **each}
        call.say(WAITS if each["state"] == WAITING else ENDED, **told)


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
