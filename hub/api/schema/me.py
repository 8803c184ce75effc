"""`me`: who the caller is, what they may do, and the organisation they act for."""

from typing import Any

import graphene

from dataspace.relations import RELATIONS
from dataspace.text import Text
from hub.api.schema.registry import Registry, by_response_key
from hub.api.schema.types import object_of


def me(registry: Registry) -> Any:
    say, string = registry.say, graphene.String

    def attributes() -> dict[str, Any]:
        participant = RELATIONS.by_name["participant"]
        return {
            "signed_in": graphene.Boolean(
                required=True, description=say(Text("Whether there is a token", "是否已登录"))
            ),
            "subject": string(
                required=True, description=say(Text("The token's subject", "令牌主体"))
            ),
            "name": string(required=True, description=say(Text("Name", "姓名"))),
            "roles": graphene.List(
                graphene.NonNull(string), required=True, description=say(Text("Roles", "角色"))
            ),
            "spaces": graphene.List(
                graphene.NonNull(graphene.ID),
                required=True,
                description=say(Text("Spaces it is a member of", "所属空间")),
            ),
            "participant": graphene.Field(
                object_of(registry, participant),
                description=say(Text("The organisation acted for", "所代表的主体")),
                resolver=by_response_key,
            ),
            "may": graphene.List(
                graphene.NonNull(_move(registry)),
                required=True,
                description=say(
                    Text("Moves that the caller's roles may make", "当前角色可办理的操作")
                ),
            ),
        }

    return registry.once(
        "Me", lambda: registry.object("Me", Text("Who is asking", "当前调用者"), attributes())
    )


def _move(registry: Registry) -> Any:
    say, string = registry.say, graphene.String

    def make() -> Any:
        return registry.object(
            "MoveOfRole",
            Text("A move that a role makes on a kind of object", "角色可对某类对象办理的操作"),
            {
                "kind": string(required=True, description=say(Text("Kind of object", "对象类型"))),
                "move": string(required=True, description=say(Text("Name of the move", "操作名"))),
                "label": string(required=True, description=say(Text("In words", "操作说明"))),
                "own_only": graphene.Boolean(
                    required=True,
                    description=say(
                        Text("Only on what is your participant's", "仅限本主体的对象")
                    ),
                ),
            },
        )

    return registry.once("MoveOfRole", make)
