"""A node that leaves: it is drained first, and what it reported is kept."""

from datetime import timedelta

import pytest

from dataspace.change import Amend, TakenOver
from dataspace.guards.access import NodeStillLive
from dataspace.quantity import read_moment
from dataspace.selection import Page, Selection, Where
from hub.node import Node
from hub.operations import nodes
from hub.operations.jobs import holds
from tests.build import a_change_set, a_product, a_resource, a_row, an_act, an_authorisation
from tests.unit.operations.city import ADMIN, BANK, CENTRE

pytestmark = pytest.mark.anyio

LEAVING = {
    "name": "N",
    "kind": "BUSINESS",
    "operator": BANK,
    "status": "ONLINE",
    "state": "EXITING",
}


async def test_a_node_is_deregistered_when_nothing_of_it_is_live(node: Node) -> None:
    of_the_node = {"origin_node": "nod_1"}
    product = a_product("prd_1", owner=BANK, state="LISTED", **of_the_node)
    resource = a_resource("res_1", provider=BANK, state="AUTHORISABLE", **of_the_node)
    grant = an_authorisation(
        "aut_1", state="EFFECTIVE", resources=["res_1"], grantor=BANK, grantee=CENTRE
    )
    await node.catalogue.apply(
        a_change_set(a_row("node", "nod_1", LEAVING), product, resource, grant)
    )
    with pytest.raises(NodeStillLive) as refusal:
        await nodes.DESK.move(node, ADMIN, "nod_1", "deregister", reason="Done")
    assert refusal.value.facts == {"id": "nod_1", "products": "prd_1", "resources": "res_1"}

    delisted = Amend("product", "prd_1", {"state": "DELISTED"}, an_act())
    await node.catalogue.apply(TakenOver("chs_delisted", (delisted,)))
    with pytest.raises(NodeStillLive):
        await nodes.DESK.move(node, ADMIN, "nod_1", "deregister", reason="Done")
    ended = Amend("authorisation", "aut_1", {"state": "REVOKED"}, an_act())
    await node.catalogue.apply(a_change_set(ended))
    done = await nodes.DESK.move(node, ADMIN, "nod_1", "deregister", reason="Done")
    assert done.values["state"] == "DEREGISTERED"


async def test_a_node_that_was_cut_off_is_asked_for_what_is_decided_here_alone(node: Node) -> None:
    """Its products are its own to take down, and nobody reaches it."""
    cut_off = {**LEAVING, "state": "ISOLATED", "status": "ISOLATED"}
    product = a_product("prd_1", owner=BANK, state="LISTED", origin_node="nod_1")
    await node.catalogue.apply(a_change_set(a_row("node", "nod_1", cut_off), product))
    done = await nodes.DESK.move(node, ADMIN, "nod_1", "deregister", reason="It is gone")
    assert done.values["state"] == "DEREGISTERED"


async def test_what_a_node_reported_is_held_for_three_years(node: Node) -> None:
    await node.catalogue.apply(a_change_set(a_row("node", "nod_1", LEAVING)))
    await nodes.DESK.move(node, ADMIN, "nod_1", "deregister", reason="Done", request_id="r1")
    await nodes.DESK.move(node, ADMIN, "nod_1", "deregister", reason="Done", request_id="r1")
    asked = Selection("hold", ("ends_at",), Where("subject", "eq", "nod_1"), page=Page(5))
    [hold] = (await node.catalogue.select(asked)).rows
    ends, now = read_moment(hold["ends_at"]), node.clock.now()
    assert ends.year == now.year + 3
    assert await holds.held(node, ["nod_1"], ends - timedelta(days=1)) == {"nod_1"}
    assert await holds.held(node, ["nod_1"], ends) == set()
