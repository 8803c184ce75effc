"""Notices of what follows from a move for other objects, which no move of theirs says."""

from collections.abc import Mapping
from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to
from dataspace.text import Text

SYSTEM: Final = Kind.SYSTEM
PUBLISHER: Final = to(Role.PRODUCT_PUBLISHER, Role.DEVELOPER, party="owner")
LISTER: Final = to(Role.SUB_APPROVER)
GRANTOR: Final = to(Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2, party="grantor")
SIGNATORY: Final = to(Role.ORG_ADMIN, party="grantee")

PRODUCT: Final = tuple(entries(
    "L5", "product",
    ("suspend_availability", SYSTEM, PUBLISHER, Text("Product suspended: {object}", "产品已暂停提供：{object}"),
     Text("{object} ({number}) is not available: {reason}.", "{object}（{number}）暂停提供：{reason}。")),
    ("suspend_availability", SYSTEM, LISTER, Text("A product is suspended: {object}", "上架产品暂停提供：{object}"),
     Text("{object} ({number}) is not available: {reason}.", "{object}（{number}）暂停提供：{reason}。")),
    ("restore_availability", SYSTEM, PUBLISHER, Text("Product available again: {object}", "产品已恢复提供：{object}"),
     Text("{object} ({number}) is available again: {reason}.", "{object}（{number}）已恢复提供：{reason}。")),
    ("restore_availability", SYSTEM, LISTER, Text("A product is available again: {object}", "上架产品恢复提供：{object}"),
     Text("{object} ({number}) is available again: {reason}.", "{object}（{number}）已恢复提供：{reason}。")),
))  # fmt: skip
AGREEMENT: Final = tuple(entries(
    "L3", "agreement",
    ("filed", SYSTEM, SIGNATORY, Text("On file: {object}", "运营协议已备案：{object}"),
     Text("{object} ({number}) is on file. Its document can be fetched.", "{object}（{number}）已备案，可下载协议文书。")),
    ("filed", SYSTEM, GRANTOR, Text("On file: {object}", "运营协议已完成备案：{object}"),
     Text("{object} ({number}) is on file. Its document can be fetched.", "{object}（{number}）已备案，可下载协议文书。")),
))  # fmt: skip

NOTICES: Final = (*PRODUCT, *AGREEMENT)

# By noun: all that follows and is no move. Of what is not told above, the move that it follows
# from tells the same people: a change that passed, an authorisation that was renewed; and a
# product that something else suspends too has not become available.
FOLLOWING: Final[Mapping[str, frozenset[str]]] = {
    "product": frozenset({
        "suspend_availability", "restore_availability", "lift_suspension", "renew_authorisation",
        "change",
    }),
    "agreement": frozenset({"filed"}),
    "resource": frozenset({"change"}),
}  # fmt: skip
