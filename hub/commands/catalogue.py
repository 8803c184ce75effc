"""`cityspace catalogue dump | load FILE`: everything that the catalogue holds, as one file."""

import asyncio
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, cast

from dataspace.errors import Invalid
from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.commands.progress import Bar
from hub.data_folder import check_there, prepare
from hub.operations import backups
from hub.operations.backups import Copied
from hub.wiring import open_catalogue

COMPRESSED = ".gz"


class FileUnusable(Invalid):
    code = "dump.file_unusable"
    title = Text("{file} cannot be used: {detail}", "无法使用 {file}：{detail}")
    advice = Text("Name a file that can be read or written.", "请指定可读写的文件。")


def arguments(parser: Grammar) -> None:
    parser.add(
        "what", choices=("dump", "load"),
        text=Text("dump: write everything to FILE; load: read it into an empty catalogue",
                  "dump：将全部内容写入 FILE；load：载入空目录"),
    )  # fmt: skip
    parser.add(
        "file", type=Path, metavar="FILE",
        text=Text("the file; compressed when its name ends in .gz", "文件；以 .gz 结尾则压缩"),
    )  # fmt: skip
    parser.add_data()


def run(call: Call) -> Exit:
    if call.arguments.what == "dump":
        check_there(call.settings)
        copied, said = asyncio.run(_dump(call)), DUMPED
    else:
        prepare(call.settings.data)
        copied, said = asyncio.run(_load(call)), LOADED
    call.answer(asdict(copied))
    call.say(said, file=call.arguments.file, **asdict(copied))
    return Exit.DONE


async def _dump(call: Call) -> Copied:
    """The file appears when it is whole."""
    path: Path = call.arguments.file
    part = path.with_name(f".{path.name}.part")
    try:
        async with open_catalogue(call.settings) as catalogue:
            with (
                _usable(path),
                Bar(call.err) as bar,
                _written(part, compressed=path.suffix == COMPRESSED) as file,
            ):
                copied = await backups.dump(catalogue, file, _shown(bar))
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return copied


async def _load(call: Call) -> Copied:
    path: Path = call.arguments.file
    with _usable(path), _read(path) as file:
        async with open_catalogue(call.settings) as catalogue:
            with Bar(call.err) as bar:
                return await backups.load(catalogue, file, _shown(bar))


def _shown(bar: Bar) -> backups.Progress:
    return lambda done, whole: bar.show(done, whole, f"{done:,}")


@contextmanager
def _written(path: Path, *, compressed: bool) -> Iterator[BinaryIO]:
    path.touch(mode=0o600)
    with path.open("wb") as plain:
        if not compressed:
            yield plain
            return
        # Without a name and a time, so that the same catalogue gives the same bytes.
        with gzip.GzipFile("", "wb", fileobj=plain, mtime=0) as packed:
            yield cast("BinaryIO", packed)


def _read(path: Path) -> BinaryIO:
    if path.suffix == COMPRESSED:
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")


@contextmanager
def _usable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError) as error:
        raise FileUnusable(file=str(path), detail=str(error)) from error


DUMPED = Text(
    "{file} holds all {records} records, root {root}",
    "{file} 含全部 {records} 条记录，根哈希 {root}",
)
LOADED = Text(
    "{written} records were loaded; the catalogue has all {records} of the dump, root {root}",
    "已载入 {written} 条；目录现有该转储的全部 {records} 条记录，根哈希 {root}",
)
