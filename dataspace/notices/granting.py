"""Notices of L3: filings, scenarios, agreements and authorisations (场景申请与授权)."""

from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to
from dataspace.text import Text

TO_DO, SYSTEM = Kind.TO_DO, Kind.SYSTEM
AGENCY1: Final = to(Role.AGENCY_REVIEWER1)
AGENCY2: Final = to(Role.AGENCY_REVIEWER2)
BUREAU: Final = to(Role.REG_APPROVER)
OPERATOR: Final = to(Role.SUB_APPROVER)
OVERSIGHT: Final = to(Role.SUPERVISOR)
FILER: Final = to(Role.ORG_ADMIN, party="filer")
APPLICANT: Final = to(Role.DEVELOPER, Role.ORG_ADMIN, party="applicant")
GRANTEE: Final = to(Role.DEVELOPER, Role.ORG_ADMIN, party="grantee")
PROVIDERS: Final = to(Role.DATA_STEWARD, party="resources.provider")

FILING: Final = tuple(entries(
    "L3", "filing",
    ("submit", TO_DO, AGENCY1, Text("A filing to confirm: {object}", "备案待实施机构确认：{object}"),
     Text("{object} was submitted for filing. Confirm or return it.", "{object} 已提交备案，请确认或退回。")),
    ("confirm", TO_DO, BUREAU, Text("A filing to confirm: {object}", "备案待主管部门确认：{object}"),
     Text("The agency confirmed {object}. File or return it.", "实施机构已确认 {object}，请备案或退回。")),
    ("return", TO_DO, FILER, Text("A filing was returned: {object}", "备案被退回：{object}"),
     Text("{object} was returned: {reason}. Correct it and submit it again.",
          "{object} 被退回：{reason}。请修改后重新提交。")),
    ("file", SYSTEM, FILER, Text("Filed: {object}", "已备案：{object}"),
     Text("{object} is filed under {number}.", "{object} 已备案，备案号 {number}。")),
    ("change", TO_DO, AGENCY1, Text("A change of a filing: {object}", "备案变更待确认：{object}"),
     Text("A change of {object} was submitted: {reason}.", "{object} 提交了变更：{reason}。")),
    ("pass_joint_review", SYSTEM, FILER, Text("Joint review passed: {object}", "联审通过：{object}"),
     Text("{object} passed the joint review.", "{object} 已通过联合审查。")),
    ("fail_joint_review", TO_DO, FILER, Text("Joint review failed: {object}", "联审不通过：{object}"),
     Text("{object} failed the joint review: {reason}.", "{object} 未通过联合审查：{reason}。")),
))  # fmt: skip

SCENARIO: Final = tuple(entries(
    "L3", "scenario",
    ("submit", TO_DO, OPERATOR, Text("A scenario to review: {object}", "场景申请待初审：{object}"),
     Text("{object} was applied for. Review its feasibility and that it asks for no more than it needs.",
          "{object} 已提交场景申请，请审查可行性与数据最小必要。")),
    ("pass_operator", TO_DO, AGENCY2, Text("A scenario to decide on: {object}", "场景申请待复审：{object}"),
     Text("The operator passed {object}. Review public interest and fairness.",
          "运营机构已通过 {object}，请复审公共利益与公平性。")),
    ("pass_operator", SYSTEM, APPLICANT, Text("First review passed: {object}", "场景初审通过：{object}"),
     Text("{object} passed the operator's review and goes to the agency.", "{object} 已通过运营机构初审，转实施机构复审。")),
    ("approve", SYSTEM, APPLICANT, Text("Scenario approved: {object}", "场景申请已通过：{object}"),
     Text("{object} is approved. Apply for the resources that it names.", "{object} 已通过，请申请所列资源的授权。")),
    ("approve", SYSTEM, OPERATOR, Text("Scenario approved: {object}", "场景已批准：{object}"),
     Text("The agency approved {object}.", "实施机构已批准 {object}。")),
    ("refuse", SYSTEM, APPLICANT, Text("Scenario refused: {object}", "场景申请未通过：{object}"),
     Text("{object} was refused: {reason}.", "{object} 未获通过：{reason}。")),
))  # fmt: skip

AGREEMENT: Final = tuple(entries(
    "L3", "agreement",
    ("settle", TO_DO, GRANTEE, Text("An agreement to confirm: {object}", "运营协议待确认要素：{object}"),
     Text("All elements of {object} are settled. Read it before it is locked.", "{object} 要素已商定，请在锁定前核对。")),
    ("lock", TO_DO, GRANTEE, Text("An agreement to sign: {object}", "运营协议待签章：{object}"),
     Text("{object} is locked and waits for both signatures.", "{object} 已锁定正式稿，待双方签章。")),
    ("lock", TO_DO, to(Role.AGENCY_REVIEWER2, party="grantor"),
     Text("An agreement to sign: {object}", "运营协议待授权方签章：{object}"),
     Text("{object} is locked and waits for both signatures.", "{object} 已锁定正式稿，待双方签章。")),
    ("archive", SYSTEM, GRANTEE, Text("Agreement archived: {object}", "运营协议已归档：{object}"),
     Text("{object} was checked and archived under {number}.", "{object} 已核验归档，编号 {number}。")),
))  # fmt: skip

