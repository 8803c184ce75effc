"""Every operation as a mutation: its name is the noun and the act, as the evidence has it.

`resource.take_in` of the evidence is `resourceTakeIn` here.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dataspace.caller import Caller
from dataspace.machine import NOWHERE, Move
from dataspace.ports import DirectUpload
from dataspace.relations import RELATIONS
from dataspace.text import Text
from hub.api.jobs import writing as jobs
from hub.api.schema.registry import camel
from hub.node import Node
from hub.operations import members, nodes, participants, samples, spaces
from hub.operations.jobs import holds
from hub.operations.links.desks import DESKS
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Done
from hub.operations.mechanism.ledger import Ledger
from hub.operations.rulebooks import keeping as rulebooks
from hub.scheduling.asking import RunsAsked

Given = Mapping[str, Any]
Run = Callable[[Node, Caller, Given], Awaitable[Done | DirectUpload | RunsAsked]]


@dataclass(frozen=True)
class Operation:
    """`takes` names what the input has; "values" has the fields in `fields`, which are those of
    `values_of` when it is not the kind's own. One that `gives_upload` changes nothing, so it takes
    no `requestId` and its payload has an upload in place of the object and its evidence. One that
    `asks_for_runs` of jobs has its own payload too, and a job and its moment are their own request.
    """

    kind: str
    verb: str
    text: Text
    takes: tuple[str, ...]
    run: Run
    fields: tuple[str, ...] = ()
    needs_reason: bool = False
    values_of: str = ""
    gives_upload: bool = False
    asks_for_runs: bool = False

    @property
    def name(self) -> str:
        return camel(self.verb if self.asks_for_runs else f"{self.kind}_{self.verb}")


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
        if move.sources != (NOWHERE,):
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
        return await desk.draft(node, caller, given["values"], request_id=_request(given))

    return run


def _amending(desk: Desk | Ledger) -> Run:
    async def run(node: Node, caller: Caller, given: Given) -> Done:
        return await desk.amend(
            node,
            caller,
            given["id"],
            given["values"],
            version=given.get("version"),
            request_id=_request(given),
        )

    return run


def _removing(desk: Desk) -> Run:
    async def run(node: Node, caller: Caller, given: Given) -> Done:
        return await desk.remove(
            node, caller, given["id"], reason=_reason(given), request_id=_request(given)
        )

    return run


def _moving(desk: Desk, move: Move) -> Run:
    operation = desk.moving(move.name)

    async def run(node: Node, caller: Caller, given: Given) -> Done:
        return await operation(
            node, caller, given["id"], reason=_reason(given), request_id=_request(given)
        )

    return run


def _request(given: Given) -> str:
    return given.get("request_id") or ""


def _reason(given: Given) -> str:
    return given.get("reason") or ""


def _of_ledger(ledger: Ledger) -> Iterator[Operation]:
    kind, fields = ledger.kind, (*ledger.fields, *ledger.fixed)
    noun = RELATIONS.by_name[kind].text

    async def enter(node: Node, caller: Caller, given: Given) -> Done:
        return await ledger.enter(node, caller, given["values"], request_id=_request(given))

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


async def _join(node: Node, caller: Caller, given: Given) -> Done:
    return await participants.join(
        node, caller, given["id"], given["space"], request_id=_request(given)
    )


async def _leave(node: Node, caller: Caller, given: Given) -> Done:
    return await participants.leave(
        node, caller, given["id"], given["space"], request_id=_request(given)
    )


async def _detach(node: Node, caller: Caller, given: Given) -> Done:
    return await samples.detach(
        node, caller, given["id"], reason=_reason(given), request_id=_request(given)
    )


async def _take_effect(node: Node, caller: Caller, given: Given) -> Done:
    return await rulebooks.take_effect(node, caller, given["id"], request_id=_request(given))


async def _upload(node: Node, caller: Caller, given: Given) -> DirectUpload:
    return await samples.direct_upload(
        node, caller, given["id"], given["values"], form=bool(given.get("form"))
    )


async def _attach(node: Node, caller: Caller, given: Given) -> Done:
    return await samples.attach_uploaded(
        node, caller, given["id"], given["values"], request_id=_request(given)
    )


OTHERS = (
    Operation(
        "participant", "join", Text("Make it a member of a space", "加入数据空间"),
        ("id", "space"), _join,
    ),
    Operation(
        "participant", "leave", Text("End its membership of a space", "退出数据空间"),
        ("id", "space"), _leave,
    ),
    Operation(
        "resource", "upload",
        Text("Get an address to which its sample file is sent", "获取样例文件的直传地址"),
        ("id", "values", "form"), _upload,
        samples.ANNOUNCED, values_of="asset", gives_upload=True,
    ),
    Operation(
        "resource", "attach",
        Text("Make the file that was sent there its sample", "挂接已直传的样例文件"),
        ("id", "values"), _attach, samples.ANNOUNCED, values_of="asset",
    ),
    Operation(
        "resource", "detach", Text("Take the sample file off the resource", "移除样例文件"),
        ("id", "reason"), _detach,
    ),
    Operation(
        "rulebook", "take_effect",
        Text("Decide that a draft takes effect on its date", "确定规则册草案按日期生效"),
        ("id",), _take_effect,
    ),
    Operation(
        "job_run", "job_run", Text("Ask for a run of a scheduled job", "申请运行定时作业"),
        ("code", "at", "dry_run"), jobs.run, asks_for_runs=True,
    ),
    Operation(
        "job_run", "job_backfill",
        Text("Ask for a run at every firing of a span that has none", "申请补做时段内缺失的运行"),
        ("code", "start", "end", "dry_run"), jobs.backfill, asks_for_runs=True,
    ),
)  # fmt: skip


def _all() -> Iterator[Operation]:
    for desk in DESKS.values():
        yield from _of_desk(desk)
    books = (
        participants.LEDGER, spaces.LEDGER, nodes.LEDGER, members.LEDGER, rulebooks.LEDGER,
        holds.LEDGER,
    )  # fmt: skip
    for ledger in books:
        yield from _of_ledger(ledger)
    yield from OTHERS


OPERATIONS: Mapping[str, Operation] = {operation.name: operation for operation in _all()}
