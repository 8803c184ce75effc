"""Every operation as a mutation: its name is the noun and the act, as the evidence has it.

`resource.take_in` of the evidence is `resourceTakeIn` here.
"""

from collections.abc import Callable, Iterator, Mapping

from dataspace.caller import Caller
from dataspace.machine import NOWHERE, Move
from dataspace.relations import RELATIONS
from dataspace.text import Text
from hub.api.jobs import writing as jobs
from hub.api.writing.complaints import COMPLAINTS
from hub.api.writing.federation import FEDERATION
from hub.api.writing.files import FILES
from hub.api.writing.operation import Given, Gives, Operation, Run, reason_of, request_of
from hub.api.writing.quality import QUALITY
from hub.api.writing.queue import QUEUE
from hub.api.writing.spaces import SPACES
from hub.node import Node
from hub.operations import members, nodes, participants, spaces
from hub.operations.jobs import holds
from hub.operations.links import breaches
from hub.operations.links.desks import DESKS
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Done
from hub.operations.mechanism.ledger import Ledger
from hub.operations.notices import mailboxes, retrying
from hub.operations.quality import rules as quality_rules
from hub.operations.rulebooks import keeping as rulebooks
from hub.operations.tasks import delegating
from hub.operations.tasks.deciding import Decided, Decision, decide_all


def _of_desk(desk: Desk) -> Iterator[Operation]:
    """Drafting, amending, removing, and every move of the machine but the first."""
    lifecycle = desk.lifecycle
    kind = lifecycle.kind
    noun = RELATIONS.by_name[kind].text

    def text(en: str, zh: str) -> Text:
        return Text(f"{en}: {noun.en}", f"{zh}：{noun.zh}")

    if lifecycle.drafted:
        yield from _drafted(desk, text)
    for move in lifecycle.machine.moves:
        if move.sources != (NOWHERE,) and move.name not in lifecycle.asks_more:
            yield Operation(
                kind,
                move.name,
                text(move.text.en, move.text.zh),
                ("id", "reason"),
                _moving(desk, move),
                needs_reason=move.needs_reason,
            )


def _drafted(desk: Desk, text: Callable[[str, str], Text]) -> Iterator[Operation]:
    kind, fields = desk.lifecycle.kind, desk.lifecycle.fields
    yield Operation(kind, "draft", text("Draft", "起草"), ("values",), _drafting(desk), fields)
    yield Operation(
        kind,
        "amend",
        text("Amend what is open to change", "修改"),
        ("id", "version", "values"),
        _amending(desk),
        fields,
    )
    yield Operation(
        kind, "remove", text("Take back a draft", "删除草稿"), ("id", "reason"), _removing(desk)
    )


def _drafting(desk: Desk) -> Run:
    async def run(node: Node, caller: Caller, given: Given) -> Done:
        return await desk.draft(node, caller, given["values"], request_id=request_of(given))

    return run


def _amending(desk: Desk | Ledger) -> Run:
    async def run(node: Node, caller: Caller, given: Given) -> Done:
        return await desk.amend(
            node,
            caller,
            given["id"],
            given["values"],
            version=given.get("version"),
            request_id=request_of(given),
        )

    return run


def _removing(desk: Desk) -> Run:
    async def run(node: Node, caller: Caller, given: Given) -> Done:
        return await desk.remove(
            node, caller, given["id"], reason=reason_of(given), request_id=request_of(given)
        )

    return run


def _moving(desk: Desk, move: Move) -> Run:
    operation = desk.moving(move.name)

    async def run(node: Node, caller: Caller, given: Given) -> Done:
        return await operation(
            node, caller, given["id"], reason=reason_of(given), request_id=request_of(given)
        )

    return run


def _of_ledger(ledger: Ledger) -> Iterator[Operation]:
    kind, fields = ledger.kind, (*ledger.fields, *ledger.fixed)
    noun = RELATIONS.by_name[kind].text

    async def enter(node: Node, caller: Caller, given: Given) -> Done:
        return await ledger.enter(node, caller, given["values"], request_id=request_of(given))

    yield Operation(
        kind, "enter", Text(f"Enter: {noun.en}", f"录入：{noun.zh}"), ("values",), enter, fields
    )
    yield Operation(
        kind,
        "amend",
        Text(f"Amend: {noun.en}", f"修改：{noun.zh}"),
        ("id", "version", "values"),
        _amending(ledger),
        fields,
    )


