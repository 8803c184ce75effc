"""A resource after its formal review: objected to, renewed, expired; no grant is ever orphaned."""

from dataclasses import replace

import pytest

from dataspace.caller import ANYONE, Role
from dataspace.guards.refusals import (
    ItemListedAlready,
    NotInWindow,
    OtherList,
    OwnObjection,
    SameHandler,
)
from dataspace.refusals import ReasonMissing, StillInUse, WrongState
from dataspace.selection import Selection
from dataspace.visibility import visible
from hub.node import Node
from hub.operations import authorisations, resources
from tests.build import caller_for
from tests.clock import FrozenClock
from tests.unit.operations.city import (
    APPROVER,
    CENTRE,
    DEVELOPER,
    PUBLICITY_DAYS,
    REGISTRAR,
    RESOURCE,
    REVIEWER2,
    STEWARD,
    a_registered_resource,
    an_authorisable_resource,
    an_authorisation,
    in_publicity,
    pass_time,
    published,
)

pytestmark = pytest.mark.anyio

SCHEDULER = caller_for(Role.SCHEDULER, participant="")
RIVAL = caller_for(Role.DATA_STEWARD, participant=CENTRE, subject="usr_rival")


async def test_a_third_party_objects_with_a_ground_and_nobody_registers_before_it_is_decided(
    node: Node,
) -> None:
    id_ = await in_publicity(node)
    with pytest.raises(OwnObjection):
        await resources.object_(node, STEWARD, id_, reason="Mine after all")
    with pytest.raises(ReasonMissing):
        await resources.object_(node, DEVELOPER, id_)
    objected = await resources.object_(node, DEVELOPER, id_, reason="It shows our customers")
    assert objected.values["objection_ground"] == "It shows our customers"
    assert objected.values["objected_by"] == DEVELOPER.subject
    with pytest.raises(WrongState):
        await resources.register(node, APPROVER, id_)

    await resources.dismiss_objection(node, APPROVER, id_, reason="Customers are not in it")
    pass_time(node, days=PUBLICITY_DAYS)
    done = await resources.register(node, APPROVER, id_)
    assert done.values["state"] == "REGISTERED"


async def test_an_objection_that_is_upheld_returns_the_entry_to_its_department(
    node: Node,
) -> None:
    id_ = await in_publicity(node)
    await resources.object_(node, DEVELOPER, id_, reason="It shows our customers")
    done = await resources.uphold_objection(node, APPROVER, id_, reason="Take the names out")
    assert done.values["state"] == "RETURNED"
    await resources.amend(node, STEWARD, id_, {"summary": "Without names"})
    assert (await resources.submit(node, STEWARD, id_)).values["state"] == "SUBMITTED"


async def test_what_is_in_publicity_is_shown_to_everybody_it_is_open_to(node: Node) -> None:
    id_ = await in_publicity(node)
    found = await node.catalogue.select(Selection("resource", where=visible(ANYONE)["resource"]))
    assert [row["id"] for row in found.rows] == [id_]


async def test_whoever_reviewed_it_does_not_decide_on_the_objection(node: Node) -> None:
    id_ = await in_publicity(node)
    await resources.object_(node, DEVELOPER, id_, reason="It shows our customers")
    with pytest.raises(Exception, match="acted on"):
        await resources.dismiss_objection(node, REGISTRAR, id_, reason="No, it does not")


async def test_a_second_account_of_one_person_is_not_a_second_pair_of_eyes(node: Node) -> None:
    made = await resources.draft(node, STEWARD, RESOURCE)
    await resources.submit(node, replace(STEWARD, handler="person-1"), made.id)
    await resources.take_in(node, REGISTRAR, made.id)
    with pytest.raises(SameHandler):
        await resources.pass_(node, replace(REGISTRAR, handler="person-1"), made.id)
    await resources.pass_(node, replace(REGISTRAR, handler="person-2"), made.id)
    pass_time(node, days=PUBLICITY_DAYS)
    with pytest.raises(SameHandler):
        await resources.register(node, replace(APPROVER, handler="person-2"), made.id)
    await resources.register(node, replace(APPROVER, handler="person-3"), made.id)


async def test_an_item_that_another_department_has_on_record_is_not_collected_again(
    node: Node,
) -> None:
    first = (await a_registered_resource(node)).id
    again = await resources.draft(node, RIVAL, RESOURCE)
    with pytest.raises(ItemListedAlready) as refusal:
        await resources.submit(node, RIVAL, again.id)
    assert refusal.value.facts["existing"] == first

    await resources.cancel(node, APPROVER, first, reason="Handed over")
    assert (await resources.submit(node, RIVAL, again.id)).values["state"] == "SUBMITTED"


async def test_a_registration_is_renewed_in_its_last_sixty_days_from_the_old_end_on(
    node: Node, clock: FrozenClock
) -> None:
    id_ = (await a_registered_resource(node)).id
    with pytest.raises(NotInWindow):
        await resources.open_renewal(node, SCHEDULER, id_)
    clock.advance(days=3 * 365 - 50)
    await resources.open_renewal(node, SCHEDULER, id_)
    with pytest.raises(OtherList):
        await resources.renew_listed(node, APPROVER, id_)
    done = await resources.renew(node, APPROVER, id_)
    assert done.values["valid_until"] == "2032-06-01T12:00:00.000Z"
    assert done.values["state"] == "REGISTERED"


async def test_what_was_authorisable_is_renewed_onto_the_list_and_orphans_no_grant(
    node: Node, clock: FrozenClock
) -> None:
    id_ = await an_authorisable_resource(node)
    clock.advance(days=3 * 365 - 50)
    grant = await an_authorisation(node, id_, valid_until="2030-06-01T00:00:00Z")
    await resources.open_renewal(node, REGISTRAR, id_)
    with pytest.raises(OtherList):
        await resources.renew(node, APPROVER, id_)
    clock.advance(days=60)
    with pytest.raises(StillInUse):
        await resources.expire(node, SCHEDULER, id_)
    done = await resources.renew_listed(node, APPROVER, id_)
    assert done.values["state"] == "AUTHORISABLE"
    kept = await authorisations.revoke(node, REVIEWER2, grant, reason="Ended by agreement")
    assert kept.values["resources"] == [id_]


async def test_what_nobody_renews_expires_and_may_be_registered_anew(
    node: Node, clock: FrozenClock
) -> None:
    id_ = (await a_registered_resource(node)).id
    clock.advance(days=3 * 365 + 10)
    await resources.open_renewal(node, SCHEDULER, id_)
    done = await resources.expire(node, SCHEDULER, id_)
    assert done.values["state"] == "EXPIRED"
    again = await resources.reopen(node, STEWARD, id_)
    assert again.values["state"] == "DRAFT"
    assert again.values["identifier"] == done.values["identifier"], "it never changes"


async def test_the_scheduler_registers_what_nobody_objected_to(node: Node) -> None:
    id_ = await published(node)
    done = await resources.register(node, SCHEDULER, id_)
    assert done.values["registration_code"]
    assert done.values["second_reviewed_by"] == SCHEDULER.subject
