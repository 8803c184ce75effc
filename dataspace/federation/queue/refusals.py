"""What may come in the way of a request to the hub."""

from typing import Final

from dataspace.errors import Conflict, Exhausted, Invalid, Refused
from dataspace.text import Text


class NoHub(Conflict):
    """At the hub itself, and at a node that belongs to none, an act is done at once."""

    code = "hub_queue.no_hub"
    title = Text("This node belongs to no hub", "本节点未接入枢纽")
    advice = Text("Do it here; nothing has to be asked for.", "请直接在本节点办理，无需报送。")


class QueueFull(Exhausted):
    code = "hub_queue.full"
    title = Text("{limit} requests wait for the hub already", "已有 {limit} 项等待枢纽办理")
    advice = Text(
        "Withdraw what is not needed, or wait for the hub.",
        "请撤回不再需要的事项，或等待枢纽恢复。",
    )


class TooManyOpen(Exhausted):
    """A node has asked for more of a kind than the hub keeps undecided for one node."""

    code = "hub_queue.too_many_open"
    title = Text(
        "{limit} of {what} that this node asked for are open",
        "本节点提出的 {what} 已有 {limit} 项未结",
    )
    advice = Text("Ask again when some are decided.", "请待部分办结后再提出。")


class RestsOnUnknown(Invalid):
    """A request rests on one that was never made, or that came to nothing."""

    code = "hub_queue.rests_on_unknown"
    title = Text("It rests on {id}, which is {state}", "其所依赖的 {id} 状态为 {state}")
    advice = Text("Ask for that first.", "请先提出所依赖的事项。")


class RestsOnRefused(Conflict):
    """What a request rests on was refused by the hub, or withdrawn: it is not sent."""

    code = "hub_queue.rests_on_refused"
    title = Text("It rests on {id}, which is {state}", "其所依赖的 {id} 状态为 {state}")
    advice = Text("See why, and ask for both again.", "请查明原因后重新提出两项。")


class NotWaiting(Conflict):
    code = "hub_queue.not_waiting"
    title = Text("{id} does not wait any more: {state}", "{id} 已不在等待中：{state}")
    advice = Text(
        "Ask for the opposite, where there is one.", "如需撤销其效果，请另行提出相反事项。"
    )


class InDoubt(Conflict):
    """It was sent and the answer did not arrive: the hub may have done it, so nobody can say that
    it was withdrawn."""

    code = "hub_queue.in_doubt"
    title = Text(
        "{id} was sent at {tried_at}, and the hub may have done it",
        "{id} 已于 {tried_at} 报送，枢纽可能已经办理",
    )
    advice = Text(
        "Wait for the hub's answer, which is asked for again by itself; whoever runs the node may"
        " give it up with a reason.",
        "请等待枢纽应答，系统会自动再次查询；节点平台管理员可说明理由予以放弃。",
    )


class ActUnknown(Invalid):
    """A node asks for what this version of the hub does not do for nodes."""

    code = "hub_queue.act_unknown"
    title = Text("{act} is nothing that a node asks of its hub", "{act} 不是节点可报送的事项")
    advice = Text("Compare the versions of the two nodes.", "请比对双方版本。")


class NotForNodes(Conflict):
    """The hub's own rule on what a node may ask for others."""

    code = "hub_queue.not_for_this_node"
    title = Text(
        "The node {node} may not ask this for {participant}",
        "节点 {node} 不得为 {participant} 提出该事项",
    )
    advice = Text(
        "A node asks for its operator and the members of its space.",
        "节点仅可为其运营方及其空间成员提出。",
    )


class AskerShutOut(Refused):
    """Who asked was removed or frozen, or their organisation, while the request waited."""

    code = "hub_queue.asker_shut_out"
    title = Text(
        "{asked_by} is {status}: nothing is done in their name any more",
        "{asked_by} 当前为 {status}：不再以其名义办理",
    )
    advice = Text(
        "Let somebody else who may ask for it, if it is needed still.",
        "如仍需办理，请由其他有权人员重新提出。",
    )


class AskerLacksRight(Refused):
    """Who asked has lost the role, or their organisation its part, while the request waited."""

    code = "hub_queue.asker_lacks_right"
    title = Text(
        "{asked_by} may not ask for {act} any more", "{asked_by} 已无权提出 {act}"
    )
    advice = Text(
        "Let somebody else who may ask for it, if it is needed still.",
        "如仍需办理，请由其他有权人员重新提出。",
    )


# Of who might ask for it when they did, and may not when it is to be done.
LAPSED: Final = frozenset({AskerShutOut.code, AskerLacksRight.code})
