"""What is wrong with a whole file, so that nothing of it can be imported."""

from dataspace.errors import Conflict, Invalid, NotFound, Unavailable
from dataspace.text import Text


class FileMissing(NotFound):
    code = "import.file_missing"
    title = Text("There is no file {path}", "文件 {path} 不存在")
    advice = Text("Check the path.", "请检查路径。")


class FileIsFolder(Invalid):
    code = "import.file_is_folder"
    title = Text("{path} is a folder, not a file", "{path} 是文件夹，不是文件")
    advice = Text(
        "Name one file; import the files of a folder one by one.", "请指定单个文件，逐个导入。"
    )


class FileUnreadable(Unavailable):
    code = "import.file_unreadable"
    title = Text("{path} cannot be read: {detail}", "无法读取 {path}：{detail}")
    advice = Text("Check who may read it, and the disk.", "请检查文件权限和磁盘。")


class FileEmpty(Invalid):
    code = "import.file_empty"
    title = Text("{path} is empty", "{path} 是空文件")
    advice = Text("Fetch or export the catalogue again.", "请重新获取或导出目录。")


class FileTooLarge(Invalid):
    """Some forms have to be held in memory whole."""

    code = "import.file_too_large"
    title = Text(
        "{path} has {bytes} bytes; a file of the form {format} may have {limit}",
        "{path} 有 {bytes} 字节；{format} 格式的文件上限为 {limit} 字节",
    )
    advice = Text(
        "Divide it, or fetch the catalogue as JSON lines or data.json, which have no limit.",
        "请拆分文件，或改用没有大小限制的 JSON 行或 data.json 格式。",
    )


class FormatUnknown(Invalid):
    code = "import.format_unknown"
    title = Text(
        "{path} is in no form that can be imported: {detail}", "{path} 不是可导入的格式：{detail}"
    )
    advice = Text(
        "The forms are: {known}. Name one with --format if it is one of them, or fill in the "
        "template that `cityspace import --template` writes.",
        "可导入的格式有：{known}。若属于其中之一，请用 --format 指明；"
        "也可填写 `cityspace import --template` 生成的模板。",
    )


class FileMalformed(Invalid):
    """The file as a whole cannot be taken apart, so that no row can be named."""

    code = "import.file_malformed"
    title = Text(
        "{path} is not well-formed {format}: {detail}", "{path} 不是合法的 {format}：{detail}"
    )
    advice = Text(
        "Fetch or export it again; if it was cut short, nothing of it was imported.",
        "请重新获取或导出；若文件不完整，则未导入任何内容。",
    )


class EncodingUnknown(Invalid):
    code = "import.encoding_unknown"
    title = Text("{path} cannot be read as {encoding}", "无法按 {encoding} 读取 {path}")
    advice = Text("Save it as UTF-8 or GB18030.", "请另存为 UTF-8 或 GB18030。")


class HeadingsMissing(Invalid):
    code = "import.headings_missing"
    title = Text("{path} has no heading for {missing}", "{path} 缺少表头：{missing}")
    advice = Text(
        "Use the headings of the template, in Chinese or English.", "请使用模板的中文或英文表头。"
    )


class UnderReview(Conflict):
    """A ledger's row is no longer its author's to change."""

    code = "import.under_review"
    title = Text("It is {state} and may not be changed now", "当前状态为 {state}，不可变更")
    advice = Text("Take it back first, then import again.", "请先撤回，再重新导入。")


class ImportRaced(Conflict):
    """Another import kept changing the same rows."""

    code = "import.raced"
    title = Text(
        "Another import keeps changing the same rows ({batch})",
        "另一导入任务持续改动相同条目（{batch}）",
    )
    advice = Text("Let it end and run this import again.", "请待其结束后重新运行本次导入。")


class MergesUnreadable(Invalid):
    code = "import.merges_unreadable"
    title = Text("{path}, line {line}: {detail}", "{path} 第 {line} 行：{detail}")
    advice = Text(
        "One merge a line: spelling,department that it belongs to.", "每行一条：写法,所属部门名称。"
    )
