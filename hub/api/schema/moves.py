"""`moves`: what may be done with an object now, and what stands in the way."""

from typing import Any

import graphene

from dataspace.text import Text
from hub.api.schema.registry import Registry, by_response_key, listed


def moves_field(registry: Registry) -> Any:
    return registry.must(
        listed(_move(registry)),
        "Moves from the present state, and what stands in the way of each",
        "当前状态下可办理的操作及其障碍",
        resolver=by_response_key,
        mine=registry.argument(
            graphene.Boolean,
            "Only those of my roles and my participant",
            "仅限本人角色与本主体可办理的",
            default_value=True,
        ),
    )


def _move(registry: Registry) -> Any:
    must, field, string = registry.must, registry.field, graphene.String

    def make() -> Any:
        return registry.object(
            "Move",
            Text("A move from the present state", "当前状态下的一项操作"),
            {
                "name": must(string, "Name of the move", "操作名"),
                "label": must(string, "In words", "操作说明"),
                "to": must(string, "State that it leads to", "操作后的状态"),
                "needs_reason": must(graphene.Boolean, "Whether it needs a reason", "是否须填理由"),
                "possible": must(graphene.Boolean, "Whether I may make it now", "现在能否办理"),
                "code": field(string, "Code of what stands in the way", "障碍代码"),
                "message": field(string, "What stands in the way", "障碍说明"),
                "advice": field(string, "What to do about it", "处理建议"),
            },
        )

    return registry.once("Move", make)
