"""What follows from a move is told, and has its to-dos, in the change set of the move."""

from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.selection import Page, PartChild, Row, Selection, Where
from dataspace.tasks.nouns import STEPS
from hub.node import Node
from hub.operations import authorisations
from hub.operations.links.scenarios import CASES
from hub.operations.tasks.listing import tasks_of
from tests.build import caller_for
from tests.unit.operations.city import (
    BANK,
    DEVELOPER,
    REVIEWER2,
    STEWARD,
    SUPERVISOR,
    a_listed_product,
    an_authorisable_resource,
    an_authorisation,
)
from tests.unit.operations.links.test_agreement_papers import a_locked_agreement
from tests.unit.operations.links.test_filings import (
    BANKER,
    SCHEDULER,
    a_filed_operator,
    a_filing,
    moved,
)
from tests.unit.operations.links.test_grants import a_case, an_approved_scenario

pytestmark = pytest.mark.anyio
HOLDER = caller_for(Role.DEVELOPER, Role.ORG_ADMIN, participant=BANK)


async def notices(node: Node, subject: str) -> set[str]:
    where = Where("subject", "eq", subject)
    found = await node.catalogue.select(Selection("notice", ("code",), where, page=Page(100)))
    return {row["code"] for row in found.rows}


async def the_task(node: Node, subject: str) -> Row:
    steps = PartChild("steps", "steps", tuple(field.name for field in STEPS.fields), first=99)
    fields = ("id", "status", "state", "awaited", "desk")
    found = await node.catalogue.select(
        Selection("task", fields, Where("subject", "eq", subject), page=Page(1), parts=(steps,))
    )
    assert found.first is not None
    return found.first


async def the_last_set(node: Node) -> list[tuple[str, str]]:
    """What the last change set did to what."""
    log = [each.evidence for each in await node.catalogue.changes_since(0, 10_000)]
    last = [each for each in log if each["change_set"] == log[-1]["change_set"]]
    return [(each["action"], each["subject"]) for each in last]


async def waits_for(node: Node, caller: Any) -> list[str]:
    selection = Selection("task", ("subject",), tasks_of(caller), page=Page(100))
    return [row["subject"] for row in (await node.catalogue.select(selection)).rows]


async def a_granted_product(node: Node) -> tuple[str, str]:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    done = await a_listed_product(node, resources=[resource], authorisations=[grant])
    return grant, done.id


async def test_a_case_that_a_suspension_opens_waits_for_its_holder_at_once(node: Node) -> None:
    grant, _ = await a_granted_product(node)
    await authorisations.suspend(node, SUPERVISOR, grant, reason="Out of scope")
    case = await a_case(node, grant)
    task = await the_task(node, case)
    assert (task["status"], task["state"], task["awaited"]) == ("OPEN", "OPENED", "answer")
    assert await waits_for(node, HOLDER) == [case]
    assert await waits_for(node, STEWARD) == []
    assert await notices(node, case) == {
        "accountability_case.open.holder",
        "accountability_case.open.agency_reviewer2_or_supervisor",
    }
    acts = await the_last_set(node)
    assert ("task.open", task["id"]) in acts and ("accountability_case.open", case) in acts
    assert acts[-1] == ("authorisation.suspend", grant)

    await CASES.move(node, DEVELOPER, case, "answer", reason="A test client ran wild")
    assert await waits_for(node, HOLDER) == []
    assert [step["move"] for step in (await the_task(node, case))["steps"]] == ["open", "answer"]


