"""Lineage: what an object was made from and what was made from it, as links."""

from typing import Any

import graphene

from dataspace.selection import LINEAGE_DEPTH_MAX
from dataspace.text import Text
from hub.api.schema.registry import Registry, by_response_key, identifier, listed


def lineage_field(registry: Registry) -> Any:
    direction = registry.enum(
        "LineageDirection",
        Text("Which way lineage is walked", "血缘方向"),
        {
            "UPWARDS": Text("What it was made from, up to the department", "来源，直至提供部门"),
            "DOWNWARDS": Text("What was made from it", "由其产生什么"),
        },
    )
    return registry.must(
        listed(_link(registry)),
        "What it was made from, or what was made from it, nearest first",
        "数据血缘，由近及远",
        resolver=by_response_key,
        direction=registry.argument(direction, "Which way", "方向", default_value="UPWARDS"),
        depth=registry.argument(
            graphene.Int,
            f"How many steps, up to {LINEAGE_DEPTH_MAX}",
            f"步数，上限 {LINEAGE_DEPTH_MAX}",
            default_value=6,
        ),
    )


def _link(registry: Registry) -> Any:
    must, field, string = registry.must, registry.field, graphene.String

    def end() -> Any:
        return registry.object(
            "LineageEnd",
            Text("One end of a link of lineage", "血缘链接的一端"),
            {
                "id": identifier(registry),
                "kind": must(string, "Its noun", "对象类型"),
                "name": field(string, "Name or title", "名称或标题"),
                "state": field(string, "State", "状态"),
            },
        )

    def make() -> Any:
        ends = registry.once("LineageEnd", end)
        return registry.object(
            "LineageLink",
            Text("One step of lineage", "血缘的一步"),
            {
                "depth": must(graphene.Int, "Steps away, from 1", "距离，自 1 起"),
                "edge": must(string, "Name of the edge", "关系名"),
                "source": must(ends, "What was made", "产物"),
                "target": must(ends, "What it was made from", "来源"),
            },
        )

    return registry.once("LineageLink", make)
