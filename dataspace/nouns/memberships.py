"""When a space is closed, and the memberships of participants with the role of each.

The edge `spaces` of a participant is what tokens and visibility go by; a membership beside it says
in which role, and since when. Both are written at once (domain 3.1, 11.5: TC-040 to TC-045).
"""

from typing import Final

from dataspace.codes import code_table
from dataspace.shape import Field, Part, code_field, moment_field, names_field, text_field
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
