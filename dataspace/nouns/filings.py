"""The nouns of the chain of filings (L3-a) and of the operation agreement (section 7.2)."""

from dataspace import codes
from dataspace.nouns import codes as link_codes
from dataspace.nouns.shared import KEPT, REVIEW, state_field
from dataspace.shape import (
    Edge,
    Noun,
    Part,
    Reader,
    code_field,
    flag_field,
    moment_field,
    number_field,
    text_field,
)
from dataspace.text import Text

FILING = Noun(
    "filing", "filings", "fil",
    Text("Filing", "备案"), Text("Filings", "备案"),
    fields=(
        text_field("title", "Title", "备案名称", must=True, search=8, sort=True),
        state_field(),
        code_field("kind", link_codes.FILING_KIND, must=True, facet=True),
        text_field("code", "Number, once filed", "备案号", length_max=80, unique=True, filter=True, search=8),
        text_field("summary", "What is filed", "备案内容", length_max=20000, must=True, search=3),
        text_field("content_sha256", "SHA-256 of the paper that is filed", "备案文件 SHA-256", length_max=64),
        moment_field("filed_at", "When it was filed", "备案时间", sort=True),
        *REVIEW,
        *KEPT,
    ),
    edges=(
        Edge("filer", "participant", Text("Who files it", "备案主体"),
             "filings", Text("Filings it made", "提交的备案"), must=True),
        Edge("rests_on", "filing", Text("Filing that it follows", "所依据的备案"),
             "followed_by", Text("Filings that follow it", "后续备案")),
        Edge("agreement", "agreement", Text("Agreement that is filed", "所备案的协议"),
             "filings", Text("Filings of it", "协议备案")),
    ),
    owner="filer",
    paths=(("state", "submitted_at"),),
)

SCOPE = Part(
    "scope", "AgreementScope", Text("Data that it covers (annex list)", "数据授权清单"),
    fields=(
        text_field("unit", "Unit that holds the data", "单位", must=True),
        text_field("system", "Information system", "信息系统"),
        text_field("schema_name", "Schema", "库"),
        text_field("table_name", "Table or data set", "数据表"),
        code_field("right_kind", codes.RIGHT_KIND, must=True),
        text_field("scenario", "Scenario", "场景"),
        text_field("term", "Term", "期限", length_max=200),
    ),
    count_max=1000,
)
SHARES = Part(
    "shares", "AgreementShare", Text("Split of benefits", "收益分配"),
    fields=(
        text_field("party", "Who receives it", "分配方", must=True),
        text_field("role", "As what", "角色", length_max=80),
        number_field("percent", "Share in percent", "比例（%）", must=True),
    ),
    count_max=50,
)
# The eight boxes of outside licence conditions.
CONDITIONS = tuple(
    flag_field(f"external_{name}", en, zh)
    for name, en, zh in (
        ("co_produced", "Produced together with third parties", "与第三方共同产生"),
        ("public_authority", "Data of a public authority", "公共数据主管部门许可"),
        ("collected_publicly", "Collected from public sources", "公开收集"),
        ("bought", "Bought", "外购数据"),
        ("regulator", "Needs a regulator's consent", "需监管部门同意"),
        ("privacy", "Touches personal privacy", "涉及个人隐私"),
        ("trade_secret", "Touches trade secrets", "涉及商业秘密"),
        ("other", "Other conditions of others", "其他外部许可条件"),
    )
)

AGREEMENT = Noun(
    "agreement", "agreements", "agr",
    Text("Operation agreement", "授权运营协议"), Text("Operation agreements", "授权运营协议"),
    fields=(
        text_field("code", "Number", "协议编号", length_max=80, must=True, unique=True, filter=True, search=8),
        text_field("title", "Title", "协议名称", must=True, search=8, sort=True),
        state_field(),
        text_field("grantor_representative", "Legal representative of who authorises", "授权方法定代表人", length_max=120, reader=Reader.OWNER),
        text_field("grantee_representative", "Legal representative of who is authorised", "被授权方法定代表人", length_max=120, reader=Reader.OWNER),
        code_field("right_kind", codes.RIGHT_KIND, must=True),
        text_field("purpose", "Purpose", "授权目的", length_max=4000),
        text_field("scenario", "Scenario", "授权场景", length_max=4000),
        text_field("product_list", "Products and services", "产品和服务清单", length_max=20000),
        moment_field("valid_from", "In force from", "生效时间", sort=True),
        moment_field("valid_until", "In force until", "有效期至", sort=True),
        text_field("geographic_scope", "Geographic scope", "地理范围"),
        flag_field("cross_region", "Whether it crosses regions", "是否跨区域"),
        text_field("encryption", "How data are encrypted", "数据加密", length_max=4000),
        text_field("access_control", "How access is controlled", "访问控制", length_max=4000),
        text_field("operation_audit", "How operations are audited", "操作审计", length_max=4000),
        text_field("safety_officer", "Safety officer", "安全负责人", length_max=120, reader=Reader.OWNER),
        *CONDITIONS,
        text_field("prohibited_acts", "Prohibited acts", "禁止行为", length_max=4000),
        text_field("filing_duty", "Duty to file products", "产品备案义务", length_max=4000),
        text_field("self_review", "Review of one's own safety and compliance", "安全合规评审", length_max=4000),
        text_field("benefit_rule", "Rule of the split of benefits", "数据收益分配", length_max=4000),
        number_field("price_cap_fen", "Ceiling of the price of one unit in fen", "最高单价（分）"),
        text_field("change_grounds", "Grounds of change and termination", "变更与解除", length_max=4000),
        number_field("penalty_fen", "Penalty of a breach in fen", "违约金（分）"),
        text_field("breach", "Liability for a breach", "违约责任", length_max=4000),
        text_field("dispute_settlement", "Settlement of disputes and service of papers", "争议解决与送达", length_max=4000),
        text_field("evaluation", "Evaluation", "评价", length_max=4000),
        text_field("exit_terms", "Exit", "退出", length_max=4000),
        text_field("confidentiality_sha256", "SHA-256 of the letter of confidentiality", "保密承诺函 SHA-256", length_max=64),
        text_field("locked_sha256", "SHA-256 of its elements as they were locked", "锁定要素 SHA-256", length_max=64),
        moment_field("locked_at", "When it was locked", "锁定时间", sort=True),
        text_field("grantor_signed_by", "Who signed for who authorises", "授权方签署人", length_max=80, reader=Reader.OWNER),
        moment_field("grantor_signed_at", "When it was signed for who authorises", "授权方签署时间"),
        text_field("grantee_signed_by", "Who signed for who is authorised", "被授权方签署人", length_max=80, reader=Reader.OWNER),
        moment_field("grantee_signed_at", "When it was signed for who is authorised", "被授权方签署时间"),
        moment_field("archived_at", "When it was archived", "归档时间", sort=True),
        text_field("filing_code", "Number that it is filed under", "备案号", length_max=80, filter=True),
        text_field("decision_reason", "Reason of the last decision", "最近决定的理由", length_max=4000, reader=Reader.OWNER),
        *KEPT,
    ),
    edges=(
        Edge("grantor", "participant", Text("Who authorises", "授权方"),
             "agreements_granted", Text("Agreements it grants", "作为授权方的协议"), must=True),
        Edge("grantee", "participant", Text("Who is authorised", "被授权方"),
             "agreements_held", Text("Agreements it holds", "作为被授权方的协议"), must=True),
    ),
    parts=(SCOPE, SHARES),
    owner="grantor",
    paths=(("state", "changed_at"),),
)
