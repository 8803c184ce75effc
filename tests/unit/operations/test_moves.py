"""Moves: who may make them, what they need, and that each is made once."""

from dataclasses import replace
from typing import Any

import anyio
import pytest

from dataspace.caller import ANYONE, Role
from dataspace.errors import (
    ChangeSetDiffers,
    Conflict,
    DataSpaceError,
    MovedOn,
    NotFound,
    NotSignedIn,
)
from dataspace.lifecycle import MACHINES
from dataspace.refusals import (
    FourEyes,
    MoveUnknown,
    NotYours,
    ReasonMissing,
    RoleMissing,
    SourceNotGranted,
    StillInUse,
    WrongState,
)
from hub.node import Node
from hub.operations import authorisations, products, resources
from hub.operations.links.desks import DESKS
from hub.operations.mechanism import allotting
from tests.build import caller_for
from tests.clock import FrozenClock
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    APPROVER,
    AUTHORISATION,
    BANK,
    DEVELOPER,
    LISTER,
    PUBLICITY_DAYS,
    REGISTRAR,
    RESOURCE,
    REVIEWER1,
    REVIEWER2,
    STEWARD,
    SUPERVISOR,
    a_drafted_product,
    a_listed_product,
    a_registered_resource,
    an_application,
    an_authorisable_resource,
    an_authorisation,
    pass_time,
)

pytestmark = pytest.mark.anyio

OTHER_STEWARD = caller_for(Role.DATA_STEWARD, participant=BANK)


async def a_submitted_resource(node: Node) -> str:
    made = await resources.draft(node, STEWARD, RESOURCE)
    await resources.submit(node, STEWARD, made.id)
    return made.id


async def records(node: Node) -> int:
    return len(await node.catalogue.changes_since(0, 10_000))


async def test_who_reviewed_a_resource_does_not_decide_on_its_registration(node: Node) -> None:
    id_ = await a_submitted_resource(node)
    both = replace(REGISTRAR, roles=frozenset({Role.REGISTRAR, Role.REG_APPROVER}))
    await resources.take_in(node, both, id_)
    await resources.pass_(node, both, id_)

    pass_time(node, days=PUBLICITY_DAYS)
    with pytest.raises(FourEyes):
        await resources.register(node, both, id_)
    done = await resources.register(node, APPROVER, id_)
    assert done.values["state"] == "REGISTERED"


async def test_the_applicant_does_not_review_the_own_application(node: Node) -> None:
    applicant = replace(DEVELOPER, roles=DEVELOPER.roles | {Role.AGENCY_REVIEWER1})
    id_ = await an_application(node, await an_authorisable_resource(node))

    with pytest.raises(FourEyes):
        await authorisations.pass_first(node, applicant, id_)


async def test_what_a_caller_may_not_see_is_not_there(node: Node) -> None:
    draft = await resources.draft(node, STEWARD, RESOURCE)

    for stranger in (REGISTRAR, OTHER_STEWARD, DEVELOPER):
        with pytest.raises(NotFound):
            await resources.submit(node, stranger, draft.id)
    with pytest.raises(NotFound):
        await resources.submit(node, STEWARD, "res_nowhere")
    with pytest.raises(NotFound):
        await products.submit(node, STEWARD, draft.id)


async def test_nobody_moves_without_signing_in(node: Node) -> None:
    id_ = (await a_registered_resource(node)).id

    with pytest.raises(NotSignedIn):
        await resources.offer(node, ANYONE, id_)


async def test_a_move_is_made_by_its_role_for_its_party_from_its_state(node: Node) -> None:
    id_ = (await a_registered_resource(node)).id

    with pytest.raises(RoleMissing):
        await resources.offer(node, APPROVER, id_)
    with pytest.raises(NotYours):
        await resources.submit(node, OTHER_STEWARD, id_)
    with pytest.raises(WrongState):
        await resources.take_in(node, REGISTRAR, id_)
    with pytest.raises(MoveUnknown):
        await resources.move(node, REGISTRAR, id_, "bribe")


@pytest.mark.parametrize("reason", ["", " \n ", "长" * 4001, "x" * 100_000])
async def test_a_refusal_needs_a_reason_that_can_be_read(node: Node, reason: str) -> None:
    id_ = await a_submitted_resource(node)
    await resources.take_in(node, REGISTRAR, id_)

    with pytest.raises(ReasonMissing):
        await resources.return_(node, REGISTRAR, id_, reason=reason)


async def test_a_reason_stands_on_the_row_and_in_the_evidence(node: Node) -> None:
    id_ = await a_submitted_resource(node)
    await resources.take_in(node, REGISTRAR, id_)
    done = await resources.return_(node, REGISTRAR, id_, reason=" 缺少来源说明 ")

    record = (await node.catalogue.changes_since(done.revision - 1, 1))[0].evidence
    assert done.values["decision_reason"] == record["reason"] == "缺少来源说明"
    assert (record["actor"], record["action"]) == (REGISTRAR.subject, "resource.return")
    assert (record["state"], record["at"]) == ("RETURNED", "2026-06-01T12:00:00.000Z")


