"""Notices of L4: exploring, developing and reviewing (产品开发与审查)."""

from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to
from dataspace.text import Text

TO_DO, SYSTEM = Kind.TO_DO, Kind.SYSTEM
OPERATOR: Final = to(Role.SUB_APPROVER)
REVIEWER: Final = to(Role.SUB_APPROVER, Role.AGENCY_REVIEWER1)
INFRASTRUCTURE: Final = to(Role.PLATFORM_ADMIN)
APPLICANT: Final = to(Role.DEVELOPER, party="applicant")
OWNER: Final = to(Role.DEVELOPER, Role.PRODUCT_PUBLISHER, party="applicant")
DEVELOPER: Final = to(Role.DEVELOPER, party="developer")

EXPLORATION: Final = tuple(entries(
    "L4", "exploration_request",
    ("submit", TO_DO, OPERATOR, Text("An exploration to decide on: {object}", "数据探查申请待审：{object}"),
     Text("{object} asks to look at masked samples.", "{object} 申请探查脱敏样本。")),
    ("approve", SYSTEM, APPLICANT, Text("Exploration approved: {object}", "数据探查已批准：{object}"),
     Text("{object} may be explored until {until}.", "{object} 可探查至 {until}。")),
    ("reject", SYSTEM, APPLICANT, Text("Exploration refused: {object}", "数据探查未批准：{object}"),
     Text("{object} was refused: {reason}.", "{object} 未获批准：{reason}。")),
    ("close", SYSTEM, APPLICANT, Text("Exploration closed early: {object}", "数据探查已提前结束：{object}"),
     Text("{object} was closed early: {reason}.", "{object} 已提前结束：{reason}。")),
    ("expire", SYSTEM, APPLICANT, Text("Exploration is over: {object}", "数据探查已到期：{object}"),
     Text("{object} is over. Apply anew to go on.", "{object} 已到期，如需继续请重新申请。")),
))  # fmt: skip

PLATFORM: Final = tuple(entries(
    "L4", "platform_request",
    ("submit", TO_DO, INFRASTRUCTURE, Text("A request for resources: {object}", "平台资源申请待审：{object}"),
     Text("{object} asks for computing resources.", "{object} 申请平台资源。")),
    ("approve", SYSTEM, APPLICANT, Text("Resources granted: {object}", "平台资源已批准：{object}"),
     Text("{object} was granted until {until}.", "{object} 已批准，使用至 {until}。")),
    ("reject", SYSTEM, APPLICANT, Text("Resources refused: {object}", "平台资源未批准：{object}"),
     Text("{object} was refused: {reason}.", "{object} 未获批准：{reason}。")),
    ("release", SYSTEM, APPLICANT, Text("Resources released early: {object}", "平台资源已提前释放：{object}"),
     Text("The resources of {object} were released early: {reason}.", "{object} 的平台资源已提前释放：{reason}。")),
    ("expire", SYSTEM, APPLICANT, Text("Resources released: {object}", "平台资源已到期释放：{object}"),
     Text("The term of {object} is over and its resources were released.", "{object} 已到期，平台资源已释放。")),
))  # fmt: skip

PROJECT: Final = tuple(entries(
    "L4", "project",
    ("submit", TO_DO, OPERATOR, Text("A project to accept: {object}", "开发项目待验收：{object}"),
     Text("{object} is ready for acceptance.", "{object} 已提请验收。")),
    ("accept", SYSTEM, DEVELOPER, Text("Project accepted: {object}", "开发项目已验收：{object}"),
     Text("{object} was accepted. Its reviews may begin.", "{object} 已通过验收，可提交审查。")),
    ("return", TO_DO, DEVELOPER, Text("Project not accepted: {object}", "开发项目验收退回：{object}"),
     Text("{object} was returned to development: {reason}. Put it right and hand it over again.",
          "{object} 验收退回：{reason}。请整改后重新提交验收。")),
    ("cancel", SYSTEM, OPERATOR, Text("Project cancelled: {object}", "开发项目已取消：{object}"),
     Text("Its developer cancelled {object}: {reason}.", "开发主体已取消 {object}：{reason}。")),
))  # fmt: skip

