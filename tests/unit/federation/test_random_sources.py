"""Whatever becomes of a source, in whatever order it is heard of: in the end a product that is
built from it across spaces may be had exactly as long as its source may be used."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.publishing import FOR_ALL_MEMBERS, REGISTERED
from dataspace.selection import Where
from tests.build import a_product
from tests.unit.federation.three_nodes import CHARGING, GRANT, ThreeNodes, three_nodes
from tests.unit.federation.two_nodes import ENERGY, FINANCE, FIRM, SPACE, amend, apply, rows

GRADE = 2
BEGINNING = {"state": "EFFECTIVE", "resource": "AUTHORISABLE", "audience": "MEMBERS",
             "grade": 2, "member": True}  # fmt: skip
EVENTS = st.one_of(
    st.tuples(st.just("state"), st.sampled_from(("EFFECTIVE", "SUSPENDED", "REVOKED", "EXPIRED"))),
    st.tuples(st.just("resource"), st.sampled_from(("REGISTERED", "AUTHORISABLE", "CANCELLED"))),
    st.tuples(st.just("audience"), st.sampled_from(("PUBLIC", "MEMBERS", "SPACE"))),
    st.tuples(st.just("grade"), st.integers(1, 5)),
    st.tuples(st.just("member"), st.booleans()),
    st.tuples(st.just("pull"), st.sampled_from(("rise energy", "sink finance", "rise finance"))),
)


def may_be_used(world: dict[str, Any]) -> bool:
    return (
        world["state"] == "EFFECTIVE" and world["member"] and world["resource"] in REGISTERED
        and world["audience"] in FOR_ALL_MEMBERS and world["grade"] <= GRADE
    )  # fmt: skip


async def happens(city: ThreeNodes, what: str, value: Any) -> None:
    match what:
        case "pull":
            verb, name = value.split()
            await getattr(city, verb)({"energy": ENERGY, "finance": FINANCE}[name])
        case "state":
            await amend(city.hub.catalogue, "authorisation", GRANT, state=value)
        case "member":
            spaces = [SPACE] if value else []
            await amend(city.hub.catalogue, "participant", FIRM, spaces=spaces)
        case _:
            name = "state" if what == "resource" else what
            await amend(city.energy, "resource", CHARGING, **{name: value})


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EVENTS, max_size=12))
def test_a_product_may_be_had_as_long_as_its_source_may_be_used(events: list[Any]) -> None:
    asyncio.run(_played(events))


async def _played(events: list[Any]) -> None:
    city, world = await three_nodes(), dict(BEGINNING)
    await city.grant()
    await city.settle()
    await apply(city.finance, a_product(
        "prd_cross", owner=FIRM, resources=[CHARGING], authorisations=[GRANT], space=SPACE,
        grade=GRADE, availability="AVAILABLE",
    ))  # fmt: skip
    for what, value in events:
        await happens(city, what, value)
        world[what] = value
    await city.settle()
    expected = "AVAILABLE" if may_be_used(world) else "SUSPENDED"
    assert (await city.product())["availability"] == expected, world
    if world["member"]:
        assert (await city.product(city.hub.catalogue))["availability"] == expected, world
    assert await city.healed() == 0
    own = Where(ORIGIN, "is_null", True)
    assert await rows(city.finance, "feed_refusal", own) == {}
