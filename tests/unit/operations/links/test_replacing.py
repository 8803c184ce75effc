"""A renewal and a registered change issue a certificate anew, and the former one names it."""

import json

import pytest

from dataspace.caller import Role
from dataspace.documents.standing import Standing
from dataspace.selection import Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations import authorisations, resources
from hub.operations.documents.looking_up import LookedUp, look_up
from hub.operations.links.changes import PRODUCT_CHANGES, RESOURCE_CHANGES
from tests.build import a_change_set, a_row, caller_for
from tests.clock import FrozenClock
from tests.unit.operations.city import (
    APPROVER,
    DEVELOPER,
    MARKET,
    REGISTRAR,
    RESOURCE,
    REVIEWER2,
    STEWARD,
    a_listed_product,
    a_registered_resource,
    an_authorisable_resource,
    an_authorisation,
    rule,
)

pytestmark = pytest.mark.anyio
SCHEDULER = caller_for(Role.SCHEDULER, participant="")
CHANGE = {"title": "Cycle", "kind": "CHANGE", "explanation": "We load weekly now"}


async def numbers(node: Node, kind: str, id_: str) -> list[str]:
    selection = Selection(
        "certificate", ("code",), Where(kind, "eq", id_), order=Order("issued_at"), page=Page(9)
    )
    return [row["code"] for row in (await node.catalogue.select(selection)).rows]


async def former_and_new(node: Node, kind: str, id_: str) -> tuple[LookedUp, LookedUp]:
    first, second = await numbers(node, kind, id_)
    found = await look_up(node, first)
    assert found.standing is Standing.REPLACED
    assert found.next and found.next["code"] == second
    return found, await look_up(node, second)


@pytest.mark.parametrize("listed", [False, True])
async def test_a_renewed_registration(node: Node, clock: FrozenClock, listed: bool) -> None:
    made = an_authorisable_resource if listed else a_registered_resource
    done = await made(node)
    id_ = done if isinstance(done, str) else done.id
    clock.advance(days=3 * 365 - 20)
    await resources.open_renewal(node, SCHEDULER, id_)
    await resources.move(node, APPROVER, id_, "renew_listed" if listed else "renew")
    former, new = await former_and_new(node, "resource", id_)
    assert new.standing is Standing.VALID
    assert former.content["valid_until"] < new.content["valid_until"]
    clock.advance(days=60)
    assert (await look_up(node, former.number)).standing is Standing.REPLACED, "not expired"
    assert (await look_up(node, new.number)).standing is Standing.VALID


async def test_a_registered_change_of_a_resource(node: Node, clock: FrozenClock) -> None:
    id_ = await an_authorisable_resource(node)
    change = await RESOURCE_CHANGES.draft(
        node, STEWARD, {**CHANGE, "resource": id_, "update_cycle": "WEEKLY"}
    )
    await RESOURCE_CHANGES.move(node, STEWARD, change.id, "submit")
    assert len(await numbers(node, "resource", id_)) == 1, "nothing is certified before it passes"
    clock.advance(days=1)
    await RESOURCE_CHANGES.move(node, REGISTRAR, change.id, "pass")
    former, new = await former_and_new(node, "resource", id_)
    said = [each.content["subject"] for each in (former, new)]
    assert [each["update_cycle"] for each in said] == ["DAILY", "WEEKLY"]
    assert said[0]["identifier"] == said[1]["identifier"]
    assert new.content["state"] == "AUTHORISABLE"
    assert new.content["holder"]["name"] == "市场监管局"
    assert new.content["issuer"]["name"] == "数据局 Data Bureau"
    assert new.content["change_set"] != former.content["change_set"]
    clock.advance(days=1)
    again = await RESOURCE_CHANGES.draft(
        node, STEWARD, {**CHANGE, "resource": id_, "update_cycle": "MONTHLY"}
    )
    await RESOURCE_CHANGES.move(node, STEWARD, again.id, "submit")
    await RESOURCE_CHANGES.move(node, REGISTRAR, again.id, "pass")
    third = (await numbers(node, "resource", id_))[2]
    found = await look_up(node, new.number)
    assert found.next and found.next["code"] == third, "each names the one that follows it"


async def test_a_registered_change_of_a_product(node: Node, clock: FrozenClock) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    id_ = (await a_listed_product(node, resources=[resource], authorisations=[grant])).id
    change = await PRODUCT_CHANGES.draft(
        node, DEVELOPER, {**CHANGE, "product": id_, "name": "信用画像二期 Profile II"}
    )
    await PRODUCT_CHANGES.move(node, DEVELOPER, change.id, "submit")
    clock.advance(days=1)
    await PRODUCT_CHANGES.move(node, REGISTRAR, change.id, "pass")
    _, new = await former_and_new(node, "product", id_)
    assert new.content["subject"]["name"] == "信用画像二期 Profile II"
    assert new.standing is Standing.VALID


async def test_a_renewed_authorisation_holds_to_its_own_end_and_says_what_follows(
    node: Node, clock: FrozenClock
) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource, valid_until="2026-12-01T00:00:00Z")
    clock.advance(days=120)
    renewal = await an_authorisation(node, resource, renews=grant)
    [first], [second] = [await numbers(node, "authorisation", id_) for id_ in (grant, renewal)]
    found = await look_up(node, first)
    assert (found.standing, found.next and found.next["code"]) == (Standing.VALID, second)
    clock.advance(days=90)
    assert (await look_up(node, first)).standing is Standing.REPLACED
    assert (await look_up(node, second)).standing is Standing.VALID
    await authorisations.revoke(node, REVIEWER2, renewal, reason="Breach")
    assert (await look_up(node, second)).standing is Standing.REVOKED


async def test_what_expired_and_is_registered_anew_is_certified_anew(
    node: Node, clock: FrozenClock
) -> None:
    await rule(node, resource__publicity_days_min="0")
    id_ = (await a_registered_resource(node)).id
    clock.advance(days=3 * 365 - 20)
    await resources.open_renewal(node, SCHEDULER, id_)
    clock.advance(days=30)
    await resources.expire(node, SCHEDULER, id_)
    [number] = await numbers(node, "resource", id_)
    assert (await look_up(node, number)).standing is Standing.EXPIRED
    await resources.reopen(node, STEWARD, id_)
    await resources.submit(node, STEWARD, id_)
    await resources.take_in(node, REGISTRAR, id_)
    await resources.pass_(node, REGISTRAR, id_)
    await resources.register(node, APPROVER, id_)
    _, new = await former_and_new(node, "resource", id_)
    assert new.standing is Standing.VALID


async def test_what_came_in_registered_has_its_first_certificate_when_it_is_renewed(
    node: Node,
) -> None:
    row: Row = {
        **RESOURCE, "state": "EXPIRING", "provider": MARKET,
        "valid_until": "2026-06-20T00:00:00.000Z",
    }  # fmt: skip
    await node.catalogue.apply(a_change_set(a_row("resource", "res_imported", row)))
    await resources.renew(node, APPROVER, "res_imported")
    [number] = await numbers(node, "resource", "res_imported")
    found = await look_up(node, number)
    assert (found.standing, found.next) == (Standing.VALID, None)
    assert json.loads(found.row["content"] if found.row else "")["valid_until"] == (
        "2029-06-20T00:00:00.000Z"
    )
