"""Notices of L5: registering and listing products (产品登记与上架)."""

from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to
from dataspace.text import Text

TO_DO, SYSTEM = Kind.TO_DO, Kind.SYSTEM
REGISTRAR: Final = to(Role.REGISTRAR)
LISTER: Final = to(Role.SUB_APPROVER)
OWNER: Final = to(Role.DEVELOPER, Role.PRODUCT_PUBLISHER, party="owner")
PUBLISHER: Final = to(Role.PRODUCT_PUBLISHER, party="owner")
PROVIDERS: Final = to(Role.DATA_STEWARD, party="resources.provider")

PRODUCT: Final = tuple(entries(
    "L5", "product",
    ("submit", TO_DO, REGISTRAR, Text("A product to register: {object}", "产品登记待审：{object}"),
     Text("{object} was submitted for registration.", "{object} 已提交登记，请审核。")),
    ("fail_registration", TO_DO, OWNER, Text("Registration failed: {object}", "产品登记未通过：{object}"),
     Text("{object} was not registered: {reason}. Correct it and submit it again.",
          "{object} 未通过登记：{reason}。请修改后重新提交。")),
    ("register", TO_DO, PUBLISHER, Text("Registered, to be listed: {object}", "产品已登记，待申请上架：{object}"),
     Text("{object} is registered under {number}. Apply for its listing within three working days.",
          "{object} 已登记，标识 {number}。请在 3 个工作日内申请上架。")),
    ("request_listing", TO_DO, LISTER, Text("A listing to review: {object}", "产品上架待审：{object}"),
     Text("{object} was submitted for listing.", "{object} 已申请上架，请审核。")),
    ("fail_listing", TO_DO, PUBLISHER, Text("Listing refused: {object}", "产品上架未通过：{object}"),
     Text("{object} was not listed: {reason}.", "{object} 未获上架：{reason}。")),
    ("list", SYSTEM, OWNER, Text("Listed: {object}", "产品已上架：{object}"),
     Text("{object} is listed; consumers may find it.", "{object} 已上架，可被检索与订购。")),
    ("list", SYSTEM, PROVIDERS, Text("A product of your data is listed: {object}", "使用本单位数据的产品已上架：{object}"),
     Text("{object}, built from resources that you provide, is listed.", "使用贵单位资源的 {object} 已上架。")),
    ("delist", TO_DO, OWNER, Text("Delisted: {object}", "产品已下架：{object}"),
     Text("{object} was delisted: {reason}. Serve what is under contract; put right, it may be listed again.",
          "{object} 已下架：{reason}。请妥善履行存续合约；整改后可重新申请上架。")),
    ("take_down", TO_DO, LISTER, Text("A delisting to decide on: {object}", "产品下架待审：{object}"),
     Text("The owner applies for taking {object} down: {reason}.", "所有方申请下架 {object}：{reason}。请审核。")),
    ("keep_listed", SYSTEM, PUBLISHER, Text("It stays listed: {object}", "下架申请未通过：{object}"),
     Text("{object} stays listed: {reason}.", "{object} 的下架申请未通过，继续上架：{reason}。")),
    ("request_withdrawal", TO_DO, REGISTRAR, Text("A withdrawal to decide on: {object}", "产品登记撤销待审：{object}"),
     Text("The owner applies for the withdrawal of {object}: {reason}.",
          "所有方申请撤销 {object} 的登记：{reason}。请审核。")),
    ("fail_withdrawal", TO_DO, PUBLISHER, Text("Withdrawal refused: {object}", "产品登记撤销未通过：{object}"),
     Text("{object} stays registered: {reason}. Apply for its listing, or again for its withdrawal.",
          "{object} 的登记未予撤销：{reason}。可申请上架，或重新申请撤销。")),
    ("withdraw", SYSTEM, OWNER, Text("Registration withdrawn: {object}", "产品登记已撤销：{object}"),
     Text("The registration of {object} was withdrawn: {reason}. Its certificate holds no longer.",
          "{object} 的登记已撤销：{reason}。登记证书同时失效。")),
    # What follows from an authorisation.
    ("suspend_availability", SYSTEM, OWNER, Text("Product suspended: {object}", "产品已暂停提供：{object}"),
     Text("{object} ({number}) is not available: {reason}.", "{object}（{number}）暂停提供：{reason}。")),
    ("suspend_availability", SYSTEM, LISTER, Text("A product is suspended: {object}", "上架产品暂停提供：{object}"),
     Text("{object} ({number}) is not available: {reason}.", "{object}（{number}）暂停提供：{reason}。")),
    ("restore_availability", SYSTEM, OWNER, Text("Product available again: {object}", "产品已恢复提供：{object}"),
     Text("{object} ({number}) is available again: {reason}.", "{object}（{number}）已恢复提供：{reason}。")),
    ("restore_availability", SYSTEM, LISTER, Text("A product is available again: {object}", "上架产品恢复提供：{object}"),
     Text("{object} ({number}) is available again: {reason}.", "{object}（{number}）已恢复提供：{reason}。")),
))  # fmt: skip

