"""`cityspace seed`: fills a node with a made-up city, or with the data of its profile's space.

Either is the same for the same seed.
"""

import asyncio
from dataclasses import asdict, replace

from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.commands.progress import Bar
from hub.data_folder import mark_seeded
from hub.demo.content import ContentReport, enter_content
from hub.demo.seed import SeedReport, seed
from hub.setting_rules import DEMO_DATA, ProductionRefuses, variable
from hub.wiring import content_of, open_books, open_meeting, open_node


def arguments(parser: Grammar) -> None:
    parser.add_data()
    parser.add_profile()
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
    if call.settings.profile:
        told = asdict(asyncio.run(_enter(call)))
        call.answer(told)
        call.say(ENTERED, **told)
        return Exit.DONE
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


async def _enter(call: Call) -> ContentReport:
    """Raises:  ContentMissing for a profile that there are no made-up data of."""
    async with open_node(call.settings) as opened, open_meeting(call.settings) as met:
        node = replace(opened.node, meeting=met.meeting, reach=met.reach)
        assert node.profile is not None
        content = content_of(node.profile.code, call.arguments.seed)
        report = await enter_content(node, node.profile, content)
    mark_seeded(call.settings)
    return report


ENTERED = Text(
    "The space {space}: {resources} resources and {products} products of {participants}"
    " participants, with {files} files, all made up; {written} rows were written now.",
    "空间 {space}：资源 {resources}，产品 {products}，主体 {participants}，文件 {files}，"
    "均为合成数据；本次写入 {written} 条。",
)
MAKING = Text("Making up a city …", "正在生成演示城市……")
DONE = Text(
    "A city of {participants} participants, {resources} resources, {authorisations} authorisations"
    " and {products} products, all made up; {written} were written now.",
    "演示城市：主体 {participants}，资源 {resources}，授权 {authorisations}，产品 {products}，"
    "均为合成数据；本次写入 {written} 条。",
)
