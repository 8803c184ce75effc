"""The nouns of accounts: people, what remains to be told to the identity service, what it told.

The catalogue says who shall be able to sign in; the identity service holds their passwords and
keys. An errand is the outbox between the two.
"""

from dataspace import codes
from dataspace.shape import (
    Edge,
    Noun,
    Reader,
    code_field,
    moment_field,
    names_field,
    number_field,
    text_field,
)
from dataspace.text import Text

_KEPT = (
    moment_field("created_at", "When the entry was made", "条目创建时间", sort=True),
    moment_field("changed_at", "When the entry last changed", "条目变更时间", sort=True),
)

MEMBER = Noun(
    "member", "members", "mem",
    Text("Member", "成员"), Text("Members", "成员"),
    fields=(
        text_field("username", "User name", "用户名", length_max=80, must=True, unique=True, sort=True,
                   filter=True),
        text_field("name", "Name", "姓名", length_max=120, must=True, sort=True),
        text_field("handler", "Identity of the person, the same in all accounts of one", "经办人身份（同一人各账号一致）",
                   length_max=80, filter=True, reader=Reader.STAFF),
        names_field("roles", "Roles", "角色", filter=True),
        code_field("status", codes.MEMBER_STATUS, must=True, facet=True),
        text_field("subject", "Subject of their tokens, once known", "令牌主体（建立后填入）", length_max=80,
                   unique=True, filter=True),
        *_KEPT,
    ),
    edges=(
        Edge("participant", "participant", Text("Participant that they act for", "所属主体"),
             "people", Text("People who act for it", "成员"), must=True),
    ),
    owner="participant",
)  # fmt: skip

ERRAND = Noun(
    "errand", "errands", "err",
    Text("Errand", "待办事项"), Text("Errands", "待办事项"),
    fields=(
        code_field("state", codes.ERRAND_STATE, must=True, facet=True),
        number_field("attempts", "Attempts so far", "已尝试次数"),
        text_field("last_error", "Code of the last error", "最近错误代码", length_max=120, filter=True),
        text_field("last_error_detail", "What the last error said", "最近错误说明", length_max=1000),
        *_KEPT,
    ),
    edges=(
        Edge("participant", "participant", Text("Participant that it is for", "涉及主体"),
             "errands", Text("Errands at the identity service", "身份服务待办")),
        Edge("member", "member", Text("Member that it is for", "涉及成员"),
             "errands", Text("Errands at the identity service", "身份服务待办")),
        Edge("node", "node", Text("Node that it is for", "涉及节点"),
             "errands", Text("Errands at the identity service", "身份服务待办")),
    ),
    paths=(("state", "created_at"),),
)  # fmt: skip

OCCURRENCE = Noun(
    "occurrence", "occurrences", "occ",
    Text("Occurrence at the identity service", "身份事件"),
    Text("Occurrences at the identity service", "身份事件"),
    fields=(
        moment_field("at", "When it occurred", "发生时间", must=True, sort=True),
        code_field("source", codes.OCCURRENCE_SOURCE, must=True, facet=True),
        text_field("action", "What occurred", "事件", length_max=80, must=True, filter=True, facet=True),
        text_field("actor", "Subject that did it", "操作主体", length_max=80, filter=True),
        text_field("client", "Client that it was done through", "客户端", length_max=120, filter=True),
        text_field("address", "Network address that it came from", "来源网络地址", length_max=80),
        text_field("target", "What it was done to", "操作对象", length_max=400),
        text_field("error", "Why it failed, when it did", "失败原因", length_max=200, filter=True),
    ),
    paths=(("source", "at"),),
)  # fmt: skip
