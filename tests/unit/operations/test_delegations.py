"""Acting for a colleague who is absent: for some roles and a while, under one's own name."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from dataspace.caller import Caller, Role, RolesExclude
from dataspace.errors import MovedOn, NotFound
from dataspace.refusals import FourEyes
from dataspace.selection import Page, Row, Selection, Where
from hub.node import Node
from hub.operations import resources
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.tasks import delegating
from hub.operations.tasks.acting import DelegationNotInForce, acting
from hub.operations.tasks.delegating import DelegationPassedOn, NoMember
from hub.operations.tasks.listing import tasks_of
from tests.build import BUREAU, a_change_set, a_row, caller_for
from tests.clock import FrozenClock
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import REGISTRAR, RESOURCE, STEWARD

COLLEAGUE = replace(caller_for(Role.AGENCY_REVIEWER1), subject="usr_colleague", participant=BUREAU)
ABSENT = replace(REGISTRAR, participant=BUREAU)
WEEK: Mapping[str, Any] = {
    "deputy": "mem_colleague", "roles": ["registrar"], "reason": "年假 Annual leave",
    "starts_at": "2026-06-01T00:00:00Z", "ends_at": "2026-06-08T00:00:00Z",
}  # fmt: skip


def a_member(id_: str, caller: Caller, **values: Any) -> Any:
    given = {
        "username": id_, "name": id_, "roles": sorted(caller.roles), "status": "ACTIVE",
        "subject": caller.subject, "participant": caller.participant,
    }  # fmt: skip
    return a_row("member", id_, given, **values)


@pytest.fixture
async def office(node: Node) -> Node:
    """The bureau, with its registrar and a colleague entered as members."""
    stranger = replace(COLLEAGUE, subject="usr_stranger", participant="par_bank")
    members = (("mem_registrar", ABSENT), ("mem_colleague", COLLEAGUE), ("mem_stranger", stranger))
    await node.catalogue.apply(a_change_set(*(a_member(*each) for each in members)))
    return node


async def a_submitted_resource(node: Node) -> str:
    done = await resources.draft(node, STEWARD, RESOURCE)
    await resources.submit(node, STEWARD, done.id)
    return done.id


async def records(node: Node, subject: str) -> list[Row]:
    selection = Selection(
        "evidence", ("actor", "action", "reason"), Where("subject", "eq", subject), page=Page(50)
    )
    return (await node.catalogue.select(selection)).rows


async def test_a_deputy_decides_under_their_own_name_and_each_use_is_evidence(
    office: Node,
) -> None:
    id_ = await a_submitted_resource(office)
    done = await delegating.grant(office, ABSENT, WEEK)
    deputy = await acting(office, COLLEAGUE, done.id)
    assert deputy.roles == {Role.REGISTRAR}
    found = await office.catalogue.select(Selection("task", ("subject",), tasks_of(deputy)))
    assert [row["subject"] for row in found.rows] == [id_]

    await resources.take_in(office, deputy, id_)
    taken = [each for each in await records(office, id_) if each["action"] == "resource.take_in"]
    assert [each["actor"] for each in taken] == ["usr_colleague"]
    uses = [each for each in await records(office, done.id) if each["action"] == "delegation.use"]
    assert [(each["actor"], each["reason"]) for each in uses] == [
        ("usr_colleague", f"resource.take_in {id_}")
    ]


async def test_it_holds_on_its_days_only_and_for_its_deputy_only(
    office: Node, clock: FrozenClock
) -> None:
    done = await delegating.grant(office, ABSENT, {**WEEK, "starts_at": "2026-06-02T00:00:00Z"})
    for caller, day in ((COLLEAGUE, 1), (ABSENT, 3), (COLLEAGUE, 8)):
        clock.at = clock.at.replace(day=day)
        with pytest.raises(DelegationNotInForce):
            await acting(office, caller, done.id)
    clock.at = clock.at.replace(day=3)
    assert (await acting(office, COLLEAGUE, done.id)).delegator == ABSENT.subject
    with pytest.raises(DelegationNotInForce):
        await acting(office, COLLEAGUE, "dlg_nowhere")


async def test_once_it_is_ended_nothing_more_is_done_with_it(office: Node) -> None:
    id_ = await a_submitted_resource(office)
    done = await delegating.grant(office, ABSENT, WEEK)
    deputy = await acting(office, COLLEAGUE, done.id)
    slow, watch = watched(office)

    async def ended() -> None:
        await delegating.end(office, ABSENT, done.id, reason="Back earlier")

    watch.after_select = ended
    with pytest.raises(MovedOn):
        await resources.take_in(slow, deputy, id_)
    with pytest.raises(DelegationNotInForce):
        await acting(office, COLLEAGUE, done.id)


async def test_only_whoever_gave_it_ends_it(office: Node) -> None:
    done = await delegating.grant(office, ABSENT, WEEK)
    with pytest.raises(NotFound):
        await delegating.end(office, COLLEAGUE, done.id)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"deputy": "mem_stranger"}, "deputy"),
        ({"deputy": "mem_registrar"}, "deputy"),
        ({"deputy": "mem_nowhere"}, "deputy"),
        ({"roles": ["reg_approver"]}, "roles"),
        ({"roles": []}, "roles"),
        ({"ends_at": "2026-05-01T00:00:00Z"}, "ends_at"),
        ({"ends_at": "2027-06-01T00:00:00Z"}, "ends_at"),
        ({"reason": "x" * 401}, "reason"),
    ],
)  # fmt: skip
async def test_what_may_not_be_delegated_is_named(
    office: Node, given: Mapping[str, Any], field: str
) -> None:
    with pytest.raises(FieldsInvalid) as refusal:
        await delegating.grant(office, ABSENT, {**WEEK, **given})
    assert [each.path for each in refusal.value.problems] == [field]


async def test_roles_that_keep_an_eye_on_each_other_do_not_meet_in_a_deputy(office: Node) -> None:
    second = replace(caller_for(Role.AGENCY_REVIEWER2), subject="usr_second", participant=BUREAU)
    await office.catalogue.apply(a_change_set(a_member("mem_second", second)))
    with pytest.raises(RolesExclude):
        await delegating.grant(office, second, {**WEEK, "roles": ["agency_reviewer2"]})


async def test_what_was_delegated_is_not_passed_on_and_strangers_delegate_nothing(
    office: Node,
) -> None:
    done = await delegating.grant(office, ABSENT, WEEK)
    deputy = await acting(office, COLLEAGUE, done.id)
    with pytest.raises(DelegationPassedOn):
        await delegating.grant(office, deputy, WEEK)
    with pytest.raises(NoMember):
        await delegating.grant(office, replace(ABSENT, subject="usr_unknown"), WEEK)


async def test_the_eyes_of_whoever_is_absent_count_too(office: Node) -> None:
    """Who looked at it first is not both pairs of eyes by way of a deputy."""
    both = replace(ABSENT, roles=frozenset({Role.REGISTRAR, Role.REG_APPROVER}))
    await office.catalogue.apply(
        a_change_set(a_member("mem_both", replace(both, subject="usr_both")))
    )
    absent = replace(both, subject="usr_both")
    id_ = await a_submitted_resource(office)
    await resources.take_in(office, absent, id_)
    await resources.pass_(office, absent, id_)
    done = await delegating.grant(office, absent, {**WEEK, "roles": ["reg_approver"]})
    deputy = await acting(office, COLLEAGUE, done.id)
    with pytest.raises(FourEyes):
        await resources.register(office, deputy, id_)
