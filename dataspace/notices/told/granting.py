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
AGENCY: Final = to(Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2)
CLOSERS: Final = to(Role.AGENCY_REVIEWER2, Role.SUPERVISOR)
FILER: Final = to(Role.ORG_ADMIN, Role.AGENCY_REVIEWER1, party="filer")
APPLICANT: Final = to(Role.DEVELOPER, Role.ORG_ADMIN, party="applicant")
GRANTEE: Final = to(Role.DEVELOPER, Role.ORG_ADMIN, party="grantee")
PROVIDERS: Final = to(Role.DATA_STEWARD, party="resources.provider")
GRANTOR: Final = to(Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2, party="grantor")
SIGNATORY: Final = to(Role.ORG_ADMIN, party="grantee")
HOLDER: Final = to(Role.DEVELOPER, Role.ORG_ADMIN, party="holder")

FILING: Final = tuple(entries(
    "L3", "filing",
    ("submit", TO_DO, BUREAU, Text("A filing to decide on: {object}", "备案待市级办理：{object}"),
     Text("{object} was submitted for filing. File or return it.", "{object} 已提交备案，请备案或退回。")),
    ("submit_to_agency", TO_DO, AGENCY, Text("A filing to confirm: {object}", "备案待实施机构确认：{object}"),
     Text("{object} was submitted for filing. Confirm or return it.", "{object} 已提交备案，请确认或退回。")),
    ("confirm", TO_DO, BUREAU, Text("A filing to confirm: {object}", "备案待主管部门确认：{object}"),
     Text("The agency confirmed {object}. File or return it.", "实施机构已确认 {object}，请备案或退回。")),
    ("send_back", TO_DO, FILER, Text("The agency returned a filing: {object}", "备案被实施机构退回：{object}"),
     Text("{object} was returned: {reason}. Correct it and submit it again.",
          "{object} 被退回：{reason}。请修改后重新提交。")),
    ("return", TO_DO, FILER, Text("A filing was returned: {object}", "备案被退回：{object}"),
     Text("{object} was returned: {reason}. Correct it and submit it again.",
          "{object} 被退回：{reason}。请修改后重新提交。")),
    ("file", SYSTEM, FILER, Text("Filed: {object}", "已备案：{object}"),
     Text("{object} is filed under {number}.", "{object} 已备案，备案号 {number}。")),
    ("change", SYSTEM, BUREAU, Text("A filing is being changed: {object}", "备案变更中：{object}"),
     Text("The filer changes {object}: {reason}. It will be submitted again.",
          "备案主体正在变更 {object}：{reason}。变更后将重新提交备案。")),
    ("close", SYSTEM, FILER, Text("A filing was closed: {object}", "备案已终止：{object}"),
     Text("{object} was closed: {reason}.", "{object} 已终止：{reason}。")),
    ("pass", SYSTEM, FILER, Text("Joint review passed: {object}", "联审通过：{object}"),
     Text("{object} passed the joint review.", "{object} 已通过联合审查。")),
    ("fail", SYSTEM, FILER, Text("Joint review failed: {object}", "联审不通过：{object}"),
     Text("{object} failed the joint review: {reason}.", "{object} 未通过联合审查：{reason}。")),
))  # fmt: skip