CHANGE: Final = tuple(entries(
    "L5", "product_change",
    ("submit", TO_DO, REGISTRAR, Text("A change of a product: {object}", "产品变更登记待审：{object}"),
     Text("{object} was submitted. Compare it with what is registered and decide.",
          "{object} 已提交变更登记，请与原登记内容比对后审核。")),
    ("pass", SYSTEM, OWNER, Text("Change registered: {object}", "产品变更已登记：{object}"),
     Text("{object} was passed; the registered entry was changed.", "{object} 的变更登记已通过，登记内容已更新。")),
    ("pass", SYSTEM, LISTER, Text("A product has changed: {object}", "产品登记内容已变更：{object}"),
     Text("{object} was passed by the registrar; it may concern a listing.",
          "{object} 的变更登记已由登记机构通过，可能涉及已上架产品。")),
    ("refuse", TO_DO, OWNER, Text("Change refused: {object}", "产品变更登记未通过：{object}"),
     Text("{object} was refused: {reason}. Correct it and submit it again, or take it back.",
          "{object} 的变更登记未通过：{reason}。请修改后重新提交，或予以撤回。")),
    ("take_back", SYSTEM, REGISTRAR, Text("A change was taken back: {object}", "产品变更登记已撤回：{object}"),
     Text("The owner took {object} back; nothing is to be done.", "所有方已撤回 {object}，无需处理。")),
))  # fmt: skip

FAULT: Final = tuple(entries(
    "L5", "product_fault",
    ("open", TO_DO, OWNER, Text("A product of yours fails: {object}", "产品故障待处理：{object}"),
     Text("{object}: {reason}. Put it right and answer; it closes by itself when calls succeed again.",
          "{object}：{reason}。请排除故障并答复；调用恢复后自动办结。")),
    ("open", SYSTEM, LISTER, Text("A listed product fails: {object}", "在架产品故障：{object}"),
     Text("{object}: {reason}. Its owner is asked to put it right.", "{object}：{reason}。已通知所有方处理。")),
    ("answer", SYSTEM, LISTER, Text("A fault was answered: {object}", "产品故障已答复：{object}"),
     Text("The owner of {object} answers: {reason}.", "{object} 的所有方答复：{reason}。")),
    ("reopen", TO_DO, OWNER, Text("A product of yours still fails: {object}", "产品故障仍未恢复：{object}"),
     Text("{object}: {reason}. Put it right and answer again.", "{object}：{reason}。请处理后再次答复。")),
    ("close", SYSTEM, OWNER, Text("A fault is over: {object}", "产品故障已恢复：{object}"),
     Text("{object} is closed: {reason}.", "{object} 已办结：{reason}。")),
))  # fmt: skip

NOTICES: Final = (*PRODUCT, *CHANGE, *FAULT)
