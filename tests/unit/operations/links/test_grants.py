"""A grant with its agreement, scenario, renewal, cases, and the products that fall with it (L3)."""

from dataclasses import replace

import pytest

from dataspace.caller import Role
from dataspace.errors import MovedOn
from dataspace.guards.refusals import (
    AgreementMissing,
    CaseOpen,
    GrantStands,
    OutlivesAgreement,
    OwnWork,
    PartyNotAdmitted,
    PriceTooHigh,
    RenewalUnfounded,
    ScenarioUnapproved,
)
from dataspace.refusals import ReasonMissing, SourceNotGranted, StillInUse
from dataspace.selection import Page, Row, Selection, Where
from hub.node import Node
from hub.operations import authorisations, products
from hub.operations.links.scenarios import CASES, SCENARIOS
from tests.build import a_change_set, a_filed_agreement, a_row, caller_for
from tests.clock import FrozenClock
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    AUTHORISATION,
    BANK,
    CENTRE,
    DEVELOPER,
    LISTER,
    PRODUCT,
    REGISTRAR,
    REVIEWER1,
    REVIEWER2,
    SUPERVISOR,
    a_drafted_product,
    a_listed_product,
    an_application,
    an_authorisable_resource,
    an_authorisation,
    pass_reviews,
)

pytestmark = pytest.mark.anyio

SCHEDULER = caller_for(Role.SCHEDULER, participant="")
OPERATOR = caller_for(Role.SUB_APPROVER, participant=CENTRE, subject="usr_operator")
SCENARIO = {
    "title": "小微企业融资增信", "purpose": "Assess the credit of small firms",
    "use_kind": "INDUSTRY", "fields_wanted": "Turnover, to judge the size", "output_form": "API",
    "risk_assessment": "Low", "safety_capability": "Certified",
    "valid_until": "2029-06-01T00:00:00Z",
}  # fmt: skip


async def the_row(node: Node, kind: str, id_: str, *fields: str) -> Row:
    selection = Selection(kind, ("id", *fields), Where("id", "eq", id_), page=Page(1))
    found = (await node.catalogue.select(selection)).first
    assert found is not None
    return found


async def availability(node: Node, product: str) -> str:
    return str((await the_row(node, "product", product, "availability"))["availability"])


async def reasons(node: Node, product: str) -> list[str]:
    row = await the_row(node, "product", product, "availability_reason")
    return (row["availability_reason"] or "").splitlines()


async def a_case(node: Node, authorisation: str) -> str:
    about = Where("authorisation", "eq", authorisation)
    rows = (await node.catalogue.select(Selection("accountability_case", where=about))).rows
    return str(rows[-1]["id"])


async def a_granted_product(node: Node) -> tuple[str, str]:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    done = await a_listed_product(node, resources=[resource], authorisations=[grant])
    return grant, done.id


async def test_a_suspension_takes_its_products_down_and_opens_a_case_in_one_change_set(
    node: Node,
) -> None:
    grant, product = await a_granted_product(node)
    assert await availability(node, product) == "AVAILABLE"
    done = await authorisations.suspend(node, SCHEDULER, grant, reason="5 calls out of scope")

    assert await availability(node, product) == "SUSPENDED"
    told = await the_row(node, "product", product, "availability_reason")
    assert told["availability_reason"].endswith(f"suspend: 5 calls out of scope [{grant}]")
    log = await node.catalogue.changes_since(0, 1000)
    last = [each for each in log if each.evidence["change_set"] == log[-1].evidence["change_set"]]
    acts = [each.evidence["action"] for each in last]
    assert [each for each in acts if not each.startswith(("task.", "notice."))] == [
        "product.suspend_availability", "accountability_case.open", "authorisation.suspend",
    ]  # fmt: skip
    assert done.revision == last[-1].revision
    assert {each.evidence["actor"] for each in last} == {SCHEDULER.subject}


async def test_it_comes_back_when_the_case_is_closed_for_the_holder(node: Node) -> None:
    grant, product = await a_granted_product(node)
    await authorisations.suspend(node, SUPERVISOR, grant, reason="Out of scope")
    with pytest.raises(CaseOpen):
        await authorisations.resume(node, REVIEWER2, grant, reason="Fine again")
    await products.delist(node, LISTER, product, reason="Meanwhile")
    with pytest.raises(SourceNotGranted):
        await products.request_listing(node, DEVELOPER, product)
    case = await a_case(node, grant)
    with pytest.raises(ReasonMissing):
        await CASES.move(node, DEVELOPER, case, "answer")
    await CASES.move(node, DEVELOPER, case, "answer", reason="A test client ran wild")
    with pytest.raises(GrantStands):
        await CASES.move(node, REVIEWER2, case, "close_revoked", reason="Over")
    own = replace(REVIEWER2, participant=BANK)
    with pytest.raises(OwnWork):
        await CASES.move(node, own, case, "close_restored", reason="We are sorry")
    await CASES.move(node, REVIEWER2, case, "close_restored", reason="Client replaced")
    await authorisations.resume(node, REVIEWER2, grant, reason="Case closed")

    assert await availability(node, product) == "AVAILABLE"
    done = await products.request_listing(node, DEVELOPER, product)
    assert done.values["state"] == "LIST_REVIEW"


