"""The root of mutations: an input and a payload for every operation.

What is wrong with the input is data in the payload's `problems`; a refusal is an error.
"""

from typing import Any

import graphene

from dataspace.nouns.memberships import MEMBERSHIP_ROLE
from dataspace.relations import EVIDENCE, RELATIONS
from dataspace.shape import Edge, Field, Noun, Part, Type
from dataspace.text import Text
from hub.api.jobs.schema import asked_inputs, asked_payload
from hub.api.schema.payloads import (
    decision_input,
    decisions_payload,
    invitation_code,
    problems,
    upload_payload,
)
from hub.api.schema.registry import Registry, by_response_key, listed
from hub.api.schema.roots import answered
from hub.api.schema.scalars import scalar
from hub.api.writing.operation import Gives, Operation
from hub.api.writing.operations import OPERATIONS


def mutation_of(registry: Registry) -> Any:
    """Made after the object types. A field may be null, so that a refusal leaves the others."""
    fields = {name: _field(registry, each) for name, each in OPERATIONS.items()}
    return registry.object("Mutation", Text("What can be done", "变更入口"), fields)


def _field(registry: Registry, operation: Operation) -> Any:
    return registry.field(
        _payload_of(registry, operation),
        operation.text.en,
        operation.text.zh,
        resolver=answered,
        input=registry.argument(
            graphene.NonNull(_input(registry, operation)), "What to do it with", "操作内容"
        ),
    )


def _payload_of(registry: Registry, operation: Operation) -> Any:
    match operation.gives:
        case Gives.UPLOAD:
            return upload_payload(registry)
        case Gives.RUNS:
            return asked_payload(registry, problems(registry))
        case Gives.DECISIONS:
            return decisions_payload(registry)
    return _payload(registry, operation)


def _input(registry: Registry, operation: Operation) -> Any:
    def field(type_: Any, en: str, zh: str, **more: Any) -> Any:
        return graphene.InputField(type_, description=registry.say(Text(en, zh)), **more)

    known = {
        "id": lambda: field(graphene.ID, "Which one", "对象编号", required=True),
        "reason": lambda: field(
            graphene.String,
            "Why; it becomes part of the evidence",
            "理由，写入存证",
            required=operation.needs_reason,
        ),
        "space": lambda: field(graphene.ID, "Which space", "数据空间编号", required=True),
        "role": lambda: _role(registry),
        "member": lambda: field(graphene.ID, "Which member", "成员编号", required=True),
        "version": lambda: field(
            graphene.Int,
            "The version that was looked at; refused when it has changed since",
            "所依据的版本；若已变更则拒绝",
        ),
        "values": lambda: field(
            _values(registry, operation), "Values of its fields", "字段取值", required=True
        ),
        "decisions": lambda: field(
            listed(decision_input(registry)),
            "What is decided, in this order",
            "办理内容，按序办理",
            required=True,
        ),
        "lines": lambda: field(
            listed(graphene.Int), "Numbers of the lines", "行序号", required=True
        ),
        "form": lambda: field(
            graphene.Boolean,
            "Whether it is to be sent by a form, as HTML without scripts does",
            "是否以表单方式上传（无脚本网页）",
        ),
        **asked_inputs(registry),
        "request_id": lambda: field(
            graphene.String,
            "The same again does nothing twice and gives the first answer",
            "请求编号；重复提交只生效一次",
        ),
    }
    own = ("request_id",) if operation.gives in (Gives.OBJECT, Gives.CODE) else ()
    takes = (*operation.takes, *own)
    attributes = {name: known[name]() for name in takes}
    name = f"{operation.name[0].upper()}{operation.name[1:]}Input"
    return registry.once(name, lambda: registry.input(name, operation.text, attributes))


def _role(registry: Registry) -> Any:
    text = Text(
        "In which role; a consumer of data when none is named", "空间内角色；未填为数据使用方"
    )
    return graphene.InputField(registry.table(MEMBERSHIP_ROLE), description=registry.say(text))


def _values(registry: Registry, operation: Operation) -> Any:
    noun = RELATIONS.by_name[operation.values_of or operation.kind]
    name = f"{noun.type_name}Values"
    text = Text(
        f"What is set by hand; null takes a value away: {noun.text.en}",
        f"可填写的字段，null 表示清除：{noun.text.zh}",
    )
    if operation.values_of:
        text = Text(
            f"What it is to be, all of it: {noun.text.en}", f"申报内容，须全部填写：{noun.text.zh}"
        )

    def attributes() -> dict[str, Any]:
        return {each: _value(registry, noun, each) for each in operation.fields}

    return registry.once(name, lambda: registry.input(name, text, attributes()))


def _value(registry: Registry, noun: Noun, name: str) -> Any:
    known: Field | Edge | Part
    if name in noun.by_name:
        known = noun.by_name[name]
        type_ = _scalar(registry, known)
    elif name in noun.edge_by_name:
        known = noun.edge_by_name[name]
        type_ = listed(graphene.ID) if known.many else graphene.ID
    else:
        known = noun.part_by_name[name]
        type_ = listed(_part_values(registry, known))
    return graphene.InputField(type_, description=registry.say(known.text))


def _scalar(registry: Registry, field: Field) -> Any:
    if field.table:
        return registry.table(field.table)
    type_ = scalar(registry, field.type)
    return listed(type_) if field.type is Type.NAMES else type_


def _part_values(registry: Registry, part: Part) -> Any:
    name = f"{part.type_name}Values"

    def attributes() -> dict[str, Any]:
        return {
            field.name: graphene.InputField(
                _scalar(registry, field), description=registry.say(field.text)
            )
            for field in part.settable
        }

    return registry.once(name, lambda: registry.input(name, part.text, attributes()))


def _payload(registry: Registry, operation: Operation) -> Any:
    """One for each noun; that of an operation which gives a code has a name of its own."""
    noun = RELATIONS.by_name[operation.kind]
    gives_code = operation.gives is Gives.CODE
    name = f"{noun.type_name}{'Code' if gives_code else ''}Payload"
    text = Text(f"What became of it: {noun.text.en}", f"操作结果：{noun.text.zh}")

    def attributes() -> dict[str, Any]:
        evidence = registry.made[EVIDENCE.type_name]
        return {
            "object": registry.field(
                registry.made[noun.type_name],
                "The object as it is now; null when it was removed, or there are problems",
                "操作后的对象；已删除或有问题时为空",
                resolver=by_response_key,
            ),
            "evidence": registry.field(
                evidence, "The record that was made", "所生成的存证", resolver=by_response_key
            ),
            "problems": problems(registry),
            **(invitation_code(registry) if gives_code else {}),
        }

    return registry.once(name, lambda: registry.object(name, text, attributes()))
