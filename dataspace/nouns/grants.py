"""The nouns around an authorisation (L3): the scenario that it serves, the case when it is abused."""

from dataspace import codes
from dataspace.nouns.shared import KEPT, REVIEW, state_field
from dataspace.shape import Edge, Noun, Reader, code_field, moment_field, text_field
from dataspace.text import Text

SCENARIO = Noun(
    "scenario", "scenarios", "sce",
    Text("Scenario", "应用场景申请"), Text("Scenarios", "应用场景申请"),
    fields=(
        text_field("code", "Number", "场景编号", length_max=80, must=True, unique=True, filter=True, search=8),
        text_field("title", "Title", "场景名称", must=True, search=8, sort=True),
        state_field(),
        text_field("purpose", "Purpose, lawful and specific", "用途", length_max=4000, must=True, search=3),
        code_field("use_kind", codes.USE_KIND, must=True, facet=True),
        text_field("public_interest", "Weight for the public interest", "公共利益说明", length_max=4000),
        text_field("users", "Users and regions that are expected", "预期使用者与地域", length_max=4000),
        text_field("fields_wanted", "Fields that are wanted, each with its reason", "所需字段及理由", length_max=20000, must=True),
        code_field("personal_route", codes.PERSONAL_ROUTE),
        code_field("output_form", codes.PRODUCT_FORM, must=True),
        text_field("risk_assessment", "Assessment of one's own risks", "风险自评估", length_max=20000, must=True),
        text_field("safety_capability", "Safety capability of the developer", "安全能力说明", length_max=20000, must=True),
        text_field("exit_plan", "Plan of exit and destruction", "退出与销毁方案", length_max=20000),
        moment_field("valid_until", "End that is applied for", "申请有效期至", sort=True),
        *REVIEW,
        *KEPT,
    ),
    edges=(
        Edge("applicant", "participant", Text("Applicant", "申请方"),
             "scenarios", Text("Scenarios it applied for", "申请的场景"), must=True),
        Edge("resources", "resource", Text("Resources that are wanted", "所需资源"),
             "scenarios", Text("Scenarios that want it", "所需场景"), many=True),
        Edge("space", "space", Text("Space that it is for", "所属空间"),
             "scenarios", Text("Scenarios in the space", "空间内场景")),
    ),
    owner="applicant",
    paths=(("state", "submitted_at"),),
)

ACCOUNTABILITY_CASE = Noun(
    "accountability_case", "accountability_cases", "acc",
    Text("Accountability case", "追责事项"), Text("Accountability cases", "追责事项"),
    fields=(
        state_field(),
        text_field("ground", "Why the authorisation was suspended", "暂停理由", length_max=4000, must=True),
        text_field("opened_by", "Who suspended it", "暂停操作人", length_max=80, filter=True, reader=Reader.STAFF),
        moment_field("opened_at", "When the case was opened", "立案时间", sort=True),
        text_field("answer", "What the holder answers", "被授权方说明", length_max=4000),
        text_field("answered_by", "Who answered", "说明人", length_max=80, reader=Reader.OWNER),
        moment_field("answered_at", "When it was answered", "说明时间", sort=True),
        text_field("outcome", "Reason of the outcome", "处理结论", length_max=4000),
        text_field("closed_by", "Who closed it", "结案人", length_max=80, filter=True, reader=Reader.STAFF),
        moment_field("closed_at", "When it was closed", "结案时间", sort=True),
        *KEPT,
    ),
    edges=(
        Edge("authorisation", "authorisation", Text("Authorisation that was suspended", "被暂停的授权"),
             "cases", Text("Accountability cases about it", "追责事项"), must=True),
        Edge("holder", "participant", Text("Who answers for it", "责任主体"),
             "accountability_cases", Text("Cases that it answers for", "涉及的追责事项"), must=True),
    ),
    owner="holder",
    paths=(("state", "opened_at"),),
)
