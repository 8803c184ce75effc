"""What is refused of somebody who asks nodes live."""

from dataspace.errors import Exhausted, Invalid, NotFound, Unavailable
from dataspace.text import Text


class NotAskedHere(NotFound):
    """A node that has joined a hub knows the way to the hub alone."""

    code = "live.not_the_hub"
    title = Text(
        "Nodes are asked live at the hub, which is {hub}", "实时询问须在枢纽进行；枢纽为 {hub}"
    )
    advice = Text("Ask the hub.", "请向枢纽请求。")


class TooManyNodes(Exhausted):
    """Refused as a whole: none of the nodes is left out in silence."""

    status = 400
    code = "live.nodes"
    title = Text(
        "At most {limit} nodes are asked at once; this would be {asked}",
        "单次最多询问 {limit} 个节点，本次为 {asked}",
    )
    advice = Text("Name the nodes, in several requests.", "请指定节点，分多次请求。")


class TooManyObjects(Exhausted):
    status = 400
    code = "live.objects"
    title = Text(
        "At most {limit} products and resources are asked for at once; this asked for {asked}",
        "单次最多查询 {limit} 个产品或资源，本次为 {asked}",
    )
    advice = Text("Ask for them in several requests.", "请分多次请求。")


class ObjectElsewhere(Invalid):
    """None of the nodes that are asked has published it."""

    code = "live.object_elsewhere"
    title = Text(
        "{id} is not published by one of the nodes that are asked", "{id} 不是由所询问的节点发布"
    )
    advice = Text(
        "Ask the node that its originNode names; what has none stands in the hub itself.",
        "请询问其 originNode 所指节点；无该字段者由枢纽自身保存。",
    )


class DeadlineOutOfRange(Invalid):
    code = "live.deadline"
    title = Text(
        "A deadline is 1 to {limit} milliseconds, not {asked}",
        "时限须为 1 至 {limit} 毫秒，而非 {asked}",
    )
    advice = Text("Choose another deadline.", "请另选时限。")


class AskedTooOften(Exhausted):
    """Each time, many nodes do work for one caller."""

    code = "live.asked_too_often"
    title = Text(
        "You may ask nodes live {limit} times a minute", "每分钟最多可实时询问节点 {limit} 次"
    )
    advice = Text(
        "Try again in {retry_after_seconds} seconds; what the hub holds can be read at any time.",
        "请在 {retry_after_seconds} 秒后重试；枢纽所存内容可随时查询。",
    )


class NoWay(Unavailable):
    """It is not admitted, or has said no address."""

    code = "live.no_way"
    title = Text("There is no way to the node {node}", "没有通往节点 {node} 的途径")
    advice = Text("Look at its state and address.", "请查看其状态与地址。")
