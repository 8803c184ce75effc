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

NOTICES: Final = tuple(entries(
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
    ("change", TO_DO, LISTER, Text("A change of a product: {object}", "产品变更待审：{object}"),
     Text("A change of {object} was submitted: {reason}.", "{object} 提交了变更：{reason}。")),
    ("delist", TO_DO, OWNER, Text("Delisted: {object}", "产品已下架：{object}"),
     Text("{object} was delisted: {reason}. Serve what is under contract and put it right.",
          "{object} 已被下架：{reason}。请妥善履行存续合约并整改。")),
    ("take_down", SYSTEM, LISTER, Text("Its owner took it down: {object}", "产品自行下架：{object}"),
     Text("{object} was taken down by its owner: {reason}.", "{object} 已由所有方下架：{reason}。")),
    ("withdraw", SYSTEM, OWNER, Text("Registration withdrawn: {object}", "产品登记已撤销：{object}"),
     Text("The registration of {object} was withdrawn: {reason}. Its certificate holds no longer.",
          "{object} 的登记已撤销：{reason}。登记证书同时失效。")),
))  # fmt: skip