async def test_a_revocation_closes_the_case_with_its_to_do_in_one_change_set(node: Node) -> None:
    grant, _ = await a_granted_product(node)
    await authorisations.suspend(node, SUPERVISOR, grant, reason="Out of scope")
    case = await a_case(node, grant)
    await authorisations.revoke(node, REVIEWER2, grant, reason="Breach of contract")

    task = await the_task(node, case)
    assert (task["status"], task["state"], task["desk"]) == ("DONE", "CLOSED_REVOKED", None)
    assert task["steps"][-1]["move"] == "close_revoked"
    assert task["steps"][-1]["reason"] == "Breach of contract"
    assert await waits_for(node, HOLDER) == []
    assert "accountability_case.close_revoked.holder" in await notices(node, case)
    acts = await the_last_set(node)
    assert acts[-1] == ("authorisation.revoke", grant)
    assert ("task.close", task["id"]) in acts


async def test_who_owns_or_lists_a_product_hears_that_it_falls_and_returns(node: Node) -> None:
    grant, product = await a_granted_product(node)
    await authorisations.suspend(node, SUPERVISOR, grant, reason="Out of scope")
    fell = {"product.suspend_availability.owner", "product.suspend_availability.sub_approver"}
    assert fell <= await notices(node, product)
    facts = await node.catalogue.select(
        Selection("notice", ("facts",), Where("code", "eq", min(fell)), page=Page(1))
    )
    assert "信用画像" in facts.rows[0]["facts"]
    assert "suspend: Out of scope" in facts.rows[0]["facts"]

    case = await a_case(node, grant)
    await CASES.move(node, DEVELOPER, case, "answer", reason="A test client ran wild")
    await CASES.move(node, REVIEWER2, case, "close_restored", reason="Client replaced")
    back = {"product.restore_availability.owner", "product.restore_availability.sub_approver"}
    assert not back & await notices(node, product)
    await authorisations.resume(node, REVIEWER2, grant, reason="Put right")
    assert back <= await notices(node, product)


async def test_every_product_that_falls_is_told_of(node: Node) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    made = [
        (await a_listed_product(node, resources=[resource], authorisations=[grant])).id
        for _ in range(3)
    ]
    await authorisations.suspend(node, SUPERVISOR, grant, reason="Out of scope")
    for product in made:
        assert "product.suspend_availability.owner" in await notices(node, product)


async def test_nobody_is_told_that_a_product_is_back_which_another_grant_still_suspends(
    node: Node,
) -> None:
    resources = [await an_authorisable_resource(node), await an_authorisable_resource(node)]
    grants = [await an_authorisation(node, each) for each in resources]
    made = await a_listed_product(node, resources=resources, authorisations=grants)
    for grant in grants:
        await authorisations.suspend(node, SUPERVISOR, grant, reason="Out of scope")
    for number, grant in enumerate(grants):
        case = await a_case(node, grant)
        await CASES.move(node, DEVELOPER, case, "answer", reason="Looked into it")
        await CASES.move(node, REVIEWER2, case, "close_restored", reason="Settled")
        await authorisations.resume(node, REVIEWER2, grant, reason="Settled")
        told = "product.restore_availability.owner" in await notices(node, made.id)
        assert told == (number == 1)


async def test_a_scenario_in_operation_is_told_with_its_first_grant(node: Node) -> None:
    scenario = await an_approved_scenario(node)
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource, approved_scenario=scenario)
    assert any(code.startswith("scenario.activate.") for code in await notices(node, scenario))
    task = await the_task(node, scenario)
    assert (task["status"], task["state"]) == ("DONE", "ACTIVE")
    assert task["steps"][-1]["move"] == "activate"
    assert (await the_last_set(node))[-1] == ("authorisation.pass_second", grant)


async def test_the_parties_hear_that_their_agreement_is_on_file(node: Node) -> None:
    operator = await a_filed_operator(node)
    id_ = await a_locked_agreement(node)
    await moved(node, id_, (BANKER, "sign_as_grantee"), (REVIEWER2, "countersign_as_grantor"),
                (SCHEDULER, "verify"), (SCHEDULER, "archive"))  # fmt: skip
    await a_filing(node, "AGREEMENT", rests_on=operator, agreement=id_)
    assert {"agreement.filed.grantee", "agreement.filed.grantor"} <= await notices(node, id_)
