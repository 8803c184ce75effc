"""The nouns of notices: what was told, where each person wants it, and its way out of the house.

A notice is one row for a group of people, however many belong to it. What a person has read is
one moment in their mailbox: whoever reads a notice has read all that came before it.
"""

from dataspace.notices.codes import CHANNEL, DELIVERY_STATE, NOTICE_KIND, NOTICE_LANGUAGE
from dataspace.shape import (
    Edge,
    Noun,
    Reader,
    code_field,
    flag_field,
    moment_field,
    names_field,
    number_field,
    text_field,
)
from dataspace.text import Text

NOTICE = Noun(
    "notice", "notices", "ntc",
    Text("Notice", "消息"), Text("Notices", "消息"),
    fields=(
        text_field("code", "Entry of the catalogue of notices", "消息目录代码", length_max=120, must=True,
                   filter=True, facet=True),
        code_field("kind", NOTICE_KIND, must=True, facet=True),
        text_field("link", "Link that it belongs to", "所属环节", length_max=8, must=True, filter=True,
                   facet=True),
        text_field("subject_kind", "Kind of object that it is about", "对象类型", length_max=40, must=True,
                   filter=True, facet=True),
        text_field("subject", "Object that it is about", "对象编号", length_max=40, must=True, filter=True),
        text_field("facts", "What its words are filled with, as JSON", "消息要素（JSON）", length_max=8000),
        names_field("roles", "Roles of those whom it is for", "接收角色", filter=True),
        text_field("recipient", "Subject of the one person whom it is for", "接收人令牌主体", length_max=80,
                   filter=True),
        moment_field("created_at", "When it was made", "产生时间", must=True, sort=True),
        moment_field("handed_out_at", "When it was handed to the mailboxes", "派发时间", sort=True),
    ),
    edges=(
        Edge("party", "participant", Text("Participant whose people it is for", "接收主体"),
             "notices", Text("Notices for its people", "发给其人员的消息")),
    ),
    paths=(("subject", "created_at"),),
)  # fmt: skip

MAILBOX = Noun(
    "mailbox", "mailboxes", "mbx",
    Text("Mailbox", "收件设置"), Text("Mailboxes", "收件设置"),
    fields=(
        text_field("subject", "Subject of the person's tokens", "令牌主体", length_max=80, must=True,
                   unique=True, filter=True),
        code_field("language", NOTICE_LANGUAGE, must=True),
        text_field("email", "Address of their e-mail", "电子邮箱", length_max=254),
        flag_field("by_email", "Whether notices are sent by e-mail", "是否发送邮件"),
        text_field("webhook", "Address that is called", "回调地址", length_max=2000),
        flag_field("by_webhook", "Whether that address is called", "是否回调"),
        number_field("webhook_key", "Number of the key that calls are signed with", "回调签名密钥序号"),
        names_field("roles", "Roles, as they were when it was last kept", "角色（最近保存时）", filter=True),
        moment_field("read_up_to", "All until then is read", "已读至", sort=True),
        moment_field("created_at", "When the entry was made", "条目创建时间", sort=True),
        moment_field("changed_at", "When the entry last changed", "条目变更时间", sort=True),
    ),
    edges=(
        Edge("member", "member", Text("Member that they are", "对应成员"),
             "mailboxes", Text("Their mailbox", "收件设置")),
        Edge("participant", "participant", Text("Participant that they act for", "所属主体"),
             "mailboxes", Text("Mailboxes of its people", "其人员的收件设置")),
    ),
)  # fmt: skip

DELIVERY = Noun(
    "delivery", "deliveries", "dlv",
    Text("Delivery of a notice", "消息投递"), Text("Deliveries of notices", "消息投递"),
    fields=(
        code_field("channel", CHANNEL, must=True, facet=True),
        text_field("address", "Where it goes", "投递地址", length_max=2000, must=True, reader=Reader.OWNER),
        code_field("state", DELIVERY_STATE, must=True, facet=True),
        number_field("attempts", "Attempts so far", "已尝试次数"),
        moment_field("next_attempt_at", "When it is tried next", "下次投递时间", sort=True),
        moment_field("delivered_at", "When it was taken by the other side", "送达时间", sort=True),
        text_field("last_error", "Code of the last error", "最近错误代码", length_max=120, filter=True),
        text_field("last_error_detail", "What the last error said", "最近错误说明", length_max=1000),
        moment_field("created_at", "When the entry was made", "条目创建时间", sort=True),
        moment_field("changed_at", "When the entry last changed", "条目变更时间", sort=True),
    ),
    edges=(
        Edge("notice", "notice", Text("Notice that it carries", "所投递的消息"),
             "deliveries", Text("Its deliveries", "投递记录"), must=True),
        Edge("mailbox", "mailbox", Text("Mailbox that it is for", "收件设置"),
             "deliveries", Text("Deliveries to it", "投递记录"), must=True),
        Edge("participant", "participant", Text("Participant whose person it is for", "接收人所属主体"),
             "deliveries", Text("Deliveries to its people", "对其人员的投递")),
    ),
    owner="participant",
    paths=(("state", "next_attempt_at"),),
)  # fmt: skip
