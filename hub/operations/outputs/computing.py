"""The output of a product computed anew by the recipe of its template, from its resources' files.

A file serves as the table whose headings it has. Everything that the recipe asks for must be there
exactly once, whole and as it was attached; what the output was made of is named in its evidence.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Final

from dataspace.caller import Caller
from dataspace.errors import AssetTooLarge, Conflict, MovedOn
from dataspace.federation.profiles.content import Table
from dataspace.federation.profiles.recipe import Recipe, Rows, read_table
from dataspace.identifiers import new_id
from dataspace.lifecycles import hands
from dataspace.machine import REASON_CHARACTERS_MAX
from dataspace.quality.refusals import DataFileTooLarge
from dataspace.selection import Page, Row, Selection, Where
from dataspace.text import Text
from hub.node import Node
from hub.operations.mechanism.done import Done, Request, earlier, once
from hub.operations.mechanism.reading import ends, rows_of
from hub.operations.outputs.attaching import PRODUCTS
from hub.operations.quality.files import fetched, work_folder
from hub.operations.samples import bytes_max, key, made_its_file, opened_for

CSV: Final = "text/csv"
INPUT_BYTES_MAX: Final = 64 * 1024 * 1024  # of all files together, for they are held in memory
# Whatever state it is in: data are used, so they must be granted. A job does so for its owner.
COMPUTED: Final = replace(
    PRODUCTS, roles=PRODUCTS.roles | hands.SCHEDULER, guards_drafts=True
)


class NoRecipe(Conflict):
    """Nothing at this node computes the output of such a product."""

    code = "product.no_recipe"
    title = Text(
        "There is no recipe for {id} (template {template})", "{id} 没有加工配方（模板 {template}）"
    )
    advice = Text(
        "Attach its output as a file; recipes belong to the templates of a profile.",
        "请以文件方式挂接产出；加工配方属于领域配置中的产品模板。",
    )


class InputMissing(Conflict):
    """No resource of the product has a file with the headings that the recipe needs."""

    code = "product.input_missing"
    title = Text(
        "No file of its resources is the table {input} ({columns})",
        "来源文件中没有数据表 {input}（{columns}）",
    )
    advice = Text(
        "Have a CSV file with these headings attached, or add its resource to the product.",
        "请提供方挂接含有这些列的 CSV 文件，或为产品补充来源资源。",
    )


class InputAmbiguous(Conflict):
    """More than one file could be the table, and which of them is meant is not guessed."""

    code = "product.input_ambiguous"
    title = Text("{files} could each be the table {input}", "{files} 均可作为数据表 {input}")
    advice = Text(
        "Leave one of these resources in the product.", "请在产品来源中仅保留其中一项资源。"
    )


class InputUnusable(Conflict):
    """A table cannot be read, or says what the recipe cannot work with."""

    code = "product.input_unusable"
    title = Text("{what} cannot be computed with: {why}", "{what} 无法用于计算：{why}")
    advice = Text("Have its provider correct the file.", "请提供方更正文件。")


async def compute(
    node: Node, caller: Caller, id: str, *, request_id: str = "", replacing: str = ""
) -> Done:
    """Computes the output and attaches it, as its owner may by hand; in place of the one that is
    named, and of no other, where one is.

    Raises:  what `samples.attach` raises, MovedOn, Suspended, SourceNotGranted, NoRecipe,
             InputMissing, InputAmbiguous, InputUnusable, DataFileRefused, DataFileTooLarge,
             AssetsUnavailable.
    """
    request = COMPUTED.request(node, caller, id, verb="compute", request_id=request_id)
    return await once(request, lambda: _compute(request, replacing))


async def _compute(request: Request, replacing: str) -> Done:
    if request.request_id and (first := await earlier(request)):
        return first
    node = request.node
    row, holds = await opened_for(COMPUTED, request)
    if replacing and row["sample"] != replacing:
        raise MovedOn(kind=request.kind, id=request.id)
    recipe = node.recipes.get(row["template"] or "")
    if recipe is None:
        raise NoRecipe(id=request.id, template=row["template"] or "∅")
    files = await _files(request)
    table = await _made(node, recipe, str(row["template"]), files)
    if len(table.content) > bytes_max(node):
        raise AssetTooLarge(limit=bytes_max(node))
    asset = new_id("ast")
    stored = await node.assets.put(key(asset), _once(table.content), bytes_max=bytes_max(node))
    values = {
        "file_name": table.file_name, "media_type": CSV,
        "bytes": stored.bytes, "sha256": stored.sha256,
    }  # fmt: skip
    made_of = "; ".join(f"{each['resource']} {each['sha256']}" for each in files)
    return await made_its_file(
        request, row, asset=asset, values=values, holds=holds,
        made_of=made_of[:REASON_CHARACTERS_MAX],
    )


async def _files(request: Request) -> list[Row]:
    """The CSV files of the product's resources, each with the id of its resource."""
    sample = ends("sample", "asset", "file_name", "media_type", "bytes", "sha256")
    asked = Selection(
        "product", (), Where("id", "eq", request.id), page=Page(1),
        children=(ends("resources", "resource", children=(sample,)),),
    )  # fmt: skip
    found = (await request.node.catalogue.select(asked)).first
    return [
        {**file, "resource": resource["id"]}
        for resource in rows_of(found["resources"] if found else None)
        for file in rows_of(resource["sample"])
        if file["media_type"] == CSV
    ]


async def _made(node: Node, recipe: Recipe, template: str, files: list[Row]) -> Table:
    """Raises:  InputMissing, InputAmbiguous, InputUnusable, DataFileTooLarge."""
    tables: dict[str, Rows] = {}
    served: dict[str, str] = {}
    size = sum(each["bytes"] for each in files)
    if size > INPUT_BYTES_MAX:
        raise DataFileTooLarge(what="bytes", limit=INPUT_BYTES_MAX, asked=size)
    async with work_folder() as folder:
        for file in files:
            fetched_file = await fetched(node, file, folder)
            content = await asyncio.to_thread(fetched_file.path.read_bytes)
            headings, rows = await _table(file, content)
            name = recipe.input_of(headings)
            if name is None:
                continue
            if name in tables:
                both = f"{served[name]}, {file['file_name']}"
                raise InputAmbiguous(files=both, input=name)
            tables[name], served[name] = rows, file["file_name"]
    for name, columns in recipe.inputs.items():
        if name not in tables:
            raise InputMissing(input=name, columns=", ".join(columns))
    try:
        return await asyncio.to_thread(recipe.made, template, tables)
    except (ValueError, ArithmeticError) as error:
        raise InputUnusable(what=", ".join(served.values()), why=str(error)[:400]) from error


async def _table(file: Mapping[str, str], content: bytes) -> tuple[tuple[str, ...], Rows]:
    try:
        return await asyncio.to_thread(read_table, content)
    except ValueError as error:
        raise InputUnusable(what=file["file_name"], why=str(error)[:400]) from error


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
