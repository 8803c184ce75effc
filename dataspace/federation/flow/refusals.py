"""Why a feed goes no further, and why one entry of a node is not taken over."""

from typing import Final

from dataspace.errors import Broken, Conflict, Exhausted, Invalid, Refused
from dataspace.text import Text

# Why a feed goes no further, or begins again: it stands on the feed, for both sides to see.


class FeedGap(Broken):
    """A batch does not begin where the last one ended, or does not get on."""

    code = "feed.gap"
    title = Text(
        "The node was asked from revision {asked} and tells from {since} to {reached}",
        "请求自版本 {asked} 起，节点应答为 {since} 至 {reached}",
    )
    advice = Text(
        "Nothing of it was taken over; compare the versions of the two nodes.",
        "该批内容未被采用；请比对双方节点版本。",
    )


class FeedWentBack(Conflict):
    """The node's log is not the one that was followed: it was restored, or made anew."""

    code = "feed.went_back"
    title = Text(
        "The node's log does not go on from revision {revision}",
        "节点日志与版本 {revision} 不相衔接",
    )
    advice = Text(
        "All that it publishes is compared in full, by itself; ask its operator for the reason.",
        "系统将自动全量核对其发布内容；请向其运营方了解原因。",
    )


class FeedTooLong(Conflict):
    """A node publishes more rows than are followed of one node."""

    code = "feed.too_long"
    title = Text(
        "The node publishes more than {limit} rows", "节点发布的条目超过 {limit} 条"
    )
    advice = Text(
        "What was taken over stays; ask the operator of the node what it publishes.",
        "已接收的内容保留；请与该节点运营方核实其发布内容。",
    )


class FeedTooHeavy(Conflict):
    """What a node publishes takes more room than one node has here."""

    code = "feed.too_heavy"
    title = Text(
        "The node publishes more than {limit_bytes} bytes", "节点发布的内容超过 {limit_bytes} 字节"
    )
    advice = Text(
        "What was taken over stays; ask the operator of the node what it publishes, or give every"
        " node more room (CITYSPACE_NODE_BYTES_MAX).",
        "已接收的内容保留；请与该节点运营方核实其发布内容，或调高各节点上限"
        "（CITYSPACE_NODE_BYTES_MAX）。",
    )


class FeedTooSlow(Conflict):
    """A node did not tell all that it publishes in the time that one comparison may take."""

    code = "feed.too_slow"
    title = Text(
        "The node has not told all that it publishes within {minutes} minutes",
        "节点未能在 {minutes} 分钟内提供全部发布内容",
    )
    advice = Text(
        "What was taken over stays, and it is asked again; compare its load and the line to it.",
        "已接收的内容保留，系统将再次请求；请检查该节点负载与线路。",
    )


class FeedTooFast(Exhausted):
    """A node changes more, again and again, than is taken over of one node."""

    code = "feed.too_fast"
    title = Text(
        "The node has changed more than {limit} rows at once", "节点一次变更的条目超过 {limit} 条"
    )
    advice = Text(
        "It is asked again in {retry_after_seconds} seconds; nothing is lost.",
        "系统将在 {retry_after_seconds} 秒后再次接收，内容不会丢失。",
    )


class FeedCutOff(Refused):
    """The node is cut off by the hub: it is not asked, and what it offers is suspended."""

    code = "feed.cut_off"
    title = Text("The node is cut off and is not followed", "节点已被隔离，暂停接收其目录")
    advice = Text(
        "Let the node in again; all that it publishes is then compared, and offered as it says.",
        "解除隔离后将全量核对其发布内容，并按其现状恢复。",
    )


# A node that publishes too much is refused as a whole.
TOO_MUCH: Final = (FeedTooLong, FeedTooHeavy)


class FeedBusy(Conflict):
    """Another process follows the same node at this moment; it goes on from there."""

    code = "feed.busy"
    title = Text("Another process follows the node {node}", "另一进程正在接收节点 {node} 的目录")
    advice = Text("Nothing is to be done.", "无需处理。")


