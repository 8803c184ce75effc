"""What suspends a product may hold beside others: it may be had again when none is left, and says
by which of them it is suspended now."""

from itertools import permutations
from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.federation.flow.losing import Source, becomes
from dataspace.nouns.suspenders import AVAILABILITY_REASON_CHARACTERS_MAX, reason_of
from dataspace.selection import Page, Row, Selection, Where
from hub.operations import authorisations
from hub.operations.federation.flow import shelf
from hub.operations.links.scenarios import CASES
from tests.build import a_product, caller_for
from tests.unit.federation.three_nodes import CHARGING, GRANT, ThreeNodes, three_nodes
from tests.unit.federation.two_nodes import ENERGY, FINANCE, FIRM, SPACE, amend, apply
from tests.unit.operations.city import REVIEWER2, SUPERVISOR

CUT, SOURCE, GRANTED = "its node is cut off", "its source is lost", "its grant is suspended"
CAUSES = (CUT, SOURCE, GRANTED)
CROSS, OF_HUB = "prd_cross", "prd_hub"
HOLDER = caller_for(Role.DEVELOPER, participant=FIRM)


async def a_city() -> ThreeNodes:
    """The finance node builds on the energy node's records, and the hub on both."""
    city = await three_nodes()
    await city.grant(right_kind="PROCESSING", valid_until="2028-06-01T00:00:00.000Z")
    await city.settle()
    built = {"owner": FIRM, "resources": [CHARGING], "authorisations": [GRANT], "space": SPACE,
             "availability": "AVAILABLE"}  # fmt: skip
    await apply(city.finance, a_product(CROSS, **built))
    await city.rise(FINANCE)
    await apply(city.hub.catalogue, a_product(OF_HUB, **built, source_products=[CROSS]))
    return city


async def falls(city: ThreeNodes, cause: str) -> None:
    match cause:
        case "its node is cut off":
            await shelf.suspend(city.upward(FINANCE))
        case "its source is lost":
            await amend(city.energy, "resource", CHARGING, state="CANCELLED")
        case _:
            await authorisations.suspend(city.hub, SUPERVISOR, GRANT, reason="Out of scope")


async def is_lifted(city: ThreeNodes, cause: str) -> None:
    match cause:
        case "its node is cut off":
            await city.rise(FINANCE)
        case "its source is lost":
            await amend(city.energy, "resource", CHARGING, state="AUTHORISABLE")
        case _:
            about = Selection("accountability_case", where=Where("state", "eq", "OPENED"),
                              page=Page(1))  # fmt: skip
            case = (await city.hub.catalogue.select(about)).rows[0]["id"]
            await CASES.move(city.hub, HOLDER, case, "answer", reason="Sorry")
            await CASES.move(city.hub, REVIEWER2, case, "close_restored", reason="Accepted")
            await authorisations.resume(city.hub, REVIEWER2, GRANT, reason="Case closed")


async def is_heard(city: ThreeNodes, causes: set[str]) -> None:
    """By whom it can be: a node that is cut off is neither asked nor told."""
    await city.rise(ENERGY)
    if CUT not in causes:
        await city.sink(FINANCE)
        await city.rise(FINANCE)
        await city.sink(FINANCE)  # also what was refused of it meanwhile, and is no longer


def named(product: Row) -> set[str]:
    """The causes that the reason names."""
    lines = (product["availability_reason"] or "").splitlines()
    return {line.rpartition("[")[2].rstrip("]") for line in lines}


async def check(city: ThreeNodes, causes: set[str]) -> None:
    expected = "SUSPENDED" if causes else "AVAILABLE"
    own = await city.product(city.hub.catalogue, OF_HUB)
    shown = await city.product(city.hub.catalogue)
    assert (own["availability"], shown["availability"]) == (expected, expected)
    suspending = {CHARGING: SOURCE in causes, GRANT: GRANTED in causes, CROSS: bool(causes)}
    assert named(own) == {id_ for id_, holds in suspending.items() if holds}
    assert named(shown) == ({FINANCE} if CUT in causes else set()), "as the hub says it"
    if CUT not in causes:
        at_node = await city.product()
        lost = {CHARGING, GRANT} if SOURCE in causes else set()
        granted = {GRANT} if GRANTED in causes else set()
        assert (at_node["availability"], named(at_node)) == (expected, lost | granted)
        assert await city.healed() == 0


@pytest.mark.parametrize("fall", list(permutations((CUT, SOURCE))))
@pytest.mark.parametrize("lift", list(permutations((CUT, SOURCE))))
async def test_it_is_back_when_the_node_is_let_in_and_the_source_is_there(
    fall: tuple[str, ...], lift: tuple[str, ...]
) -> None:
    await falls_and_comes_back(fall, lift)


@pytest.mark.parametrize("fall", list(permutations(CAUSES)))
@pytest.mark.parametrize("lift", list(permutations(CAUSES)))
async def test_it_is_back_when_none_of_three_causes_is_left(
    fall: tuple[str, ...], lift: tuple[str, ...]
) -> None:
    await falls_and_comes_back(fall, lift)


async def falls_and_comes_back(fall: tuple[str, ...], lift: tuple[str, ...]) -> None:
    city, causes = await a_city(), set[str]()
    for cause in fall:
        await falls(city, cause)
        causes.add(cause)
        await is_heard(city, causes)
        await check(city, causes)
    for cause in lift:
        causes.remove(cause)
        await is_lifted(city, cause)
        await is_heard(city, causes)
        await check(city, causes)


async def test_what_is_built_on_the_product_of_a_node_that_has_left_falls_with_it() -> None:
    city = await a_city()
    await shelf.delist(city.upward(FINANCE))
    own = await city.product(city.hub.catalogue, OF_HUB)
    assert (own["availability"], named(own)) == ("SUSPENDED", {CROSS})


def test_a_source_that_is_lost_for_another_reason_is_named_by_that() -> None:
    product = {"resources": ["res_1"], "lost_resources": [], "grade": 2}
    raised = becomes(product, [Source("resource", "res_1", {"state": "REGISTERED", "grade": 3})])
    assert "grade 3, above 2" in raised["availability_reason"]
    gone = becomes({**product, **raised}, [Source("resource", "res_1", {"state": "CANCELLED"})])
    assert set(gone) == {"availability", "availability_reason"}
    [line] = gone["availability_reason"].splitlines()
    assert "no longer offered" in line
    assert becomes({**product, **raised, **gone},
                   [Source("resource", "res_1", {"state": "CANCELLED"})]) == {}  # fmt: skip


def test_a_reason_has_a_line_for_each_cause_that_holds() -> None:
    first = reason_of(None, {"aut_1": "over\nthe limit", "res_1": "gone"})
    assert first == "over the limit [aut_1]\ngone [res_1]"
    assert reason_of(first, {"aut_1": "revoked"}) == "revoked [aut_1]\ngone [res_1]"
    assert reason_of(first, {}, lifted=["aut_1", "aut_2"]) == "gone [res_1]"
    assert reason_of(first, {}, lifted=["aut_1", "res_1"]) is None
    many: dict[str, Any] = {f"res_{n:03}": "x" * 900 for n in range(100)}
    assert 3000 < len(reason_of(None, many) or "") <= AVAILABILITY_REASON_CHARACTERS_MAX
