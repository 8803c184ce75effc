"""How a sub-space of the demonstration comes into its city: invited, taken in, admitted by two."""

from dataspace.caller import Caller
from dataspace.federation.profile import Profile
from dataspace.selection import Child, Page, Row, Selection, Where
from hub.demo import organisations
from hub.demo.seed import write
from hub.node import Node
from hub.operations import nodes
from hub.operations.accounts import errands
from hub.operations.federation import inviting

OPERATOR = Selection("participant", ("id", "name", "credit_code"))
MOVE = "Demonstration 演示"


async def invited(node: Node, admin: Caller, profile: Profile) -> tuple[str, Row]:
    """A code for whoever operates the profile's space, and who that is."""
    space = Selection(
        "space", ("id",), Where("code", "eq", profile.code), page=Page(1),
        children=(Child("operator", "operator", OPERATOR),),
    )  # fmt: skip
    row = (await node.catalogue.select(space)).first
    if row is None:
        # Beside a city's own catalogue nobody has entered the industries' spaces.
        await write(node, list(organisations.sub_spaces()), name="seed.sub_spaces")
        row = (await node.catalogue.select(space)).first
    assert row is not None, "the demo city has a space for each profile of the demonstration"
    operator: Row = row["operator"]
    values = {"participant": operator["id"], "profile": profile.code, "space": row["id"]}
    issued = await inviting.issue(node, admin, values)
    assert issued.code is not None
    return issued.code.written, operator


async def admitted(node: Node, id: str, *, first: Caller, second: Caller) -> None:
    """Two people decide, and the identity service knows the node before anybody waits for it.

    What has been decided in an earlier start is not decided again.
    """
    state = await _value(node, id, "state")
    if state == "APPLIED":
        await nodes.DESK.move(node, first, id, "take_in", reason=MOVE)
    if state in ("APPLIED", "UNDER_REVIEW"):
        await nodes.DESK.move(node, second, id, "activate", reason=MOVE)
    await errands.work_off(node)


async def moved_to(node: Node, admin: Caller, id: str, address: str) -> None:
    """Where it is reached from now on, if that is another place than before."""
    if await _value(node, id, "address") != address:
        await nodes.amend(node, admin, id, {"address": address})


async def _value(node: Node, id: str, name: str) -> object:
    row = (await node.catalogue.select(Selection("node", (name,), Where("id", "eq", id)))).first
    return row and row[name]
