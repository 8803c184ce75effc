"""The one map of the domain: every noun with its fields, and every edge between them.

Both catalogue back ends' tables and indexes, the GraphQL types, filters and orders, and
`docs/reference/catalogue.md` are made from this file: adding a field is one line here.
Metadata follow the government resource catalogue (政务信息资源目录) and NDI-TR-2025-06.
"""

from dataspace import codes
from dataspace.accounts.nouns import ERRAND, MEMBER, OCCURRENCE
from dataspace.checkpoints.nouns import CHECKPOINT
from dataspace.complaints.nouns import COMPLAINT
from dataspace.documents.nouns import CERTIFICATE
from dataspace.federation.flow.feeds import FEED, FEED_REFUSAL, followed
from dataspace.federation.heard import HEARD
from dataspace.federation.nouns import ENROLLED, HUB_REQUEST, INVITATION, OWN_RULES
from dataspace.health.nouns import HEALTH, PRODUCT_FAULT, PRODUCT_HEALTH
from dataspace.jobs.nouns import HOLD, JOB_FILE, JOB_RUN, LEASE
from dataspace.notices.nouns import DELIVERY, MAILBOX, NOTICE
from dataspace.nouns import codes as link_codes
from dataspace.federation.flow import tables
from dataspace.nouns import development, filings, grants, registered
from dataspace.nouns.extras import EXTRA
from dataspace.nouns.items import ITEMS
from dataspace.nouns.memberships import CLOSING, MEMBERSHIP_APPLICATION, MEMBERSHIPS
from dataspace.nouns.proposals import product_change, resource_change
from dataspace.nouns.reviewed import PAPERS, REVIEWED
from dataspace.nouns.shared import KEPT, REVIEW
from dataspace.nouns.shared import state_field as _state
from dataspace.nouns.suspenders import SUSPENDERS
from dataspace.quality import nouns as quality
from dataspace.rulebooks.nouns import RULEBOOK
from dataspace.shape import Edge, Field, Map, Noun, Part, Reader
from dataspace.shape import code_field as _code
from dataspace.shape import day_field as _day
from dataspace.shape import flag_field as _flag
from dataspace.shape import moment_field as _moment
from dataspace.shape import names_field as _names
from dataspace.shape import number_field as _number
from dataspace.shape import text_field
from dataspace.tasks.nouns import DELEGATION, task_noun
from dataspace.text import Text


def _text(name: str, en: str, zh: str, length_max: int = 400, **more: object) -> Field:
    return text_field(name, en, zh, length_max=length_max, **more)


PARTICIPANT = Noun(
    "participant", "participants", "par",
    Text("Participant", "主体"), Text("Participants", "主体"),
    fields=(
        _text("name", "Name", "名称", must=True, search=8, sort=True, filter=True),
        _text("short_name", "Short name", "简称", search=6),
        _names("aliases", "Other names it is known by", "别名", search=4),
        _code("kind", codes.ORGANISATION_KIND, must=True, facet=True),
        _text("credit_code", "Unified social credit code", "统一社会信用代码", 18, unique=True, filter=True, search=8),
        _text("region", "Region code (GB/T 2260)", "行政区划代码", 12, filter=True),
        _text("homepage", "Home page", "网址", 2000),
        _text("contact", "Contact", "联系方式", 400, reader=Reader.STAFF),
        _code("standing", codes.PARTICIPANT_STANDING, facet=True),
        _text("state", "State of its admission", "准入状态", 40, filter=True, facet=True),
        _text("source", "Catalogue that it came from", "来源目录", 200, filter=True),
        *REVIEWED,
        *KEPT,
    ),
    edges=(
        Edge("parent", "participant", Text("Superior organisation", "上级机构"),
             "subordinates", Text("Subordinate organisations", "下级机构")),
        Edge("spaces", "space", Text("Spaces it is a member of", "所属空间"),
             "members", Text("Members", "成员"), many=True),
    ),
    parts=(PAPERS, MEMBERSHIPS),
    owner="id",
)

