"""What may go wrong between two nodes that follow each other's catalogue."""

from dataspace.errors import Broken, Invalid, Refused, Unavailable
from dataspace.text import Text


class PeerUnavailable(Unavailable):
    """Another node does not answer; what it published before stays, with its age."""

    code = "peer.unavailable"
    title = Text("The node {node} does not answer: {detail}", "节点 {node} 无响应：{detail}")
    advice = Text(
        "It is asked again by itself, in {retry_after_seconds} seconds at the earliest.",
        "系统将自动重试，最早于 {retry_after_seconds} 秒后进行。",
    )


class PeerRefuses(Refused):
    """Another node answers, and will not tell this one anything."""

    code = "peer.refuses"
    title = Text("The node {node} refuses: {detail}", "节点 {node} 拒绝：{detail}")
    advice = Text(
        "Look at the standing of both nodes; who is cut off is told nothing.",
        "请查看双方节点状态；被切断的节点得不到任何内容。",
    )


class PeerMalformed(Broken):
    """What another node answered is of no form that this version knows."""

    code = "peer.malformed"
    title = Text("A node's answer cannot be read: {what}", "节点应答无法读取：{what}")
    advice = Text(
        "Compare the versions of the two nodes; nothing of the answer was taken over.",
        "请比对双方节点版本；该应答未被采用。",
    )


class PositionUnknown(Invalid):
    """A page of everything is asked for from a position that no page gave."""

    code = "peer.position_unknown"
    title = Text("No page begins at {position}", "没有从 {position} 开始的页")
    advice = Text("Begin again without a position.", "请不带位置参数重新开始。")
