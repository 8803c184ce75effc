"""Notices of moves: in the change set of the move, one for each group, seen by those meant."""

import json

import pytest

from dataspace.caller import Caller, Role
from dataspace.change import Act, ChangeSet
from dataspace.errors import AlreadyThere, MovedOn
from dataspace.notices.addressing import Group
from dataspace.notices.notice import Clock
from dataspace.quantity import written
from dataspace.selection import Page, Row, Selection, Where
from dataspace.visibility import told_to
from hub.node import Node
from hub.operations import authorisations, resources
from hub.operations.notices.telling import notice_of_clock
from tests.build import caller_for
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    APPROVER,
    BANK,
    DEVELOPER,
    MARKET,
    REGISTRAR,
    RESOURCE,
    REVIEWER1,
    REVIEWER2,
    STEWARD,
    an_application,
    an_authorisable_resource,
    an_authorisation,
)

pytestmark = pytest.mark.anyio
FIELDS = ("code", "subject", "facts", "roles", "recipient", "created_at", "kind")


async def told(node: Node, **equal: str) -> list[Row]:
    [(field, value)] = equal.items()
    where = Where(field, "eq", value)
    return (await node.catalogue.select(Selection("notice", FIELDS, where, page=Page(100)))).rows


async def codes_for(node: Node, caller: Caller) -> set[str]:
    selection = Selection("notice", ("code",), where=told_to(caller), page=Page(100))
    return {row["code"] for row in (await node.catalogue.select(selection)).rows}


async def test_who_has_to_act_and_who_is_concerned_are_told(node: Node) -> None:
    made = await resources.draft(node, STEWARD, RESOURCE)
    await resources.submit(node, STEWARD, made.id)
    await resources.take_in(node, REGISTRAR, made.id)
    await resources.return_(node, REGISTRAR, made.id, reason="Name the items")

    rows = await told(node, subject=made.id)
    assert {row["code"]: row["kind"] for row in rows} == {
        "resource.submit.registrar": "TO_DO",
        "resource.take_in.submitted_by": "SYSTEM",
        "resource.return.provider": "TO_DO",
    }
    [returned] = await told(node, code="resource.return.provider")
    assert json.loads(returned["facts"])["reason"] == "Name the items"
    assert returned["roles"] == ["data_steward"]


async def test_a_notice_is_seen_by_the_roles_of_the_participant_and_nobody_else(
    node: Node,
) -> None:
    id_ = await an_application(node, await an_authorisable_resource(node))
    await authorisations.fail_first(node, REVIEWER1, id_, reason="Too wide")

    failed = "authorisation.fail_first.grantee"
    assert failed in await codes_for(node, DEVELOPER)
    assert failed not in await codes_for(node, STEWARD)
    assert failed not in await codes_for(node, caller_for(Role.DEVELOPER, participant=MARKET))
    assert failed not in await codes_for(node, caller_for(Role.DATA_REQUESTER, participant=BANK))
    assert "authorisation.submit.agency_reviewer1" in await codes_for(node, REVIEWER1)
    assert "authorisation.submit.agency_reviewer1" not in await codes_for(node, REVIEWER2)
    assert "resource.take_in.submitted_by" in await codes_for(node, STEWARD)
    other = caller_for(Role.DATA_STEWARD, participant=MARKET, subject="usr_another")
    assert "resource.take_in.submitted_by" not in await codes_for(node, other)


async def test_every_department_hears_once_of_a_use_of_its_data(node: Node) -> None:
    first, second = [await an_authorisable_resource(node, name=each) for each in ("A", "B")]
    id_ = await an_authorisation(node, first, second)
    await authorisations.revoke(node, REVIEWER2, id_, reason="Breach")

    mine = await codes_for(node, STEWARD)
    assert {
        "authorisation.submit.resources_provider",
        "authorisation.pass_second.resources_provider",
        "authorisation.revoke.resources_provider",
    } <= mine
    assert len(await told(node, code="authorisation.revoke.resources_provider")) == 1


async def test_a_move_that_fails_tells_nobody(node: Node) -> None:
    made = await resources.draft(node, STEWARD, RESOURCE)
    await resources.submit(node, STEWARD, made.id)
    meanwhile, watch = watched(node)

    async def taken_back() -> None:
        await resources.withdraw(node, STEWARD, made.id)

    watch.after_select = taken_back
    with pytest.raises(MovedOn):
        await resources.take_in(meanwhile, REGISTRAR, made.id)
    assert "resource.take_in.submitted_by" not in {
        row["code"] for row in await told(node, subject=made.id)
    }


async def test_a_repeated_request_tells_once(node: Node) -> None:
    made = await resources.draft(node, STEWARD, RESOURCE)
    for _ in range(3):
        await resources.submit(node, STEWARD, made.id, request_id="one")
    assert len(await told(node, code="resource.submit.registrar")) == 1


async def test_the_same_move_made_again_is_told_again(node: Node) -> None:
    made = await resources.draft(node, STEWARD, RESOURCE)
    for _ in range(2):
        await resources.submit(node, STEWARD, made.id)
        await resources.withdraw(node, STEWARD, made.id)
    assert len(await told(node, code="resource.submit.registrar")) == 2


async def test_a_step_of_a_clock_is_told_once_for_its_case_and_day(node: Node) -> None:
    act = Act("J-L2-5", "notice.tell", written(node.clock.now()))
    facts = {"object": "A", "term": {"en": "x", "zh": "某期限"}, "due": act.at, "days": "1"}

    def step(key: str) -> ChangeSet:
        change = notice_of_clock(
            Clock.ESCALATION, ("resource", "res_1"), Group(("supervisor",)),
            key=key, told=facts, act=act,
        )  # fmt: skip
        return ChangeSet(f"chs_{key}_{act.reason}", (change,))

    await node.catalogue.apply(step("ESCALATION+1@2026-06-02"))
    again = step("ESCALATION+1@2026-06-02")
    with pytest.raises(AlreadyThere):
        await node.catalogue.apply(ChangeSet("chs_other", again.changes))
    await node.catalogue.apply(step("ESCALATION+3@2026-06-04"))
    assert len(await told(node, code="clock.escalation")) == 2


async def test_the_last_record_of_a_move_is_the_move(node: Node) -> None:
    """Who asked is answered with the evidence of what they did, not of who was told."""
    made = await resources.draft(node, STEWARD, RESOURCE)
    done = await resources.submit(node, STEWARD, made.id)
    [recorded] = await node.catalogue.changes_since(done.revision - 1, 10)
    assert recorded.evidence["action"] == "resource.submit"
    assert APPROVER.subject != recorded.evidence["actor"] == STEWARD.subject
