"""What a rulebook states is asked when something is decided, and the row says under which."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dataspace.guards.rules.refusals import (
    NoCountersignature,
    PapersMissing,
    PersonalRouteMissing,
    PersonalRouteRefused,
    PublicityRuns,
    TooFewReviewers,
)
from dataspace.quantity import read_moment, written
from dataspace.refusals import FourEyes
from dataspace.selection import Page, Row, Selection, Where
from hub.node import Node
from hub.operations import authorisations, participants, products, resources
from hub.operations.links.scenarios import SCENARIOS
from hub.operations.tasks import finding
from hub.operations.tasks.listing import tasks_of
from tests.build import a_change_set, a_participant, a_resource
from tests.clock import FrozenClock
from tests.unit.operations.city import (
    ADMIN,
    APPROVER,
    DEVELOPER,
    LISTER,
    MARKET,
    PUBLICITY_DAYS,
    REGISTRAR,
    RESOURCE,
    REVIEWER1,
    REVIEWER2,
    STEWARD,
    SUPERVISOR,
    a_drafted_product,
    a_registered_resource,
    an_application,
    an_authorisable_resource,
    an_authorisation,
    in_publicity,
    papers,
    pass_time,
    published,
    rule,
)

pytestmark = pytest.mark.anyio

COLLEAGUE = replace(APPROVER, subject="usr_colleague")
MONTHS_AGO = "2026-01-05T08:00:00.000Z"
PERSONAL = {"items": [{"name": "姓名", "data_type": "TEXT", "personal": True}]}


async def row_of(node: Node, kind: str, id_: str, *fields: str) -> Row:
    asked = Selection(kind, fields, Where("id", "eq", id_), page=Page(1))
    row = (await node.catalogue.select(asked)).first
    assert row is not None
    return row


async def test_an_approver_waits_for_the_end_of_the_publicity_as_the_job_does(
    node: Node, clock: FrozenClock
) -> None:
    await rule(node, resource__publicity_days_min="3")
    id_ = await in_publicity(node)
    with pytest.raises(PublicityRuns) as refusal:
        await resources.register(node, APPROVER, id_)
    facts = refusal.value.facts
    assert (facts["since"], facts["until"]) == (
        "2026-06-01T12:00:00.000Z", "2026-06-04T16:00:00.000Z",
    )  # fmt: skip
    assert (facts["rule"], facts["edition"]) == ("resource.publicity_days_min", "city v1")
    clock.at = read_moment("2026-06-04T23:59:59+08:00")
    with pytest.raises(PublicityRuns):
        await resources.register(node, APPROVER, id_)
    clock.advance(seconds=1)
    await resources.register(node, APPROVER, id_)
    row = await row_of(node, "resource", id_, "state", "public_since", "decided_under")
    assert (row["state"], row["public_since"], row["decided_under"]) == (
        "REGISTERED", "2026-06-01T12:00:00.000Z", "city v1",
    )  # fmt: skip


async def test_a_publicity_that_an_objection_stopped_lasts_as_much_longer(
    node: Node, clock: FrozenClock
) -> None:
    await rule(node, resource__publicity_days_min="3")
    id_ = await in_publicity(node)
    await resources.object_(node, DEVELOPER, id_, reason="It shows our customers")
    clock.advance(days=7)
    await resources.dismiss_objection(node, APPROVER, id_, reason="They are not in it")
    with pytest.raises(PublicityRuns) as refusal:
        await resources.register(node, APPROVER, id_)
    assert refusal.value.facts["until"] == "2026-06-11T16:00:00.000Z"
    clock.advance(days=4)
    await resources.register(node, APPROVER, id_)


async def test_what_came_in_publicity_without_a_move_waits_from_then_on(
    node: Node, clock: FrozenClock
) -> None:
    since = written(clock.now() - timedelta(days=2))
    seeded = {**RESOURCE, "state": "PUBLICITY", "public_since": since, "submitted_at": MONTHS_AGO}
    row = a_resource("res_seeded", provider=MARKET, reviewed_by="registrar", **seeded)
    await node.catalogue.apply(a_change_set(row))
    for made in (0, 1):
        assert await finding.find(node, "hub", [resources.LIFECYCLE], at=clock.now()) == 1 - made
        with pytest.raises(PublicityRuns) as refusal:
            await resources.register(node, APPROVER, "res_seeded")
        assert refusal.value.facts["since"] == since
    clock.advance(days=PUBLICITY_DAYS)
    await resources.register(node, APPROVER, "res_seeded")


async def test_a_department_hands_in_with_the_papers_that_the_city_asks_for(node: Node) -> None:
    await rule(node, resource__attachments="LAWFULNESS_DECLARATION, SOURCE_DECLARATION")
    held = papers("SOURCE_DECLARATION")
    id_ = (await resources.draft(node, STEWARD, {**RESOURCE, "papers": held})).id
    with pytest.raises(PapersMissing) as refusal:
        await resources.submit(node, STEWARD, id_)
    assert refusal.value.facts["papers"] == "LAWFULNESS_DECLARATION"
    assert refusal.value.facts["edition"] == "city v1"
    await resources.amend(
        node, STEWARD, id_, {"papers": papers("SOURCE_DECLARATION", "LAWFULNESS_DECLARATION")}
    )
    await resources.submit(node, STEWARD, id_)
    await resources.take_in(node, REGISTRAR, id_)
    done = await resources.pass_(node, REGISTRAR, id_)
    assert done.values["decided_under"] == "city v1"


async def test_applications_and_products_come_with_papers_too(node: Node) -> None:
    source = await an_authorisable_resource(node)
    grant = await an_authorisation(node, source)
    draft = await a_drafted_product(node, resources=[source], authorisations=[grant])
    await rule(
        node, authorisation__attachments="RISK_ASSESSMENT", product__attachments="COMMITMENT_LETTER"
    )
    with pytest.raises(PapersMissing):
        await an_application(node, source)
    id_ = await an_application(node, source, papers=papers("RISK_ASSESSMENT"))
    await authorisations.pass_first(node, REVIEWER1, id_)
    with pytest.raises(PapersMissing):
        await products.submit(node, DEVELOPER, draft)
    await products.amend(node, DEVELOPER, draft, {"papers": papers("COMMITMENT_LETTER")})
    await products.submit(node, DEVELOPER, draft)
    await products.register(node, REGISTRAR, draft)


async def waits_for(node: Node, caller: Any) -> list[str]:
    found = await node.catalogue.select(
        Selection("task", ("subject",), tasks_of(caller), page=Page(20))
    )
    return [row["subject"] for row in found.rows]


async def test_three_people_register_where_the_city_asks_for_three(node: Node) -> None:
    await rule(node, resource__reviewers_min="3")
    id_ = await published(node)
    with pytest.raises(TooFewReviewers) as refusal:
        await resources.register(node, APPROVER, id_)
    assert (refusal.value.facts["count"], refusal.value.facts["needed"]) == (2, 3)
    with pytest.raises(FourEyes):
        await resources.countersign(node, REGISTRAR, id_)
    done = await resources.countersign(node, COLLEAGUE, id_)
    assert done.values["countersigned_by"] == [COLLEAGUE.subject]
    with pytest.raises(FourEyes):
        await resources.register(node, COLLEAGUE, id_)
    assert await waits_for(node, APPROVER) == [id_]
    assert await waits_for(node, COLLEAGUE) == []
    with pytest.raises(NoCountersignature):
        await resources.countersign(node, SUPERVISOR, id_)
    assert (await resources.register(node, APPROVER, id_)).values["state"] == "REGISTERED"


async def test_a_countersignature_ends_with_the_application_that_it_was_for(node: Node) -> None:
    await rule(node, resource__reviewers_min="3")
    id_ = await published(node)
    await resources.countersign(node, COLLEAGUE, id_)
    await resources.refuse(node, APPROVER, id_, reason="Name the system")
    done = await resources.submit(node, STEWARD, id_)
    assert "countersigned_by" not in done.values
    assert "countersigned_roles" not in done.values


async def test_the_supervisor_looks_at_an_authorisation_where_the_city_asks_for_it(
    node: Node,
) -> None:
    source = await an_authorisable_resource(node)
    await rule(
        node, authorisation__reviewing_roles="agency_reviewer1, agency_reviewer2, supervisor"
    )
    id_ = await an_application(node, source)
    await authorisations.pass_first(node, REVIEWER1, id_)
    with pytest.raises(Exception, match="supervisor"):
        await authorisations.pass_second(node, REVIEWER2, id_)
    await authorisations.countersign(node, SUPERVISOR, id_)
    done = await authorisations.pass_second(node, REVIEWER2, id_)
    assert (done.values["state"], done.values["decided_under"]) == ("EFFECTIVE", "city v1")


async def test_two_let_a_participant_in_where_the_city_asks_for_two(node: Node) -> None:
    await node.catalogue.apply(a_change_set(
        a_participant("par_new", credit_code="91310000MA1FL0000N", contact="x", state="DRAFT"),
        a_participant("par_listed"),
    ))  # fmt: skip
    await rule(node, participant__reviewers_min="2", participant__attachments="LICENCE")
    with pytest.raises(PapersMissing):
        await participants.DESK.move(node, ADMIN, "par_new", "submit")
    await participants.amend(node, ADMIN, "par_new", {"papers": papers("LICENCE")})
    await participants.DESK.move(node, ADMIN, "par_new", "submit")
    with pytest.raises(TooFewReviewers):
        await participants.admit(node, REGISTRAR, "par_new")
    other = replace(REGISTRAR, subject="usr_other")
    await participants.DESK.move(node, other, "par_new", "countersign")
    done = await participants.admit(node, REGISTRAR, "par_new")
    assert (done.values["standing"], done.values["decided_under"]) == ("ADMITTED", "city v1")
    with pytest.raises(TooFewReviewers):
        await participants.admit(node, REGISTRAR, "par_listed")


async def test_two_list_a_product_beside_whoever_registered_it(node: Node) -> None:
    source = await an_authorisable_resource(node)
    grant = await an_authorisation(node, source)
    draft = await a_drafted_product(node, resources=[source], authorisations=[grant])
    await rule(node, product__reviewers_min="3")
    for mover, name in (
        (DEVELOPER, "submit"), (REGISTRAR, "register"), (DEVELOPER, "request_listing"),
    ):  # fmt: skip
        await products.move(node, mover, draft, name)
    with pytest.raises(TooFewReviewers):
        await products.list_(node, LISTER, draft)
    await products.countersign(node, replace(LISTER, subject="usr_second"), draft)
    assert (await products.list_(node, LISTER, draft)).values["state"] == "LISTED"


async def test_personal_information_is_authorised_by_a_route_that_the_city_allows(
    node: Node,
) -> None:
    source = await an_authorisable_resource(node, **PERSONAL)
    assert (await row_of(node, "resource", source, "personal"))["personal"] is True
    await rule(node, authorisation__personal_routes="ANONYMISED")
    with pytest.raises(PersonalRouteMissing):
        await an_application(node, source)
    with pytest.raises(PersonalRouteRefused) as refusal:
        await an_application(node, source, personal_route="CONSENT")
    assert refusal.value.facts["edition"] == "city v1"
    id_ = await an_application(node, source, personal_route="ANONYMISED")
    await authorisations.pass_first(node, REVIEWER1, id_)
    await authorisations.pass_second(node, REVIEWER2, id_)


async def test_a_scenario_names_the_route_before_it_is_looked_at(node: Node) -> None:
    source = await an_authorisable_resource(node, **PERSONAL)
    values = {
        "title": "信贷 Credit", "purpose": "p", "use_kind": "INDUSTRY", "fields_wanted": "f",
        "output_form": "API", "risk_assessment": "r", "safety_capability": "s",
        "valid_until": "2028-06-01T00:00:00Z", "resources": [source],
    }  # fmt: skip
    made = await SCENARIOS.draft(node, DEVELOPER, values)
    with pytest.raises(PersonalRouteMissing):
        await SCENARIOS.move(node, DEVELOPER, made.id, "submit")
    await SCENARIOS.amend(node, DEVELOPER, made.id, {"personal_route": "CONSENT"})
    await SCENARIOS.move(node, DEVELOPER, made.id, "submit")


async def test_a_resource_says_of_itself_whether_its_items_are_personal(node: Node) -> None:
    plain = (await a_registered_resource(node)).id
    assert (await row_of(node, "resource", plain, "personal"))["personal"] is False
    draft = (await resources.draft(node, STEWARD, {**RESOURCE, "code": "c2", **PERSONAL})).id
    assert (await row_of(node, "resource", draft, "personal"))["personal"] is True
    await resources.amend(node, STEWARD, draft, {"items": RESOURCE["items"]})
    assert (await row_of(node, "resource", draft, "personal"))["personal"] is False


async def test_a_rule_that_is_tightened_meanwhile_holds_from_its_day_on(
    node: Node, clock: FrozenClock
) -> None:
    id_ = await in_publicity(node)
    pass_time(node, days=PUBLICITY_DAYS)
    await rule(node, resource__publicity_days_min="20")
    with pytest.raises(PublicityRuns):
        await resources.register(node, APPROVER, id_)