TOPIC = Noun(
    "topic", "topics", "top",
    Text("Topic class", "主题分类"), Text("Topic classes", "主题分类"),
    fields=(
        _text("code", "Code", "代码", 20, must=True, unique=True, sort=True, filter=True, search=8),
        _text("name", "Name", "名称", must=True, search=8, sort=True),
        _text("name_en", "Name in English", "英文名称", search=8),
    ),
    edges=(
        Edge("broader", "topic", Text("The class that it belongs to", "上级分类"),
             "narrower", Text("Classes below it", "下级分类")),
    ),
)

SPACE = Noun(
    "space", "spaces", "spc",
    Text("Data space", "数据空间"), Text("Data spaces", "数据空间"),
    fields=(
        _text("code", "Code", "代码", 40, must=True, unique=True, sort=True, filter=True),
        _text("name", "Name", "名称", must=True, search=8, sort=True),
        _text("summary", "What the space is for", "空间简介", 4000, search=2),
        _code("kind", codes.SPACE_KIND, must=True, facet=True),
        _code("tier", codes.GOVERNANCE_TIER, must=True),
        *CLOSING, *KEPT,
    ),
    edges=(
        Edge("operator", "participant", Text("Operator", "运营方"),
             "operated_spaces", Text("Spaces it operates", "运营的空间")),
        Edge("part_of", "space", Text("The space that it is part of", "上级空间"),
             "sub_spaces", Text("Spaces within it", "下级空间")),
    ),
    owner="operator",
)

NODE = Noun(
    "node", "nodes", "nod",
    Text("Node", "节点"), Text("Nodes", "节点"),
    fields=(
        _text("identifier", "Infrastructure identifier, once admitted", "节点标识编码", 32, unique=True, filter=True),
        _text("name", "Name", "名称", must=True, search=8, sort=True),
        _code("kind", codes.NODE_KIND, must=True, facet=True),
        _code("status", codes.NODE_STATUS, must=True, facet=True),
        _text("state", "State of its admission", "准入状态", 40, filter=True, facet=True),
        _moment("stop_planned_at", "When it is planned to stop", "计划停服时间", sort=True),
        _text("address", "Address", "地址", 2000),
        _text("public_keys", "Public keys that it signs with (JWKS)", "签名公钥（JWKS）", 20000, reader=Reader.OWNER),
        *ENROLLED, *HEARD, *REVIEW, *KEPT,
    ),
    edges=(
        Edge("operator", "participant", Text("Operator", "运营方"),
             "nodes", Text("Nodes it operates", "运营的节点")),
        Edge("space", "space", Text("The space that it serves", "服务的空间"),
             "nodes", Text("Nodes that serve it", "提供服务的节点")),
    ),
    parts=(OWN_RULES,),
    owner="operator",
)

ASSET = Noun(
    "asset", "assets", "ast",
    Text("Asset", "资产文件"), Text("Assets", "资产文件"),
    fields=(
        _text("file_name", "File name", "文件名", 255, must=True),
        _text("media_type", "Media type", "媒体类型", 120, must=True),
        _number("bytes", "Size in bytes", "字节数", must=True),
        _text("sha256", "SHA-256 of the content", "内容 SHA-256", 64, must=True),
        *KEPT,
    ),
    edges=(
        Edge("keeper", "participant", Text("Who keeps it", "保管方"),
             "assets", Text("Assets it keeps", "保管的资产"), must=True),
    ),
    owner="keeper",
)

