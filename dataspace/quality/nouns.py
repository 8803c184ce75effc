"""The nouns of quality and supply: rules, runs, work orders, proposals and objections.

All but rules hold what a measurement or a person said at a time, so none of them refers to the
file that it was about: that may be replaced. They name it, with its hash.
"""

from dataspace.quality import tables
from dataspace.shape import (
    Edge,
    Field,
    Noun,
    Part,
    Reader,
    code_field,
    moment_field,
    names_field,
    number_field,
    text_field,
)
from dataspace.text import Text

_KEPT = (
    moment_field("created_at", "When the entry was made", "条目创建时间", sort=True),
    moment_field("changed_at", "When the entry last changed", "条目变更时间", sort=True),
)


def _state() -> Field:
    return text_field("state", "State", "状态", length_max=40, filter=True, facet=True, must=True)


def _resource(inverse: str, en: str, zh: str) -> Edge:
    return Edge("resource", "resource", Text("Resource", "数据资源"), inverse, Text(en, zh), must=True)


def _department(inverse: str, en: str, zh: str) -> Edge:
    return Edge("department", "participant", Text("Department that provides it", "提供部门"),
                inverse, Text(en, zh), must=True)  # fmt: skip


QUALITY_RULE = Noun(
    "quality_rule", "quality_rules", "qrl",
    Text("Quality rule", "质量规则"), Text("Quality rules", "质量规则"),
    fields=(
        code_field("kind", tables.QUALITY_RULE_KIND, must=True, facet=True),
        text_field("column", "Column that it is about", "所涉列", length_max=200, filter=True),
        names_field("columns", "Columns that it is about together", "所涉多列"),
        names_field("values", "Values that are allowed, or the type", "允许的取值或类型"),
        text_field("pattern", "Form of a value, as an expression of RE2", "取值格式（RE2 表达式）", length_max=400),
        text_field("minimum", "Least value, length or count", "最小值、长度或数量", length_max=40),
        text_field("maximum", "Greatest value, length or count", "最大值、长度或数量", length_max=40),
        code_field("comparison", tables.COMPARISON),
        text_field("other_column", "Column that it is compared with", "对照列", length_max=200),
        number_field("weight", "Weight among the rules of its dimension, 1 to 100", "维度内权重（1 至 100）"),
        *_KEPT,
    ),
    edges=(
        _resource("quality_rules", "Quality rules stated for it", "为其规定的质量规则"),
        _department("quality_rules", "Quality rules of its resources", "其资源的质量规则"),
        Edge("other", "resource", Text("Resource whose column it is looked for in", "外键所指资源"),
             "quality_rules_elsewhere", Text("Rules that look into its data", "引用其数据的规则")),
    ),
    owner="department",
)  # fmt: skip

DIMENSIONS = Part(
    "dimensions", "QualityDimensionScore", Text("Scores of the six dimensions", "六个维度得分"),
    fields=(
        code_field("dimension", tables.QUALITY_DIMENSION, must=True),
        number_field("score", "Points, 0 to 100; none when it was not measured", "得分（0 至 100，未评测则无）"),
        number_field("measured", "Rules that were measured", "已评测规则数"),
        number_field("not_measured", "Rules that were not", "未评测规则数"),
    ),
    count_max=6,
)  # fmt: skip
FINDINGS = Part(
    "findings", "QualityFinding", Text("What each rule found", "各规则结果"),
    fields=(
        number_field("number", "Its number in the run, from 1", "序号（自 1 起）", must=True),
        code_field("kind", tables.QUALITY_RULE_KIND, must=True),
        code_field("dimension", tables.QUALITY_DIMENSION, must=True),
        text_field("column", "Column or columns", "列", length_max=4000),
        number_field("weight", "Weight in its dimension", "维度内权重"),
        number_field("score", "Points, 0 to 100; none when it was not measured", "得分（0 至 100，未评测则无）"),
        number_field("considered", "Rows or cases that were looked at", "检查数"),
        number_field("failed", "Those that do not fulfil it", "不符合数"),
        code_field("why", tables.NOT_MEASURED),
        text_field("rule", "Rule in the catalogue; none when it follows from the metadata", "规则标识（源自元数据则无）", length_max=40),
    ),
    count_max=1000,
)  # fmt: skip
EXAMPLES = Part(
    "examples", "QualityExample", Text("Rows that fail", "不符合示例"),
    fields=(
        number_field("finding", "Number of the finding", "结果序号", must=True),
        number_field("row", "Record, counted from 1 after the heading", "记录行号（表头后自 1 起）", must=True),
        text_field("value", "Value, covered when it is personal", "取值（个人信息已遮盖）", length_max=400),
    ),
    count_max=5000,
)  # fmt: skip

