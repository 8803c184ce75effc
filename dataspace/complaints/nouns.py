"""The noun of complaints.

Who complains, by which name and how they are reached is personal information: it is read by the
complainant, by whoever entered it and by whoever handles it, and by nobody else. A complaint has no
title of its own: lists and notices call it by its number, so that they tell nothing of it.
"""

from dataspace.complaints.codes import COMPLAINT_CHANNEL, COMPLAINT_OUTCOME, COMPLAINT_SUBJECT
from dataspace.nouns.shared import KEPT, state_field
from dataspace.shape import Edge, Noun, Reader, code_field, moment_field, text_field
from dataspace.text import Text

CONFIDED = Reader.CONFIDED
STAFF = Reader.STAFF

COMPLAINT = Noun(
    "complaint", "complaints", "cpl",
    Text("Complaint", "投诉"), Text("Complaints", "投诉"),
    fields=(
        text_field("code", "Number", "投诉编号", length_max=80, must=True, unique=True, filter=True, search=8),
        text_field("matter", "What it is about, in one line", "投诉事项", must=True, search=6),
        text_field("detail", "What happened, and what is asked for", "投诉内容与诉求", length_max=4000, must=True),
        code_field("channel", COMPLAINT_CHANNEL, must=True, facet=True),
        code_field("about", COMPLAINT_SUBJECT, must=True, facet=True),
        state_field(),
        text_field("complainant_name", "Name of the complainant", "投诉人姓名", length_max=120, reader=CONFIDED),
        text_field("complainant_contact", "How the complainant is reached", "投诉人联系方式", reader=CONFIDED),
        text_field("complained_by", "Complainant who lodged it in person", "本人提交的投诉人", length_max=80, filter=True, reader=CONFIDED),
        text_field("submitted_by", "Who lodged or entered it", "提交或录入人", length_max=80, filter=True, reader=CONFIDED),
        text_field("submitted_handler", "Person who lodged or entered it", "提交经办人", length_max=80, reader=CONFIDED),
        moment_field("submitted_at", "When it was lodged", "提交时间", sort=True),
        text_field("accepted_by", "Who accepted it", "受理人", length_max=80, filter=True, reader=STAFF),
        moment_field("accepted_at", "When it was accepted", "受理时间", sort=True),
        text_field("handled_by", "Who handles it", "办理人", length_max=80, filter=True, reader=STAFF),
        moment_field("handled_at", "Since when they handle it", "开始办理时间", sort=True),
        code_field("outcome", COMPLAINT_OUTCOME, facet=True),
        text_field("answer", "What the complainant is answered", "答复内容", length_max=4000),
        text_field("answered_by", "Who answered it", "答复人", length_max=80, filter=True, reader=STAFF),
        text_field("answered_handler", "Person who answered it", "答复经办人", length_max=80, reader=STAFF),
        moment_field("answered_at", "When it was answered", "答复时间", sort=True),
        moment_field("reopened_at", "When its complainant was not satisfied", "不满意退回时间", sort=True),
        text_field("closed_by", "Who ended it", "办结人", length_max=80, filter=True, reader=STAFF),
        moment_field("closed_at", "When it ended", "办结时间", sort=True),
        text_field("decision_reason", "Reason of the last decision", "最近决定的理由", length_max=4000),
        text_field("decided_under", "Rulebooks in force at the last move", "最近办理时适用的规则册版本", reader=STAFF),
        *KEPT,
    ),
    edges=(
        Edge("node", "node", Text("Node that it is about", "投诉的节点"),
             "complaints", Text("Complaints about it", "对其的投诉")),
        Edge("participant", "participant", Text("Participant that it is about", "投诉的主体"),
             "complaints", Text("Complaints about it", "对其的投诉")),
        Edge("product", "product", Text("Product that it is about", "投诉的产品"),
             "complaints", Text("Complaints about it", "对其的投诉")),
        Edge("resource", "resource", Text("Resource that it is about", "投诉的资源"),
             "complaints", Text("Complaints about it", "对其的投诉")),
        Edge("authorisation", "authorisation", Text("Authorisation that it is about", "投诉的授权"),
             "complaints", Text("Complaints about it", "对其的投诉")),
        Edge("respondent", "participant", Text("Participant that answers for what it is about", "被投诉方"),
             "complaints_against", Text("Complaints about what it answers for", "针对其的投诉")),
        Edge("complainant", "participant", Text("Participant that the complainant acted for", "投诉人所属主体"),
             "complaints_lodged", Text("Complaints of its people", "其人员提出的投诉")),
        Edge("space", "space", Text("Space whose rules apply", "适用规则的空间"),
             "complaints", Text("Complaints under its rules", "适用其规则的投诉")),
    ),
    confided=("complained_by", "submitted_by", "handled_by"),
    paths=(("state", "submitted_at"), ("state", "answered_at")),
)
