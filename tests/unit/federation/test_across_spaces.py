"""A product of a node that is built from what another space publishes, and was granted for it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from dataspace.change import Amend
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.selection import Child, Page, Selection, Where
from tests.build import a_change_set, a_product
from tests.made_catalogue import a_catalogue
from tests.unit.federation.three_nodes import CHARGING, GRANT, ThreeNodes, three_nodes
from tests.unit.federation.two_nodes import (
    BANK,
    ENERGY,
    FINANCE,
    FIRM,
    GRID,
    SPACE,
    STRANGER,
    amend,
    apply,
    rows,
)

LOSS = ("suspended_by", "lost_resources")


@pytest.fixture(params=["dictionary", pytest.param("sqlite", marks=pytest.mark.slow)])
async def city(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ThreeNodes]:
    if request.param == "dictionary":
        yield await three_nodes()
        return
    own = {name: await a_catalogue(tmp_path / f"{name}.sqlite") for name in ("hub", "finance")}
    yield await three_nodes(**own)
    for each in own.values():
        await each.close()


async def with_a_product(city: ThreeNodes, **values: Any) -> ThreeNodes:
    await city.grant()
    await city.settle()
    defaults = {
        "owner": FIRM, "resources": [CHARGING], "authorisations": [GRANT], "space": SPACE,
        "availability": "AVAILABLE",
    }  # fmt: skip
    await apply(city.finance, a_product("prd_cross", **{**defaults, **values}))
    await city.rise(FINANCE)
    return city


async def ends_of(city: ThreeNodes, *edges: str) -> dict[str, list[str]]:
    """What stands at the end of these edges of the product, at the finance node."""
    kinds = {"suspended_by": "authorisation", "authorisations": "authorisation",
             "lost_resources": "resource", "resources": "resource"}  # fmt: skip
    children = tuple(Child(e, e, Selection(kinds[e], page=Page(10))) for e in edges)
    asked = Selection("product", where=Where("id", "eq", "prd_cross"), page=Page(1),
                      children=children)  # fmt: skip
    row = (await city.finance.select(asked)).first
    assert row is not None
    return {edge: [each["id"] for each in row[edge].rows] for edge in edges}


async def stands(city: ThreeNodes) -> tuple[str, list[str], list[str]]:
    """Whether the product may be had, at node and hub alike, and what suspends it."""
    await city.settle()
    own, shown = await city.product(), await city.product(city.hub.catalogue)
    assert own["availability"] == shown["availability"]
    assert await city.healed() == 0
    ends = await ends_of(city, *LOSS)
    return own["availability"], ends["suspended_by"], ends["lost_resources"]


async def test_a_node_knows_of_another_space_what_its_own_people_are_granted(
    city: ThreeNodes,
) -> None:
    assert CHARGING not in await rows(city.finance, "resource")
    await city.grant()
    await city.settle()
    [known] = (await rows(city.finance, "resource")).values()
    assert (known["id"], known["grade"]) == (CHARGING, 2)
    assert (await rows(city.finance, "authorisation")).keys() == {GRANT}
    assert GRID in await rows(city.finance, "space")
    assert STRANGER in await rows(city.finance, "participant")
    assert "par_other" not in await rows(city.finance, "participant")
    # Whose it is publishes it; who was granted it is nothing that flows there.
    assert await rows(city.energy, "authorisation") == {}


@pytest.mark.parametrize(
    "values",
    [{"grantee": "par_other"}, {"grantee": STRANGER}, {"state": "REVIEW2"}, {"state": "DRAFT"}],
)
async def test_what_is_granted_to_others_or_not_granted_is_not_told(values: Any) -> None:
    city = await three_nodes()
    await city.grant(**values)
    await city.settle()
    assert await rows(city.finance, "authorisation") == {}
    assert await rows(city.finance, "resource") == {}


@pytest.mark.parametrize("values", [{"audience": "SPACE"}, {"grade": 4}, {"secret": True}])
async def test_what_may_not_leave_its_space_is_not_told_whoever_is_granted_it(values: Any) -> None:
    city = await three_nodes()
    await amend(city.energy, "resource", CHARGING, **values)
    await city.settle()
    assert CHARGING not in await rows(city.hub.catalogue, "resource", Where("state", "ne", "X"))


async def test_the_product_leads_at_node_and_hub_to_the_other_space(city: ThreeNodes) -> None:
    await with_a_product(city)
    shown = await city.product(city.hub.catalogue)
    assert (shown["state"], shown["grade"]) == ("LISTED", 2)
    ends = Child("resources", "resources", Selection(
        "resource", ("id",), page=Page(5),
        children=(Child(ORIGIN, ORIGIN, Selection("node", ("id",))),
                  Child("space", "space", Selection("space", ("id",)))),
    ))  # fmt: skip
    for catalogue, origin in ((city.hub.catalogue, ENERGY), (city.finance, None)):
        asked = Selection("product", where=Where("id", "eq", "prd_cross"), page=Page(1),
                          children=(ends,))  # fmt: skip
        row = (await catalogue.select(asked)).first
        assert row is not None
        [source] = row["resources"].rows
        assert (source["id"], source["space"]["id"]) == (CHARGING, GRID)
        assert origin is None or source[ORIGIN]["id"] == origin


Step = Callable[[ThreeNodes], Any]


def at_the_hub(**values: Any) -> Step:
    return lambda city: amend(city.hub.catalogue, "authorisation", GRANT, **values)


def at_energy(**values: Any) -> Step:
    return lambda city: amend(city.energy, "resource", CHARGING, **values)


@pytest.mark.parametrize(
    ("falls", "comes_back", "by", "ground"),
    [
        (at_the_hub(state="SUSPENDED"), at_the_hub(state="EFFECTIVE"), (True, False), "未处于生效"),
        (at_energy(state="CANCELLED"), at_energy(state="AUTHORISABLE"), (True, True), "停止提供"),
        (at_energy(audience="SPACE"), at_energy(audience="PUBLIC"), (True, True), "not in force"),
        (at_energy(grade=3), at_energy(grade=2), (False, True), "grade 3, above 2"),
        (at_energy(grade=5), at_energy(grade=1), (True, True), "no longer offered"),
    ],
)
async def test_what_becomes_of_the_source_becomes_of_the_product(
    city: ThreeNodes, falls: Step, comes_back: Step, by: tuple[bool, bool], ground: str
) -> None:
    await with_a_product(city)
    await falls(city)
    expected = [[id_] if loses else [] for id_, loses in zip((GRANT, CHARGING), by, strict=True)]
    assert await stands(city) == ("SUSPENDED", *expected)
    row = await city.product()
    assert ground in row["availability_reason"]
    assert not await rows(city.finance, "feed_refusal")
    told = await rows(city.finance, "notice", Where("subject", "eq", "prd_cross"))
    assert {each["code"] for each in told.values()} == {
        "product.suspend_availability.owner", "product.suspend_availability.sub_approver",
    }  # fmt: skip
    await comes_back(city)
    assert await stands(city) == ("AVAILABLE", [], [])
    assert (await city.product())["availability_reason"] is None


async def test_a_product_comes_back_when_nothing_suspends_it_any_more(city: ThreeNodes) -> None:
    await with_a_product(city)
    await at_the_hub(state="SUSPENDED")(city)
    await at_energy(grade=3)(city)
    assert await stands(city) == ("SUSPENDED", [GRANT], [CHARGING])
    await at_the_hub(state="EFFECTIVE")(city)
    assert await stands(city) == ("SUSPENDED", [], [CHARGING])
    await at_energy(grade=1)(city)
    assert await stands(city) == ("AVAILABLE", [], [])


async def test_a_renewal_is_handed_on_before_the_old_authorisation_ends(city: ThreeNodes) -> None:
    await with_a_product(city)
    await city.grant(id="aut_again", renews=GRANT)
    await at_the_hub(state="EXPIRED")(city)
    assert await stands(city) == ("AVAILABLE", [], [])
    assert (await ends_of(city, "authorisations"))["authorisations"] == ["aut_again", GRANT]
    await amend(city.hub.catalogue, "authorisation", "aut_again", state="REVOKED")
    assert (await stands(city))[:2] == ("SUSPENDED", ["aut_again"])


async def test_who_leaves_the_space_takes_the_grant_away_from_its_node(city: ThreeNodes) -> None:
    await with_a_product(city)
    await amend(city.hub.catalogue, "participant", FIRM, spaces=[])
    await city.sink(FINANCE)
    assert (await city.product())["availability"] == "SUSPENDED"
    assert (await rows(city.finance, "authorisation"))[GRANT]["state"] == "REVOKED"
    assert (await rows(city.finance, "resource"))[CHARGING]["state"] == "CANCELLED"
    await amend(city.hub.catalogue, "participant", FIRM, spaces=[SPACE])
    assert await stands(city) == ("AVAILABLE", [], [])


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"grade": 1}, "feed.grade_below_source"),
        ({"owner": BANK}, "feed.source_not_authorised"),
    ],
)
async def test_the_hub_refuses_what_a_node_should_not_have_published(
    values: Any, code: str
) -> None:
    city = await with_a_product(await three_nodes(), **values)
    refused = await rows(city.hub.catalogue, "feed_refusal")
    assert [(row["subject"], row["code"]) for row in refused.values()] == [("prd_cross", code)]
    assert await rows(city.hub.catalogue, "product") == {}
    await amend(city.finance, "product", "prd_cross", grade=2, owner=FIRM)
    await city.rise(FINANCE)
    assert (await city.product(city.hub.catalogue))["grade"] == 2


async def test_a_product_of_the_hub_falls_with_the_node_that_withdraws_its_source() -> None:
    city = await three_nodes()
    await apply(city.hub.catalogue, a_product(
        "prd_hub", owner=FIRM, resources=[CHARGING], availability="AVAILABLE"
    ))  # fmt: skip
    await at_energy(state="CANCELLED")(city)
    await city.rise(ENERGY)
    assert (await city.product(city.hub.catalogue, "prd_hub"))["availability"] == "SUSPENDED"


async def test_who_is_faster_is_not_overwritten_and_nothing_is_lost() -> None:
    """A product comes to rest on the authorisation while its fall is being applied."""
    city = await with_a_product(await three_nodes())
    await at_the_hub(state="SUSPENDED")(city)
    late = a_product("prd_late", owner=FIRM, resources=[CHARGING], authorisations=[GRANT],
                     availability="AVAILABLE")  # fmt: skip
    apply_ = city.finance.apply
    raced = False

    async def raced_apply(change_set: Any) -> Any:
        nonlocal raced
        if not raced and any(isinstance(each, Amend) for each in change_set.changes):
            raced = True
            await apply_(a_change_set(late))
        return await apply_(change_set)

    city.finance.apply = raced_apply  # type: ignore[method-assign]
    await city.sink(FINANCE)
    await city.sink(FINANCE)
    found = await rows(city.finance, "product")
    assert {id_: row["availability"] for id_, row in found.items()} == {
        "prd_cross": "SUSPENDED", "prd_late": "SUSPENDED",
    }  # fmt: skip
    assert await rows(city.finance, "feed_refusal") == {}
