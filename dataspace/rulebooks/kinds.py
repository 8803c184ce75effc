"""The rules that a rulebook may state, as data.

A rule is called `subject.what_it_limits`; one with a third part exists once for every code of a
table. `RULES` is closed: a rulebook that states another rule is refused, so that nobody believes
in a rule that nothing reads. A kind is never taken away, for rulebooks that state it are kept. Where a number could be read in openings or summaries of a rule
only, its source says so; it is checked against the text in force before a city relies on it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dataspace import codes
from dataspace.caller import Role
from dataspace.codes import CodeTable
from dataspace.guards import REVIEWERS
from dataspace.rulebooks.order import Codes, Flag, Ladder, Number, Order
from dataspace.text import Text

AT_MOST: Final = Number(lower_is_tighter=True)
AT_LEAST: Final = Number(lower_is_tighter=False)
MAY: Final = Flag(yes_is_tighter=False)
MUST: Final = Flag(yes_is_tighter=True)

PEOPLE: Final = Text("people", "人")
WORKING_DAYS: Final = Text("working days", "个工作日")
DAYS: Final = Text("days", "日")
HOURS: Final = Text("hours", "小时")
MILLISECONDS: Final = Text("milliseconds", "毫秒")
PERCENT: Final = Text("percent", "百分比")
MINUTES: Final = Text("minutes", "分钟")
YEARS: Final = Text("years", "年")
TRIES: Final = Text("tries", "次")
GRADE: Final = Text("grade, 1 (public) to 5 (core)", "级（1 公开至 5 核心）")
FEN: Final = Text("fen", "分")
CODES: Final = Text("codes", "代码")
YES_OR_NO: Final = Text("yes or no", "是或否")

PRACTICE: Final = Text("practice of working systems", "现行系统做法")
PROPOSED: Final = Text("proposed here", "本项目提出")
ACCESS: Final = Text("access management requirements", "《接入管理》技术要求")
PRICING: Final = Text("pricing of authorised operation", "公共数据运营价格政策")
REGISTRATION: Final = Text("registration rules, summaries only, to be checked", "登记规则，仅见摘要，待核对")


@dataclass(frozen=True, slots=True)
class RuleKind:
    """One rule: what its value means, in which unit, and which of two values is the tighter.

    `source` is where the rule and the city's default come from.
    """

    name: str
    text: Text
    order: Order[Any]
    unit: Text
    source: Text


def _for_each(
    name: str, table: CodeTable, text: Text, *, order: Order[Any], unit: Text, source: Text
) -> Iterator[RuleKind]:
    """The same rule once for every code of a table."""
    for code in table.codes.values():
        named = Text(f"{text.en}: {code.text.en}", f"{text.zh}：{code.text.zh}")
        yield RuleKind(f"{name}.{code.value.lower()}", named, order, unit, source)


def _reviewed(subject: str, text: Text, source: Text) -> Iterator[RuleKind]:
    """Who reviews, how many eyes, and which papers they are shown."""
    held = tuple(str(role) for role in Role if role in REVIEWERS[subject])
    roles = Codes(held, fewer_is_tighter=False)
    papers = Codes(tuple(codes.ATTACHMENT.codes), fewer_is_tighter=False)
    yield RuleKind(
        f"{subject}.reviewers_min",
        Text(f"{text.en}: how many people decide", f"{text.zh}：审核人数下限"),
        AT_LEAST, PEOPLE, source,
    )  # fmt: skip
    yield RuleKind(
        f"{subject}.reviewing_roles",
        Text(f"{text.en}: roles that must decide", f"{text.zh}：须参与审核的角色"),
        roles, CODES, source,
    )  # fmt: skip
    yield RuleKind(
        f"{subject}.attachments",
        Text(f"{text.en}: papers that must be attached", f"{text.zh}：必备附件"),
        papers, CODES, PRACTICE,
    )  # fmt: skip


_ADMISSION = (
    *_reviewed("participant", Text("Admission", "主体接入"), PROPOSED),
    RuleKind("participant.invitation_hours_max", Text("Life of an invitation", "邀请码有效期上限"),
             AT_MOST, HOURS, PRACTICE),
    RuleKind("participant.invitation_tries_max", Text("Wrong tries before an invitation is void", "邀请码错误次数上限"),
             AT_MOST, TRIES, PRACTICE),
    RuleKind("connector.review_days_max", Text("Review of a connector", "连接器审批时限"),
             AT_MOST, WORKING_DAYS, ACCESS),
    RuleKind("node.review_days_max", Text("Review of a node", "节点审批时限"),
             AT_MOST, WORKING_DAYS, ACCESS),
    RuleKind("node.expert_review_days_max", Text("Review of a node with experts", "节点审批时限（含专家评审）"),
             AT_MOST, WORKING_DAYS, ACCESS),
    RuleKind("node.change_days_max", Text("Review of a change of a node", "节点变更审批时限"),
             AT_MOST, WORKING_DAYS, ACCESS),
    RuleKind("node.stop_notice_days_min", Text("Notice before a planned stop", "计划停机提前公告时间"),
             AT_LEAST, WORKING_DAYS, ACCESS),
    RuleKind("node.outage_notice_hours_max", Text("Full notice after an outage", "故障完整公告时限"),
             AT_MOST, HOURS, ACCESS),
)  # fmt: skip

_RESOURCES = (
    *_reviewed("resource", Text("Registration of a resource", "资源登记"), REGISTRATION),
    RuleKind("resource.review_days_max", Text("Formal review", "形式审核时限"),
             AT_MOST, WORKING_DAYS, REGISTRATION),
    # Publicity protects third parties: the longer they may object, the tighter.
    RuleKind("resource.publicity_days_min", Text("Publicity, in which others may object", "公示期下限"),
             AT_LEAST, WORKING_DAYS, REGISTRATION),
    RuleKind("resource.validity_years_max", Text("Validity of a registration", "登记有效期上限"),
             AT_MOST, YEARS, REGISTRATION),
    RuleKind("resource.renewal_days_max", Text("Renewal opens so long before the end", "届满前可续期时间上限"),
             AT_MOST, DAYS, REGISTRATION),
    RuleKind("resource.grade_max", Text("Highest grade that is registered", "可登记的最高分级"),
             AT_MOST, GRADE, PROPOSED),
    RuleKind("resource.grade_min", Text("Lowest grade that is given", "定级下限"),
             AT_LEAST, GRADE, PROPOSED),
    RuleKind("resource.quality_grade_min", Text("Lowest quality that is registered", "可登记的最低质量等级"),
             Ladder(tuple(codes.QUALITY_GRADE.codes)[::-1]), CODES, PRACTICE),
)  # fmt: skip

_AUTHORISATIONS = (
    *_reviewed("authorisation", Text("Authorisation", "授权审核"), PRACTICE),
    RuleKind("authorisation.term_years_max", Text("Term of an authorisation", "授权期限上限"),
             AT_MOST, YEARS, PRACTICE),
    RuleKind("authorisation.waiting_days_max", Text("Application waits before the alarm", "申请积压预警时限"),
             AT_MOST, DAYS, PRACTICE),
    RuleKind("authorisation.expiry_notice_days_min", Text("Notice before the term ends", "到期提前提醒时间"),
             AT_LEAST, DAYS, PRACTICE),
    RuleKind("authorisation.breach_report_hours_max", Text("Report of a leak", "泄露事件报告时限"),
             AT_MOST, HOURS, PRACTICE),
    RuleKind("authorisation.out_of_scope_calls",
             Text("Uses out of its scope at which it is suspended", "达到即暂停的越权次数"),
             AT_MOST, TRIES, PRACTICE),
    RuleKind("authorisation.unfiled_suspended",
             Text("Operation without its filings is suspended, not only told of", "缺少备案的运营予以暂停（而非仅提示）"),
             MUST, YES_OR_NO, PROPOSED),
    RuleKind("authorisation.grade_max", Text("Highest grade that is authorised", "可授权的最高分级"),
             AT_MOST, GRADE, PROPOSED),
    RuleKind("authorisation.not_open_permitted",
             Text("What is not opened to the public may be operated", "不予开放的资源可授权运营"),
             MAY, YES_OR_NO, PROPOSED),
    RuleKind("authorisation.personal_routes", Text("Routes for personal information", "允许的个人信息处理路径"),
             Codes(tuple(codes.PERSONAL_ROUTE.codes), fewer_is_tighter=True), CODES, PROPOSED),
)  # fmt: skip

_PRODUCTS = (
    *_reviewed("product", Text("Listing of a product", "产品上架"), PRACTICE),
    RuleKind("product.listing_days_max", Text("From registration to the application for listing", "登记后提交上架时限"),
             AT_MOST, WORKING_DAYS, PRACTICE),
    *_for_each("product.review_days_max", codes.PRODUCT_FORM, Text("Review of a listing", "上架审核时限"),
               order=AT_MOST, unit=WORKING_DAYS, source=PRACTICE),
    RuleKind("product.grade_max", Text("Highest grade that is listed", "可上架的最高分级"),
             AT_MOST, GRADE, PROPOSED),
    RuleKind("product.success_percent_min", Text("Calls of a product that must succeed", "产品调用成功率下限"),
             AT_LEAST, PERCENT, PROPOSED),
    RuleKind("product.latency_ms_max", Text("Time that 95 of 100 calls may take", "产品 95% 调用时延上限"),
             AT_MOST, MILLISECONDS, PROPOSED),
    RuleKind("product.welfare_free", Text("Free for public welfare", "公益用途免费"),
             MUST, YES_OR_NO, PRICING),
    *_for_each("product.price_fen_max", codes.PRICE_UNIT, Text("Ceiling of the price", "价格上限"),
               order=AT_MOST, unit=FEN, source=PRICING),
)  # fmt: skip

_USE = (
    RuleKind("use.actions", Text("Actions that a contract may permit", "合约可允许的行为"),
             Codes(tuple(codes.ACTION.codes), fewer_is_tighter=True), CODES,
             Text("TC609-6-2025-14", "TC609-6-2025-14")),
    *_for_each("use.grade_max", codes.MODE_OF_USE, Text("Highest grade in this mode of use", "该使用方式允许的最高分级"),
               order=AT_MOST, unit=GRADE, source=PROPOSED),
    RuleKind("use.within_authorisation", Text("A contract ends with the authorisation at the latest", "合约期限不超过授权期限"),
             MUST, YES_OR_NO, PRACTICE),
    RuleKind("use.log_days_min", Text("Logs of use are kept", "使用日志留存时间"),
             AT_LEAST, DAYS, Text("NDI-TR-2025-05 draft", "NDI-TR-2025-05 草案")),
    RuleKind("exit.record_years_min", Text("Records are kept after an exit", "退出后记录留存时间"),
             AT_LEAST, YEARS, ACCESS),
)  # fmt: skip

_COMPLAINTS = (
    RuleKind("complaint.acceptance_days_max", Text("Whether a complaint is accepted", "投诉受理时限"),
             AT_MOST, WORKING_DAYS, PROPOSED),
    RuleKind("complaint.result_days_max", Text("Answer to a complaint that was accepted", "投诉办理答复时限"),
             AT_MOST, WORKING_DAYS, PROPOSED),
    # It protects the complainant: the longer they may dispute an answer, the tighter.
    RuleKind("complaint.dispute_days_min", Text("The complainant may dispute the answer", "投诉人异议期下限"),
             AT_LEAST, DAYS, PROPOSED),
)  # fmt: skip

_FEDERATION = (
    RuleKind("federation.grade_max", Text("Highest grade whose metadata leave a node", "元数据可出节点的最高分级"),
             AT_MOST, GRADE, PROPOSED),
    RuleKind("federation.hub_minutes_max", Text("So long a node relies on what the hub said last", "节点可依据枢纽最近信息的时长上限"),
             AT_MOST, MINUTES, PROPOSED),
)  # fmt: skip

# From loose to tight: what is on record already, and what its department has yet to hand in.
STANDINGS: Final = ("REGISTERED", "DRAFT")

_IMPORTS = tuple(
    RuleKind(f"import.{source}_standing", text, Ladder(STANDINGS), CODES, PROPOSED)
    for source, text in (
        ("portal", Text("State in which a public portal's catalogue comes in", "公共门户目录导入后的状态")),
        ("ledger", Text("State in which a department's ledger comes in", "部门台账导入后的状态")),
    )
)  # fmt: skip

RULES: Final[Mapping[str, RuleKind]] = {
    kind.name: kind
    for kind in (
        *_ADMISSION, *_RESOURCES, *_AUTHORISATIONS, *_PRODUCTS, *_USE, *_COMPLAINTS, *_FEDERATION,
        *_IMPORTS,
    )
}