SECURITY: Final = tuple(entries(
    "L4", "security_review",
    ("submit", TO_DO, REVIEWER, Text("A security review: {object}", "产品安全审查待办：{object}"),
     Text("Review material and code of {object}.", "请审查 {object} 的资料与代码。")),
    ("pass", SYSTEM, OWNER, Text("Security review passed: {object}", "安全审查通过：{object}"),
     Text("{object} passed the security review.", "{object} 已通过安全审查。")),
    ("fail_material", SYSTEM, OWNER, Text("Security review failed: {object}", "安全审查不通过：{object}"),
     Text("The material of {object} failed: {reason}. Put it right and ask for a new review.",
          "{object} 的资料审查不通过：{reason}。请整改后重新提交审查。")),
    ("fail_code", SYSTEM, OWNER, Text("Security review failed: {object}", "安全审查不通过：{object}"),
     Text("The code of {object} failed: {reason}. Put it right and ask for a new review.",
          "{object} 的代码审查不通过：{reason}。请整改后重新提交审查。")),
))  # fmt: skip

COMPLIANCE: Final = tuple(entries(
    "L4", "compliance_review",
    ("submit", TO_DO, REVIEWER, Text("A compliance review: {object}", "合规审查待办：{object}"),
     Text("Review legality and tradability of {object}.", "请审查 {object} 的合法性与可交易性。")),
    ("pass", SYSTEM, OWNER, Text("Compliance review passed: {object}", "合规审查通过：{object}"),
     Text("{object} passed the compliance review.", "{object} 已通过合规审查。")),
    ("pass_conditionally", TO_DO, REVIEWER, Text("Conditions to confirm: {object}", "合规审查条件待确认：{object}"),
     Text("{object} passed on conditions: {reason}. Confirm when they are met, or fail it.",
          "{object} 附条件通过：{reason}。请核实条件落实情况后确认，未落实的不予通过。")),
    ("pass_conditionally", SYSTEM, OWNER, Text("Compliance on conditions: {object}", "合规审查附条件通过：{object}"),
     Text("{object} passed on conditions: {reason}. Fulfil them.", "{object} 附条件通过：{reason}。请落实条件。")),
    ("confirm", SYSTEM, OWNER, Text("Conditions met, review passed: {object}", "条件已满足，合规审查通过：{object}"),
     Text("The conditions of {object} are met: {reason}. It passed the compliance review.",
          "{object} 的附加条件已满足：{reason}。合规审查通过。")),
    ("fail", SYSTEM, OWNER, Text("Compliance review failed: {object}", "合规审查不通过：{object}"),
     Text("{object} failed the compliance review: {reason}. Put it right and ask for a new review.",
          "{object} 未通过合规审查：{reason}。请整改后重新提交审查。")),
    ("fail_conditions", SYSTEM, OWNER, Text("Conditions not met: {object}", "条件未满足，合规审查不通过：{object}"),
     Text("The conditions of {object} were not met: {reason}. Ask for a new review when they are.",
          "{object} 的附加条件未满足：{reason}。落实后可重新提交审查。")),
))  # fmt: skip

EXPORT: Final = tuple(entries(
    "L4", "export_check",
    ("submit", TO_DO, REVIEWER, Text("A result to release: {object}", "出域审查待办：{object}"),
     Text("{object} asks to leave the space. See that no raw data are in it.", "{object} 申请出域，请核查不含原始数据。")),
    ("release", SYSTEM, APPLICANT, Text("Released: {object}", "出域审查通过：{object}"),
     Text("{object} may leave the space.", "{object} 准予出域。")),
    ("block", SYSTEM, APPLICANT, Text("Blocked: {object}", "出域审查未通过：{object}"),
     Text("{object} may not leave the space: {reason}.", "{object} 不得出域：{reason}。")),
))  # fmt: skip

NOTICES: Final = (*EXPLORATION, *PLATFORM, *PROJECT, *SECURITY, *COMPLIANCE, *EXPORT)
