"""Notices of spaces: who was let in, who was taken out, and that one is closed (空间管理)."""

from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to
from dataspace.text import Text

MEMBER: Final = to(Role.ORG_ADMIN, party="id")
MEMBERS: Final = to(Role.ORG_ADMIN, party="members")
APPLICANT: Final = to(Role.ORG_ADMIN, party="applicant")
OPERATOR: Final = to(Role.ORG_ADMIN, party="operator")

NOTICES: Final = (
    *entries(
        "L1", "participant",
        ("join", Kind.SYSTEM, MEMBER, Text("You were let into a space: {object}", "已加入数据空间：{object}"),
         Text("{object} is a member now: {reason}.", "{object} 已成为成员：{reason}。")),
        ("leave", Kind.SYSTEM, MEMBER, Text("You are out of a space: {object}", "已退出数据空间：{object}"),
         Text("{object} is a member no longer: {reason}. Its identity and its other memberships stay.",
              "{object} 不再是成员：{reason}。其身份及其他空间成员关系不受影响。")),
    ),
    *entries(
        "L1", "membership_application",
        ("submit", Kind.TO_DO, OPERATOR, Text("Somebody applies for your space: {object}", "成员申请待审批：{object}"),
         Text("{object}. Decide whether to let it in.", "{object}。请决定是否准许加入。")),
        ("take_back", Kind.SYSTEM, OPERATOR, Text("An application was taken back: {object}", "成员申请已撤回：{object}"),
         Text("{object} was taken back by the applicant.", "申请方已撤回 {object}。")),
        ("approve", Kind.SYSTEM, APPLICANT, Text("You were let in: {object}", "成员申请已批准：{object}"),
         Text("{object} was approved: {reason}. Your next sign-in shows what is in the space.",
              "{object} 已批准：{reason}。重新登录后可见空间内容。")),
        ("refuse", Kind.SYSTEM, APPLICANT, Text("You were not let in: {object}", "成员申请未批准：{object}"),
         Text("{object} was refused: {reason}. You may apply again.", "{object} 未获批准：{reason}。可重新申请。")),
    ),
    *entries(
        "L1", "space",
        ("close", Kind.SYSTEM, MEMBERS, Text("A space was closed: {object}", "数据空间已关闭：{object}"),
         Text("{object} was closed for good: {reason}. Your identity and your other memberships stay.",
              "{object} 已关闭，不再重新开放：{reason}。贵方身份及其他空间成员关系不受影响。")),
        ("close", Kind.SYSTEM, OPERATOR, Text("Your space was closed: {object}", "所运营的数据空间已关闭：{object}"),
         Text("{object} was closed for good: {reason}. Its records are kept.",
              "{object} 已关闭，不再重新开放：{reason}。相关记录依规留存。")),
    ),
)  # fmt: skip
