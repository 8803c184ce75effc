"""`cityspace quality run [RESOURCE] | supply | propose`: what the jobs do, done now."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.quality.tables import RUN_OUTCOME
from dataspace.selection import Order, Page, Row, Selection, Where
from dataspace.text import Text
from hub.commands.call import Call, Exit, WrongUsage
from hub.commands.grammar import Grammar
from hub.data_folder import check_there
from hub.node import Node
from hub.operations.quality import assessing, proposals, supply
from hub.wiring import open_node

# Whoever may start the command acts for the hub's desk, and the evidence says that it was so.
CALLER: Final = Caller(subject="cityspace.quality", roles=frozenset({Role.REGISTRAR}))
LIMIT: Final = 100_000
SWEEPS: Final[Mapping[str, Callable[..., Awaitable[Any]]]] = {
    "run": assessing.assess_due, "supply": supply.sweep, "propose": proposals.propose_due,
}  # fmt: skip


def arguments(parser: Grammar) -> None:
    parser.add(
        "what", choices=("run", "supply", "propose"),
        text=Text(
            "run: measure the data of one resource, or with --all of all that are due;"
            " supply: note whose update is late; propose: read metadata out of new files",
            "run：评测一个资源的数据，或以 --all 评测全部到期资源；"
            "supply：核查更新及时性；propose：根据新文件建议元数据",
        ),
    )  # fmt: skip
    parser.add(
        "resource", nargs="?", default="",
        text=Text("run: identifier of the resource", "run：数据资源编号"),
    )  # fmt: skip
    parser.add(
        "--all", action="store_true",
        text=Text("run: everything that is due", "run：全部到期资源"),
    )  # fmt: skip
    parser.add(
        "--limit", type=int, default=LIMIT, metavar="N",
        text=Text("resources at most", "最多处理的资源数"),
    )  # fmt: skip
    parser.add(
        "--dry-run", action="store_true",
        text=Text("count what is due, and change nothing", "仅统计到期对象，不做改动"),
    )  # fmt: skip
    parser.add_data()


def run(call: Call) -> Exit:
    given = call.arguments
    if given.what == "run" and bool(given.resource) == given.all:
        problem = NAME_ONE.to(call.language)
        raise WrongUsage(problem=problem, suggestion="", command="cityspace quality")
    check_there(call.settings)
    return asyncio.run(_one(call) if given.resource else _due(call))


async def _due(call: Call) -> Exit:
    given = call.arguments
    sweep = SWEEPS[given.what]
    async with open_node(call.settings) as opened:
        node = opened.node
        counts = await sweep(
            node, CALLER, node.clock.now(), limit=given.limit, dry_run=given.dry_run
        )
    told = dict(vars(counts))
    call.answer(told)
    call.say(DRY if given.dry_run else DONE, **told)
    return Exit.DONE


async def _one(call: Call) -> Exit:
    async with open_node(call.settings) as opened:
        await assessing.assess(opened.node, CALLER, call.arguments.resource)
        row = await _last_run(opened.node, call.arguments.resource)
    outcome = RUN_OUTCOME.codes[row["outcome"]].text.to(call.language)
    call.answer({name: row[name] for name in TOLD})
    call.say(ONE, outcome=outcome, score=_shown(row["score"]), grade=_shown(row["grade"]))
    if row["refusal"]:
        call.line(f"  {row['refusal_detail']} [{row['refusal']}]")
        return Exit.REFUSED
    return Exit.DONE


async def _last_run(node: Node, resource: str) -> Row:
    selection = Selection(
        "quality_run", TOLD, Where("resource", "eq", resource),
        order=Order("started_at", descending=True), page=Page(1),
    )  # fmt: skip
    [row] = (await node.catalogue.select(selection)).rows
    return row


def _shown(value: Any) -> str:
    return "–" if value is None else str(value)


TOLD: Final = (
    "id", "outcome", "score", "grade", "demanded_grade", "record_count", "refusal",
    "refusal_detail",
)  # fmt: skip
NAME_ONE = Text("name one resource, or say --all", "请指明一个资源，或使用 --all")
DONE = Text(
    "{considered} due: {done} done, {failed} to be met again.",
    "到期 {considered} 项：完成 {done}，留待下次 {failed}。",
)
DRY = Text("{considered} are due; nothing was changed.", "到期 {considered} 项，未做改动。")
ONE = Text(
    "{outcome}: {score} of 100, grade {grade}", "{outcome}：{score} 分（满分 100），等级 {grade}"
)