SCENARIO: Final = tuple(entries(
    "L3", "scenario",
    ("submit", TO_DO, OPERATOR, Text("A scenario to review: {object}", "场景申请待初审：{object}"),
     Text("{object} was applied for. Review its feasibility and that it asks for no more than it needs.",
          "{object} 已提交场景申请，请审查可行性与数据最小必要。")),
    ("take_back", SYSTEM, OPERATOR, Text("A scenario was taken back: {object}", "场景申请已撤回：{object}"),
     Text("The applicant took {object} back; nothing is to be done.", "申请方已撤回 {object}，无需处理。")),
    ("pass_first", TO_DO, AGENCY2, Text("A scenario to decide on: {object}", "场景申请待复审：{object}"),
     Text("The operator passed {object}. Review public interest and fairness.",
          "运营机构已通过 {object}，请复审公共利益与公平性。")),
    ("pass_first", SYSTEM, APPLICANT, Text("First review passed: {object}", "场景初审通过：{object}"),
     Text("{object} passed the operator's review and goes to the agency.", "{object} 已通过运营机构初审，转实施机构复审。")),
    ("reject_first", SYSTEM, APPLICANT, Text("First review failed: {object}", "场景初审未通过：{object}"),
     Text("The operator refused {object}: {reason}.", "{object} 未通过运营机构初审：{reason}。")),
    ("pass_second", SYSTEM, APPLICANT, Text("Scenario approved: {object}", "场景申请已通过：{object}"),
     Text("{object} is approved. Apply for the resources that it names.", "{object} 已通过，请申请所列资源的授权。")),
    ("pass_second", SYSTEM, OPERATOR, Text("Scenario approved: {object}", "场景已批准：{object}"),
     Text("The agency approved {object}.", "实施机构已批准 {object}。")),
    ("reject_second", SYSTEM, APPLICANT, Text("Scenario refused: {object}", "场景申请未通过：{object}"),
     Text("The agency refused {object}: {reason}.", "{object} 未通过实施机构复审：{reason}。")),
    ("reject_second", SYSTEM, OPERATOR, Text("Scenario refused: {object}", "场景未获批准：{object}"),
     Text("The agency refused {object}: {reason}.", "实施机构未批准 {object}：{reason}。")),
    ("activate", SYSTEM, APPLICANT, Text("Scenario in operation: {object}", "场景已启动运营：{object}"),
     Text("{object} is in operation.", "{object} 已启动运营。")),
    ("close", SYSTEM, AGENCY2, Text("A scenario was closed: {object}", "场景已办结关闭：{object}"),
     Text("The applicant closed {object}: {reason}.", "申请方已办结关闭 {object}：{reason}。")),
    ("close", SYSTEM, OPERATOR, Text("A scenario was closed: {object}", "场景已办结关闭：{object}"),
     Text("The applicant closed {object}: {reason}.", "申请方已办结关闭 {object}：{reason}。")),
    ("revoke", SYSTEM, APPLICANT, Text("Scenario revoked: {object}", "场景已撤销：{object}"),
     Text("{object} was revoked: {reason}.", "{object} 已撤销：{reason}。")),
    ("expire", SYSTEM, APPLICANT, Text("Scenario expired: {object}", "场景已到期：{object}"),
     Text("{object} has expired. Apply anew to go on.", "{object} 已到期，如需继续请重新申请。")),
))  # fmt: skip

AGREEMENT: Final = tuple(entries(
    "L3", "agreement",
    ("settle", TO_DO, SIGNATORY, Text("An agreement to confirm: {object}", "运营协议待确认要素：{object}"),
     Text("All elements of {object} are settled. Read it, then accept and lock it.", "{object} 要素已商定，请核对后同意并锁定正式稿。")),
    ("reopen", SYSTEM, SIGNATORY, Text("An agreement was opened again: {object}", "运营协议已退回修改：{object}"),
     Text("{object} was opened for changes: {reason}. What was signed or locked no longer counts.",
          "{object} 已退回修改：{reason}。原锁定稿随之失效。")),
    ("lock", TO_DO, SIGNATORY, Text("An agreement to sign: {object}", "运营协议待签章：{object}"),
     Text("{object} is locked and waits for both signatures.", "{object} 已锁定正式稿，待双方签章。")),
    ("lock", TO_DO, GRANTOR,
     Text("An agreement to sign: {object}", "运营协议待授权方签章：{object}"),
     Text("{object} is locked and waits for both signatures.", "{object} 已锁定正式稿，待双方签章。")),
    ("sign_as_grantee", TO_DO, GRANTOR, Text("An agreement to countersign: {object}", "运营协议待授权方副签：{object}"),
     Text("Who is authorised signed {object}. Countersign it.", "被授权方已签章 {object}，请副签。")),
    ("sign_as_grantor", TO_DO, SIGNATORY, Text("An agreement to countersign: {object}", "运营协议待被授权方副签：{object}"),
     Text("Who authorises signed {object}. Countersign it.", "授权方已签章 {object}，请副签。")),
    ("countersign_as_grantee", TO_DO, BUREAU, Text("Signatures to verify: {object}", "运营协议待核验：{object}"),
     Text("Both parties signed {object}. Verify the signatures.", "{object} 已由双方签章，请核验。")),
    ("countersign_as_grantee", SYSTEM, GRANTOR, Text("Signed by both: {object}", "运营协议已双签：{object}"),
     Text("Who is authorised countersigned {object}.", "被授权方已副签 {object}。")),
    ("countersign_as_grantor", TO_DO, BUREAU, Text("Signatures to verify: {object}", "运营协议待核验：{object}"),
     Text("Both parties signed {object}. Verify the signatures.", "{object} 已由双方签章，请核验。")),
    ("countersign_as_grantor", SYSTEM, SIGNATORY, Text("Signed by both: {object}", "运营协议已双签：{object}"),
     Text("Who authorises countersigned {object}.", "授权方已副签 {object}。")),
    ("verify", TO_DO, BUREAU, Text("An agreement to archive: {object}", "运营协议待归档：{object}"),
     Text("The signatures of {object} were verified. Archive it with its letter of confidentiality.",
          "{object} 的双方签章已核验，请连同保密承诺函归档。")),
    ("archive", SYSTEM, GRANTEE, Text("Agreement archived: {object}", "运营协议已归档：{object}"),
     Text("{object} was checked and archived under {number}.", "{object} 已核验归档，编号 {number}。")),
    ("archive", SYSTEM, GRANTOR, Text("Agreement archived: {object}", "运营协议已归档：{object}"),
     Text("{object} was checked and archived under {number}.", "{object} 已核验归档，编号 {number}。")),
    ("give_up", SYSTEM, GRANTEE, Text("Agreement given up: {object}", "运营协议已作废：{object}"),
     Text("{object} was given up: {reason}.", "{object} 已作废：{reason}。")),
    ("terminate", SYSTEM, GRANTEE, Text("Agreement terminated: {object}", "运营协议已解除：{object}"),
     Text("{object} ({number}) was terminated: {reason}. Its document holds no longer.",
          "{object}（{number}）已解除：{reason}。协议文书同时失效。")),
    ("terminate", SYSTEM, BUREAU, Text("Agreement terminated: {object}", "运营协议解除：{object}"),
     Text("{object} ({number}) was terminated: {reason}. See to its filing.",
          "{object}（{number}）已解除：{reason}。请办理备案终止。")),
    # What follows from its filing.
    ("filed", SYSTEM, SIGNATORY, Text("On file: {object}", "运营协议已备案：{object}"),
     Text("{object} ({number}) is on file. Its document can be fetched.", "{object}（{number}）已备案，可下载协议文书。")),
    ("filed", SYSTEM, GRANTOR, Text("On file: {object}", "运营协议已完成备案：{object}"),
     Text("{object} ({number}) is on file. Its document can be fetched.", "{object}（{number}）已备案，可下载协议文书。")),
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
    ("resume", SYSTEM, PROVIDERS, Text("A use of your data goes on: {object}", "对本单位数据的授权已恢复：{object}"),
     Text("{object} ({number}) is in force again: {reason}.", "{object}（{number}）已恢复：{reason}。")),
    ("revoke", SYSTEM, GRANTEE, Text("Authorisation revoked: {object}", "授权已撤销：{object}"),
     Text("{object} ({number}) is revoked: {reason}. Its certificate holds no longer.",
          "{object}（{number}）已撤销：{reason}。授权证书同时失效。")),
    ("revoke", SYSTEM, PROVIDERS, Text("A use of your data has ended: {object}", "对本单位数据的授权已撤销：{object}"),
     Text("{object} ({number}) is revoked: {reason}.", "{object}（{number}）已撤销：{reason}。")),
    ("expire", SYSTEM, GRANTEE, Text("Authorisation expired: {object}", "授权已到期：{object}"),
     Text("{object} ({number}) has expired. Apply anew to go on.", "{object}（{number}）已到期，如需继续请重新申请。")),
    ("expire", SYSTEM, PROVIDERS, Text("A use of your data has ended: {object}", "对本单位数据的授权已到期：{object}"),
     Text("{object} ({number}) has expired.", "{object}（{number}）已到期。")),
))  # fmt: skip