# Why one entry is not taken over, while those beside it are.


class KindNotFollowed(Invalid):
    """An entry is of a kind that is not told in this direction."""

    code = "feed.kind_not_followed"
    title = Text("{kind} is nothing that a node tells here", "此处不接收 {kind} 类条目")


class IdMalformed(Invalid):
    code = "feed.id_malformed"
    title = Text("{id} is no identifier of a {kind}", "{id} 不是 {kind} 的标识")


class EntryTooLarge(Exhausted):
    """An entry is longer than one may be, or was told without its values for that reason."""

    code = "feed.entry_too_large"


class FieldsPrivate(Refused):
    """An entry holds what may not leave a node at all."""

    code = "feed.fields_private"
    title = Text("{fields} may not leave a node", "{fields} 不得外传")
    advice = Text("Bring the node to this version.", "请将节点升级至相同版本。")


class EntryInvalid(Invalid):
    """Some values of an entry are not what the map of the domain says."""

    code = "feed.entry_invalid"
    title = Text("The entry cannot be kept: {problems}", "条目无法保存：{problems}")


class NotPublished(Refused):
    """An entry is not in a state, or not for an audience, in which it may leave a node."""

    code = "feed.not_published"
    title = Text(
        "What is {state} and for {audience} may not leave a node",
        "状态为 {state}、可见范围为 {audience} 的条目不得外传",
    )
    advice = Text("List or register it for all members first.", "请先面向全体成员上架或登记。")


class GradeAbove(Refused):
    """An entry has no grade, or a higher one than may leave a node."""

    code = "feed.grade_above"
    title = Text(
        "Grade {grade} may not leave a node; the highest is {limit}",
        "{grade} 级条目不得外传，最高为 {limit} 级",
    )
    advice = Text("It stays in the node that has it.", "该条目应留在原节点。")


class IdentifierTaken(Conflict):
    """Another node, or this one itself, has a row of that identifier."""

    code = "feed.identifier_taken"
    title = Text("{id} is already held by {holder}", "{id} 已由 {holder} 持有")
    advice = Text(
        "The two operators settle whose it is; the first stays meanwhile.",
        "请双方运营方核实归属；其间以先到者为准。",
    )


class ParticipantNotServed(Refused):
    """A node publishes for a participant that is neither its operator nor a member of its space."""

    code = "feed.participant_not_served"
    title = Text("The node does not serve {participant}", "该节点不为 {participant} 提供服务")
    advice = Text(
        "Have the participant join the node's space first.", "请先将该主体加入该节点的空间。"
    )


class NamesUnknown(Conflict):
    """An entry names another one that was not taken over."""

    code = "feed.names_unknown"
    title = Text("It names {id}, which is not known here", "其引用的 {id} 在此处不存在")
    advice = Text(
        "It is tried again when everything is compared; see why the other was refused.",
        "全量核对时将重试；请查看被引用条目的拒收原因。",
    )


class SourceNotAuthorised(Refused):
    """A node publishes a product of another space's resource without an authorisation over it."""

    code = "feed.source_not_authorised"
    title = Text(
        "{owner} is not authorised for {resource}, which another space publishes",
        "{owner} 未获得其他空间资源 {resource} 的授权",
    )
    advice = Text(
        "Apply at the hub for an authorisation over it.", "请在枢纽申请对该资源的授权。"
    )


class GradeBelowSource(Refused):
    """A product is graded lower than what another space publishes and it is built from."""

    code = "feed.grade_below_source"
    title = Text(
        "Grade {grade} is below grade {needed} of the source {source}",
        "{grade} 级低于来源 {source} 的 {needed} 级",
    )
    advice = Text(
        "Grade it as its highest source at least.", "请使其等级不低于任一来源。"
    )
