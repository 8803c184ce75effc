"""A developer at a node builds a product on another space's resource: by the moves of any other."""

from dataclasses import replace
from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.errors import DataSpaceError
from hub.node import Node
from hub.operations import products
from hub.operations.links import development
from tests.build import a_resource, caller_for
from tests.unit.federation.three_nodes import CHARGING, GRANT, ThreeNodes, three_nodes
from tests.unit.federation.two_nodes import (
    BANK,
    ENERGY,
    FINANCE,
    FIRM,
    GRID,
    STRANGER,
    amend,
    apply,
)
from tests.unit.operations.city import (
    COMPLIANCE_REVIEW,
    LISTER,
    PRODUCT,
    REGISTRAR,
    SECURITY_REVIEW,
)

DEVELOPER = caller_for(Role.DEVELOPER, Role.PRODUCT_PUBLISHER, participant=FIRM)
SOURCES = {"resources": [CHARGING], "authorisations": [GRANT]}


async def granted() -> tuple[ThreeNodes, Node]:
    city = await three_nodes()
    await amend(city.hub.catalogue, "participant", FIRM, state="ADMITTED")
    await city.grant()
    await city.settle()
    return city, city.nodes[FINANCE]


async def reviewed(node: Node, **values: Any) -> str:
    """A draft that has passed its reviews; a `ground` lowers its grade."""
    ground = values.pop("ground", {})
    made = await products.draft(node, DEVELOPER, {**PRODUCT, **SOURCES, **values})
    for kind, given, moves in (
        (development.SECURITY_REVIEWS, SECURITY_REVIEW, ("pass_material", "pass_code", "pass")),
        (development.COMPLIANCE_REVIEWS, {**COMPLIANCE_REVIEW, **ground}, ("pass",)),
    ):
        asked = await kind.draft(node, DEVELOPER, {**given, "product": made.id})
        await kind.move(node, DEVELOPER, asked.id, "submit")
        for move in moves:
            await kind.move(node, LISTER, asked.id, move)
    return made.id


async def code_of(act: Any) -> str:
    with pytest.raises(DataSpaceError) as refused:
        await act
    return refused.value.code


async def test_it_is_listed_there_and_found_at_the_hub_with_the_grade_of_its_source() -> None:
    city, node = await granted()
    id_ = await reviewed(node)
    await products.submit(node, DEVELOPER, id_)
    await products.register(node, REGISTRAR, id_)
    await products.request_listing(node, DEVELOPER, id_)
    listed = await products.list_(node, LISTER, id_)
    assert (listed.values["grade"], listed.values["availability"]) == (2, "AVAILABLE")
    await city.rise(FINANCE)
    shown = await city.product(city.hub.catalogue, id_)
    assert (shown["state"], shown["grade"]) == ("LISTED", 2)


async def test_what_the_node_was_not_told_of_is_no_source() -> None:
    city, node = await granted()
    await apply(city.energy, a_resource(
        "res_other", provider=STRANGER, space=GRID, audience="MEMBERS", state="AUTHORISABLE",
        grade=2,
    ))  # fmt: skip
    await city.settle()
    drafted = products.draft(node, DEVELOPER, {**PRODUCT, "resources": ["res_other"]})
    assert await code_of(drafted) == "catalogue.not_found"


async def test_whoever_was_not_granted_it_builds_nothing_of_it() -> None:
    city, node = await granted()
    await amend(city.hub.catalogue, "participant", BANK, state="ADMITTED")
    await city.sink(FINANCE)
    other = replace(DEVELOPER, participant=BANK)
    made = await products.draft(node, other, {**PRODUCT, "resources": [CHARGING]})
    submitted = products.submit(node, other, made.id)
    assert await code_of(submitted) == "product.source_not_granted"


async def test_no_review_here_lowers_what_another_space_graded() -> None:
    _, node = await granted()
    id_ = await reviewed(
        node, grade=1, ground={"grade_proposed": 1, "grade_ground": "Aggregated by day"}
    )
    assert await code_of(products.submit(node, DEVELOPER, id_)) == "product.grade_too_low"


@pytest.mark.parametrize("fallen", ["authorisation", "resource"])
async def test_nothing_is_submitted_that_rests_on_what_has_fallen(fallen: str) -> None:
    city, node = await granted()
    id_ = await reviewed(node)
    if fallen == "authorisation":
        await amend(city.hub.catalogue, "authorisation", GRANT, state="SUSPENDED")
    else:
        await amend(city.energy, "resource", CHARGING, state="CANCELLED")
    await city.rise(ENERGY)
    await city.sink(FINANCE)
    assert await code_of(products.submit(node, DEVELOPER, id_)) == "product.source_not_granted"


async def test_the_grant_and_the_resource_are_changed_by_nobody_at_the_node() -> None:
    city, _ = await granted()
    for kind, id_ in (("authorisation", GRANT), ("resource", CHARGING)):
        changed = amend(city.finance, kind, id_, state="EFFECTIVE")
        assert await code_of(changed) == "row.kept_elsewhere"