AUTHORISATION: Final = tuple(entries(
    "L3", "authorisation",
    ("submit", TO_DO, AGENCY1, Text("An authorisation to review: {object}", "授权申请待初审：{object}"),
     Text("{object} ({number}) waits for its first review.", "{object}（{number}）待初审。")),
    ("submit", SYSTEM, PROVIDERS, Text("Somebody applies for your data: {object}", "本单位数据被申请授权：{object}"),
     Text("{object} ({number}) asks for resources that you provide.", "{object}（{number}）申请使用贵单位提供的资源。")),
    ("pass_first", TO_DO, AGENCY2, Text("An authorisation to decide on: {object}", "授权申请待复审：{object}"),
     Text("{object} ({number}) passed its first review and waits for the second.", "{object}（{number}）已通过初审，待复审。")),
    ("fail_first", TO_DO, GRANTEE, Text("First review failed: {object}", "授权初审不通过：{object}"),
     Text("{object} ({number}) failed its first review: {reason}. Correct it and apply again.",
          "{object}（{number}）初审不通过：{reason}。请修改后重新提交。")),
    ("pass_second", SYSTEM, GRANTEE, Text("Authorised: {object}", "授权已生效：{object}"),
     Text("{object} ({number}) is in force until {until}. Its certificate can be fetched.",
          "{object}（{number}）已生效，有效期至 {until}，可下载授权证书。")),
    ("pass_second", SYSTEM, PROVIDERS, Text("Your data are authorised: {object}", "本单位数据已被授权：{object}"),
     Text("{object} ({number}) covers resources that you provide, until {until}.",
          "{object}（{number}）涉及贵单位提供的资源，有效期至 {until}。")),
    ("fail_second", TO_DO, GRANTEE, Text("Second review failed: {object}", "授权复审不通过：{object}"),
     Text("{object} ({number}) failed its second review: {reason}. Correct it and apply again.",
          "{object}（{number}）复审不通过：{reason}。请修改后重新提交。")),
    ("suspend", TO_DO, AGENCY2, Text("A suspended authorisation to decide on: {object}", "暂停的授权待处理：{object}"),
     Text("{object} ({number}) is suspended: {reason}. Resume or revoke it when the case is clear.",
          "{object}（{number}）已暂停：{reason}。请在查明后恢复或撤销。")),
    ("suspend", SYSTEM, GRANTEE, Text("Authorisation suspended: {object}", "授权已暂停：{object}"),
     Text("{object} ({number}) is suspended: {reason}. Put it right and answer the case.",
          "{object}（{number}）已暂停：{reason}。请整改并答复追责事项。")),
    ("suspend", SYSTEM, OVERSIGHT, Text("An authorisation is suspended: {object}", "授权暂停：{object}"),
     Text("{object} ({number}) is suspended: {reason}.", "{object}（{number}）已暂停：{reason}。")),
    ("suspend", SYSTEM, PROVIDERS, Text("A use of your data is suspended: {object}", "对本单位数据的授权已暂停：{object}"),
     Text("{object} ({number}) is suspended: {reason}.", "{object}（{number}）已暂停：{reason}。")),
    ("resume", SYSTEM, GRANTEE, Text("In force again: {object}", "授权已恢复：{object}"),
     Text("{object} ({number}) is in force again: {reason}.", "{object}（{number}）已恢复：{reason}。")),
    ("revoke", SYSTEM, GRANTEE, Text("Authorisation revoked: {object}", "授权已撤销：{object}"),
     Text("{object} ({number}) is revoked: {reason}. Its certificate holds no longer.",
          "{object}（{number}）已撤销：{reason}。授权证书同时失效。")),
    ("revoke", SYSTEM, PROVIDERS, Text("A use of your data has ended: {object}", "对本单位数据的授权已撤销：{object}"),
     Text("{object} ({number}) is revoked: {reason}.", "{object}（{number}）已撤销：{reason}。")),
    ("expire", SYSTEM, GRANTEE, Text("Authorisation expired: {object}", "授权已到期：{object}"),
     Text("{object} ({number}) has expired. Apply anew to go on.", "{object}（{number}）已到期，如需继续请重新申请。")),
))  # fmt: skip

CASE: Final = tuple(entries(
    "L3", "accountability_case",
    ("open", TO_DO, AGENCY1, Text("An accountability case: {object}", "追责案件待处理：{object}"),
     Text("A case was opened: {reason}. Look into it and decide.", "已立案：{reason}。请调查并处理。")),
    ("open", TO_DO, to(Role.ORG_ADMIN, party="respondent"), Text("A case about you: {object}", "追责通知：{object}"),
     Text("A case was opened: {reason}. Answer it and put things right.", "已立案：{reason}。请答复并整改。")),
    ("close", SYSTEM, to(Role.ORG_ADMIN, party="respondent"), Text("The case is closed: {object}", "追责案件已办结：{object}"),
     Text("{object} is closed: {reason}.", "{object} 已办结：{reason}。")),
))  # fmt: skip

NOTICES: Final = (*FILING, *SCENARIO, *AGREEMENT, *AUTHORISATION, *CASE)
