"""The nouns of product development and review (L4)."""

from dataspace import codes
from dataspace.nouns import codes as link_codes
from dataspace.nouns.shared import KEPT, REVIEW, state_field
from dataspace.shape import (
    Edge,
    Noun,
    Reader,
    code_field,
    flag_field,
    moment_field,
    number_field,
    text_field,
)
from dataspace.text import Text

_TITLE = text_field("title", "Title", "标题", must=True, search=8, sort=True)
_PURPOSE = text_field("purpose", "Purpose", "用途", length_max=4000, must=True)


def _applicant(plural: str, en: str, zh: str) -> Edge:
    return Edge("applicant", "participant", Text("Applicant", "申请方"), plural, Text(en, zh), must=True)


EXPLORATION_REQUEST = Noun(
    "exploration_request", "exploration_requests", "exp",
    Text("Data exploration request", "数据探查申请"), Text("Data exploration requests", "数据探查申请"),
    fields=(
        _TITLE,
        state_field(),
        _PURPOSE,
        flag_field("masked", "Samples only, masked", "仅限脱敏样例"),
        moment_field("valid_from", "From", "开始时间", sort=True),
        moment_field("valid_until", "Until", "结束时间", must=True, sort=True),
        *REVIEW,
        *KEPT,
    ),
    edges=(
        _applicant("exploration_requests", "Exploration requests it made", "提交的探查申请"),
        Edge("resources", "resource", Text("Resources to explore", "拟探查资源"),
             "exploration_requests", Text("Requests to explore it", "探查申请"), many=True, must=True),
    ),
    owner="applicant",
    paths=(("state", "submitted_at"),),
)

PROJECT = Noun(
    "project", "projects", "prj",
    Text("Development project", "开发项目"), Text("Development projects", "开发项目"),
    fields=(
        text_field("name", "Name", "项目名称", must=True, search=8, sort=True),
        state_field(),
        text_field("summary", "Summary", "项目简介", length_max=20000, search=3),
        code_field("form", codes.PRODUCT_FORM, must=True, facet=True),
        text_field("development_environment", "Development environment", "开发环境", must=True, reader=Reader.OWNER),
        text_field("production_environment", "Production environment", "生产环境", must=True, reader=Reader.OWNER),
        text_field("models", "Inventory of code and models", "代码与模型清单", length_max=20000),
        *REVIEW,
        *KEPT,
    ),
    edges=(
        Edge("developer", "participant", Text("Developer", "开发主体"),
             "projects", Text("Projects it runs", "开发项目"), must=True),
        Edge("scenario", "scenario", Text("Scenario that it serves", "服务的场景"),
             "projects", Text("Projects for it", "开发项目")),
        Edge("authorisations", "authorisation", Text("Authorisations it rests on", "依据的授权"),
             "projects", Text("Projects that rest on it", "依据其开展的项目"), many=True, must=True),
    ),
    owner="developer",
    paths=(("state", "submitted_at"),),
)

PLATFORM_REQUEST = Noun(
    "platform_request", "platform_requests", "plr",
    Text("Platform resource request", "平台资源申请"), Text("Platform resource requests", "平台资源申请"),
    fields=(
        _TITLE,
        state_field(),
        _PURPOSE,
        number_field("cpu_cores", "CPU cores", "CPU 核数", must=True),
        number_field("memory_gb", "Memory in GB", "内存（GB）", must=True),
        number_field("storage_gb", "Storage in GB", "存储（GB）", must=True),
        number_field("gpus", "GPUs", "GPU 数"),
        moment_field("valid_until", "Until", "使用至", must=True, sort=True),
        *REVIEW,
        *KEPT,
    ),
    edges=(
        _applicant("platform_requests", "Platform resource requests it made", "提交的平台资源申请"),
        Edge("project", "project", Text("Project that it is for", "所属项目"),
             "platform_requests", Text("Platform resources it asked for", "平台资源申请"), must=True),
    ),
    owner="applicant",
    paths=(("state", "submitted_at"),),
)

SECURITY_REVIEW = Noun(
    "security_review", "security_reviews", "srv",
    Text("Security review", "产品安全审查"), Text("Security reviews", "产品安全审查"),
    fields=(
        _TITLE,
        state_field(),
        text_field("material", "Product material", "产品资料", length_max=20000, must=True, reader=Reader.OWNER),
        text_field("code_sha256", "SHA-256 of the product's code", "产品代码 SHA-256", length_max=64, must=True),
        code_field("material_result", link_codes.RESULT),
        code_field("code_result", link_codes.RESULT),
        moment_field("decided_at", "When it was decided", "审结时间", sort=True),
        *REVIEW,
        *KEPT,
    ),
    edges=(
        _applicant("security_reviews", "Security reviews it asked for", "提交的安全审查"),
        Edge("product", "product", Text("Product that is reviewed", "受审产品"),
             "security_reviews", Text("Security reviews of it", "安全审查"), must=True),
    ),
    owner="applicant",
    paths=(("state", "submitted_at"),),
)

COMPLIANCE_REVIEW = Noun(
    "compliance_review", "compliance_reviews", "crv",
    Text("Compliance review", "合规审查"), Text("Compliance reviews", "合规审查"),
    fields=(
        _TITLE,
        state_field(),
        text_field("basic_information", "Basic information", "基本信息", length_max=20000, must=True, reader=Reader.OWNER),
        text_field("legality", "Legality", "合法性", length_max=20000, must=True, reader=Reader.OWNER),
        text_field("tradability", "Tradability, before, during and after trade", "可交易性（交易前、中、后）", length_max=20000, must=True, reader=Reader.OWNER),
        number_field("grade_proposed", "Grade proposed below that of the sources", "拟降低至的等级"),
        text_field("grade_ground", "Why the grade may be lower", "降级理由", length_max=4000),
        text_field("conditions", "Conditions that were set", "附加条件", length_max=4000),
        moment_field("decided_at", "When it was decided", "审结时间", sort=True),
        *REVIEW,
        *KEPT,
    ),
    edges=(
        _applicant("compliance_reviews", "Compliance reviews it asked for", "提交的合规审查"),
        Edge("product", "product", Text("Product that is reviewed", "受审产品"),
             "compliance_reviews", Text("Compliance reviews of it", "合规审查"), must=True),
    ),
    owner="applicant",
    paths=(("state", "submitted_at"),),
)

EXPORT_CHECK = Noun(
    "export_check", "export_checks", "exc",
    Text("Export check", "出域审查"), Text("Export checks", "出域审查"),
    fields=(
        _TITLE,
        state_field(),
        code_field("content", link_codes.EXPORT_CONTENT, must=True, facet=True),
        text_field("description", "What is to leave, and how it was made", "出域内容说明", length_max=20000, must=True),
        text_field("content_sha256", "SHA-256 of what is to leave", "出域文件 SHA-256", length_max=64, must=True),
        moment_field("decided_at", "When it was decided", "审结时间", sort=True),
        *REVIEW,
        *KEPT,
    ),
    edges=(
        _applicant("export_checks", "Export checks it asked for", "提交的出域审查"),
        Edge("project", "project", Text("Project that it comes from", "所属项目"),
             "export_checks", Text("Export checks", "出域审查"), must=True),
    ),
    owner="applicant",
    paths=(("state", "submitted_at"),),
)