RESOURCE = Noun(
    "resource", "resources", "res",
    Text("Public data resource", "公共数据资源"), Text("Public data resources", "公共数据资源"),
    fields=(
        _text("name", "Name", "数据资源名称", must=True, search=10, sort=True, filter=True),
        _text("code", "Catalogue code", "信息资源代码", 80, unique=True, filter=True, search=8),
        _text("identifier", "Infrastructure identifier, once registered", "资源标识编码", 65, unique=True, filter=True, search=8),
        _text("summary", "Summary", "信息资源摘要", 20000, search=3),
        _state(),
        _code("audience", codes.AUDIENCE, must=True),
        _code("catalogue_kind", codes.CATALOGUE_KIND),
        _code("resource_class", codes.RESOURCE_CLASS),
        _code("format", codes.RESOURCE_FORMAT, facet=True),
        _code("origin", codes.ORIGIN),
        _code("share_type", codes.SHARE_TYPE, facet=True),
        _text("share_condition", "Condition of sharing", "共享条件", 4000),
        _code("share_method", codes.SHARE_METHOD),
        _code("open_attribute", codes.OPEN_ATTRIBUTE, facet=True),
        _text("open_condition", "Condition of opening", "开放条件", 4000),
        _code("update_cycle", codes.UPDATE_CYCLE, facet=True),
        _code("classification", codes.CLASSIFICATION, facet=True),
        _number("grade", "Grade, 1 (public) to 5 (core)", "分级（1 公开至 5 核心）", facet=True),
        _code("quality_grade", codes.QUALITY_GRADE, facet=True),
        _code("supply_status", codes.SUPPLY_STATUS, facet=True),
        _flag("secret", "Classified; a classified resource never enters the space", "涉密"),
        _flag("authorisable", "May be operated under authorisation", "可授权", facet=True),
        _text("not_authorisable_reason", "Why it may not be authorised", "不可授权原因", 4000),
        _text("source_system", "Information system that it comes from", "数据源头（信息系统）"),
        _text("update_mechanism", "How it is updated", "更新机制", 4000),
        _text("quality_standard", "Quality standard", "质量标准", 4000),
        _text("usage_method", "How to use it", "使用方法", 4000),
        _text("spatial_coverage", "Area covered", "空间范围"),
        _text("temporal_coverage", "Time covered", "时间范围"),
        _number("record_count", "Number of records", "记录数", sort=True),
        _number("item_count", "Number of items", "信息项数", sort=True),
        _flag("personal", "Holds personal information", "含个人信息", facet=True),
        _names("labels", "Labels", "标签", search=4, filter=True, facet=True),
        _names("related_codes", "Codes of related resources", "关联资源代码"),
        _day("published_on", "Day of publication", "发布日期", sort=True),
        _moment("data_changed_at", "When the data last changed", "数据更新时间", sort=True),
        _text("registration_code", "Registration query code", "登记编码", 80, unique=True, filter=True),
        _moment("registered_at", "When it was registered", "登记时间", sort=True),
        _moment("valid_until", "End of the registration's validity", "登记有效期至", sort=True),
        _flag("was_authorisable", "Whether it was on the authorisable list before its renewal", "续期前是否在可授权清单内"),
        *registered.PUBLICITY,
        *registered.SOURCE,
        _text("contact", "Contact", "联系方式", reader=Reader.STAFF),
        *REVIEWED,
        *KEPT,
    ),
    edges=(
        Edge("provider", "participant", Text("Provider", "信息资源提供方"),
             "resources", Text("Resources it provides", "提供的资源"), must=True, facet=True, lineage=True),
        Edge("source_department", "participant", Text("Responsible department", "数据责任部门"),
             "sourced_resources", Text("Resources it answers for", "负责的资源")),
        Edge("topics", "topic", Text("Topic classes", "主题分类"),
             "resources", Text("Resources in the class", "分类下的资源"), many=True, facet=True),
        Edge("space", "space", Text("Space that it belongs to", "所属空间"),
             "resources", Text("Resources in the space", "空间内资源")),
        Edge("derived_from", "resource", Text("Resources it was derived from", "来源资源"),
             "derivatives", Text("Resources derived from it", "派生资源"), many=True, lineage=True),
        Edge("sample", "asset", Text("Sample file", "样例文件"),
             "sampled_resources", Text("Resources it is a sample of", "对应的资源")),
    ),
    parts=(ITEMS, PAPERS, EXTRA),
    owner="provider",
    paths=(("provider", "data_changed_at"), ("state", "submitted_at"), ("state", "data_changed_at"),
           ("update_cycle", "data_changed_at")),
)

