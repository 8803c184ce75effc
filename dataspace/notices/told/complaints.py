"""Notices of complaints (投诉). They name its number and nothing that anybody wrote: what it says,
and what is answered, is for its complainant and its handler.

A complainant who called or wrote has no mailbox: what would be told to them is told to the desk,
whose people pass it on.
"""

from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to, to_person
from dataspace.text import Text

TO_DO, SYSTEM = Kind.TO_DO, Kind.SYSTEM
ROLES: Final = (Role.REGISTRAR, Role.REG_APPROVER)
DESK: Final = to(*ROLES)
COMPLAINANT: Final = to_person("complained_by", *ROLES)
HANDLER: Final = to_person("handled_by", *ROLES)

NOTICES: Final = tuple(entries(
    "X2", "complaint",
    ("lodge", TO_DO, DESK, Text("A complaint to accept or refuse: {object}", "投诉待受理：{object}"),
     Text("{object} was lodged. Accept it, or refuse it with a reason.", "{object} 已提交。请受理，或说明不予受理的理由。")),
    ("accept", SYSTEM, COMPLAINANT, Text("Complaint accepted: {object}", "投诉已受理：{object}"),
     Text("{object} was accepted and is going to be handled.", "{object} 已受理，将安排办理。")),
    ("accept", TO_DO, DESK, Text("A complaint to take in hand: {object}", "投诉待领办：{object}"),
     Text("{object} was accepted. Somebody takes it in hand.", "{object} 已受理，请领办。")),
    ("refuse", SYSTEM, COMPLAINANT, Text("Complaint refused: {object}", "投诉不予受理：{object}"),
     Text("{object} was refused. It says why.", "{object} 不予受理，理由见投诉详情。")),
    ("take", SYSTEM, COMPLAINANT, Text("Complaint being handled: {object}", "投诉办理中：{object}"),
     Text("{object} was taken in hand.", "{object} 已由专人办理。")),
    ("assign", SYSTEM, COMPLAINANT, Text("Complaint being handled: {object}", "投诉已派专人办理：{object}"),
     Text("{object} was assigned to somebody who handles it.", "{object} 已派专人办理。")),
    ("assign", TO_DO, HANDLER, Text("A complaint for you to handle: {object}", "投诉派您办理：{object}"),
     Text("{object} was assigned to you. Answer it, or hand it back with a reason.", "{object} 已派您办理，请答复，或说明理由退回。")),
    ("hand_back", TO_DO, DESK, Text("A complaint to take in hand: {object}", "投诉退回，待领办：{object}"),
     Text("{object} was handed back. Somebody else takes it in hand.", "{object} 已退回，请另行领办。")),
    ("take_over", SYSTEM, COMPLAINANT, Text("Complaint being handled: {object}", "投诉已提级办理：{object}"),
     Text("The supervisor took {object} over.", "{object} 已由监管方提级办理。")),
    ("take_over", SYSTEM, DESK, Text("The supervisor took a complaint over: {object}", "投诉已由监管方提级办理：{object}"),
     Text("{object} was taken over. Nothing is to be done.", "{object} 已提级办理，无需处理。")),
    ("answer_founded", TO_DO, COMPLAINANT, Text("Complaint answered: {object}", "投诉已答复（属实）：{object}"),
     Text("{object} was found to be founded. Read the answer, and confirm it or say that it is not settled.",
          "{object} 经核查属实或部分属实。请查看答复后确认办结，或退回重办。")),
    ("answer_unfounded", TO_DO, COMPLAINANT, Text("Complaint answered: {object}", "投诉已答复（不属实）：{object}"),
     Text("{object} was found to be unfounded. Read the answer, and confirm it or say that it is not settled.",
          "{object} 经核查不属实。请查看答复后确认办结，或退回重办。")),
    ("confirm", SYSTEM, HANDLER, Text("A complaint is settled: {object}", "投诉已办结：{object}"),
     Text("The complainant confirmed the answer to {object}.", "投诉人已确认 {object} 的答复。")),
    ("reopen", TO_DO, DESK, Text("A complaint was reopened: {object}", "投诉退回重办：{object}"),
     Text("{object} is not settled. Somebody who did not answer it takes it in hand.",
          "{object} 未获满意，请由原答复人以外的人员领办。")),
    ("withdraw", SYSTEM, HANDLER, Text("A complaint was taken back: {object}", "投诉已撤回：{object}"),
     Text("{object} was taken back. Nothing is to be done.", "{object} 已撤回，无需处理。")),
    ("lapse", SYSTEM, COMPLAINANT, Text("Complaint closed: {object}", "投诉期满办结：{object}"),
     Text("{object} was answered, and its answer was not disputed in time.", "{object} 已答复，期满未提出异议。")),
    ("lapse", SYSTEM, HANDLER, Text("A complaint is closed: {object}", "投诉已期满办结：{object}"),
     Text("{object} was answered, and its answer was not disputed in time.", "{object} 已答复，期满未提出异议。")),
))  # fmt: skip
