"""The root of queries: connections, look-ups by unique fields, `node`, `history`, work-lists."""

from typing import Any

import graphene

from dataspace.notices.nouns import NOTICE
from dataspace.relations import EVIDENCE, NODE, RELATIONS, TASK
from dataspace.shape import Noun
from dataspace.text import Text
from hub.api.jobs.schema import jobs_field
from hub.api.live.schema import live_field
from hub.api.schema.connections import connection_arguments, connection_of
from hub.api.schema.inputs import order_of
from hub.api.schema.me import me
from hub.api.schema.registry import Registry
from hub.api.schema.types import entry, object_of


def answered(_root: Any, info: Any, **_: Any) -> Any:
    """What was read for this root field before execution, or the refusal that it met."""
    answer = info.context[info.path.key]
    if isinstance(answer, Exception):
        raise answer
    return answer


def query_of(registry: Registry) -> Any:
    """Made after the object types. A field may be null, so that a refusal leaves the others."""
    fields: dict[str, Any] = {noun.plural: _connection(registry, noun) for noun in RELATIONS.nouns}
    for noun in RELATIONS.nouns:
        if noun.name not in (NODE.name, noun.plural):
            fields[noun.name] = _lookup(registry, noun)
    fields["node"] = _node(registry)
    fields["history"] = _history(registry)
    fields["my_tasks"] = _my_tasks(registry)
    fields["my_notices"] = _my_notices(registry)
    fields["jobs"] = jobs_field(registry, answered)
    fields["live_nodes"] = live_field(registry, answered)
    fields["me"] = registry.field(me(registry), "Who is asking", "当前调用者", resolver=answered)
    return registry.object("Query", Text("What can be asked", "查询入口"), fields)


def _connection(registry: Registry, noun: Noun) -> Any:
    text = noun.plural_text
    return registry.field(
        connection_of(registry, noun),
        text.en,
        text.zh,
        resolver=answered,
        args=connection_arguments(registry, noun),
    )


def _lookup(registry: Registry, noun: Noun) -> Any:
    argument = registry.argument
    arguments = {"id": argument(graphene.ID, "Its identifier", "编号")}
    for field in noun.fields:
        if field.unique:
            arguments[field.name] = argument(graphene.String, field.text.en, field.text.zh)
    arguments["at"] = argument(
        graphene.Int,
        "As it was after this sequence of the evidence",
        "该存证序号之后的状态",
    )
    return registry.field(
        object_of(registry, noun),
        f"One, by exactly one of its unique values: {noun.text.en}",
        f"按一个唯一取值查一个{noun.text.zh}",
        resolver=answered,
        args=arguments,
    )


def _node(registry: Registry) -> Any:
    return registry.field(
        entry(registry),
        "Anything by its identifier; a node of the data space also by its code",
        "按编号查任何对象；节点亦可按标识编码",
        resolver=answered,
        id=registry.argument(graphene.ID, "Its identifier", "编号"),
        identifier=registry.argument(
            graphene.String, "Infrastructure identifier of a node", "节点标识编码"
        ),
    )


def _my_tasks(registry: Registry) -> Any:
    return registry.field(
        connection_of(registry, TASK),
        "What waits for me, the earliest deadline first",
        "待我办理的事项，按期限先后",
        resolver=answered,
        args=connection_arguments(registry, TASK),
    )


def _history(registry: Registry) -> Any:
    whose = registry.argument(graphene.NonNull(graphene.ID), "Whose history", "对象编号")
    return registry.field(
        connection_of(registry, EVIDENCE),
        "The evidence of everything done to one object",
        "某一对象的全部存证记录",
        resolver=answered,
        args={"id": whose} | connection_arguments(registry, EVIDENCE),
    )


def _my_notices(registry: Registry) -> Any:
    arguments = connection_arguments(registry, NOTICE)
    arguments["unread"] = registry.argument(
        graphene.Boolean, "Only what you have not read", "仅未读", default_value=False
    )
    arguments["order_by"] = registry.argument(
        order_of(registry, NOTICE),
        "Order; the newest, which are the unread ones, first unless said otherwise",
        "排序；默认最新（即未读）在前",
        default_value="CREATED_AT_DESC",
    )
    return registry.field(
        connection_of(registry, NOTICE),
        "What you are told by your roles, your participant and in person; read up to a moment",
        "发给本人角色、所属主体或本人的消息，按“已读至”区分是否已读",
        resolver=answered,
        args=arguments,
    )
