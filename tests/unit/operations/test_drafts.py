"""Drafts: what may be set, by whom, and how long."""

from dataclasses import replace

import pytest

from dataspace.caller import Role, RolesExclude
from dataspace.errors import MovedOn, NotFound, SelectionTooLarge, StillReferenced
from dataspace.refusals import NotYours, ReasonMissing, RoleMissing, WrongState
from dataspace.selection import PartChild, Selection, Where
from hub.node import Node
from hub.operations import authorisations, products, resources
from hub.operations.mechanism.input import FieldsInvalid
from tests.build import caller_for
from tests.unit.operations.city import (
    AUTHORISATION,
    BANK,
    DEVELOPER,
    PRODUCT,
    REGISTRAR,
    RESOURCE,
    STEWARD,
    a_registered_resource,
    an_authorisable_resource,
    an_authorisation,
)

pytestmark = pytest.mark.anyio

OTHER_STEWARD = caller_for(Role.DATA_STEWARD, participant=BANK, subject="other")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"state": "REGISTERED"}, "state"),
        ({"identifier": "7"}, "identifier"),
        ({"provider": BANK}, "provider"),
        ({"submitted_by": "me"}, "submitted_by"),
        ({"no_such_field": 1}, "no_such_field"),
        ({"format": "PAPER"}, "format"),
        ({"name": "长" * 401}, "name"),
        ({"name": None}, "name"),
        ({"name": 7}, "name"),
        ({"name": "half \ud83d"}, "name"),
        ({"grade": "2"}, "grade"),
        ({"secret": "no"}, "secret"),
        ({"data_changed_at": "yesterday"}, "data_changed_at"),
        ({"published_on": "2026-02-30"}, "published_on"),
        ({"labels": "one"}, "labels"),
        ({"topics": "top_1"}, "topics"),
        ({"topics": ["top_1"] * 101}, "topics"),
        ({"items": [{"name": "a", "data_type": "TEXT", "colour": "red"}]}, "items[0].colour"),
        ({"items": [{"data_type": "TEXT"}]}, "items[0].name"),
    ],
)
async def test_every_field_that_does_not_hold_is_named(
    node: Node, given: dict[str, object], field: str
) -> None:
    with pytest.raises(FieldsInvalid) as refusal:
        await resources.draft(node, STEWARD, {**RESOURCE, **given})
    assert [problem.path for problem in refusal.value.problems] == [field]

    made = await resources.draft(node, STEWARD, RESOURCE)
    with pytest.raises(FieldsInvalid) as refusal:
        await resources.amend(node, STEWARD, made.id, given)
    assert [problem.path for problem in refusal.value.problems] == [field]


async def test_a_draft_may_lack_what_only_the_registration_needs(node: Node) -> None:
    done = await resources.draft(node, STEWARD, {"name": "水质 Water", "audience": "PUBLIC"})
    assert done.values["state"] == "DRAFT"

    with pytest.raises(FieldsInvalid) as refusal:
        await resources.draft(node, STEWARD, {})
    assert {problem.path for problem in refusal.value.problems} == {"name", "audience"}


async def test_moments_are_kept_in_the_one_written_form(node: Node) -> None:
    given = {**RESOURCE, "data_changed_at": "2026-05-31T08:00:00+08:00"}
    done = await resources.draft(node, STEWARD, given)

    assert done.values["data_changed_at"] == "2026-05-31T00:00:00.000Z"


async def test_items_are_kept_and_counted(node: Node) -> None:
    items = [{"name": f"列{n}", "data_type": "NUMBER"} for n in range(3)]
    made = await resources.draft(node, STEWARD, {**RESOURCE, "items": items})
    part = PartChild("items", "items", ("name", "data_type"))
    selection = Selection("resource", where=Where("id", "eq", made.id), parts=(part,))

    assert made.values["item_count"] == 3
    assert (await node.catalogue.select(selection)).rows[0]["items"] == items
    emptied = await resources.amend(node, STEWARD, made.id, {"items": []})
    assert emptied.values["item_count"] == 0


async def test_a_draft_belongs_to_whom_the_caller_acts_for(node: Node) -> None:
    done = await resources.draft(node, STEWARD, RESOURCE)
    assert done.values["provider"] == STEWARD.participant

    with pytest.raises(NotYours):
        await resources.draft(node, replace(STEWARD, participant=""), RESOURCE)
    with pytest.raises(RoleMissing):
        await resources.draft(node, REGISTRAR, RESOURCE)


async def test_roles_that_exclude_each_other_do_nothing(node: Node) -> None:
    made = await resources.draft(node, STEWARD, RESOURCE)
    roles = STEWARD.roles | {Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2}

    with pytest.raises(RolesExclude):
        await resources.amend(node, replace(STEWARD, roles=roles), made.id, {"grade": 1})
    with pytest.raises(RolesExclude):
        await resources.submit(node, replace(STEWARD, roles=roles), made.id)
    with pytest.raises(RolesExclude):
        await resources.draft(node, replace(STEWARD, roles=roles), RESOURCE)


async def test_only_its_party_amends_and_only_what_is_open_to_change(node: Node) -> None:
    id_ = (await a_registered_resource(node)).id

    with pytest.raises(WrongState):
        await resources.amend(node, STEWARD, id_, {"grade": 1})
    with pytest.raises(NotYours):
        await resources.amend(node, OTHER_STEWARD, id_, {"grade": 1})
    with pytest.raises(RoleMissing):
        await resources.amend(node, REGISTRAR, id_, {"grade": 1})


