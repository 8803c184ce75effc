"""Why a quality rule, a measurement, a proposal or an objection is refused."""

from dataspace.errors import Conflict, Exhausted, Invalid, Unavailable
from dataspace.text import Text


class RuleIncomplete(Invalid):
    """A rule does not state what rules of its kind need, or states what none of them can use."""

    code = "quality_rule.incomplete"
    title = Text(
        "A rule of the kind {kind_of_rule} needs {needs}", "{kind_of_rule} 类规则须填写 {needs}"
    )
    advice = Text(
        "docs/reference/quality.md says what each kind needs.",
        "各类规则所需内容见 docs/reference/quality.md。",
    )


class PatternInvalid(Invalid):
    """A pattern is no regular expression that is matched in linear time (RE2)."""

    code = "quality_rule.pattern_invalid"
    title = Text("{pattern} is no pattern: {detail}", "{pattern} 不是有效的格式表达式：{detail}")
    advice = Text(
        "Write a regular expression of RE2: no look-around and no back-references.",
        "请使用 RE2 正则表达式，不支持环视与反向引用。",
    )


class DataFileRefused(Invalid):
    """A data file is not what its name says, or cannot be taken apart."""

    code = "quality.file_refused"
    title = Text("{file_name} cannot be measured: {why}", "无法评测 {file_name}：{why}")
    advice = Text(
        "Replace it by a CSV, JSON, Parquet or XLSX file that is what its name says.",
        "请更换为内容与扩展名一致的 CSV、JSON、Parquet 或 XLSX 文件。",
    )


class DataFileTooLarge(Exhausted):
    """A data file is larger, when it is unpacked, than what is measured."""

    code = "quality.file_too_large"
    title = Text("{what} of a data file is limited to {limit}", "数据文件的 {what} 上限为 {limit}")
    advice = Text("Divide the file, or attach a sample of it.", "请拆分文件，或仅挂接其样例。")


class NoRoomToMeasure(Unavailable):
    """The disk on which files are measured is full."""

    code = "quality.no_room"
    title = Text("There is no room to measure a file: {detail}", "评测所需磁盘空间不足：{detail}")
    advice = Text(
        "Nothing was measured. Free some space in the folder for temporary files.",
        "未作评测。请释放临时文件夹的空间。",
    )


class MeasuringTooLong(Exhausted):
    """A measurement did not end in its time and was stopped."""

    code = "quality.measuring_too_long"
    title = Text("Measuring was stopped after {limit} seconds", "评测超过 {limit} 秒，已停止")
    advice = Text(
        "Attach a smaller sample, or state fewer rules.", "请挂接较小的样例，或减少规则。"
    )


class NoDataFile(Conflict):
    """Nothing can be read out of the data of a resource that has no file."""

    code = "quality.no_file"
    title = Text("{resource} has no data file", "{resource} 没有数据文件")
    advice = Text("Attach a sample file first.", "请先挂接样例文件。")


class NothingChosen(Invalid):
    """An answer to a proposal names no line, or one that is not open."""

    code = "metadata_proposal.nothing_chosen"
    title = Text("{id} has no open line {lines}", "{id} 没有待答复的第 {lines} 行")
    advice = Text("Name lines that wait for an answer.", "请指明待答复的行。")


class DataFileChanged(Conflict):
    """A proposal was read out of a file that is no longer the resource's."""

    code = "metadata_proposal.file_changed"
    title = Text(
        "{id} was read out of a file that {resource} no longer has",
        "{id} 所依据的文件已不是 {resource} 的文件",
    )
    advice = Text("Have metadata proposed anew.", "请重新生成元数据建议。")


class NotYetCertain(Conflict):
    """A correction is closed by its objector, or by anybody concerned once its time is over."""

    code = "data_objection.not_yet_certain"
    title = Text(
        "{id} may be closed for its objector from {from_moment} on",
        "{id} 自 {from_moment} 起方可代为办结",
    )
    advice = Text("Let the objector confirm it, or wait.", "请由异议人确认，或等待期满。")
