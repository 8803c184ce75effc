"""`cityspace import FILE`: brings a city's catalogue in, and says what came of every row."""

import asyncio
from pathlib import Path

from dataspace.text import Text
from hub.commands.call import Call, Exit, WrongUsage
from hub.commands.grammar import Grammar
from hub.commands.progress import Bar
from hub.imports.rejects import REASONS
from hub.imports.run import ImportOptions, ImportReport, Progress, run_import
from hub.imports.template import write_template
from hub.wiring import open_books

STANDINGS = ("registered", "draft")
TEMPLATES = (".xlsx", ".csv")


def arguments(parser: Grammar) -> None:
    parser.add("file", type=Path, metavar="FILE", text=Text("the catalogue's file", "目录文件"))
    parser.add_data()
    parser.add(
        "--format", default="",
        text=Text("its form (default: told from the file)", "文件格式（默认自动识别）"),
    )  # fmt: skip
    parser.add("--encoding", default="", text=Text("its encoding", "文件编码"))
    parser.add(
        "--source", default="",
        text=Text("name of the catalogue that it comes from", "来源目录名称"),
    )  # fmt: skip
    parser.add("--city", default="", text=Text("whose departments it names", "部门所属城市"))
    parser.add(
        "--standing", default="", choices=STANDINGS,
        text=Text("what the resources become: registered or draft", "资源导入后的状态"),
    )  # fmt: skip
    parser.add(
        "--merge-file", type=Path, metavar="FILE",
        text=Text("which spellings name one department", "部门名称归并表"),
    )  # fmt: skip
    parser.add(
        "--keep-apart", action="append", default=[], metavar="NAME",
        text=Text("a spelling that is a department of its own", "不归并的部门名称"),
    )  # fmt: skip
    parser.add(
        "--complete", action="store_true",
        text=Text("the file lists everything: mark what vanished", "文件为全量：标记已消失的条目"),
    )  # fmt: skip
    parser.add(
        "--template", action="store_true",
        text=Text("write the form to fill in to FILE (.xlsx or .csv)", "将填报模板写入 FILE"),
    )  # fmt: skip
    parser.add(
        "--dry-run", action="store_true",
        text=Text("say what would change, and change nothing", "只说明将有何变化，不做改动"),
    )  # fmt: skip


def run(call: Call) -> Exit:
    if call.arguments.template:
        return _template(call)
    report = asyncio.run(_import(call))
    call.answer(report.as_object())
    call.say(DRY if report.dry_run else DONE, **report.as_object())
    for code, count in sorted(report.rejected_by_code.items()):
        call.line(f"  {count:>7}  {code}  {REASONS[code].in_general.to(call.language)}")
    if report.rejects_file and report.rejected:
        call.say(REJECTS, file=report.rejects_file)
    if report.vanishing_skipped:
        call.say(SKIPPED, why=report.vanishing_skipped)
    return Exit.DONE


def _template(call: Call) -> Exit:
    if call.arguments.file.suffix.casefold() not in TEMPLATES:
        problem = NO_TEMPLATE.to(call.language).format(file=call.arguments.file.name)
        raise WrongUsage(problem=problem, suggestion="", command="cityspace import")
    write_template(call.arguments.file)
    call.answer({"template": str(call.arguments.file)})
    call.say(WRITTEN, file=call.arguments.file)
    return Exit.DONE


async def _import(call: Call) -> ImportReport:
    given = call.arguments
    options = ImportOptions(
        folder=call.settings.data / "imports",
        format=given.format,
        encoding=given.encoding,
        source=given.source,
        standing=given.standing,
        city=given.city,
        complete=given.complete,
        dry_run=given.dry_run,
        keep_apart=tuple(given.keep_apart),
        merge_file=given.merge_file,
    )
    async with open_books(call.settings) as books:
        with Bar(call.err) as bar:

            def show(progress: Progress) -> None:
                bar.show(progress.read_bytes, progress.total_bytes, f"{progress.report.read:,}")

            return await run_import(books, given.file, options, show)


DONE = Text(
    "{read} read: {created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected;"
    " {merged} spellings merged, {vanished} vanished",
    "读取 {read} 条：新增 {created}，更新 {updated}，未变 {unchanged}，拒收 {rejected}；"
    "归并名称 {merged}，已消失 {vanished}",
)
DRY = Text(
    "Nothing was changed. Of {read} read, {created} would be created, {updated} updated,"
    " {unchanged} stay, {rejected} be rejected",
    "未做改动。读取 {read} 条：将新增 {created}，更新 {updated}，不变 {unchanged}，拒收 {rejected}",
)
NO_TEMPLATE = Text(
    "the form is written as .xlsx or .csv, and {file} is neither",
    "模板仅可写为 .xlsx 或 .csv，{file} 两者皆非",
)
WRITTEN = Text(
    "The form stands in {file}; fill it in and import it.", "模板已写入 {file}，填写后即可导入。"
)
REJECTS = Text(
    "Every rejected row stands with line, field, reason and what to do in {file}",
    "拒收的每一条及其行号、字段、原因与处理方法见 {file}",
)
SKIPPED = Text(
    "What vanished was not marked: part of the file could not be read ({why})",
    "未标记已消失的条目：文件有部分无法读取（{why}）",
)