async def test_what_was_returned_is_amended_and_submitted_again(node: Node) -> None:
    id_ = await a_submitted_resource(node)
    await resources.take_in(node, REGISTRAR, id_)
    await resources.return_(node, REGISTRAR, id_, reason="Name the system")
    await resources.amend(node, STEWARD, id_, {"source_system": "Register 2.0"})
    done = await resources.submit(node, STEWARD, id_)

    assert done.values["state"] == "SUBMITTED"
    assert "reviewed_by" not in done.values, "the first review begins anew"


async def test_of_two_reviewers_at_the_same_instant_one_wins(node: Node) -> None:
    id_ = await an_application(node, await an_authorisable_resource(node))
    outcomes: list[str] = []

    async def decide(number: int) -> None:
        reviewer = replace(REVIEWER1, subject=f"reviewer-{number}")
        verb = authorisations.pass_first if number % 2 else authorisations.fail_first
        try:
            await verb(node, reviewer, id_, reason="Looked at it")
            outcomes.append("decided")
        except Conflict as refusal:
            outcomes.append(type(refusal).__name__)

    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(decide, number)

    assert outcomes.count("decided") == 1
    assert set(outcomes) <= {"decided", "WrongState", "MovedOn"}


async def test_a_repeated_request_gives_the_first_answer_and_does_nothing(
    node: Node, clock: FrozenClock
) -> None:
    first = await resources.draft(node, STEWARD, RESOURCE, request_id="r1")
    assert await resources.draft(node, STEWARD, RESOURCE, request_id="r1") == first
    amended = await resources.amend(node, STEWARD, first.id, {"grade": 1}, request_id="r1")
    submitted = await resources.submit(node, STEWARD, first.id, request_id="r1")
    after = await records(node)
    clock.advance(minutes=5)

    assert await resources.submit(node, STEWARD, first.id, request_id="r1") == submitted
    assert await resources.amend(node, STEWARD, first.id, {"grade": 1}, request_id="r1") == amended
    assert await resources.draft(node, STEWARD, RESOURCE, request_id="r1") == first
    assert await records(node) == after


async def test_a_request_id_that_is_used_again_for_something_else_is_refused(node: Node) -> None:
    first = await resources.draft(node, STEWARD, RESOURCE, request_id="r1")
    other = {**RESOURCE, "name": "别的 Another"}
    fewer = {name: value for name, value in RESOURCE.items() if name != "grade"}
    await resources.amend(node, STEWARD, first.id, {"grade": 1}, request_id="r2")
    await resources.remove(node, STEWARD, first.id, reason="Twice", request_id="r3")
    before = await records(node)

    for values in (other, fewer, {**RESOURCE, "grade": "none"}):
        with pytest.raises(ChangeSetDiffers):
            await resources.draft(node, STEWARD, values, request_id="r1")
    with pytest.raises(ChangeSetDiffers):
        await resources.amend(node, STEWARD, first.id, {"grade": 2}, request_id="r2")
    with pytest.raises(ChangeSetDiffers):
        await resources.remove(node, STEWARD, first.id, reason="Wrong", request_id="r3")
    assert await records(node) == before


async def test_a_repeated_application_is_the_same_whatever_code_it_was_allotted(
    node: Node,
) -> None:
    given = {**AUTHORISATION, "resources": [await an_authorisable_resource(node)]}
    first = await authorisations.draft(node, DEVELOPER, given, request_id="r1")
    assert await authorisations.draft(node, DEVELOPER, given, request_id="r1") == first


async def test_a_repeated_request_is_known_also_when_the_move_could_be_made_again(
    node: Node, clock: FrozenClock
) -> None:
    id_ = (await resources.draft(node, STEWARD, RESOURCE)).id
    first = await resources.submit(node, STEWARD, id_, request_id="r1")
    await resources.withdraw(node, STEWARD, id_)
    clock.advance(minutes=5)
    before = await records(node)

    assert await resources.submit(node, STEWARD, id_, request_id="r1") == first
    assert await records(node) == before


async def test_a_repeated_removal_is_done_already(node: Node) -> None:
    id_ = (await resources.draft(node, STEWARD, RESOURCE)).id
    first = await resources.remove(node, STEWARD, id_, request_id="r1")

    assert await resources.remove(node, STEWARD, id_, request_id="r1") == first
    assert first.values == {}


async def test_a_request_id_belongs_to_who_used_it(node: Node) -> None:
    id_ = await a_submitted_resource(node)
    await resources.take_in(node, REGISTRAR, id_, request_id="r1")
    colleague = replace(REGISTRAR, subject="colleague")

    with pytest.raises(WrongState):
        await resources.take_in(node, colleague, id_, request_id="r1")


async def test_a_move_reads_the_object_then_all_that_it_rests_on_and_is_one_change_set(
    node: Node,
) -> None:
    counted, watch = watched(node)
    resource = await an_authorisable_resource(counted)
    assert (watch.selects, watch.applies) == (10, 6), "with one source, and a certificate"

    authorisation = await an_authorisation(counted, resource)
    assert (watch.selects, watch.applies) == (10 + 2 + 6, 6 + 4), "its draft looks at two"

    await a_listed_product(counted, resources=[resource], authorisations=[authorisation])
    assert (watch.selects, watch.applies) == (18 + 24, 10 + 5 + 8), "with two reviews"