CASE: Final = tuple(entries(
    "L3", "accountability_case",
    ("open", TO_DO, HOLDER, Text("A case about you: {object}", "追责通知：{object}"),
     Text("A case was opened: {reason}. Answer it and put things right.", "已立案：{reason}。请提交说明并整改。")),
    ("open", TO_DO, CLOSERS, Text("An accountability case: {object}", "追责事项待处理：{object}"),
     Text("A case was opened: {reason}. Its holder is asked to answer; see to it that it is closed.",
          "已立案：{reason}。已要求责任主体说明，请跟进至结案。")),
    ("answer", TO_DO, CLOSERS, Text("A case to close: {object}", "追责事项待结案：{object}"),
     Text("The holder answered {object}: {reason}. Decide on the outcome.",
          "责任主体已就 {object} 提交说明：{reason}。请作出处理结论。")),
    ("close_restored", SYSTEM, HOLDER, Text("The case is closed: {object}", "追责事项已结案：{object}"),
     Text("{object} is closed: {reason}. The authorisation may be put back in force.",
          "{object} 已结案：{reason}。授权可予恢复。")),
    ("close_restored", SYSTEM, AGENCY2, Text("A case is closed: {object}", "追责事项结案，授权可恢复：{object}"),
     Text("{object} is closed: {reason}. Put the authorisation back in force, or say why not.",
          "{object} 已结案：{reason}。请办理授权恢复，或说明不予恢复的理由。")),
    ("close_revoked", SYSTEM, HOLDER, Text("The case is closed: {object}", "追责事项已结案，授权终止：{object}"),
     Text("{object} is closed: {reason}. The authorisation has ended.", "{object} 已结案：{reason}。授权已终止。")),
))  # fmt: skip

NOTICES: Final = (*FILING, *SCENARIO, *AGREEMENT, *AUTHORISATION, *CASE)