QUALITY_RUN = Noun(
    "quality_run", "quality_runs", "qrn",
    Text("Quality run", "质量评测"), Text("Quality runs", "质量评测"),
    fields=(
        code_field("outcome", tables.RUN_OUTCOME, must=True, facet=True),
        number_field("score", "Points, 0 to 100, rounded down", "总分（0 至 100，向下取整）", sort=True),
        text_field("grade", "Grade A to D", "质量等级（A 至 D）", length_max=1, filter=True, facet=True),
        text_field("demanded_grade", "Grade that the rules demand", "规则要求的等级", length_max=1),
        number_field("record_count", "Records that were measured", "评测记录数"),
        text_field("file_name", "File that was measured", "评测文件名", length_max=255),
        text_field("file_sha256", "SHA-256 of the file", "文件 SHA-256", length_max=64, filter=True),
        text_field("refusal", "Code of what is wrong with the file", "文件问题代码", length_max=120, filter=True),
        text_field("refusal_detail", "What is wrong with the file", "文件问题说明", length_max=1000),
        moment_field("started_at", "When it began", "开始时间", sort=True, must=True),
        moment_field("finished_at", "When it ended", "结束时间", sort=True),
        text_field("run_by", "Who ran it", "评测人", length_max=80, filter=True, reader=Reader.OWNER),
        *_KEPT,
    ),
    edges=(
        _resource("quality_runs", "Quality runs over its data", "对其数据的质量评测"),
        _department("quality_runs", "Quality runs over its resources", "对其资源的质量评测"),
    ),
    parts=(DIMENSIONS, FINDINGS, EXAMPLES),
    owner="department",
    paths=(("resource", "started_at"),),
)  # fmt: skip

WORK_ORDER = Noun(
    "work_order", "work_orders", "wko",
    Text("Work order", "工单"), Text("Work orders", "工单"),
    fields=(
        text_field("title", "Title", "标题", must=True, sort=True, search=6),
        code_field("cause", tables.WORK_ORDER_CAUSE, must=True, facet=True),
        _state(),
        text_field("open_key", "Names what is not closed, so that nothing is asked for twice", "未办结标识（防止重复派单）", length_max=120, unique=True),
        text_field("detail", "What is lacking", "问题说明", length_max=4000),
        moment_field("opened_at", "When it was made", "派单时间", sort=True),
        text_field("answered_by", "Who answered it", "答复人", length_max=80, filter=True, reader=Reader.OWNER),
        moment_field("answered_at", "When it was answered", "答复时间", sort=True),
        text_field("answer", "Answer of the department", "部门答复", length_max=4000),
        text_field("closed_by", "Who closed it", "办结人", length_max=80, filter=True, reader=Reader.OWNER),
        moment_field("closed_at", "When it was closed", "办结时间", sort=True),
        text_field("decision_reason", "Reason of the last decision", "最近决定的理由", length_max=4000),
        *_KEPT,
    ),
    edges=(
        _resource("work_orders", "Work orders about it", "相关工单"),
        _department("work_orders", "Work orders to it", "派给其的工单"),
    ),
    owner="department",
    paths=(("state", "opened_at"), ("department", "opened_at")),
)  # fmt: skip

