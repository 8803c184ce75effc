"""The root of queries: connections, look-ups by unique fields, `node`, `history`, `me`."""

from typing import Any

import graphene

from dataspace.relations import EVIDENCE, RELATIONS
from dataspace.shape import Noun
from dataspace.text import Text
from hub.api.schema.me import me
from hub.api.schema.registry import Registry
from hub.api.schema.types import (
    argument,
    connection_arguments,
    connection_of,
    entry,
    object_of,
)


def answered(_root: Any, info: Any, **_: Any) -> Any:
    """What was read for this root field before execution, or the refusal that it met."""
    answer = info.context[info.path.key]
    if isinstance(answer, Exception):
        raise answer
    return answer


def query_of(registry: Registry) -> Any:
    fields: dict[str, Any] = {}
    for noun in RELATIONS.nouns:
        fields[noun.plural] = _connection(registry, noun)
    for noun in RELATIONS.nouns:
        if noun.name not in ("node", noun.plural):
            fields[noun.name] = _lookup(registry, noun)
    fields["node"] = _node(registry)
    fields["history"] = _history(registry)
    fields["me"] = graphene.Field(
        graphene.NonNull(me(registry)),
        description=registry.say(Text("Who is asking", "当前调用者")),
        resolver=answered,
    )
    return registry.object("Query", Text("What can be asked", "查询入口"), fields)


def _connection(registry: Registry, noun: Noun) -> Any:
    return graphene.Field(
        graphene.NonNull(connection_of(registry, noun)),
        description=registry.say(noun.plural_text),
        resolver=answered,
        args=connection_arguments(registry, noun),
    )


def unique_fields(noun: Noun) -> list[str]:
    return [field.name for field in noun.fields if field.unique]


def _lookup(registry: Registry, noun: Noun) -> Any:
    arguments = {"id": argument(registry, graphene.ID, "Its identifier", "编号")}
    for name in unique_fields(noun):
        field = noun.by_name[name]
        arguments[name] = argument(registry, graphene.String, field.text.en, field.text.zh)
    arguments["at"] = argument(
        registry, graphene.Int, "As it was after this sequence of the evidence",
        "该存证序号之后的状态",
    )
    return graphene.Field(
        object_of(registry, noun),
        description=registry.say(
            Text(
                f"One {noun.text.en.lower()}, by exactly one of its unique values",
                f"按唯一取值查一个{noun.text.zh}",
            )
        ),
        resolver=answered,
        args=arguments,
    )


def _node(registry: Registry) -> Any:
    return graphene.Field(
        entry(registry),
        description=registry.say(
            Text("Anything by its identifier; for a node also by its code", "按编号查任何对象；节点亦可按标识编码")
        ),
        resolver=answered,
        id=argument(registry, graphene.ID, "Its identifier", "编号"),
        identifier=argument(
            registry, graphene.String, "Infrastructure identifier of a node", "节点标识编码"
        ),
    )


def _history(registry: Registry) -> Any:
    arguments = {
        "id": argument(
            registry, graphene.NonNull(graphene.ID), "Whose history", "对象编号"
        )
    }
    return graphene.Field(
        graphene.NonNull(connection_of(registry, EVIDENCE)),
        description=registry.say(
            Text("The evidence of everything done to one object", "某一对象的全部存证记录")
        ),
        resolver=answered,
        args=arguments | connection_arguments(registry, EVIDENCE),
    )
