"""The jobs of registration and listing, on both catalogues and China's working days."""

from datetime import timedelta
from pathlib import Path

import pytest

from dataspace.jobs.table import JOBS
from dataspace.quantity import read_moment
from dataspace.selection import Page, Row, Selection, Where
from hub.node import Node
from hub.operations import products, resources
from hub.scheduling.asking import run_by_hand
from hub.scheduling.running import Bench
from tests.clock import FrozenClock
from tests.unit.jobs.made_up import Heard, a_workshop
from tests.unit.jobs.test_works import Ran, counts, records
from tests.unit.operations.city import (
    APPROVER,
    DEVELOPER,
    PRODUCT,
    REGISTRAR,
    RESOURCE,
    STEWARD,
    a_registered_resource,
    an_authorisable_resource,
    an_authorisation,
    pass_reviews,
    rule,
)

FIELDS = ("state", "valid_until", "registration_code", "second_reviewed_by")


@pytest.fixture
def ran(node: Node, tmp_path: Path) -> Ran:
    async def run(code: str) -> Row:
        bench = Bench(node, a_workshop(tmp_path), Heard().report)
        return await run_by_hand(bench, JOBS[code], node.clock.now())

    return run


async def in_publicity(node: Node, name: str = "企业登记信息") -> str:
    made = await resources.draft(node, STEWARD, {**RESOURCE, "name": name})
    await resources.submit(node, STEWARD, made.id)
    await resources.take_in(node, REGISTRAR, made.id)
    await resources.pass_(node, REGISTRAR, made.id)
    return made.id


async def resource(node: Node, id_: str) -> Row:
    asked = Selection("resource", FIELDS, Where("id", "eq", id_), page=Page(1))
    row = (await node.catalogue.select(asked)).first
    assert row is not None
    return row


async def test_what_was_in_publicity_for_ten_working_days_is_registered(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    """From Monday 1 June 2026; ten working days later is Monday the 15th, to its midnight."""
    id_ = await in_publicity(node)
    clock.at = read_moment("2026-06-15T08:00:00+08:00")
    assert counts(await ran("J-L2-5")) == (2, 1, 0, 0), "it is told that this is the last day"
    clock.at = read_moment("2026-06-16T08:00:00+08:00")
    assert counts(await ran("J-L2-5")) == (1, 1, 0, 0)
    row = await resource(node, id_)
    assert (row["state"], row["second_reviewed_by"]) == ("REGISTERED", "system:scheduler")
    assert row["registration_code"]
    clock.advance(days=1)
    assert counts(await ran("J-L2-5")) == (0, 0, 0, 0)


async def test_an_objection_stops_the_publicity_for_as_long_as_it_lasts(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    id_ = await in_publicity(node)
    clock.advance(days=2)
    await resources.object_(node, DEVELOPER, id_, reason="权属有争议 It is ours")
    clock.at = read_moment("2026-06-16T08:00:00+08:00")
    assert counts(await ran("J-L2-5")) == (0, 0, 0, 0)
    await resources.dismiss_objection(node, APPROVER, id_, reason="不成立 It is not")
    clock.advance(hours=1)
    assert counts(await ran("J-L2-5")) == (1, 0, 0, 0)
    clock.at = read_moment("2026-07-15T08:00:00+08:00")
    assert counts(await ran("J-L2-5")) == (1, 1, 0, 0)


async def test_a_year_without_a_table_of_working_days_is_refused_and_nothing_guessed(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    clock.at = read_moment("2031-06-02T08:00:00+08:00")
    id_ = await in_publicity(node)
    clock.advance(days=60)
    row = await ran("J-L2-5")
    assert counts(row) == (1, 0, 1, 0)
    assert row["reason"].startswith("calendar.")
    assert (await resource(node, id_))["state"] == "PUBLICITY"


async def test_a_registration_is_opened_for_renewal_and_closed_when_nobody_renews_it(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    lapses = (await a_registered_resource(node)).id
    renewed = (await a_registered_resource(node, name="用电量 Power")).id
    used = await an_authorisable_resource(node, name="用水量 Water")
    ends = read_moment((await resource(node, lapses))["valid_until"])
    clock.at = ends - timedelta(days=61)
    assert counts(await ran("J-L2-6")) == (0, 0, 0, 0)
    await an_authorisation(node, used, valid_until=(ends + timedelta(days=90)).isoformat())
    clock.at = ends - timedelta(days=59)
    assert counts(await ran("J-L2-6")) == (3, 3, 0, 0)
    await resources.renew(node, APPROVER, renewed)
    clock.advance(days=1)
    assert counts(await ran("J-L2-6")) == (2, 0, 0, 0)
    clock.at = ends + timedelta(days=1)
    row = await ran("J-L2-6")
    assert (counts(row), row["reason"]) == ((2, 1, 1, 0), "lifecycle.still_in_use ×1")
    states = [(await resource(node, each))["state"] for each in (lapses, renewed, used)]
    assert states == ["EXPIRED", "REGISTERED", "EXPIRING"]


async def test_a_renewal_opens_as_early_as_the_rules_have_it(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    await rule(node, resource__renewal_days_max="90", resource__publicity_days_min="0")
    id_ = (await a_registered_resource(node)).id
    ends = read_moment((await resource(node, id_))["valid_until"])
    clock.at = ends - timedelta(days=91)
    assert counts(await ran("J-L2-6")) == (0, 0, 0, 0)
    clock.at = ends - timedelta(days=89)
    assert counts(await ran("J-L2-6")) == (1, 1, 0, 0)


async def test_a_registered_product_is_noted_daily_until_it_is_listed(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    source = await an_authorisable_resource(node)
    grant = await an_authorisation(node, source)
    given = {**PRODUCT, "resources": [source], "authorisations": [grant], "grade": 2}
    made = await products.draft(node, DEVELOPER, given)
    await pass_reviews(node, made.id)
    await products.submit(node, DEVELOPER, made.id)
    await products.register(node, REGISTRAR, made.id)
    for _ in range(2):
        assert counts(await ran("J-L5-1")) == (2, 2, 0, 0), "noted, and reminded of"
        assert counts(await ran("J-L5-1")) == (2, 2, 0, 0), "the same run"
        clock.advance(days=1)
    noted = await records(node, "product.remind")
    assert len(noted) == 2
    assert all("2026-06-04" in each["reason"] for each in noted)
    await products.request_listing(node, DEVELOPER, made.id)
    assert counts(await ran("J-L5-1")) == (0, 0, 0, 0)
