"""What the profile of a node does there: to drafts, registrations, samples, proposals and jobs."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dataspace.errors import AssetTooLarge, NotFound
from dataspace.federation.profiles.refusals import BesideProfile
from dataspace.identifiers import check_infrastructure_identifier
from dataspace.jobs.table import JOBS
from dataspace.nouns.extras import EXTRA
from dataspace.quality.nouns import LINES
from dataspace.quality.rules import QualityRule
from dataspace.rulebooks.city import CITY_RULES
from dataspace.rulebooks.refusals import RulebookLoosens
from dataspace.selection import Page, PartChild, Row, Selection, Where
from dataspace.shape import Part
from hub.node import Node
from hub.operations import products, resources, samples, spaces
from hub.operations.federation import own_space
from hub.operations.links.changes import PRODUCT_CHANGES
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.quality import proposals
from hub.operations.rulebooks import keeping
from hub.operations.rulebooks.ruling import in_force
from hub.scheduling.work import jobs_of
from subspaces.energy import ENERGY
from subspaces.manufacturing import MANUFACTURING
from subspaces.profiles import profile_named
from tests.unit.operations.city import (
    ADMIN,
    DEVELOPER,
    PRODUCT,
    REGISTRAR,
    RESOURCE,
    STEWARD,
    a_listed_product,
    a_registered_resource,
    an_authorisable_resource,
    an_authorisation,
    pass_reviews,
)
from tests.unit.operations.test_quality import rows_of
from tests.unit.operations.test_samples import upload

pytestmark = pytest.mark.anyio

WATER = profile_named(str(Path(__file__).parents[2] / "federation" / "profiles" / "water.toml"))
RIVER = [{"name": "river", "value": "长江 Yangtze"}]
FILE = b"station,level_cm\nA,120\nB,90\n"
RULES = {"waiting": "authorisation.waiting_days_max", "logs": "use.log_days_min"}


@pytest.fixture
def water(node: Node) -> Node:
    """The node of a profile without rules of papers, which other tests are about."""
    return replace(node, profile=replace(WATER, grades=()))


async def the(node: Node, kind: str, id_: str, *fields: str, part: Part | None = EXTRA) -> Row:
    parts = (
        (PartChild(part.name, part.name, tuple(f.name for f in part.fields), 50),) if part else ()
    )
    selection = Selection(kind, fields, Where("id", "eq", id_), page=Page(1), parts=parts)
    row = (await node.catalogue.select(selection)).first
    assert row is not None
    return row


async def test_the_space_and_its_rules_are_entered_once(node: Node) -> None:
    first = await own_space.enter(node, WATER)
    log = len(await node.catalogue.changes_since(0, 1000))
    assert await own_space.enter(node, WATER) == first
    assert len(await node.catalogue.changes_since(0, 1000)) == log

    found = await the(node, "space", first, "code", "name", "tier", part=None)
    assert (found["code"], found["name"]) == ("water", "水务子空间 Water sub-space")
    rules = (await in_force(node.catalogue, first, at=node.clock.now())).rules
    assert rules[RULES["waiting"]] == 3
    assert rules[RULES["logs"]] == CITY_RULES[RULES["logs"]]


async def test_what_people_decided_is_not_undone_by_a_start(node: Node) -> None:
    space = await own_space.enter(node, WATER)
    await own_space.enter(node, replace(WATER, rules={RULES["waiting"]: 1}))
    rules = (await in_force(node.catalogue, space, at=node.clock.now())).rules
    assert rules[RULES["waiting"]] == 3


async def test_a_city_that_decided_otherwise_is_not_loosened(node: Node) -> None:
    await own_space.enter(node, replace(WATER, code="city-first", rules={}))
    city = await rows_of(node, "space", "code", "tier")
    [top] = [each for each in city if each["tier"] == "CITY"]
    await _decide(node, top["id"], {RULES["waiting"]: "2"})
    with pytest.raises(RulebookLoosens):
        await own_space.enter(node, WATER)


async def _decide(node: Node, space: str, rules: dict[str, str]) -> None:
    lines = [{"name": name, "value": value} for name, value in rules.items()]
    clock: Any = node.clock
    clock.advance(days=1)
    values = {"title": "Tighter", "space": space, "rules": lines}
    made = await keeping.enter(node, ADMIN, values)
    await keeping.take_effect(node, ADMIN, made.id)


async def test_a_registration_lies_in_the_space_and_carries_the_industry(water: Node) -> None:
    space = await own_space.enter(replace(water, profile=WATER), replace(WATER, rules={}))
    made = await resources.draft(water, STEWARD, {**RESOURCE, "extra": RIVER})
    assert made.values["space"] == space
    other = await spaces.enter(
        water, ADMIN, {"code": "o", "name": "O", "kind": "LOGICAL", "tier": "SUBSPACE"}
    )
    placed = await resources.draft(water, STEWARD, {**RESOURCE, "space": other.id})
    assert placed.values["space"] == other.id

    done = await a_registered_resource(water, extra=RIVER, space=other.id)
    identifier = done.values["identifier"]
    check_infrastructure_identifier(identifier)
    assert identifier[19:23] == "0046"


async def test_extra_metadata_are_kept_checked_and_asked_for(water: Node) -> None:
    with pytest.raises(FieldsInvalid) as refused:
        await resources.draft(water, STEWARD, {**RESOURCE, "extra": [{"name": "x", "value": "1"}]})
    assert [each.path for each in refused.value.problems] == ["extra[0].name"]
    made = await resources.draft(water, STEWARD, RESOURCE)
    with pytest.raises(BesideProfile, match=r"extra\.river: a value is needed"):
        await resources.submit(water, STEWARD, made.id)
    await resources.amend(water, STEWARD, made.id, {"extra": RIVER})
    assert (await the(water, "resource", made.id))["extra"] == RIVER
    await resources.submit(water, STEWARD, made.id)


async def test_a_grade_is_one_of_the_scheme(node: Node) -> None:
    energy = replace(node, profile=ENERGY)
    with pytest.raises(FieldsInvalid):
        await resources.draft(energy, STEWARD, {**RESOURCE, "grade": 3})
    extra = [{"name": "interval_minutes", "value": "60"}]
    made = await resources.draft(energy, STEWARD, {**RESOURCE, "grade": 2, "extra": extra})
    await resources.submit(energy, STEWARD, made.id)


async def test_a_city_node_asks_nothing_of_the_kind(node: Node) -> None:
    made = await resources.draft(node, STEWARD, {**RESOURCE, "extra": RIVER})
    await resources.submit(node, STEWARD, made.id)
    assert (await the(node, "resource", made.id, "space"))["space"] is None


async def test_a_draft_may_begin_with_a_template(water: Node) -> None:
    given = {"template": "flood-warning", "audience": "PUBLIC", "use_kind": "PUBLIC_WELFARE",
             "price_fen": 0, "name": "洪水预警二期"}  # fmt: skip
    made = await products.draft(water, DEVELOPER, given)
    values = made.values
    assert (values["name"], values["form"]) == ("洪水预警二期", "API")
    assert values["purposes"] == ["flood-control"]
    assert values["labels"] == ["水位 Water level"]
    assert values["template"] == "flood-warning"
    with pytest.raises(NotFound):
        await products.draft(water, DEVELOPER, {**given, "template": "nothing"})


async def test_a_product_is_for_purposes_of_the_profile(water: Node) -> None:
    source = await an_authorisable_resource(water, extra=RIVER)
    grant = await an_authorisation(water, source)
    rests = {"resources": [source], "authorisations": [grant]}
    with pytest.raises(FieldsInvalid):
        await products.draft(water, DEVELOPER, {**PRODUCT, **rests, "purposes": ["marketing"]})
    made = await products.draft(water, DEVELOPER, {**PRODUCT, **rests})
    await pass_reviews(water, made.id)
    with pytest.raises(BesideProfile, match="purposes"):
        await products.submit(water, DEVELOPER, made.id)
    await products.amend(water, DEVELOPER, made.id, {"purposes": ["flood-control"]})
    await products.submit(water, DEVELOPER, made.id)
    done = await products.register(water, REGISTRAR, made.id)
    assert done.values["identifier"][19:23] == "0046"


async def test_a_change_of_what_is_registered_is_held_to_the_profile_too(water: Node) -> None:
    source = await an_authorisable_resource(water, extra=RIVER)
    grant = await an_authorisation(water, source)
    listed = await a_listed_product(
        water, resources=[source], authorisations=[grant], purposes=["flood-control"]
    )
    change = {"title": "T", "kind": "CHANGE", "explanation": "E", "product": listed.id}

    async def proposed(**values: Any) -> str:
        made = await PRODUCT_CHANGES.draft(water, DEVELOPER, {**change, **values})
        return made.id

    refused = await proposed(purposes=["marketing"])
    with pytest.raises(BesideProfile):
        await PRODUCT_CHANGES.move(water, DEVELOPER, refused, "submit")
    minutes = [{"name": "warning_minutes", "value": "30"}]
    passed = await proposed(purposes=["leak-detection"], extra=minutes)
    await PRODUCT_CHANGES.move(water, DEVELOPER, passed, "submit")
    await PRODUCT_CHANGES.move(water, REGISTRAR, passed, "pass")
    now = await the(water, "product", listed.id, "purposes")
    assert (now["purposes"], now["extra"]) == (["leak-detection"], minutes)


async def test_a_sample_is_no_larger_than_the_profile_allows(water: Node) -> None:
    made = await resources.draft(water, STEWARD, RESOURCE)
    with pytest.raises(AssetTooLarge):
        await samples.attach(water, STEWARD, made.id, upload(content=b"a," * 501))
    announced = {"file_name": "a.csv", "bytes": 1001, "sha256": "0" * 64}
    with pytest.raises(AssetTooLarge):
        await samples.direct_upload(water, STEWARD, made.id, announced)
    await samples.attach(water, STEWARD, made.id, upload(content=b"a," * 500))


async def test_quality_rules_of_the_profile_are_proposed_and_taken_in(water: Node) -> None:
    rules = (*WATER.quality, QualityRule("UNIQUE", columns=("station", "level_cm"), weight=2))
    assert water.profile is not None
    water = replace(water, profile=replace(water.profile, quality=rules))
    made = await resources.draft(water, STEWARD, RESOURCE)
    await samples.attach(water, STEWARD, made.id, upload(content=FILE))
    done = await proposals.propose(water, STEWARD, made.id)
    lines = (await the(water, "metadata_proposal", done.id, part=LINES))["lines"]
    offered = [each for each in lines if each["field"] == "RULE"]
    assert [each["column"] for each in offered] == ["level_cm", "station, level_cm"]
    assert {each["basis"] for each in offered} == {"PROFILE"}
    await proposals.accept(water, STEWARD, done.id, [each["number"] for each in offered])
    names = ("kind", "column", "columns", "maximum", "weight")
    kept = await rows_of(water, "quality_rule", *names)
    assert sorted((tuple(each[name] for name in names) for each in kept), key=str) == [
        ("RANGE", "level_cm", None, "2000", 3), ("UNIQUE", None, ["station", "level_cm"], None, 2),
    ]  # fmt: skip
    again = await proposals.propose(water, STEWARD, made.id)
    lines = (await the(water, "metadata_proposal", again.id, part=LINES))["lines"]
    assert [each for each in lines if each["field"] == "RULE"] == []


def test_only_jobs_of_the_links_in_use_run() -> None:
    assert jobs_of(None) == JOBS
    assert jobs_of(MANUFACTURING).keys() <= JOBS.keys()
    few = jobs_of(replace(WATER, links=("L2",)))
    assert {job.link for job in few.values()} == {"L2", "X1", "X2"}