async def _take_effect(node: Node, caller: Caller, given: Given) -> Done:
    return await rulebooks.take_effect(node, caller, given["id"], request_id=request_of(given))


async def _decide(node: Node, caller: Caller, given: Given) -> list[Decided]:
    decisions = [
        Decision(each["id"], each["move"], reason_of(each), request_of(each))
        for each in given["decisions"]
    ]
    return await decide_all(node, caller, decisions, desks=DESKS)


async def _delegate(node: Node, caller: Caller, given: Given) -> Done:
    return await delegating.grant(node, caller, given["values"], request_id=request_of(given))


async def _end_delegation(node: Node, caller: Caller, given: Given) -> Done:
    return await delegating.end(
        node, caller, given["id"], reason=reason_of(given), request_id=request_of(given)
    )


async def _keep_mailbox(node: Node, caller: Caller, given: Given) -> Done:
    return await mailboxes.keep(node, caller, given["values"], request_id=request_of(given))


async def _retry_delivery(node: Node, caller: Caller, given: Given) -> Done:
    return await retrying.retry(
        node, caller, given["id"], reason=reason_of(given), request_id=request_of(given)
    )


async def _read_notice(node: Node, caller: Caller, given: Given) -> Done:
    return await mailboxes.read(node, caller, given["id"], request_id=request_of(given))


async def _note_out_of_scope(node: Node, caller: Caller, given: Given) -> Done:
    return await breaches.note(
        node, caller, given["id"], reason=reason_of(given), request_id=request_of(given)
    )


OTHERS = (
    Operation(
        "task", "decide",
        Text("Decide many at once, each with its own evidence", "批量办理，逐项存证"),
        ("decisions",), _decide, gives=Gives.DECISIONS,
    ),
    Operation(
        "delegation", "grant",
        Text("Let a colleague act for you while you are away", "外出期间委托同事代办"),
        ("values",), _delegate, delegating.FIELDS,
    ),
    Operation(
        "delegation", "end", Text("End what you delegated", "终止委托"),
        ("id", "reason"), _end_delegation,
    ),
    Operation(
        "mailbox", "keep", Text("Set your own language and channels", "设置本人的语言与渠道"),
        ("values",), _keep_mailbox, mailboxes.FIELDS,
    ),
    Operation(
        "notice", "read", Text("You have read it, and all before it", "标记为已读（含此前全部）"),
        ("id",), _read_notice,
    ),
    Operation(
        "delivery", "retry", Text("Try one again that was given up", "重投已放弃的投递"),
        ("id", "reason"), _retry_delivery,
    ),
    Operation(
        "authorisation", breaches.VERB,
        Text("Note a use of it out of its scope", "记录一次越权使用"),
        ("id", "reason"), _note_out_of_scope, needs_reason=True,
    ),
    Operation(
        "rulebook", "take_effect",
        Text("Decide that a draft takes effect on its date", "确定规则册草案按日期生效"),
        ("id",), _take_effect,
    ),
    Operation(
        "job_run", "job_run", Text("Ask for a run of a scheduled job", "申请运行定时作业"),
        ("code", "at", "dry_run"), jobs.run, gives=Gives.RUNS,
    ),
    Operation(
        "job_run", "job_backfill",
        Text("Ask for a run at every firing of a span that has none", "申请补做时段内缺失的运行"),
        ("code", "start", "end", "dry_run"), jobs.backfill, gives=Gives.RUNS,
    ),
)  # fmt: skip


def _all() -> Iterator[Operation]:
    for desk in DESKS.values():
        yield from _of_desk(desk)
    books = (
        participants.LEDGER, spaces.LEDGER, nodes.LEDGER, members.LEDGER, rulebooks.LEDGER,
        holds.LEDGER,
        quality_rules.LEDGER,
    )  # fmt: skip
    for ledger in books:
        yield from _of_ledger(ledger)
    yield from OTHERS
    yield from FILES
    yield from QUALITY
    yield from FEDERATION
    yield from QUEUE
    yield from SPACES
    yield from COMPLAINTS


OPERATIONS: Mapping[str, Operation] = {operation.name: operation for operation in _all()}
