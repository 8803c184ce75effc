"""Guards on who takes part: identity, who still acts for them, what is live where (L1, 11.5)."""

from collections.abc import Iterable, Mapping
from typing import Any

from dataspace.errors import Conflict
from dataspace.guards.refusals import HandlersThere, IdentityIncomplete, OtherMachinery
from dataspace.identifiers import is_credit_code
from dataspace.machine import Guard, Situation
from dataspace.nouns.memberships import MEMBERSHIPS_MAX
from dataspace.text import Text


class SpaceClosed(Conflict):
    """A closed space stays as it was: nothing comes into it, and it does not open again."""

    code = "space.closed"
    title = Text("The space {space} is closed", "数据空间 {space} 已关闭")
    advice = Text(
        "Choose a space that is open, or enter another.", "请选择未关闭的空间，或另行录入。"
    )


class OnRecord(Conflict):
    """Who is in the catalogue already is admitted by the bureau, and introduced by nobody."""

    code = "participant.on_record"
    title = Text("{id} is on record already", "{id} 已在册")
    advice = Text("Ask the bureau to admit it.", "请联系主管部门办理准入。")


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


class CapabilityMissing(Conflict):
    """A node or connector that lacks what a space requires does not join it (TC-016)."""

    code = "space.capability_missing"
    title = Text(
        "{name} lacks for {space}: {capabilities}",
        "{name} 缺少加入 {space} 所需的能力：{capabilities}",
    )
    advice = Text(
        "Let one node or connector of it have all that the space requires.",
        "请使其某一节点或连接器具备该空间要求的全部能力。",
    )


class TooManyMemberships(Conflict):
    """The memberships of one participant are always read whole."""

    code = "space.too_many_memberships"
    title = Text("{name} is a member of {limit} spaces already", "{name} 已加入 {limit} 个数据空间")
    advice = Text("End a membership that is not needed.", "请先退出不再需要的数据空间。")


class SpaceNotLogical(Conflict):
    """The city and its sub-spaces have rules that others rest on; nodes have their own exit."""

    code = "space.not_logical"
    title = Text("{space} is no logical space", "{space} 不是逻辑空间")
    advice = Text("Name a logical space within it.", "请选择其内的逻辑空间。")


class SpaceOfNobody(Conflict):
    """Nobody operates the space, so nobody could decide."""

    code = "space.of_nobody"
    title = Text("{space} has no operator", "{space} 没有运营方")
    advice = Text("Ask the platform to let you in.", "请向平台申请加入。")


class SpaceKeptByAnother(Conflict):
    """Whoever operated the space when it was applied for does so no longer."""

    code = "space.kept_by_another"
    title = Text("{space} is not operated by {operator}", "{space} 的运营方不是 {operator}")
    advice = Text(
        "Take the application back and submit it again; it then goes to whoever operates it now.",
        "请撤回申请后重新提交，申请将转至现运营方。",
    )


def _identified(situation: Situation) -> None:
    row = situation.row
    missing = [name for name in ("name", "kind", "credit_code", "contact") if not row.get(name)]
    if row.get("credit_code") and not is_credit_code(row["credit_code"]):
        missing.append("credit_code (GB 32100)")
    if missing:
        raise IdentityIncomplete(id=row.get("id", ""), fields=", ".join(missing))


def _not_on_record(situation: Situation) -> None:
    if situation.row.get("version"):
        raise OnRecord(id=situation.row.get("id", ""))


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


def check_able(
    row: Mapping[str, Any], spaces: Iterable[Mapping[str, Any]], nodes: Iterable[Mapping[str, Any]]
) -> None:
    """One node of the participant, or a connector, has all that a space requires; else the nearest
    is named. Raises:  CapabilityMissing."""
    able = [set(each["capabilities"] or ()) for each in nodes] or [set[str]()]
    for space in spaces:
        lacking = [set(space["required_capabilities"] or ()) - each for each in able]
        if least := min(lacking, key=len):
            raise CapabilityMissing(
                name=row.get("name") or "–", space=space["name"],
                capabilities=", ".join(sorted(least)),
            )  # fmt: skip


def _logical(situation: Situation) -> None:
    for space in situation.related["space"]:
        if space["kind"] != "LOGICAL":
            raise SpaceNotLogical(space=space["name"])
        if not space.get("operator"):
            raise SpaceOfNobody(space=space["name"])


def _kept(situation: Situation) -> None:
    operator = situation.row.get("operator")
    for space in situation.related["space"]:
        if not operator or space.get("operator") != operator:
            raise SpaceKeptByAnother(space=space["name"], operator=operator or "–")


def _able(situation: Situation) -> None:
    related = situation.related
    for member in related["member"]:
        check_able(member, related["space"], related["machinery"])


def _room(situation: Situation) -> None:
    space = situation.row.get("space")
    for member in situation.related["member"]:
        others = [each for each in member["memberships"] or () if each["space"] != space]
        if len(others) >= MEMBERSHIPS_MAX:
            raise TooManyMemberships(name=member["name"], limit=MEMBERSHIPS_MAX)


IDENTIFIED = Guard(
    "G-IDENTITY", Text("Its identity can be checked", "身份信息完整且校验通过"), _identified
)
NOT_ON_RECORD = Guard("G-NEW", Text("It is not on record yet", "尚未在册"), _not_on_record)
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
SPACE_LOGICAL = Guard(  # related: space, the one that is applied for
    "G-SPACE-LOGICAL", Text("It is a logical space with an operator", "属于有运营方的逻辑空间"), _logical
)
SPACE_KEPT = Guard(  # related: space, with its operator
    "G-SPACE-KEPT",
    Text("Whoever decides operates the space", "由该空间现运营方决定"),
    _kept,
)
CAPABLE = Guard(  # related: space; member, the applicant; machinery, its nodes and connectors
    "G-CAPABLE",
    Text("A node of the applicant has what the space requires", "申请方节点具备空间要求的能力"),
    _able,
)
MEMBERSHIPS_LEFT = Guard(  # related: member, the applicant with its memberships
    "G-MEMBERSHIPS",
    Text("The applicant is not in too many spaces", "申请方所加入空间未达上限"),
    _room,
)