async def test_a_resource_that_is_authorised_stays_on_the_list(node: Node) -> None:
    resource = await an_authorisable_resource(node)
    authorisation = await an_authorisation(node, resource)

    with pytest.raises(StillInUse) as refusal:
        await resources.unlist(node, REGISTRAR, resource, reason="Tidying up")
    assert authorisation in refusal.value.facts["users"]
    await authorisations.revoke(node, REVIEWER2, authorisation, reason="Ended by agreement")
    done = await resources.unlist(node, REGISTRAR, resource, reason="Tidying up")
    assert done.values["state"] == "REGISTERED"


async def test_a_resource_that_is_taken_off_during_the_second_review_is_not_authorised(
    node: Node,
) -> None:
    resource = await an_authorisable_resource(node)
    id_ = await an_application(node, resource)
    await authorisations.pass_first(node, REVIEWER1, id_)
    slow, watch = watched(node)

    async def unlisted() -> None:
        await resources.unlist(node, REGISTRAR, resource, reason="Withdrawn by its provider")

    watch.after_select = unlisted
    with pytest.raises(MovedOn):
        await authorisations.pass_second(slow, REVIEWER2, id_)


async def test_a_resource_that_is_authorised_meanwhile_is_not_taken_off(node: Node) -> None:
    resource = await an_authorisable_resource(node)
    id_ = await an_application(node, resource)
    await authorisations.pass_first(node, REVIEWER1, id_)
    slow, watch = watched(node)

    async def granted() -> None:
        await authorisations.pass_second(node, REVIEWER2, id_)

    watch.after_select = granted
    with pytest.raises(MovedOn):
        await resources.unlist(slow, REGISTRAR, resource, reason="Tidying up")


async def test_a_product_is_not_listed_when_its_authorisation_ends_meanwhile(node: Node) -> None:
    resource = await an_authorisable_resource(node)
    authorisation = await an_authorisation(node, resource)
    done = await a_listed_product(node, resources=[resource], authorisations=[authorisation])
    await products.delist(node, SUPERVISOR, done.id, reason="Complaint")
    await products.request_listing(node, DEVELOPER, done.id)
    slow, watch = watched(node)

    async def suspended() -> None:
        await authorisations.suspend(node, SUPERVISOR, authorisation, reason="Out of scope")

    watch.after_select = suspended
    with pytest.raises(MovedOn):
        await products.list_(slow, LISTER, done.id)


async def test_a_product_waits_for_its_authorisation_to_begin(
    node: Node, clock: FrozenClock
) -> None:
    resource = await an_authorisable_resource(node)
    later = {"valid_from": "2026-06-03T00:00:00Z"}
    sources = {"resources": [resource]}
    sources["authorisations"] = [await an_authorisation(node, resource, **later)]
    made = await a_drafted_product(node, **sources)

    with pytest.raises(SourceNotGranted):
        await products.submit(node, DEVELOPER, made)
    clock.advance(days=2)
    assert (await products.submit(node, DEVELOPER, made)).values["state"] == "REG_REVIEW"


async def test_an_identifier_that_is_taken_is_allotted_again(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    serials = iter(["AAAAAAAA", "AAAAAAAA", "AAAAAAAA", "BBBBBBBB"])
    monkeypatch.setattr(allotting, "serial", lambda *alphabet: next(serials))
    first = await a_registered_resource(node)
    second = await a_registered_resource(node)

    assert first.values["identifier"][23:31] == "AAAAAAAA"
    assert second.values["identifier"][23:31] == "BBBBBBBB"


async def test_a_hub_that_allots_nothing_free_says_so(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allotting, "serial", lambda *alphabet: "AAAAAAAA")
    await a_registered_resource(node)

    with pytest.raises(Conflict) as refusal:
        await a_registered_resource(node)
    assert refusal.value.code == "catalogue.not_unique"


async def test_an_identifier_never_changes(node: Node) -> None:
    done = await a_registered_resource(node)
    await resources.offer(node, REGISTRAR, done.id)
    later = await resources.unlist(node, REGISTRAR, done.id, reason="Wrong list")

    for name in ("identifier", "registration_code"):
        assert later.values[name] == done.values[name]


async def test_every_move_has_an_operation_of_its_own() -> None:
    modules: dict[str, Any] = {
        "resource": resources, "authorisation": authorisations, "product": products,
    }  # fmt: skip
    assert DESKS.keys() == MACHINES.keys()
    for kind, module in modules.items():
        for name in MACHINES[kind].by_name:
            assert hasattr(module, name) or hasattr(module, f"{name}_"), f"{kind}.{name}"


async def test_a_move_that_fails_leaves_nothing_behind(node: Node) -> None:
    id_ = await a_submitted_resource(node)
    before = await records(node)

    with pytest.raises(DataSpaceError):
        await resources.register(node, APPROVER, id_)
    assert await records(node) == before
