"""Exploration, projects, platform resources, reviews and exports (L4)."""

from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.guards.refusals import (
    EnvironmentsMixed,
    NoGrant,
    NotMasked,
    OverQuota,
    OwnWork,
    RawData,
    ReviewIncomplete,
    TooLong,
)
from dataspace.refusals import NotOver, ReasonMissing, StillInUse, WrongState
from hub.node import Node
from hub.operations import authorisations, products
from hub.operations.links.development import (
    COMPLIANCE_REVIEWS,
    EXPLORATIONS,
    EXPORT_CHECKS,
    PLATFORM_REQUESTS,
    PROJECTS,
    SECURITY_REVIEWS,
)
from tests.build import caller_for
from tests.clock import FrozenClock
from tests.unit.operations.city import (
    ADMIN,
    CENTRE,
    COMPLIANCE_REVIEW,
    DEVELOPER,
    LISTER,
    PRODUCT,
    REVIEWER1,
    REVIEWER2,
    SECURITY_REVIEW,
    an_authorisable_resource,
    an_authorisation,
)

pytestmark = pytest.mark.anyio

SCHEDULER = caller_for(Role.SCHEDULER, participant="")
PROJECT: dict[str, Any] = {
    "name": "Credit score", "form": "API", "development_environment": "sandbox-1",
    "production_environment": "production-1",
}  # fmt: skip


async def a_project(node: Node, **values: Any) -> str:
    grant = await an_authorisation(node, await an_authorisable_resource(node))
    given = {**PROJECT, "authorisations": [grant], **values}
    return (await PROJECTS.draft(node, DEVELOPER, given)).id


async def a_product_draft(node: Node) -> str:
    grant = await an_authorisation(node, resource := await an_authorisable_resource(node))
    given = {**PRODUCT, "resources": [resource], "authorisations": [grant]}
    return (await products.draft(node, DEVELOPER, given)).id


async def test_data_are_explored_on_masked_samples_for_a_limited_time(
    node: Node, clock: FrozenClock
) -> None:
    resource = await an_authorisable_resource(node)
    given = {"title": "Look", "purpose": "Fit", "resources": [resource], "masked": True}
    for values, refusal in (
        ({**given, "masked": False, "valid_until": "2026-06-20T00:00:00Z"}, NotMasked),
        ({**given, "valid_until": "2026-08-20T00:00:00Z"}, TooLong),
        ({**given, "valid_until": "2026-05-20T00:00:00Z"}, TooLong),
    ):
        id_ = (await EXPLORATIONS.draft(node, DEVELOPER, values)).id
        with pytest.raises(refusal):
            await EXPLORATIONS.move(node, DEVELOPER, id_, "submit")
    await EXPLORATIONS.amend(node, DEVELOPER, id_, {"valid_until": "2026-06-20T00:00:00Z"})
    await EXPLORATIONS.move(node, DEVELOPER, id_, "submit")
    await EXPLORATIONS.move(node, LISTER, id_, "approve")
    with pytest.raises(NotOver):
        await EXPLORATIONS.move(node, SCHEDULER, id_, "expire")
    clock.advance(days=30)
    assert (await EXPLORATIONS.move(node, SCHEDULER, id_, "expire")).values["state"] == "CLOSED"


async def test_a_project_rests_on_grants_and_keeps_its_environments_apart(node: Node) -> None:
    mixed = await a_project(node, production_environment=" sandbox-1")
    with pytest.raises(EnvironmentsMixed):
        await PROJECTS.move(node, DEVELOPER, mixed, "start")
    id_ = await a_project(node)
    await PROJECTS.move(node, DEVELOPER, id_, "start")
    await PROJECTS.move(node, DEVELOPER, id_, "submit")
    with pytest.raises(ReasonMissing):
        await PROJECTS.move(node, LISTER, id_, "return")
    await PROJECTS.move(node, LISTER, id_, "return", reason="No inventory of models")
    await PROJECTS.move(node, DEVELOPER, id_, "submit")
    assert (await PROJECTS.move(node, LISTER, id_, "accept")).values["state"] == "DONE"


async def test_a_project_on_a_grant_that_is_gone_does_not_start(node: Node) -> None:
    grant = await an_authorisation(node, await an_authorisable_resource(node))
    made = await PROJECTS.draft(node, DEVELOPER, {**PROJECT, "authorisations": [grant]})
    await authorisations.revoke(node, REVIEWER2, grant, reason="Breach")
    with pytest.raises(NoGrant):
        await PROJECTS.move(node, DEVELOPER, made.id, "start")


