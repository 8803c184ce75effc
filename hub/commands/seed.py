"""`cityspace seed`: fills a node with a made-up city, the same one for the same seed."""

import asyncio
from dataclasses import asdict

from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.commands.progress import Bar
from hub.data_folder import mark_seeded
from hub.demo.seed import SeedReport, seed
from hub.setting_rules import DEMO_DATA, ProductionRefuses, variable
from hub.wiring import open_books


def arguments(parser: Grammar) -> None:
    parser.add_data()
    parser.add(
        "--departments", type=int, default=60, metavar="N",
        text=Text("how many departments (default: 60)", "部门数（默认：60）"),
    )  # fmt: skip
    parser.add(
        "--resources", type=int, default=200, metavar="N",
        text=Text("resources of each department (default: 200)", "每部门资源数（默认：200）"),
    )  # fmt: skip
    parser.add(
        "--seed", type=int, default=1, metavar="N",
        text=Text("which city (default: 1)", "城市种子（默认：1）"),
    )  # fmt: skip


def run(call: Call) -> Exit:
    if call.settings.production:
        raise ProductionRefuses(what=DEMO_DATA, name=variable("environment"))
    report = asyncio.run(_seed(call))
    call.answer(asdict(report))
    call.say(DONE, **asdict(report))
    return Exit.DONE


async def _seed(call: Call) -> SeedReport:
    given = call.arguments
    whole = given.departments * given.resources
    async with open_books(call.settings) as books:
        call.note(MAKING)
        with Bar(call.err) as bar:
            report = await seed(
                books,
                seed=given.seed,
                departments=given.departments,
                resources_per_department=given.resources,
                progress=lambda report: bar.show(report.resources, whole, f"{report.total:,}"),
            )
    mark_seeded(call.settings)
    return report


MAKING = Text("Making up a city …", "正在生成演示城市……")
DONE = Text(
    "A city of {participants} participants, {resources} resources, {authorisations} authorisations"
    " and {products} products, all made up; {written} were written now.",
    "演示城市：主体 {participants}，资源 {resources}，授权 {authorisations}，产品 {products}，"
    "均为合成数据；本次写入 {written} 条。",
)