AUTHORISATION = Noun(
    "authorisation", "authorisations", "aut",
    Text("Authorisation", "授权"), Text("Authorisations", "授权"),
    fields=(
        _text("code", "Number", "授权编号", 80, must=True, unique=True, filter=True, search=8),
        _text("title", "Title", "标题", must=True, search=8, sort=True),
        _state(),
        _code("mode", codes.AUTHORISATION_MODE, must=True, facet=True),
        _text("purpose", "Purpose", "授权目的", 4000, must=True, search=3),
        _text("scenario", "Scenario", "应用场景", 400, search=4, filter=True),
        _code("right_kind", codes.RIGHT_KIND, must=True),
        _moment("valid_from", "In force from", "生效时间", sort=True),
        _moment("valid_until", "In force until", "有效期至", sort=True),
        _code("personal_route", codes.PERSONAL_ROUTE),
        _number("price_cap_fen", "Ceiling of the price of one unit in fen, from its agreement", "最高单价（分，依协议）"),
        _number("out_of_scope_calls", "Uses out of its scope since it took effect or came back", "越权次数（自生效或恢复起）"),
        _moment("over_limit_at", "When they reached what the rules tolerate", "越权次数达到阈值的时间", sort=True),
        *REVIEWED,
        *KEPT,
    ),
    edges=(
        Edge("resources", "resource", Text("Resources it covers", "授权的资源"),
             "authorisations", Text("Authorisations over it", "对其的授权"), many=True, must=True, lineage=True),
        Edge("grantor", "participant", Text("Who authorises", "授权方"),
             "authorisations_granted", Text("Authorisations it grants", "作出的授权"), must=True),
        Edge("grantee", "participant", Text("Who is authorised", "被授权方"),
             "authorisations_held", Text("Authorisations it holds", "获得的授权"), must=True, facet=True),
        Edge("approved_scenario", "scenario", Text("Scenario that was approved for it", "所依场景"),
             "authorisations", Text("Authorisations for it", "场景下的授权")),
        Edge("agreement", "agreement", Text("Operation agreement that it rests on", "所依运营协议"),
             "authorisations", Text("Authorisations that rest on it", "协议下的授权")),
        Edge("renews", "authorisation", Text("Authorisation that it renews", "所续期的授权"),
             "renewals", Text("Authorisations that renew it", "续期授权")),
    ),
    parts=(PAPERS,),
    owner="grantee",
    paths=(("state", "submitted_at"),),
)

PRODUCT = Noun(
    "product", "products", "prd",
    Text("Data product", "数据产品"), Text("Data products", "数据产品"),
    fields=(
        _text("name", "Name", "产品名称", must=True, search=10, sort=True, filter=True),
        _text("code", "Code", "产品代码", 80, unique=True, filter=True, search=8),
        _text("identifier", "Infrastructure identifier, once registered", "产品标识编码", 65, unique=True, filter=True, search=8),
        _text("summary", "Summary", "产品简介", 20000, must=True, search=3),
        _state(),
        _code("audience", codes.AUDIENCE, must=True),
        _code("form", codes.PRODUCT_FORM, must=True, facet=True),
        _code("use_kind", codes.USE_KIND, must=True, facet=True),
        _code("update_cycle", codes.UPDATE_CYCLE, facet=True),
        _number("grade", "Grade, 1 (public) to 5 (core)", "分级（1 公开至 5 核心）", must=True, facet=True),
        _number("price_fen", "Price of one unit in fen", "单价（分）", must=True, sort=True),
        _code("price_unit", codes.PRICE_UNIT, must=True),
        _text("usage_policy", "Policy of use in words", "使用策略", 4000, must=True),
        _names("purposes", "Purposes that it may be used for, as the node's profile names them", "使用目的（节点领域配置所列代码）", filter=True, facet=True),
        _text("template", "Template of the profile that its draft began with", "起草所用产品模板", 80, filter=True),
        _names("labels", "Labels", "标签", search=4, filter=True, facet=True),
        _text("registration_code", "Registration query code", "登记编码", 80, unique=True, filter=True),
        _moment("registered_at", "When it was registered", "登记时间", sort=True),
        _moment("listed_at", "When it was listed", "上架时间", sort=True),
        _code("availability", link_codes.AVAILABILITY, facet=True),
        _text("availability_reason", "Why it is suspended", "暂停原因", 4000, reader=Reader.OWNER),
        *REVIEWED,
        *KEPT,
    ),
    edges=(
        Edge("owner", "participant", Text("Owner", "产品所有方"),
             "products", Text("Products it owns", "拥有的产品"), must=True, facet=True),
        Edge("resources", "resource", Text("Resources it is built from", "使用的资源"),
             "products", Text("Products built from it", "由其加工的产品"), many=True, lineage=True),
        Edge("source_products", "product", Text("Products it is built from", "使用的产品"),
             "derived_products", Text("Products built from it", "由其派生的产品"), many=True, lineage=True),
        Edge("authorisations", "authorisation", Text("Authorisations it rests on", "依据的授权"),
             "products", Text("Products that rest on it", "依据其加工的产品"), many=True, lineage=True),
        *SUSPENDERS,
        Edge("topics", "topic", Text("Topic classes", "主题分类"),
             "products", Text("Products in the class", "分类下的产品"), many=True, facet=True),
        Edge("space", "space", Text("Space that it is listed in", "上架空间"),
             "products", Text("Products in the space", "空间内产品")),
        Edge("sample", "asset", Text("Sample of what it gives", "产出样例文件"),
             "sampled_products", Text("Products it is a sample of", "对应的产品")),
        HEALTH,
    ),
    parts=(PAPERS, EXTRA),
    owner="owner",
    paths=(("state", "submitted_at"),),
)