async def test_platform_resources_are_given_within_a_quota_and_released(
    node: Node, clock: FrozenClock
) -> None:
    project = await a_project(node)
    given = {
        "title": "A sandbox", "purpose": "Train", "cpu_cores": 65, "memory_gb": 64,
        "storage_gb": 500, "valid_until": "2026-07-01T00:00:00Z", "project": project,
    }  # fmt: skip
    id_ = (await PLATFORM_REQUESTS.draft(node, DEVELOPER, given)).id
    with pytest.raises(OverQuota) as refusal:
        await PLATFORM_REQUESTS.move(node, DEVELOPER, id_, "submit")
    assert refusal.value.facts["what"] == "cpu_cores"
    await PLATFORM_REQUESTS.amend(node, DEVELOPER, id_, {"cpu_cores": 16})
    await PLATFORM_REQUESTS.move(node, DEVELOPER, id_, "submit")
    await PLATFORM_REQUESTS.move(node, ADMIN, id_, "approve")
    with pytest.raises(StillInUse):
        await PROJECTS.move(node, DEVELOPER, project, "cancel", reason="No demand")
    clock.advance(days=40)
    done = await PLATFORM_REQUESTS.move(node, SCHEDULER, id_, "expire")
    assert done.values["state"] == "RELEASED"
    await PROJECTS.move(node, DEVELOPER, project, "cancel", reason="No demand")


@pytest.mark.parametrize("part", ["material", "code"])
async def test_a_security_review_fails_when_either_part_does(node: Node, part: str) -> None:
    values = {**SECURITY_REVIEW, "product": await a_product_draft(node)}
    id_ = (await SECURITY_REVIEWS.draft(node, DEVELOPER, values)).id
    await SECURITY_REVIEWS.move(node, DEVELOPER, id_, "submit")
    other = "code" if part == "material" else "material"
    await SECURITY_REVIEWS.move(node, LISTER, id_, f"pass_{other}")
    with pytest.raises(ReviewIncomplete):
        await SECURITY_REVIEWS.move(node, LISTER, id_, "pass")
    done = await SECURITY_REVIEWS.move(node, LISTER, id_, f"fail_{part}", reason="Secrets in it")
    assert (done.values["state"], done.values[f"{part}_result"]) == ("FAILED", "FAILED")
    with pytest.raises(WrongState):
        await SECURITY_REVIEWS.move(node, LISTER, id_, "pass")


async def test_the_agency_reviews_what_the_operator_made(node: Node) -> None:
    builder = caller_for(Role.DEVELOPER, participant=CENTRE, subject="usr_builder")
    resource = await an_authorisable_resource(node)
    made = await products.draft(node, builder, {**PRODUCT, "resources": [resource]})
    values = {**SECURITY_REVIEW, "product": made.id}
    id_ = (await SECURITY_REVIEWS.draft(node, builder, values)).id
    await SECURITY_REVIEWS.move(node, builder, id_, "submit")
    with pytest.raises(OwnWork):
        await SECURITY_REVIEWS.move(node, LISTER, id_, "pass_code")
    await SECURITY_REVIEWS.move(node, REVIEWER1, id_, "pass_code")


async def test_a_compliance_review_may_pass_on_condition_and_then_still_fail(node: Node) -> None:
    product = await a_product_draft(node)
    for last, state in (("confirm", "PASSED"), ("fail_conditions", "FAILED")):
        values = {**COMPLIANCE_REVIEW, "product": product}
        id_ = (await COMPLIANCE_REVIEWS.draft(node, DEVELOPER, values)).id
        await COMPLIANCE_REVIEWS.move(node, DEVELOPER, id_, "submit")
        done = await COMPLIANCE_REVIEWS.move(
            node, LISTER, id_, "pass_conditionally", reason="Show the consent form"
        )
        assert done.values["conditions"] == "Show the consent form"
        done = await COMPLIANCE_REVIEWS.move(node, LISTER, id_, last, reason="Looked at it")
        assert done.values["state"] == state


async def test_raw_data_never_leave(node: Node) -> None:
    project = await a_project(node)
    given = {"title": "Out", "description": "d", "content_sha256": "b" * 64, "project": project}
    raw = (await EXPORT_CHECKS.draft(node, DEVELOPER, {**given, "content": "RAW"})).id
    await EXPORT_CHECKS.move(node, DEVELOPER, raw, "submit")
    with pytest.raises(RawData):
        await EXPORT_CHECKS.move(node, LISTER, raw, "release")
    done = await EXPORT_CHECKS.move(node, LISTER, raw, "block", reason="Raw")
    assert done.values["state"] == "BLOCKED"
    model = (await EXPORT_CHECKS.draft(node, DEVELOPER, {**given, "content": "MODEL"})).id
    await EXPORT_CHECKS.move(node, DEVELOPER, model, "submit")
    assert (await EXPORT_CHECKS.move(node, LISTER, model, "release")).values["state"] == "RELEASED"
