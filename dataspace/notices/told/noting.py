"""Notices of what jobs note on an object that stays in its state (作业提示)."""

from collections.abc import Mapping
from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to
from dataspace.text import Text

TO_DO, SYSTEM = Kind.TO_DO, Kind.SYSTEM
GRANTOR: Final = to(Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2, party="grantor")
GRANTEE: Final = to(Role.DEVELOPER, Role.ORG_ADMIN, party="grantee")
OVERSIGHT: Final = to(Role.SUPERVISOR)
OWNER: Final = to(Role.DEVELOPER, Role.PRODUCT_PUBLISHER, party="owner")
LISTER: Final = to(Role.SUB_APPROVER)
NODE_OPERATOR: Final = to(Role.ORG_ADMIN, party="operator")
INFRASTRUCTURE: Final = to(Role.PLATFORM_ADMIN)

AUTHORISATION: Final = tuple(entries(
    "L3", "authorisation",
    ("warn_expiry", TO_DO, GRANTEE, Text("About to end: {object}", "授权即将到期：{object}"),
     Text("{object} ({number}) ends at {until}. Apply for its renewal in time, or settle what rests on it.",
          "{object}（{number}）将于 {until} 到期。请及时申请续期，或妥善安排所依产品。")),
    ("note_out_of_scope", SYSTEM, GRANTEE, Text("A use out of its scope: {object}", "越权使用提示：{object}"),
     Text("{object} ({number}) was used out of its scope: {reason}. At the threshold it is suspended.",
          "{object}（{number}）发生超范围使用：{reason}。达到阈值将暂停授权。")),
    ("ownership_changed", TO_DO, GRANTOR, Text("An authorisation to check again: {object}", "授权待复核（权属变动）：{object}"),
     Text("{object} ({number}): {reason}. See whether it may go on, or suspend it.",
          "{object}（{number}）：{reason}。请复核能否继续，必要时暂停。")),
    ("ownership_changed", SYSTEM, GRANTEE, Text("Data of yours changed hands: {object}", "所用数据权属变动：{object}"),
     Text("{object} ({number}): {reason}. The agency checks it again.", "{object}（{number}）：{reason}。实施机构将复核。")),
    ("filings_missing", TO_DO, GRANTEE, Text("Filings are missing: {object}", "运营备案缺漏：{object}"),
     Text("{object} ({number}): {reason}. File what is missing.", "{object}（{number}）：{reason}。请补办备案。")),
    ("filings_missing", TO_DO, GRANTOR, Text("Operation without its filings: {object}", "备案缺漏的运营：{object}"),
     Text("{object} ({number}): {reason}. Have it filed, or suspend the authorisation.",
          "{object}（{number}）：{reason}。请督促补办，必要时暂停授权。")),
    ("filings_missing", SYSTEM, OVERSIGHT, Text("Operation without its filings: {object}", "备案缺漏的运营：{object}"),
     Text("{object} ({number}) goes on without all its filings: {reason}.", "{object}（{number}）备案不全：{reason}。")),
))  # fmt: skip

PRODUCT: Final = tuple(entries(
    "L5", "product",
    ("price_over_ceiling", TO_DO, OWNER, Text("The price is over its ceiling: {object}", "价格超过上限：{object}"),
     Text("{object} ({number}): {reason}. Register a lower price, or take it down.",
          "{object}（{number}）：{reason}。请变更价格或申请下架。")),
    ("price_over_ceiling", TO_DO, LISTER, Text("A listed price is over its ceiling: {object}", "在架产品价格超过上限：{object}"),
     Text("{object} ({number}): {reason}. See that the price is lowered, or delist it.",
          "{object}（{number}）：{reason}。请督促降价，或予以下架。")),
))  # fmt: skip

NODE: Final = tuple(entries(
    "L1", "node",
    ("warn_credential", TO_DO, NODE_OPERATOR, Text("Keys about to end: {object}", "节点密钥即将到期：{object}"),
     Text("{object}: {reason}. Rotate its keys in time (cityspace node rotate-keys); on that day it is cut off.",
          "{object}：{reason}。请及时更换密钥（cityspace node rotate-keys）；到期将予以隔离。")),
    ("announce_stop", SYSTEM, INFRASTRUCTURE, Text("A node announces a stop: {object}", "节点停服公告：{object}"),
     Text("{object} is going to stop: {reason}.", "{object} 将停服：{reason}。")),
    ("stop_unannounced", TO_DO, INFRASTRUCTURE, Text("A stop without its notice: {object}", "未按期公告的停服：{object}"),
     Text("{object}: {reason}. Ask its operator.", "{object}：{reason}。请向运营方了解情况。")),
    ("stop_unannounced", SYSTEM, NODE_OPERATOR, Text("Your stop was not announced in time: {object}", "停服未按期公告：{object}"),
     Text("{object}: {reason}. Announce the next one in time.", "{object}：{reason}。今后请提前公告。")),
    ("outage_unreported", TO_DO, INFRASTRUCTURE, Text("An outage without its report: {object}", "故障未按期报告：{object}"),
     Text("{object}: {reason}. Ask its operator.", "{object}：{reason}。请向运营方了解情况。")),
    ("outage_unreported", SYSTEM, OVERSIGHT, Text("An outage without its report: {object}", "故障未按期报告：{object}"),
     Text("{object} is still out: {reason}.", "{object} 仍未恢复：{reason}。")),
))  # fmt: skip

NOTICES: Final = (*AUTHORISATION, *PRODUCT, *NODE)

# By noun, the acts that are noted; each is recorded as evidence and changes no state.
NOTED: Final[Mapping[str, frozenset[str]]] = {
    "authorisation": frozenset(each.trigger.move for each in AUTHORISATION),
    "product": frozenset(each.trigger.move for each in PRODUCT),
    "node": frozenset(each.trigger.move for each in NODE),
    "participant": frozenset({"join", "leave"}),
    "space": frozenset({"close"}),
    "hub_request": frozenset({"done", "refuse", "lapse"}),
}
