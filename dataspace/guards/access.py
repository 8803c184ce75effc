"""Guards on who takes part: identity, who still acts for them, what is live where (L1, 11.5)."""

from dataspace.errors import Conflict
from dataspace.guards.refusals import HandlersThere, IdentityIncomplete, OtherMachinery
from dataspace.identifiers import is_credit_code
from dataspace.machine import Guard, Situation
from dataspace.text import Text


class SpaceClosed(Conflict):
    """A closed space stays as it was: nothing comes into it, and it does not open again."""

    code = "space.closed"
    title = Text("The space {space} is closed", "数据空间 {space} 已关闭")
    advice = Text(
        "Choose a space that is open, or enter another.", "请选择未关闭的空间，或另行录入。"
    )


class NodeStillLive(Conflict):
    """A node leaves when nothing is used through it any more (domain 4 L1-c, G-DUE)."""

    code = "node.still_live"
    title = Text(
        "{id} is not drained: listed products {products}; resources under authorisation {resources}",
        "{id} 尚未清退：在架产品 {products}；授权中的资源 {resources}",
    )
    advice = Text(
        "Have its products delisted and the authorisations over its resources ended first.",
        "请先下架其产品，并终止对其资源的授权。",
    )


def _identified(situation: Situation) -> None:
    row = situation.row
    missing = [name for name in ("name", "kind", "credit_code", "contact") if not row.get(name)]
    if row.get("credit_code") and not is_credit_code(row["credit_code"]):
        missing.append("credit_code (GB 32100)")
    if missing:
        raise IdentityIncomplete(id=row.get("id", ""), fields=", ".join(missing))


def _handlers_gone(situation: Situation) -> None:
    if people := [each["id"] for each in situation.related["people"]]:
        raise HandlersThere(id=situation.row.get("id", ""), people=", ".join(people))


def _is_connector(situation: Situation) -> None:
    if (kind := situation.row.get("kind")) != "CONNECTOR":
        raise OtherMachinery(id=situation.row.get("id", ""), kind=kind)


def _is_node(situation: Situation) -> None:
    if (kind := situation.row.get("kind")) == "CONNECTOR":
        raise OtherMachinery(id=situation.row.get("id", ""), kind=kind)


def _space_open(situation: Situation) -> None:
    for space in situation.related.get("space", ()):
        if space.get("closed_at"):
            raise SpaceClosed(space=space["name"])


def _drained(situation: Situation) -> None:
    """Of a node that is cut off nothing is got, and its entries are changed at the node alone: so
    only the authorisations are asked for, which are kept here."""
    cut_off = situation.row.get("state") == "ISOLATED"
    listed = () if cut_off else situation.related.get("listed", ())
    products = [each["id"] for each in listed]
    resources = [each["id"] for each in situation.related.get("granted", ())]
    if products or resources:
        raise NodeStillLive(
            id=situation.row.get("id", ""), products=", ".join(products) or "∅",
            resources=", ".join(resources) or "∅",
        )  # fmt: skip


IDENTIFIED = Guard(
    "G-IDENTITY", Text("Its identity can be checked", "身份信息完整且校验通过"), _identified
)
HANDLERS_GONE = Guard(  # related: people, those who still act for it
    "G-HANDLERS", Text("Its handlers were removed first", "经办人均已移除"), _handlers_gone
)
IS_CONNECTOR = Guard("G-CONNECTOR", Text("It is a connector", "属于接入连接器"), _is_connector)
IS_NODE = Guard("G-NODE", Text("It is no connector", "不属于接入连接器"), _is_node)
SPACE_OPEN = Guard(  # related: space, the one that it belongs to, if it belongs to one
    "G-SPACE-OPEN", Text("The space that it belongs to is open", "所属空间未关闭"), _space_open
)
DRAINED = Guard(  # related: listed, products of the node; granted, its resources under a grant
    "G-DRAINED",
    Text("Nothing of the node is listed or under an authorisation", "节点无在架产品及授权中的资源"),
    _drained,
)
