"""Notices of L4: exploring, developing and reviewing (产品开发与审查)."""

from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to
from dataspace.text import Text

TO_DO, SYSTEM = Kind.TO_DO, Kind.SYSTEM
OPERATOR: Final = to(Role.SUB_APPROVER)
AGENCY: Final = to(Role.AGENCY_REVIEWER1)
INFRASTRUCTURE: Final = to(Role.PLATFORM_ADMIN)
APPLICANT: Final = to(Role.DEVELOPER, party="applicant")
OWNER: Final = to(Role.DEVELOPER, Role.PRODUCT_PUBLISHER, party="owner")

EXPLORATION: Final = tuple(entries(
    "L4", "exploration_request",
    ("submit", TO_DO, OPERATOR, Text("An exploration to decide on: {object}", "数据探查申请待审：{object}"),
     Text("{object} asks to look at masked samples.", "{object} 申请探查脱敏样本。")),
    ("approve", SYSTEM, APPLICANT, Text("Exploration approved: {object}", "数据探查已批准：{object}"),
     Text("{object} may be explored until {until}.", "{object} 可探查至 {until}。")),
    ("reject", SYSTEM, APPLICANT, Text("Exploration refused: {object}", "数据探查未批准：{object}"),
     Text("{object} was refused: {reason}.", "{object} 未获批准：{reason}。")),
))  # fmt: skip

PLATFORM: Final = tuple(entries(
    "L4", "platform_request",
    ("submit", TO_DO, INFRASTRUCTURE, Text("A request for resources: {object}", "平台资源申请待审：{object}"),
     Text("{object} asks for computing resources.", "{object} 申请平台资源。")),
    ("approve", SYSTEM, APPLICANT, Text("Resources granted: {object}", "平台资源已批准：{object}"),
     Text("{object} was granted until {until}.", "{object} 已批准，使用至 {until}。")),
    ("reject", SYSTEM, APPLICANT, Text("Resources refused: {object}", "平台资源未批准：{object}"),
     Text("{object} was refused: {reason}.", "{object} 未获批准：{reason}。")),
))  # fmt: skip

PROJECT: Final = tuple(entries(
    "L4", "project",
    ("request_acceptance", TO_DO, OPERATOR, Text("A project to accept: {object}", "开发项目待验收：{object}"),
     Text("{object} is ready for acceptance.", "{object} 已提请验收。")),
    ("accept", SYSTEM, OWNER, Text("Project accepted: {object}", "开发项目已验收：{object}"),
     Text("{object} was accepted. Its reviews may begin.", "{object} 已通过验收，可提交审查。")),
))  # fmt: skip

SECURITY: Final = tuple(entries(
    "L4", "security_review",
    ("submit", TO_DO, OPERATOR, Text("A security review: {object}", "产品安全审查待办：{object}"),
     Text("Review material and code of {object}.", "请审查 {object} 的资料与代码。")),
    ("pass", SYSTEM, OWNER, Text("Security review passed: {object}", "安全审查通过：{object}"),
     Text("{object} passed the security review.", "{object} 已通过安全审查。")),
    ("fail", TO_DO, OWNER, Text("Security review failed: {object}", "安全审查不通过：{object}"),
     Text("{object} failed the security review: {reason}.", "{object} 未通过安全审查：{reason}。")),
))  # fmt: skip

COMPLIANCE: Final = tuple(entries(
    "L4", "compliance_review",
    ("submit", TO_DO, AGENCY, Text("A compliance review: {object}", "合规审查待办：{object}"),
     Text("Review legality and tradability of {object}.", "请审查 {object} 的合法性与可交易性。")),
    ("pass", SYSTEM, OWNER, Text("Compliance review passed: {object}", "合规审查通过：{object}"),
     Text("{object} passed the compliance review.", "{object} 已通过合规审查。")),
    ("pass_conditionally", TO_DO, OWNER, Text("Compliance on conditions: {object}", "合规审查附条件通过：{object}"),
     Text("{object} passed on conditions: {reason}. Fulfil them.", "{object} 附条件通过：{reason}。请落实条件。")),
    ("fail", TO_DO, OWNER, Text("Compliance review failed: {object}", "合规审查不通过：{object}"),
     Text("{object} failed the compliance review: {reason}.", "{object} 未通过合规审查：{reason}。")),
))  # fmt: skip

EXPORT: Final = tuple(entries(
    "L4", "export_check",
    ("request", TO_DO, OPERATOR, Text("A result to release: {object}", "出域审查待办：{object}"),
     Text("{object} asks to leave the space. See that no raw data are in it.", "{object} 申请出域，请核查不含原始数据。")),
    ("release", SYSTEM, APPLICANT, Text("Released: {object}", "出域审查通过：{object}"),
     Text("{object} may leave the space.", "{object} 准予出域。")),
    ("block", SYSTEM, APPLICANT, Text("Blocked: {object}", "出域审查未通过：{object}"),
     Text("{object} may not leave the space: {reason}.", "{object} 不得出域：{reason}。")),
))  # fmt: skip

NOTICES: Final = (*EXPLORATION, *PLATFORM, *PROJECT, *SECURITY, *COMPLIANCE, *EXPORT)
