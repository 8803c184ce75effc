"""The types of `liveNodes`."""

from typing import Any

import graphene

from dataspace.federation.live.answers import (
    DEADLINE_MILLISECONDS,
    DEADLINE_MILLISECONDS_MAX,
    NODES_MAX,
    OBJECTS_MAX,
)
from dataspace.federation.live.statuses import LIVE_STATUS
from dataspace.shape import Type
from dataspace.text import Text
from hub.api.schema.registry import Registry, listed
from hub.api.schema.scalars import scalar


def live_field(registry: Registry, resolver: Any) -> Any:
    argument = registry.argument
    ids, deadline = listed(graphene.ID), f"{DEADLINE_MILLISECONDS_MAX} ms"
    return registry.field(
        listed(_node(registry)),
        "What nodes themselves say now; whoever does not answer is told of with the hub's copy",
        "节点当前的自述；未应答者列出结果及枢纽所存副本",
        resolver=resolver,
        args={
            "nodes": argument(
                ids,
                f"Which, at most {NODES_MAX}; all that the hub follows unless given",
                f"所询问节点，至多 {NODES_MAX} 个；默认为枢纽所接收的全部节点",
            ),
            "objects": argument(
                ids,
                f"Products and resources that they published, at most {OBJECTS_MAX}",
                f"其发布的产品与资源，至多 {OBJECTS_MAX} 个",
                default_value=[],
            ),
            "deadline_ms": argument(
                graphene.Int,
                f"Milliseconds that are waited for all of them, at most {deadline}",
                f"等待全部节点的毫秒数，至多 {deadline}",
                default_value=DEADLINE_MILLISECONDS,
            ),
        },
    )


def _node(registry: Registry) -> Any:
    must, field, string = registry.must, registry.field, graphene.String
    moment, whole = scalar(registry, Type.MOMENT), scalar(registry, Type.NUMBER)

    def make() -> Any:
        return registry.object(
            "LiveNode",
            Text("A node that was asked, or why not", "被询问的节点及结果"),
            {
                "id": must(graphene.ID, "Identifier of the node", "节点编号"),
                "name": must(string, "Name", "名称"),
                "status": must(registry.table(LIVE_STATUS), "What became of it", "询问结果"),
                "milliseconds": field(
                    graphene.Int, "How long it took; null when it was not asked",
                    "耗时（毫秒）；未询问则为空",
                ),
                "code": field(string, "Why there is no answer, as a code", "无应答原因代码"),
                "readiness": field(
                    string, "ready, degraded or down, by its own word", "自报就绪状态"
                ),
                "version": field(string, "Version of its software", "软件版本"),
                "heard_at": field(
                    moment, "When it said that of itself", "上述自述的时间"
                ),
                "revision": field(
                    whole, "Revision of its catalogue; of a node that did not answer, up to which"
                    " it was taken over", "目录版本号；未应答者为枢纽已接收至的版本",
                ),
                "resources": field(whole, "Resources that it publishes", "其发布的资源数"),
                "products": field(whole, "Products that it publishes", "其发布的产品数"),
                "as_of": field(
                    moment, "As of when that is so of its catalogue; null when it was never"
                    " followed", "上述目录信息的截止时间；从未接收则为空",
                ),
                "age_seconds": field(whole, "How old that is", "上述信息距今秒数"),
                "objects": must(
                    listed(_object(registry)), "What was asked for of it", "所查询的其产品与资源"
                ),
            },
        )  # fmt: skip

    return registry.once("LiveNode", make)


def _object(registry: Registry) -> Any:
    must, field = registry.must, registry.field
    moment = scalar(registry, Type.MOMENT)

    def make() -> Any:
        return registry.object(
            "LiveObject",
            Text("How a product or resource stands", "产品或资源的现况"),
            {
                "id": must(graphene.ID, "Its identifier", "编号"),
                "withdrawn": must(
                    graphene.Boolean, "Whether the node does not publish it any more",
                    "节点是否已不再发布",
                ),
                "state": field(graphene.String, "Its state", "状态"),
                "changed_at": field(moment, "When it last changed there", "在该节点的变更时间"),
                "as_of": field(moment, "As of when that is so", "上述信息的截止时间"),
            },
        )  # fmt: skip

    return registry.once("LiveObject", make)
