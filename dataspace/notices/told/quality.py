"""Notices of L2 on data: work orders to departments, and objections of users (工单、数据异议)."""

from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to
from dataspace.text import Text

TO_DO, SYSTEM = Kind.TO_DO, Kind.SYSTEM
STEWARD: Final = to(Role.DATA_STEWARD, party="department")
REGISTRAR: Final = to(Role.REGISTRAR)
OBJECTOR: Final = to(
    Role.DATA_REQUESTER, Role.DEVELOPER, Role.ORG_ADMIN, Role.DATA_STEWARD, Role.PRODUCT_PUBLISHER,
    party="objector",
)  # fmt: skip

ORDER: Final = tuple(entries(
    "L2", "work_order",
    ("open", TO_DO, STEWARD, Text("A work order: {object}", "工单待答复：{object}"),
     Text("{object}. Put it right and answer.", "{object}。请整改并答复。")),
    ("answer", TO_DO, REGISTRAR, Text("A work order was answered: {object}", "工单已答复，待核办：{object}"),
     Text("{object}: {reason}. Close it, or send it back as not done.", "{object}：{reason}。请办结，或退回重办。")),
    ("reopen", TO_DO, STEWARD, Text("A work order came back: {object}", "工单退回重办：{object}"),
     Text("{object} is not done: {reason}. Put it right and answer again.", "{object} 未完成：{reason}。请整改后再次答复。")),
    ("close", SYSTEM, STEWARD, Text("A work order is closed: {object}", "工单已办结：{object}"),
     Text("{object} was closed: {reason}.", "{object} 已办结：{reason}。")),
))  # fmt: skip
OBJECTION: Final = tuple(entries(
    "L2", "data_objection",
    ("file", TO_DO, STEWARD, Text("Somebody objects to your data: {object}", "数据异议待受理：{object}"),
     Text("A user objects: {object}. Accept or refuse it.", "用户提出数据异议：{object}。请受理或说明不予采纳的理由。")),
    ("accept", SYSTEM, OBJECTOR, Text("Your objection was accepted: {object}", "数据异议已受理：{object}"),
     Text("The department corrects the data: {object}.", "提供部门已受理并着手更正：{object}。")),
    ("refuse", TO_DO, OBJECTOR, Text("Your objection was refused: {object}", "数据异议不予采纳：{object}"),
     Text("{object} was refused: {reason}. Confirm it, or insist.", "{object} 不予采纳：{reason}。请确认办结，或坚持异议。")),
    ("correct", TO_DO, OBJECTOR, Text("The data were corrected: {object}", "数据已更正，待您确认：{object}"),
     Text("{object}: {reason}. Confirm it, or insist within fifteen days.", "{object}：{reason}。请在十五日内确认或坚持异议。")),
    ("confirm", SYSTEM, STEWARD, Text("An objection is settled: {object}", "数据异议已办结：{object}"),
     Text("The objector confirmed: {object}.", "异议方已确认办结：{object}。")),
    ("insist", TO_DO, STEWARD, Text("The objector insists: {object}", "异议方坚持异议：{object}"),
     Text("{object} is not settled: {reason}. Accept or refuse it anew.", "{object} 未办结：{reason}。请重新受理或说明理由。")),
    ("withdraw", SYSTEM, STEWARD, Text("An objection was taken back: {object}", "数据异议已撤回：{object}"),
     Text("The objector took {object} back; nothing is to be done.", "异议方已撤回 {object}，无需处理。")),
    ("decide", SYSTEM, OBJECTOR, Text("It was decided on your objection: {object}", "数据异议已裁定：{object}"),
     Text("{object} was not adopted: {reason}.", "{object} 不予采纳：{reason}。")),
    ("decide", SYSTEM, STEWARD, Text("It was decided on an objection: {object}", "对本单位数据的异议已裁定：{object}"),
     Text("{object} was not adopted: {reason}.", "{object} 不予采纳：{reason}。")),
    ("lapse", SYSTEM, OBJECTOR, Text("Your objection was closed: {object}", "数据异议期满办结：{object}"),
     Text("{object} was corrected, and nobody said otherwise.", "{object} 已更正，期满无人提出异议。")),
    ("lapse", SYSTEM, STEWARD, Text("An objection was closed: {object}", "对本单位数据的异议期满办结：{object}"),
     Text("{object} was corrected, and nobody said otherwise.", "{object} 已更正，期满无人提出异议。")),
))  # fmt: skip

NOTICES: Final = (*ORDER, *OBJECTION)
