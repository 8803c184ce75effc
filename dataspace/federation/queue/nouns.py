"""The noun of the queue: one request to the hub, with who asked, how often it was tried, and what
the hub answered."""

from typing import Final

from dataspace.federation.queue.codes import HUB_ACT, HUB_REQUEST_STATE
from dataspace.shape import (
    Edge,
    Noun,
    Part,
    Reader,
    code_field,
    flag_field,
    moment_field,
    names_field,
    number_field,
    text_field,
)
from dataspace.text import Text

GIVEN_MAX: Final = 20
VALUE_CHARACTERS_MAX: Final = 2000

GIVEN: Final = Part(
    "given", "HubRequestGiven", Text("What it is asked with", "报送内容"),
    fields=(
        text_field("name", "Name", "名称", length_max=40, must=True),
        text_field("value", "Value", "取值", length_max=VALUE_CHARACTERS_MAX, must=True),
    ),
    count_max=GIVEN_MAX,
)  # fmt: skip

HUB_REQUEST = Noun(
    "hub_request", "hub_queue", "hrq",
    Text("Request to the hub", "报送枢纽事项"), Text("Queue for the hub", "枢纽待办队列"),
    fields=(
        code_field("act", HUB_ACT, must=True, facet=True),
        text_field("title", "What is asked, in words", "事项名称", must=True, sort=True),
        code_field("state", HUB_REQUEST_STATE, must=True, facet=True),
        number_field("place", "Place in the queue, by which they are sent", "队列次序", must=True, sort=True),
        text_field("asked_by", "Who asked", "提出人", length_max=80, must=True, filter=True),
        text_field("asked_by_name", "Name of who asked", "提出人名称", length_max=120),
        names_field("asked_roles", "Roles by which they might ask", "提出时据以报送的角色"),
        text_field("reason", "Why", "理由", length_max=4000),
        number_field("attempts", "How often it was sent", "报送次数"),
        moment_field("tried_at", "When it was last sent", "最近报送时间", sort=True),
        moment_field("next_try_at", "When it is sent again at the latest", "最迟再次报送时间", sort=True),
        flag_field("in_doubt", "Whether the hub may have it without its answer being here", "枢纽是否可能已收到而应答未达"),
        text_field("last_error", "Code of what came in the way the last time", "最近错误代码", length_max=120,
                   filter=True),
        text_field("last_error_detail", "What came in the way", "最近错误说明", length_max=1000),
        moment_field("answered_at", "When the hub had answered", "枢纽应答时间", sort=True),
        text_field("code", "Code of the refusal", "不予办理代码", length_max=120, filter=True, facet=True),
        text_field("answer", "What the hub answered, in both languages", "枢纽应答", length_max=2000),
        text_field("object_kind", "Kind of what it was done to at the hub", "办理对象类型", length_max=40),
        text_field("object", "Its identifier at the hub", "办理对象编号", length_max=40, filter=True),
        number_field("hub_revision", "Record of the hub's evidence", "枢纽存证序号"),
        text_field("secret_hash", "Hash of the secret part of an invitation code", "邀请码保密部分的哈希",
                   length_max=64, reader=Reader.STAFF),
        moment_field("created_at", "When the entry was made", "条目创建时间", sort=True),
        moment_field("changed_at", "When the entry last changed", "条目变更时间", sort=True),
    ),
    edges=(
        Edge("participant", "participant", Text("Participant that whoever asked acts for", "提出人所属主体"),
             "hub_requests", Text("What was asked of the hub for it", "其报送枢纽的事项")),
        Edge("after", "hub_request", Text("Requests that it rests on", "所依赖的事项"),
             "before", Text("Requests that rest on it", "依赖它的事项"), many=True),
    ),
    parts=(GIVEN,),
    owner="participant",
    paths=(("state", "place"),),
)  # fmt: skip