LINES = Part(
    "lines", "ProposalLine", Text("Proposed values", "建议内容"),
    fields=(
        number_field("number", "Its number in the proposal, from 1", "序号（自 1 起）", must=True),
        text_field("column", "Column", "列名", length_max=200, must=True),
        code_field("field", tables.PROPOSED_FIELD, must=True),
        text_field("present", "What the metadata say", "现有元数据", length_max=4000),
        text_field("proposed", "What they would say", "建议取值", length_max=4000),
        code_field("basis", tables.PROPOSAL_BASIS),
        number_field("considered", "Values that were looked at", "检查数"),
        number_field("fitting", "Those that are as proposed", "符合数"),
        code_field("answer", tables.LINE_ANSWER),
    ),
    count_max=4000,
)  # fmt: skip

METADATA_PROPOSAL = Noun(
    "metadata_proposal", "metadata_proposals", "mpr",
    Text("Metadata proposal", "元数据建议"), Text("Metadata proposals", "元数据建议"),
    fields=(
        code_field("status", tables.PROPOSAL_STATE, must=True, facet=True),
        number_field("open_lines", "Lines that wait for an answer", "待答复行数"),
        number_field("record_count", "Records that were read", "读取记录数"),
        text_field("file_name", "File that it was read out of", "来源文件名", length_max=255),
        text_field("file_sha256", "SHA-256 of the file", "文件 SHA-256", length_max=64, filter=True),
        moment_field("proposed_at", "When it was made", "生成时间", sort=True),
        text_field("answered_by", "Who answered last", "答复人", length_max=80, filter=True, reader=Reader.OWNER),
        moment_field("answered_at", "When it was last answered", "答复时间", sort=True),
        *_KEPT,
    ),
    edges=(
        _resource("metadata_proposals", "Metadata proposed for it", "为其生成的元数据建议"),
        _department("metadata_proposals", "Metadata proposed for its resources", "为其资源生成的元数据建议"),
    ),
    parts=(LINES,),
    owner="department",
    paths=(("resource", "proposed_at"),),
)  # fmt: skip

DATA_OBJECTION = Noun(
    "data_objection", "data_objections", "obj",
    Text("Data objection", "数据异议"), Text("Data objections", "数据异议"),
    fields=(
        text_field("title", "What is wrong", "异议标题", must=True, sort=True, search=6),
        text_field("detail", "Which records, and what they should say", "异议内容（涉及记录与应有内容）", length_max=4000, must=True),
        names_field("columns", "Columns that it is about", "涉及信息项"),
        _state(),
        text_field("filed_by", "Who filed it", "提出人", length_max=80, filter=True, reader=Reader.STAFF),
        moment_field("filed_at", "When it was filed", "提出时间", sort=True),
        text_field("answered_by", "Who answered it", "答复人", length_max=80, filter=True, reader=Reader.STAFF),
        moment_field("answered_at", "When it was answered", "答复时间", sort=True),
        moment_field("corrected_at", "When the data were corrected", "更正时间", sort=True),
        text_field("closed_by", "Who closed it", "办结人", length_max=80, filter=True, reader=Reader.STAFF),
        moment_field("closed_at", "When it was closed", "办结时间", sort=True),
        text_field("decision_reason", "Reason of the last decision", "最近决定的理由", length_max=4000),
        *_KEPT,
    ),
    edges=(
        _resource("data_objections", "Objections to its data", "对其数据的异议"),
        _department("data_objections", "Objections to its data", "对其数据的异议"),
        Edge("objector", "participant", Text("Who objects", "异议方"),
             "objections_filed", Text("Objections that it filed", "提出的异议"), must=True),
    ),
    owner="department",
    paths=(("state", "filed_at"), ("department", "filed_at")),
)  # fmt: skip
