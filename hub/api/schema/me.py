"""`me`: who the caller is, what they may do, and the organisation they act for."""

from typing import Any

import graphene

from dataspace.text import Text
from hub.api.schema.registry import Registry, by_response_key, listed


def me(registry: Registry) -> Any:
    must, string = registry.must, graphene.String

    def attributes() -> dict[str, Any]:
        return {
            "signed_in": must(graphene.Boolean, "Whether there is a token", "是否已登录"),
            "subject": must(string, "The token's subject", "令牌主体"),
            "name": must(string, "Name", "姓名"),
            "roles": must(listed(string), "Roles", "角色"),
            "spaces": must(listed(graphene.ID), "Spaces it is a member of", "所属空间"),
            "participant": registry.field(
                registry.made["Participant"],
                "The organisation acted for",
                "所代表的主体",
                resolver=by_response_key,
            ),
            "may": must(
                listed(_move(registry)),
                "Moves that the caller's roles may make",
                "当前角色可办理的操作",
            ),
        }

    return registry.once(
        "Me", lambda: registry.object("Me", Text("Who is asking", "当前调用者"), attributes())
    )


def _move(registry: Registry) -> Any:
    must, string = registry.must, graphene.String

    def make() -> Any:
        return registry.object(
            "MoveOfRole",
            Text("A move that a role makes on a kind of object", "角色可对某类对象办理的操作"),
            {
                "kind": must(string, "Kind of object", "对象类型"),
                "move": must(string, "Name of the move", "操作名"),
                "label": must(string, "In words", "操作说明"),
                "own_only": must(
                    graphene.Boolean, "Only on what is your participant's", "仅限本主体的对象"
                ),
            },
        )

    return registry.once("MoveOfRole", make)
