"""Why a row is not imported and what to do about it, and the file that says so."""

import glob
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from dataspace.errors import Unavailable
from dataspace.relations import RESOURCE
from dataspace.text import LANGUAGES, Language, Text
from hub.imports.entry import Reject
from hub.imports.json_text import line

RAW_CHARACTERS_MAX = 2000


@dataclass(frozen=True, slots=True)
class Reason:
    """`reason` and `advice` are of one row, with its facts; `of_many` advises on all of them
    where the advice on one names a fact."""

    reason: Text
    advice: Text
    of_many: Text | None = None

    @property
    def in_general(self) -> Text:
        return self.of_many or self.advice


REASONS: Mapping[str, Reason] = {
    "line.malformed": Reason(
        Text("The line is not one JSON object: {detail}", "该行不是一个 JSON 对象：{detail}"),
        Text("Fetch the file again, or correct the line.", "请重新获取文件，或改正该行。"),
    ),
    "line.cut_short": Reason(
        Text("The file ends in the middle of this row", "文件在该行中间结束"),
        Text("Fetch the whole file again and import it.", "请重新获取完整文件后再导入。"),
    ),
    "line.too_long": Reason(
        Text("The row is longer than {limit} bytes", "该行超过 {limit} 字节"),
        Text("Split it, or leave out what is not metadata.", "请拆分该行，或去掉非元数据内容。"),
    ),
    "line.undecodable": Reason(
        Text("The row holds bytes that are not {encoding}", "该行含有不属于 {encoding} 的字节"),
        Text(
            "Save the file as UTF-8, or name its encoding with --encoding.",
            "请将文件另存为 UTF-8，或用 --encoding 指明编码。",
        ),
    ),
    "entry.not_a_record": Reason(
        Text("The row is not the record of a data set", "该行不是数据集记录"),
        Text(
            "Take it out, or name the right form with --format.",
            "请删除该行，或用 --format 指明格式。",
        ),
    ),
    "entry.missing": Reason(
        Text("{field} is missing", "缺少 {field}"),
        Text("Fill it in at the source and import again.", "请在来源处补全后重新导入。"),
    ),
    "entry.wrong_type": Reason(
        Text("{field} is not {expected}", "{field} 不是{expected}"),
        Text("Correct it at the source and import again.", "请在来源处改正后重新导入。"),
    ),
    "entry.code_unknown": Reason(
        Text("{value} is not a code of {field}", "{value} 不是 {field} 的代码"),
        Text("Use one of: {known}.", "请使用以下代码之一：{known}。"),
        Text(
            "Use a code of its table; the rejects file lists them for each row.",
            "请使用代码表中的代码；拒收文件逐条列出可用代码。",
        ),
    ),
    "entry.too_long": Reason(
        Text("{field} has more than {limit} characters", "{field} 超过 {limit} 个字符"),
        Text("Shorten it at the source and import again.", "请在来源处缩短后重新导入。"),
    ),
    "entry.too_many_items": Reason(
        Text(
            "It has {count} columns; at most {limit} are kept", "共 {count} 列，最多保留 {limit} 列"
        ),
        Text("Divide the data set.", "请拆分该数据集。"),
    ),
    "entry.duplicate": Reason(
        Text("The identifier stands already at line {first}", "该标识已在第 {first} 行出现"),
        Text(
            "Nothing to do if both are the same data set; otherwise give it its own identifier.",
            "若为同一数据集则无需处理；否则请为其指定独立标识。",
        ),
    ),
    "entry.classified": Reason(
        Text("A classified resource never enters the space", "涉密资源不得进入数据空间"),
        Text("Take it out of the catalogue.", "请将其从目录中移除。"),
    ),
    "entry.item_without_resource": Reason(
        Text("The item names no resource of this file", "该信息项未对应本文件中的任何资源"),
        Text("Give it the code or name of its resource.", "请填写其所属资源的代码或名称。"),
    ),
    "entry.refused": Reason(
        Text("The catalogue refused it: {detail}", "目录拒绝该条目：{detail}"),
        Text("Correct what is named and import again.", "请改正所列问题后重新导入。"),
    ),
}


class ImportFolderUnwritable(Unavailable):
    """The rejects file cannot be written, mostly because the disk is full."""

    code = "import.folder_unwritable"
    title = Text("Cannot write {path}: {detail}", "无法写入 {path}：{detail}")
    advice = Text(
        "Free space on the disk and run the import again; it goes on where it stopped.",
        "请释放磁盘空间后重新运行导入，将从中断处继续。",
    )


def written_out(reject: Reject) -> dict[str, Any]:
    """The reject as one object of the rejects file, in both languages."""
    known = REASONS[reject.reason]
    raw = reject.raw[: RAW_CHARACTERS_MAX * 4].decode("utf-8", "replace").strip()
    return {
        "line": reject.line,
        "identifier": reject.record or None,
        "source": reject.source or None,
        "field": reject.field or None,
        "code": reject.reason,
        "reason": {each: _said(known.reason, reject, each) for each in LANGUAGES},
        "advice": {each: _said(known.advice, reject, each) for each in LANGUAGES},
        "facts": dict(reject.facts),
        "raw": raw[:RAW_CHARACTERS_MAX],
    }


def _said(text: Text, reject: Reject, language: Language) -> str:
    """With its facts; a field of ours by its heading, any other as its source calls it."""
    own = RESOURCE.by_name.get(reject.field)
    field = own.text.to(language) if own else reject.field
    return text.to(language).format(**{"field": field, **reject.facts})


class Listing:
    """A JSONL file that appears under its name only when it is complete; nowhere without a path."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._part = path.with_name(f"{path.name}.{os.getpid()}.part") if path else None
        self._file: BinaryIO | None = None

    def __enter__(self) -> "Listing":
        if self._part is not None:
            with _translated(self._part):
                self._part.parent.mkdir(parents=True, exist_ok=True)
                _clear_away(self._part)
                self._file = self._part.open("wb")
        return self

    def add(self, values: Mapping[str, Any]) -> None:
        if self._file is not None and self._part is not None:
            with _translated(self._part):
                self._file.write(line(values))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is None or self._part is None or self.path is None:
            return
        if error is not None:
            with suppress(OSError):
                self._file.close()
            return
        with _translated(self._part):
            self._file.close()
            self._part.replace(self.path)


def _clear_away(part: Path) -> None:
    """Removes what imports of the same file left behind when they were killed."""
    name = part.name.removesuffix(f"{os.getpid()}.part")
    for left in part.parent.glob(f"{glob.escape(name)}*.part"):
        if not _runs(left.name.removeprefix(name).removesuffix(".part")):
            left.unlink(missing_ok=True)


def _runs(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


class _translated:  # noqa: N801  (reads as a verb at its use)
    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, OSError):
            raise ImportFolderUnwritable(
                path=str(self.path), detail=error.strerror or str(error), retry_after_seconds=60
            ) from error