EVIDENCE = Noun(
    "evidence", "evidence", "evi",
    Text("Record of evidence", "存证记录"), Text("Records of evidence", "存证记录"),
    fields=(
        _number("sequence", "Place in the log, gap-free from 1", "序号（自 1 起无间断）", must=True, sort=True),
        _moment("at", "When it was done", "时间", must=True, sort=True),
        _text("actor", "Who did it", "操作人", 80, must=True, filter=True, facet=True),
        _text("action", "What was done", "操作", 80, must=True, filter=True, facet=True),
        _text("reason", "Why", "理由", 4000),
        _code("subject_kind", codes.SUBJECT_KIND, must=True, facet=True),
        _text("subject", "What it was done to", "对象", 40, must=True, filter=True),
        _text("owner", "Participant that the object belonged to", "对象所属主体", 40, filter=True),
        _text("state", "State that it left the object in", "操作后状态", 40, filter=True, facet=True),
        _number("version", "Version of the object that it made", "对象版本", must=True),
        _names("changed", "Fields that changed", "变更字段"),
        _text("before", "Hash of the object before", "变更前哈希", 64),
        _text("after", "Hash of the object after", "变更后哈希", 64),
        _text("previous", "Leaf hash of the record before", "上一条叶哈希", 64, must=True),
        _text("leaf", "Leaf hash (RFC 9162)", "叶哈希（RFC 9162）", 64, must=True),
        _text("change_set", "Change set that it was applied in", "变更批次", 120, must=True, filter=True),
    ),
    written_by_catalogue=True,
)

OF_LINKS = (
    grants.SCENARIO, grants.ACCOUNTABILITY_CASE, filings.FILING, filings.AGREEMENT,
    development.PROJECT, development.EXPLORATION_REQUEST, development.PLATFORM_REQUEST,
    development.SECURITY_REVIEW, development.COMPLIANCE_REVIEW, development.EXPORT_CHECK,
    resource_change(RESOURCE), product_change(PRODUCT), MEMBERSHIP_APPLICATION,
)
OF_QUALITY = (quality.QUALITY_RULE, quality.QUALITY_RUN, quality.METADATA_PROPOSAL, PRODUCT_HEALTH)
ASKED = (quality.WORK_ORDER, quality.DATA_OBJECTION, PRODUCT_FAULT, COMPLAINT)
TASK = task_noun((PARTICIPANT, NODE, RESOURCE, AUTHORISATION, PRODUCT, *OF_LINKS, *ASKED))

# What one node takes over from another says from which, and when.
FOLLOWED = (PARTICIPANT, TOPIC, SPACE, NODE, RESOURCE, AUTHORISATION, PRODUCT, PRODUCT_HEALTH, RULEBOOK, grants.SCENARIO, FEED_REFUSAL, tables.CODE_TABLE)

RELATIONS = Map(tuple(
    followed(noun) if noun in FOLLOWED else noun
    for noun in (
        RESOURCE, PARTICIPANT, AUTHORISATION, PRODUCT, TOPIC, SPACE, NODE, ASSET, MEMBER, ERRAND,
        OCCURRENCE, RULEBOOK, *OF_LINKS, TASK, DELEGATION, NOTICE, MAILBOX, DELIVERY, CERTIFICATE,
        JOB_RUN, LEASE, JOB_FILE, HOLD, CHECKPOINT, *OF_QUALITY, *ASKED, FEED, FEED_REFUSAL,
        INVITATION, HUB_REQUEST, tables.CODE_TABLE, EVIDENCE,
    )
))  # fmt: skip
