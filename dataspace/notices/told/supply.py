"""Notices of L2: compiling, reviewing and registering resources (资源供给与登记)."""

from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to, to_person
from dataspace.text import Text

TO_DO, SYSTEM = Kind.TO_DO, Kind.SYSTEM
STEWARD: Final = to(Role.DATA_STEWARD, party="provider")
REGISTRAR: Final = to(Role.REGISTRAR)
APPROVER: Final = to(Role.REG_APPROVER)
OBJECTOR: Final = to_person("objected_by")

RESOURCE: Final = tuple(entries(
    "L2", "resource",
    ("submit", TO_DO, REGISTRAR, Text("A registration to take in: {object}", "资源登记待受理：{object}"),
     Text("{object} was submitted for registration. Take it in.", "{object} 已提交登记，请受理。")),
    ("withdraw", SYSTEM, REGISTRAR, Text("A registration was taken back: {object}", "资源登记已撤回：{object}"),
     Text("The provider took {object} back; nothing is to be done.", "提供方已撤回 {object}，无需处理。")),
    ("take_in", SYSTEM, to_person("submitted_by"), Text("Your registration was taken in", "登记申请已受理"),
     Text("{object} was taken in; its formal review runs.", "{object} 已受理，形式审核计时开始。")),
    ("return", TO_DO, STEWARD, Text("A registration needs correction: {object}", "资源登记退回补正：{object}"),
     Text("{object} was returned: {reason}. Correct it and submit it again.",
          "{object} 被退回：{reason}。请补正后重新提交。")),
    ("pass", TO_DO, APPROVER, Text("Publicity began: {object}", "资源登记进入公示：{object}"),
     Text("{object} passed the formal review and is made public. Decide when the period is over.",
          "{object} 已通过形式审核并开始公示，请在公示期满后作出决定。")),
    ("pass", SYSTEM, STEWARD, Text("Formal review passed: {object}", "形式审核通过：{object}"),
     Text("{object} passed the formal review and is made public.", "{object} 已通过形式审核，进入公示。")),
    ("object", TO_DO, REGISTRAR, Text("An objection to a registration: {object}", "资源登记有异议：{object}"),
     Text("Somebody objects to {object}: {reason}. Settle it before the publicity goes on.",
          "{object} 收到异议：{reason}。请先处理异议，公示期暂停计时。")),
    ("object", SYSTEM, STEWARD, Text("An objection to your resource: {object}", "本单位资源收到异议：{object}"),
     Text("Somebody objects to {object}: {reason}.", "{object} 收到异议：{reason}。")),
    ("uphold_objection", TO_DO, STEWARD, Text("An objection was upheld: {object}", "异议成立，登记退回：{object}"),
     Text("The objection to {object} was upheld: {reason}. Correct it and submit it again.",
          "对 {object} 的异议成立：{reason}。请更正后重新提交登记。")),
    ("uphold_objection", SYSTEM, OBJECTOR, Text("Your objection was upheld: {object}", "您提出的异议成立：{object}"),
     Text("{object} was returned to its provider: {reason}.", "{object} 已退回提供方：{reason}。")),
    ("dismiss_objection", TO_DO, APPROVER, Text("Publicity goes on: {object}", "公示恢复：{object}"),
     Text("The objection to {object} was dismissed: {reason}. Decide when the period is over.",
          "对 {object} 的异议不成立：{reason}。公示期恢复计时，请在期满后作出决定。")),
    ("dismiss_objection", SYSTEM, STEWARD, Text("An objection was dismissed: {object}", "异议不成立：{object}"),
     Text("The objection to {object} was dismissed: {reason}. Its publicity goes on.",
          "对 {object} 的异议不成立：{reason}。公示继续进行。")),
    ("dismiss_objection", SYSTEM, OBJECTOR, Text("Your objection was dismissed: {object}", "您提出的异议不成立：{object}"),
     Text("The objection to {object} was dismissed: {reason}.", "对 {object} 的异议不成立：{reason}。")),
    ("refuse", TO_DO, STEWARD, Text("Registration refused: {object}", "不予登记：{object}"),
     Text("{object} was not registered: {reason}. It may be corrected and submitted again.",
          "{object} 未予登记：{reason}。可补正后重新提交。")),
    ("register", SYSTEM, STEWARD, Text("Registered: {object}", "资源已登记：{object}"),
     Text("{object} is registered under {number} until {until}. Its certificate can be fetched.",
          "{object} 已登记，登记标识 {number}，有效期至 {until}，可下载登记证书。")),
    ("register", TO_DO, REGISTRAR, Text("To consider for the authorisable list: {object}", "可授权清单待列入：{object}"),
     Text("{object} is registered. Put it on the authorisable list if it may be operated.",
          "{object} 已登记，如可授权运营，请列入可授权清单。")),
    ("declare_authorisable", SYSTEM, STEWARD, Text("Declared authorisable: {object}", "已认定可授权：{object}"),
     Text("{object} was declared authorisable: {reason}.", "{object} 已被认定为可授权：{reason}。")),
    ("offer", SYSTEM, STEWARD, Text("On the authorisable list: {object}", "已列入可授权清单：{object}"),
     Text("Operators may now apply for {object}.", "运营机构现可申请使用 {object}。")),
    ("unlist", SYSTEM, STEWARD, Text("Off the authorisable list: {object}", "已移出可授权清单：{object}"),
     Text("{object} was taken off the list: {reason}.", "{object} 已移出清单：{reason}。")),
    ("open_renewal", TO_DO, APPROVER, Text("A registration to renew: {object}", "资源登记待续期：{object}"),
     Text("The registration of {object} ends on {until}. Decide on its renewal.",
          "{object} 的登记有效期至 {until}，请办理续期。")),
    ("open_renewal", SYSTEM, STEWARD, Text("Your registration is to be renewed: {object}", "登记进入续期：{object}"),
     Text("The registration of {object} ends on {until}. See that its entry is still right.",
          "{object} 的登记有效期至 {until}，已进入续期，请核对登记内容。")),
    ("renew", SYSTEM, STEWARD, Text("Registration renewed: {object}", "资源登记已续期：{object}"),
     Text("The registration of {object} was renewed until {until}.", "{object} 的登记已续期，有效期至 {until}。")),
    ("renew_listed", SYSTEM, STEWARD, Text("Registration renewed: {object}", "资源登记已续期：{object}"),
     Text("The registration of {object} was renewed until {until}; it stays on the authorisable list.",
          "{object} 的登记已续期，有效期至 {until}，继续保留在可授权清单内。")),
    ("expire", TO_DO, STEWARD, Text("Registration expired: {object}", "资源登记已到期：{object}"),
     Text("The registration of {object} has expired and its certificate with it. Register it anew to go on.",
          "{object} 的登记及登记证书已到期，如需继续请重新编目登记。")),
    ("cancel", SYSTEM, STEWARD, Text("Registration cancelled: {object}", "资源登记已注销：{object}"),
     Text("The registration of {object} was cancelled: {reason}. Its certificate holds no longer.",
          "{object} 的登记已注销：{reason}。登记证书同时失效。")),
))  # fmt: skip

CHANGE: Final = tuple(entries(
    "L2", "resource_change",
    ("submit", TO_DO, REGISTRAR, Text("A change of a resource: {object}", "资源变更登记待审：{object}"),
     Text("{object} was submitted. Compare it with what is registered and decide.",
          "{object} 已提交变更登记，请与原登记内容比对后审核。")),
    ("pass", SYSTEM, STEWARD, Text("Change registered: {object}", "资源变更已登记：{object}"),
     Text("{object} was passed; the registered entry was changed.", "{object} 的变更登记已通过，登记内容已更新。")),
    ("refuse", TO_DO, STEWARD, Text("Change refused: {object}", "资源变更登记未通过：{object}"),
     Text("{object} was refused: {reason}. Correct it and submit it again, or take it back.",
          "{object} 的变更登记未通过：{reason}。请修改后重新提交，或予以撤回。")),
    ("take_back", SYSTEM, REGISTRAR, Text("A change was taken back: {object}", "资源变更登记已撤回：{object}"),
     Text("The provider took {object} back; nothing is to be done.", "提供方已撤回 {object}，无需处理。")),
))  # fmt: skip

NOTICES: Final = (*RESOURCE, *CHANGE)
