"""When a space is closed, and the memberships of participants with the role of each.

The edge `spaces` of a participant is what tokens and visibility go by; a membership beside it says
in which role, and since when. Both are written at once (domain 3.1, 11.5: TC-040 to TC-045).
"""

from typing import Final

from dataspace.codes import code_table
from dataspace.nouns.shared import KEPT, REVIEW, state_field
from dataspace.shape import (
    Edge,
    Field,
    Noun,
    Part,
    code_field,
    moment_field,
    names_field,
    text_field,
)
from dataspace.text import Text

MEMBERSHIPS_MAX: Final = 50  # of one participant, so that they are always read whole

MEMBERSHIP_ROLE = code_table("MembershipRole", Text("Role in a space", "空间内角色"), """
1   OPERATOR   Operator                            | 运营方
2   PROVIDER   Provider of data                    | 数据提供方
3   CONSUMER   Consumer of data                    | 数据使用方
4   SERVICE    Provider of services                | 服务方
""")  # fmt: skip
MEMBERSHIPS = Part(
    "memberships", "Membership", Text("Its memberships of spaces, by role", "空间成员关系"),
    fields=(
        text_field("space", "Space, by its id", "数据空间编号", length_max=40, must=True),
        code_field("role", MEMBERSHIP_ROLE, must=True),
        moment_field("since", "Member since", "加入时间", must=True),
    ),
    count_max=MEMBERSHIPS_MAX,
)  # fmt: skip
CLOSING: Final[tuple[Field, ...]] = (
    names_field("required_capabilities", "What the node of every member must be able to do",
                "成员节点须具备的能力"),
    moment_field("closed_at", "When it was closed for good", "关闭时间", sort=True),
    text_field("close_reason", "Why it was closed", "关闭原因", length_max=4000),
)  # fmt: skip

MEMBERSHIP_APPLICATION = Noun(
    "membership_application", "membership_applications", "map",
    Text("Application for membership", "成员申请"), Text("Applications for membership", "成员申请"),
    fields=(
        text_field("title", "What is applied for, in words", "申请名称", must=True, search=6, sort=True),
        state_field(),
        code_field("role", MEMBERSHIP_ROLE, must=True, facet=True),
        text_field("purpose", "What for", "加入目的", length_max=4000, must=True),
        *REVIEW,
        *KEPT,
    ),
    edges=(
        Edge("applicant", "participant", Text("Applicant", "申请方"),
             "membership_applications", Text("Memberships it applied for", "提出的成员申请"), must=True),
        Edge("space", "space", Text("Space that it applies for", "申请加入的空间"),
             "membership_applications", Text("Applications for membership of it", "对其的成员申请"), must=True),
        Edge("operator", "participant", Text("Operator of the space, who decides", "空间运营方（审批方）"),
             "membership_decisions", Text("Applications it decides on", "由其审批的成员申请")),
    ),
    owner="applicant",
    paths=(("state", "submitted_at"),),
)  # fmt: skip
