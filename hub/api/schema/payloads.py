"""What a mutation answers beside an object: an address to send a file to, decisions, problems."""

from typing import Any

import graphene

from dataspace.text import Text
from hub.api.schema.registry import Registry, listed
from hub.operations.samples import UPLOAD_SECONDS


def upload_payload(registry: Registry) -> Any:
    text = Text("Where the file is to be sent", "文件直传地址")

    def attributes() -> dict[str, Any]:
        return {
            "upload": registry.field(
                _upload(registry),
                "How to send it; null when there are problems",
                "上传方式；有问题时为空",
            ),
            "problems": problems(registry),
        }

    return registry.once(
        "UploadPayload", lambda: registry.object("UploadPayload", text, attributes())
    )


def problems(registry: Registry) -> Any:
    return registry.must(
        listed(_problem(registry)),
        "What is wrong with the input; empty when it was done",
        "输入问题；已办理时为空",
    )


def invitation_code(registry: Registry) -> dict[str, Any]:
    return {
        "code": registry.field(
            graphene.String,
            "The code, shown now and never again; null when it was shown before",
            "邀请码，仅此一次显示；已显示过则为空",
        )
    }


def _upload(registry: Registry) -> Any:
    must, string = registry.must, graphene.String
    text = Text(
        f"An address that takes the announced file, and no other, for {UPLOAD_SECONDS} seconds",
        f"只接收所申报文件的上传地址，{UPLOAD_SECONDS} 秒内有效",
    )

    def attributes() -> dict[str, Any]:
        return {
            "method": must(string, "PUT, or POST for a form", "PUT；表单上传为 POST"),
            "address": must(string, "Where to; it needs no token", "上传地址，无需令牌"),
            "headers": must(
                listed(_named(registry)),
                "Headers to send beside the length, the file being the body",
                "除长度外须附带的请求头，请求体为文件",
            ),
            "fields": must(
                listed(_named(registry)),
                "Fields of the form, before the file, whose part is named file",
                "表单字段，置于名为 file 的文件之前",
            ),
        }

    return registry.once("Upload", lambda: registry.object("Upload", text, attributes()))


def _named(registry: Registry) -> Any:
    must, string = registry.must, graphene.String
    return registry.once(
        "NamedValue",
        lambda: registry.object(
            "NamedValue",
            Text("A name with its value", "名称与取值"),
            {"name": must(string, "Name", "名称"), "value": must(string, "Value", "取值")},
        ),
    )


def _problem(registry: Registry) -> Any:
    must, string = registry.must, graphene.String

    def make() -> Any:
        return registry.object(
            "Problem",
            Text("What is wrong with one field of the input", "某一输入字段的问题"),
            {
                "field": must(
                    listed(string), "Path to the field; empty for all of it", "字段路径；整体为空"
                ),
                "code": must(string, "Stable code", "固定代码"),
                "message": must(string, "What is wrong", "问题说明"),
                "advice": must(string, "What to do", "处理建议"),
            },
        )

    return registry.once("Problem", make)


def decision_input(registry: Registry) -> Any:
    def field(type_: Any, en: str, zh: str, **more: Any) -> Any:
        return graphene.InputField(type_, description=registry.say(Text(en, zh)), **more)

    def make() -> Any:
        attributes = {
            "id": field(graphene.ID, "Which object", "对象编号", required=True),
            "move": field(graphene.String, "Name of the move", "操作名", required=True),
            "reason": field(graphene.String, "Why; it becomes evidence", "理由，写入存证"),
            "request_id": field(
                graphene.String,
                "The same again does nothing twice and gives the first answer",
                "请求编号；重复提交只生效一次",
            ),
        }
        return registry.input("DecisionInput", Text("A decision", "一项办理"), attributes)

    return registry.once("DecisionInput", make)


def decisions_payload(registry: Registry) -> Any:
    text = Text("What became of each decision", "逐项办理结果")

    def make() -> Any:
        attributes = {
            "results": registry.must(
                listed(_decided(registry)), "One for each, in the order given", "与提交顺序一致"
            ),
            "problems": problems(registry),
        }
        return registry.object("DecisionsPayload", text, attributes)

    return registry.once("DecisionsPayload", make)


def _decided(registry: Registry) -> Any:
    must, field, string = registry.must, registry.field, graphene.String

    def make() -> Any:
        return registry.object(
            "Decided",
            Text("What became of a decision", "一项办理结果"),
            {
                "id": must(graphene.ID, "Which object", "对象编号"),
                "move": must(string, "Name of the move", "操作名"),
                "done": must(graphene.Boolean, "Whether it was done", "是否已办理"),
                "state": field(string, "State of the object after it", "办理后的状态"),
                "sequence": field(graphene.Int, "Sequence of its record of evidence", "存证序号"),
                "code": field(string, "Code of the refusal", "拒绝代码"),
                "message": field(string, "Why it was refused", "拒绝原因"),
                "advice": field(string, "What to do about it", "处理建议"),
            },
        )

    return registry.once("Decided", make)