async def test_a_product_that_two_authorisations_suspend_waits_for_both(node: Node) -> None:
    resources = [await an_authorisable_resource(node), await an_authorisable_resource(node)]
    grants = [await an_authorisation(node, each) for each in resources]
    done = await a_listed_product(node, resources=resources, authorisations=grants)
    for grant in grants:
        await authorisations.suspend(node, SUPERVISOR, grant, reason="Out of scope")
        case = await a_case(node, grant)
        await CASES.move(node, DEVELOPER, case, "answer", reason="Sorry")
        await CASES.move(node, REVIEWER2, case, "close_restored", reason="Accepted")
    named = await reasons(node, done.id)
    assert [line.rpartition(" ")[2] for line in named] == [f"[{each}]" for each in grants]
    await authorisations.resume(node, REVIEWER2, grants[0], reason="Case closed")
    assert await availability(node, done.id) == "SUSPENDED"
    assert await reasons(node, done.id) == named[1:]
    await authorisations.resume(node, REVIEWER2, grants[1], reason="Case closed")
    assert await availability(node, done.id) == "AVAILABLE"
    assert await reasons(node, done.id) == []


async def test_a_revocation_takes_products_down_for_good_and_closes_what_was_open(
    node: Node,
) -> None:
    grant, product = await a_granted_product(node)
    await authorisations.suspend(node, SUPERVISOR, grant, reason="Out of scope")
    await authorisations.revoke(node, REVIEWER2, grant, reason="Not answered")

    assert await availability(node, product) == "SUSPENDED"
    case = await the_row(node, "accountability_case", await a_case(node, grant), "state", "outcome")
    assert (case["state"], case["outcome"]) == ("CLOSED_REVOKED", "Not answered")


async def test_more_products_than_a_page_fall_with_their_grant(node: Node) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    listed = {
        "summary": "s", "state": "LISTED", "audience": "PUBLIC", "form": "API",
        "use_kind": "INDUSTRY", "grade": 2, "price_fen": 1, "price_unit": "CALL",
        "usage_policy": "p", "owner": BANK, "resources": [resource], "authorisations": [grant],
    }  # fmt: skip
    rows = [a_row("product", f"prd_{n:03}", {**listed, "name": f"n{n}"}) for n in range(130)]
    await node.catalogue.apply(a_change_set(*rows))
    await authorisations.suspend(node, SUPERVISOR, grant, reason="Out of scope")

    fallen = Where("availability", "eq", "SUSPENDED")
    found = await node.catalogue.select(Selection("product", where=fallen, total=True))
    assert found.total == 130


async def test_a_product_that_is_registered_meanwhile_does_not_escape(node: Node) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    product = await a_drafted_product(node, resources=[resource], authorisations=[grant])
    slow, watch = watched(node)

    async def submitted() -> None:
        await products.submit(node, DEVELOPER, product)

    async def the_grant_is_read() -> None:
        watch.after_select = submitted  # after what rests on it was read too

    watch.after_select = the_grant_is_read
    with pytest.raises(MovedOn):
        await authorisations.suspend(slow, SUPERVISOR, grant, reason="Out of scope")
    await authorisations.suspend(node, SUPERVISOR, grant, reason="Out of scope")
    assert await availability(node, product) == "SUSPENDED"


async def test_a_right_to_operate_rests_on_a_filed_agreement_of_its_parties(node: Node) -> None:
    resource = await an_authorisable_resource(node)
    unfiled = a_filed_agreement("agr_unfiled", BANK, filing_code=None)
    foreign = a_filed_agreement("agr_foreign", BANK, grantor=CENTRE)
    short = a_filed_agreement("agr_short", BANK, valid_until="2027-06-01T00:00:00.000Z")
    await node.catalogue.apply(a_change_set(unfiled, foreign, short))
    for agreement, refusal in (
        (None, AgreementMissing), ("agr_unfiled", AgreementMissing),
        ("agr_foreign", AgreementMissing), ("agr_short", OutlivesAgreement),
    ):  # fmt: skip
        id_ = await an_application(node, resource, agreement=agreement)
        await authorisations.pass_first(node, REVIEWER1, id_)
        with pytest.raises(refusal):
            await authorisations.pass_second(node, REVIEWER2, id_)
    id_ = await an_application(node, resource, agreement=None, right_kind="PROCESSING")
    await authorisations.pass_first(node, REVIEWER1, id_)
    done = await authorisations.pass_second(node, REVIEWER2, id_)
    assert done.values["state"] == "EFFECTIVE", "processing alone needs no operation agreement"


