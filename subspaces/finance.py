"""The finance sub-space (金融子空间): credit, insurance and what banks may be told of firms.

Products, their inputs and outputs are those of the domain reference, section 12.2; grades are the
five levels of JR/T 0197-2020, which are numbered as the platform's are.
"""

from typing import Final

from dataspace.federation.profile import (
    ExtraField,
    LocalGrade,
    ProductTemplate,
    Profile,
    Term,
    Wording,
)
from dataspace.quality.rules import QualityRule
from dataspace.rulebooks.city import CITY_RULES
from dataspace.shape import Type
from dataspace.text import Text

FLAGS_ONLY: Final = Text(
    "For the purposes named; flags, bands and scores only, no raw values; not to be passed on",
    "限所列用途；仅提供标志、区间与评分，不提供原始值；不得转让",
)
REGISTRATION: Final = Text("Registration of firms", "企业登记基本信息")

FINANCE: Final = Profile(
    code="finance",
    name=Text("Finance sub-space", "金融子空间"),
    summary=Text("Inclusive finance, credit and insurance", "普惠金融、征信与保险场景"),
    industry="J66",
    wording=Wording(
        product=Text("Trusted data space of finance", "金融可信数据空间"),
        space=Text("Finance sub-space", "金融子空间"),
    ),
    terms=(
        Term("electricity-use", Text("Electricity use", "用电量")),
        Term("waybill", Text("Waybill", "运单")),
        Term("registration", Text("Registration of firms", "企业登记")),
        Term("tax", Text("Tax", "纳税")),
        Term("social-insurance", Text("Social insurance", "社会保险")),
        Term("penalty", Text("Penalty", "行政处罚")),
        Term("credit", Text("Credit", "信用")),
        Term("index", Text("Index", "指数")),
    ),
    purposes=(
        Term("credit-assessment", Text("Assessment of an application for credit", "授信评估")),
        Term("post-loan-monitoring", Text("Monitoring of loans", "贷后监测")),
        Term("inclusive-finance", Text("Inclusive finance", "普惠金融")),
        Term("anti-fraud", Text("Prevention of fraud", "反欺诈")),
        Term("insurance-claims", Text("Settlement of insurance claims", "保险理赔")),
    ),
    grades=(
        LocalGrade(Text("Level 1", "1级"), 1),
        LocalGrade(Text("Level 2", "2级"), 2),
        LocalGrade(Text("Level 3", "3级"), 3),
        LocalGrade(Text("Level 4", "4级"), 4),
        LocalGrade(Text("Level 5", "5级"), 5),
    ),
    rules={
        "authorisation.waiting_days_max": 5,
        "authorisation.personal_routes": frozenset({"ANONYMISED"}),
        "product.attachments": CITY_RULES["product.attachments"] | {"TEST_REPORT"},
        "use.actions": CITY_RULES["use.actions"] - {"DOWNLOAD", "REPRODUCE"},
        "use.log_days_min": 365,
    },
    fields=(
        ExtraField(
            "resource", "coverage_months", Type.NUMBER,
            Text("How many months it reaches back", "数据回溯月数"), must=True,
        ),
        ExtraField(
            "product", "model_kind", Type.CODE, Text("Kind of model", "模型类型"), must=True,
            codes=(
                Term("rule", Text("Rules", "规则")),
                Term("statistics", Text("Statistics", "统计")),
                Term("scorecard", Text("Scorecard", "评分卡")),
                Term("joint", Text("Joint model", "联合模型")),
            ),
        ),
        ExtraField(
            "product", "model_reviewed_on", Type.DAY,
            Text("Day of the last review of the model", "模型最近评审日期"),
        ),
    ),
    templates=(
        ProductTemplate(
            "electricity-index",
            Text("Electricity fluctuation index", "企业用电波动指数"),
            Text("How much a firm works, by its electricity", "以用电反映企业经营活跃度"),
            "API", "MONTHLY", "CALL", FLAGS_ONLY,
            purposes=("credit-assessment", "post-loan-monitoring"),
            terms=("electricity-use", "index"),
            inputs=(Text("Electricity by firm and month, 24 months", "企业月用电量（24 个月）"),),
            outputs=(
                Term("credit_code", Text("Unified social credit code", "统一社会信用代码")),
                Term("month", Text("Month", "月份")),
                Term("capacity", Text("Score of capacity", "容量得分")),
                Term("utilisation", Text("Utilisation", "利用率")),
                Term("growth", Text("Growth", "增长率")),
                Term("integrity", Text("Integrity of payment", "缴费诚信")),
            ),
        ),
        ProductTemplate(
            "logistics-performance",
            Text("Logistics performance rate", "物流履约率"),
            Text("How reliably a haulier delivers", "承运企业履约可靠性"),
            "API", "MONTHLY", "CALL", FLAGS_ONLY,
            purposes=("credit-assessment", "inclusive-finance"),
            terms=("waybill", "index"),
            inputs=(Text("Waybills", "运单"),),
            outputs=(
                Term("credit_code", Text("Unified social credit code", "统一社会信用代码")),
                Term("on_time", Text("On-time rate", "准时率")),
                Term("loss", Text("Loss rate", "货损率")),
                Term("trend", Text("Trend over 12 months", "近 12 个月趋势")),
            ),
        ),
        ProductTemplate(
            "credit-portrait",
            Text("SME credit portrait", "小微企业信用画像"),
            Text("Flags and bands about a small firm", "小微企业标志与区间画像"),
            "API", "MONTHLY", "CALL", FLAGS_ONLY,
            purposes=("credit-assessment", "inclusive-finance"),
            terms=("registration", "tax", "social-insurance", "penalty", "credit"),
            inputs=(
                REGISTRATION,
                Text("Tax by year", "企业纳税汇总指标"),
                Text("Social insurance by month", "单位社会保险缴纳人数"),
                Text("Provident fund by month", "单位公积金缴存信息"),
                Text("Administrative penalties", "行政处罚信息"),
            ),
            outputs=(
                Term("credit_code", Text("Unified social credit code", "统一社会信用代码")),
                Term("in_business", Text("In business", "存续")),
                Term("age", Text("Band of age", "成立年限区间")),
                Term("size", Text("Band of size", "规模区间")),
                Term("staff", Text("Course of staff", "用工趋势")),
                Term("tax_arrears", Text("Owes tax", "欠税标志")),
                Term("insurance_arrears", Text("Owes insurance", "欠缴社保标志")),
                Term("fund_paid", Text("Pays into the fund", "缴存公积金标志")),
                Term("penalised", Text("Penalised in two years", "两年内处罚标志")),
            ),
        ),
        ProductTemplate(
            "inclusive-verification",
            Text("Inclusive-finance verification", "普惠金融核验"),
            Text("Whether what an applicant states is so", "核验申请人所述是否属实"),
            "API", "DAILY", "CALL", FLAGS_ONLY,
            purposes=("inclusive-finance", "anti-fraud"), terms=("registration", "credit"),
            inputs=(REGISTRATION, Text("Flag of dishonest debtors", "失信被执行人标志")),
        ),
        ProductTemplate(
            "joint-model",
            Text("Joint model of invoices, logistics and electricity", "发票+物流+用电联合模型"),
            Text("One score out of three parties' data", "三方数据联合评分"),
            "APPLICATION", "MONTHLY", "PERIOD", FLAGS_ONLY,
            purposes=("credit-assessment",), terms=("tax", "waybill", "electricity-use"),
        ),
        ProductTemplate(
            "quick-claim",
            Text("Medical quick-claim check", "商保快赔核验"),
            Text("Whether there was such a visit", "核验是否有该次就诊"),
            "API", "DAILY", "CALL", FLAGS_ONLY,
            purposes=("insurance-claims",),
            inputs=(Text("Flag of visits", "就诊标志"),),
        ),
    ),
    quality=(
        QualityRule("CREDIT_CODE", "credit_code", weight=5),
        QualityRule("NOT_NULL", "credit_code", weight=5),
        QualityRule("PATTERN", "month", pattern=r"\d{4}-(0[1-9]|1[0-2])"),
        QualityRule("RANGE", "electricity_kwh", minimum="0"),
        QualityRule("UNIQUE", columns=("credit_code", "month"), weight=2),
        QualityRule("UNIQUE", columns=("waybill",), weight=2),
    ),
)  # fmt: skip