async def test_an_amendment_of_what_moved_on_is_refused(node: Node) -> None:
    made = await resources.draft(node, STEWARD, RESOURCE)
    first = await resources.amend(node, STEWARD, made.id, {"grade": 1}, version=1)

    assert first.values["version"] == 2
    with pytest.raises(MovedOn):
        await resources.amend(node, STEWARD, made.id, {"grade": 3}, version=1)


async def test_the_same_item_of_the_same_source_is_entered_once(node: Node) -> None:
    source = {"source": "market.example", "source_record": "77"}
    first = await resources.draft(node, STEWARD, {**RESOURCE, **source, "code": "A/1"})

    for again in (source, {"code": "A/1"}):
        with pytest.raises(resources.AlreadyListed) as refusal:
            await resources.draft(node, OTHER_STEWARD, {**RESOURCE, **again})
        assert refusal.value.facts == {"id": first.id, "provider": "市场监管局"}
    other = await resources.draft(node, OTHER_STEWARD, {**RESOURCE, **source, "source_record": "8"})
    with pytest.raises(resources.AlreadyListed):
        await resources.amend(node, OTHER_STEWARD, other.id, {"source_record": "77"})
    kept = await resources.amend(node, STEWARD, first.id, {**source, "code": "A/1"})
    assert kept.values["version"] == 2


async def test_nobody_refers_to_what_they_may_not_see(node: Node) -> None:
    hidden = await resources.draft(node, STEWARD, RESOURCE)

    with pytest.raises(NotFound) as refusal:
        await authorisations.draft(node, DEVELOPER, {**AUTHORISATION, "resources": [hidden.id]})
    assert refusal.value.facts == {"kind": "resource", "id": hidden.id}
    with pytest.raises(NotFound):
        await products.draft(node, DEVELOPER, {**PRODUCT, "resources": [hidden.id]})
    with pytest.raises(NotFound):
        await products.draft(node, DEVELOPER, {**PRODUCT, "authorisations": ["aut_nowhere"]})
    with pytest.raises(FieldsInvalid):
        many = [f"res_{n}" for n in range(101)]
        await products.draft(node, DEVELOPER, {**PRODUCT, "resources": many})


async def test_a_draft_is_taken_back_and_its_evidence_stays(node: Node) -> None:
    made = await resources.draft(node, STEWARD, RESOURCE)
    with pytest.raises(ReasonMissing):
        await resources.remove(node, STEWARD, made.id, reason="x" * 100_000)
    done = await resources.remove(node, STEWARD, made.id, reason="Entered by mistake")

    with pytest.raises(NotFound):
        await resources.submit(node, STEWARD, made.id)
    log = [each for each in await node.catalogue.changes_since(0, 100) if each.id == made.id]
    assert [each.evidence["action"] for each in log] == ["resource.draft", "resource.remove"]
    assert log[-1].revision == done.revision
    assert log[-1].values is None


async def test_what_was_submitted_is_not_removed(node: Node) -> None:
    id_ = (await a_registered_resource(node)).id

    with pytest.raises(WrongState):
        await resources.remove(node, STEWARD, id_)


async def test_a_draft_that_another_refers_to_is_not_removed(node: Node) -> None:
    first = await resources.draft(node, STEWARD, RESOURCE)
    await resources.draft(node, STEWARD, {**RESOURCE, "derived_from": [first.id]})

    with pytest.raises(StillReferenced):
        await resources.remove(node, STEWARD, first.id)


async def test_a_product_is_drafted_with_the_grade_of_its_sources_unless_it_names_one(
    node: Node,
) -> None:
    low = await an_authorisable_resource(node, grade=1)
    high = await an_authorisable_resource(node, grade=3)

    proposed = await products.draft(node, DEVELOPER, {**PRODUCT, "resources": [low, high]})
    named = await products.draft(node, DEVELOPER, {**PRODUCT, "resources": [low], "grade": 2})
    without = await products.draft(node, DEVELOPER, PRODUCT)
    assert [each.values["grade"] for each in (proposed, named, without)] == [3, 2, 1]


async def test_an_application_names_its_grantor_where_the_hub_knows_none(node: Node) -> None:
    resource = await an_authorisable_resource(node)
    nameless = replace(node, bureau="")
    given = {**AUTHORISATION, "resources": [resource]}

    with pytest.raises(FieldsInvalid) as refusal:
        await authorisations.draft(nameless, DEVELOPER, given)
    assert [problem.path for problem in refusal.value.problems] == ["grantor"]
    done = await authorisations.draft(nameless, DEVELOPER, {**given, "grantor": "par_bureau"})
    assert done.values["grantor"] == "par_bureau"


async def test_what_refers_to_too_much_to_be_read_whole_is_refused(node: Node) -> None:
    ids = [f"res_{n}" for n in range(101)]
    with pytest.raises((FieldsInvalid, SelectionTooLarge)):
        await authorisations.draft(node, DEVELOPER, {**AUTHORISATION, "resources": ids})


async def test_an_authorisation_in_force_is_not_amended(node: Node) -> None:
    id_ = await an_authorisation(node, await an_authorisable_resource(node))

    with pytest.raises(WrongState):
        await authorisations.amend(node, DEVELOPER, id_, {"purpose": "Something else"})