async def test_a_price_stays_below_the_ceiling_of_the_agreement(node: Node) -> None:
    capped = a_filed_agreement("agr_capped", BANK, price_cap_fen=40)
    await node.catalogue.apply(a_change_set(capped))
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource, agreement="agr_capped")
    product = await a_drafted_product(node, resources=[resource], authorisations=[grant])
    await products.submit(node, DEVELOPER, product)
    await products.register(node, REGISTRAR, product)
    with pytest.raises(PriceTooHigh) as refusal:
        await products.request_listing(node, DEVELOPER, product)
    assert (refusal.value.facts["price_fen"], refusal.value.facts["limit_fen"]) == (50, 40)


async def test_who_is_frozen_applies_for_nothing(node: Node) -> None:
    resource = await an_authorisable_resource(node)
    frozen = a_row("participant", "par_frozen", {"name": "冻结", "kind": "ENTERPRISE"})
    await node.catalogue.apply(a_change_set(frozen))
    for participant in ("par_frozen",):
        caller = replace(DEVELOPER, participant=participant)
        made = await authorisations.draft(
            node, caller, {**AUTHORISATION, "agreement": None, "resources": [resource]}
        )
        with pytest.raises(PartyNotAdmitted):
            await authorisations.submit(node, caller, made.id)


async def test_a_renewal_opens_before_the_end_and_carries_the_products_over(
    node: Node, clock: FrozenClock
) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource, valid_until="2026-12-01T00:00:00Z")
    product = (await a_listed_product(node, resources=[resource], authorisations=[grant])).id
    early = await authorisations.draft(
        node, DEVELOPER, {**AUTHORISATION, "resources": [resource], "renews": grant}
    )
    with pytest.raises(RenewalUnfounded):
        await authorisations.submit(node, DEVELOPER, early.id)
    clock.advance(days=120)
    renewal = await an_authorisation(node, resource, renews=grant)
    assert (await the_row(node, "authorisation", renewal, "valid_from"))["valid_from"] == (
        "2026-12-01T00:00:00.000Z"
    ), "from the end of what it renews"
    clock.advance(days=90)
    await authorisations.expire(node, SCHEDULER, grant)
    assert await availability(node, product) == "AVAILABLE"
    await authorisations.revoke(node, REVIEWER2, renewal, reason="Breach")
    assert await availability(node, product) == "SUSPENDED"


async def test_what_nobody_renewed_takes_its_products_down_at_its_end(
    node: Node, clock: FrozenClock
) -> None:
    grant, product = await a_granted_product(node)
    clock.advance(days=800)
    await authorisations.expire(node, SCHEDULER, grant)
    assert await availability(node, product) == "SUSPENDED"


async def an_approved_scenario(node: Node) -> str:
    made = await SCENARIOS.draft(node, DEVELOPER, SCENARIO)
    await SCENARIOS.move(node, DEVELOPER, made.id, "submit")
    await SCENARIOS.move(node, OPERATOR, made.id, "pass_first")
    await SCENARIOS.move(node, REVIEWER2, made.id, "pass_second")
    return made.id


async def test_a_scenario_goes_through_two_reviews_and_runs_with_its_first_grant(
    node: Node,
) -> None:
    resource = await an_authorisable_resource(node)
    scenario = await an_approved_scenario(node)
    grant = await an_authorisation(node, resource, approved_scenario=scenario)
    assert (await the_row(node, "scenario", scenario, "state"))["state"] == "ACTIVE"

    with pytest.raises(StillInUse):
        await SCENARIOS.move(node, SUPERVISOR, scenario, "revoke", reason="Not used as described")
    await authorisations.revoke(node, REVIEWER2, grant, reason="Not used as described")
    done = await SCENARIOS.move(node, SUPERVISOR, scenario, "revoke", reason="Grants are closed")
    assert done.values["state"] == "REVOKED"


async def test_a_scenario_that_is_not_approved_or_not_ones_own_founds_nothing(node: Node) -> None:
    resource = await an_authorisable_resource(node)
    draft = await SCENARIOS.draft(node, DEVELOPER, SCENARIO)
    made = await authorisations.draft(
        node, DEVELOPER,
        {**AUTHORISATION, "resources": [resource], "approved_scenario": draft.id},
    )  # fmt: skip
    with pytest.raises(ScenarioUnapproved):
        await authorisations.submit(node, DEVELOPER, made.id)


async def test_the_operator_does_not_review_its_own_scenario(node: Node) -> None:
    own = caller_for(Role.DEVELOPER, participant=CENTRE, subject="usr_own")
    made = await SCENARIOS.draft(node, own, SCENARIO)
    await SCENARIOS.move(node, own, made.id, "submit")
    with pytest.raises(OwnWork):
        await SCENARIOS.move(node, OPERATOR, made.id, "pass_first")


async def test_a_product_without_its_reviews_is_not_registered(node: Node) -> None:
    grant, product = await a_granted_product(node)
    made = await products.draft(
        node, DEVELOPER,
        {**PRODUCT, "source_products": [product], "authorisations": [grant]},
    )  # fmt: skip
    with pytest.raises(Exception, match="security_reviews, compliance_reviews"):
        await products.submit(node, DEVELOPER, made.id)
    await pass_reviews(node, made.id)
    assert (await products.submit(node, DEVELOPER, made.id)).values["state"] == "REG_REVIEW"
