"""Jobs go by the rules of the space that an object is in, which may be tighter than the city's."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.change import Amend, Create
from dataspace.guards.limits import OUT_OF_SCOPE_CALLS
from dataspace.quantity import written
from dataspace.rulebooks.kinds import RULES
from dataspace.rulebooks.order import no_looser
from dataspace.selection import Found, Row, Selection, Where
from hub.node import Node
from hub.operations.links import breaches
from hub.operations.rulebooks.ruling import Everywhere, rules_everywhere
from hub.operations.tasks import finding
from hub.scheduling.works.tasks import LIFECYCLES
from tests.build import a_change_set, a_row, an_act
from tests.clock import FrozenClock
from tests.unit.jobs.test_watching import Ran, notices, ran
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    BANK,
    LISTER,
    MARKET,
    a_listed_product,
    an_authorisable_resource,
    an_authorisation,
    rule,
)
from tests.unit.operations.links.test_grants import the_row
from tests.unit.rulebooks.made_up import DAY, values

__all__ = ["ran"]
pytestmark = pytest.mark.anyio

FINANCE, ENERGY = "spc_finance", "spc_energy"


async def sub_spaces(node: Node, **rules: str) -> None:
    """Two within the city, of which finance states these rules; `__` in a name is a dot."""
    moment, act = "2026-01-01T00:00:00.000Z", an_act("rulebook.enter")
    spaces = [
        Create("space", id_, {"code": id_[4:], "name": id_[4:], "kind": "SUBSPACE",
                              "tier": "SUBSPACE", "part_of": "spc_city"}, act)
        for id_ in (FINANCE, ENERGY)
    ]  # fmt: skip
    book = {
        "title": "Finance", "status": "DECIDED", "edition": 1, "tier": "SUBSPACE",
        "space": FINANCE, "takes_effect_at": moment, "created_at": moment,
        "rules": [{"name": n.replace("__", "."), "value": value} for n, value in rules.items()],
    }  # fmt: skip
    await node.catalogue.apply(a_change_set(*spaces, Create("rulebook", "rbk_fin", book, act)))


async def put_into(node: Node, kind: str, **spaces: str) -> None:
    await node.catalogue.apply(a_change_set(
        *(Amend(kind, id_, {"space": space}, an_act(f"{kind}.correct"))
          for id_, space in spaces.items())
    ))  # fmt: skip


async def two_listed(node: Node) -> tuple[str, str, list[str]]:
    """Two products of the same price, the first in finance, the other in energy; their grants."""
    found, grants = [], []
    for number, space in enumerate((FINANCE, ENERGY)):
        named = {"name": f"R{number}", "source_system": f"S{number}"}
        resource = await an_authorisable_resource(node, **named)
        grant = await an_authorisation(node, resource)
        made = await a_listed_product(node, resources=[resource], authorisations=[grant],
                                      name=f"P{number}")  # fmt: skip
        await put_into(node, "resource", **{resource: space})
        await put_into(node, "product", **{made.id: space})
        found.append(made.id)
        grants.append(grant)
    return found[0], found[1], grants


async def test_a_ceiling_of_the_space_is_tighter_than_that_of_the_city(
    node: Node, ran: Ran
) -> None:
    await rule(node, product__price_fen_max__call="60")
    await sub_spaces(node, product__price_fen_max__call="40")
    finance, energy, _ = await two_listed(node)
    row = await ran("J-L5-2")
    assert (row["considered"], row["done"]) == (2, 1)
    assert await notices(node, finance, "price_over_ceiling")
    assert not await notices(node, energy, "price_over_ceiling")


async def test_a_use_out_of_scope_is_tolerated_less_often_where_the_resource_is(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    await rule(node, authorisation__out_of_scope_calls=str(OUT_OF_SCOPE_CALLS))
    await sub_spaces(node, authorisation__out_of_scope_calls="2")
    _, _, [in_finance, in_energy] = await two_listed(node)
    for grant in (in_finance, in_energy):
        for number in range(2):
            await breaches.note(node, LISTER, grant, reason=f"Column {number}")
    clock.advance(minutes=1)
    assert (await ran("J-L3-3"))["done"] == 1
    assert (await the_row(node, "authorisation", in_finance, "state"))["state"] == "SUSPENDED"
    assert (await the_row(node, "authorisation", in_energy, "state"))["state"] == "EFFECTIVE"


async def test_operation_without_its_filings_is_suspended_where_a_space_says_so(
    node: Node, ran: Ran
) -> None:
    await rule(node, authorisation__unfiled_suspended="NO")
    await sub_spaces(node, authorisation__unfiled_suspended="YES")
    _, _, [in_finance, in_energy] = await two_listed(node)
    assert (await ran("J-L3-5"))["done"] == 2
    assert (await the_row(node, "authorisation", in_finance, "state"))["state"] == "SUSPENDED"
    assert (await the_row(node, "authorisation", in_energy, "state"))["state"] == "EFFECTIVE"


async def test_the_end_of_a_grant_is_told_as_early_as_its_space_asks(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    await rule(node, authorisation__expiry_notice_days_min="30")
    await sub_spaces(node, authorisation__expiry_notice_days_min="60")
    _, _, [in_finance, in_energy] = await two_listed(node)
    end = written(clock.now() + timedelta(days=50))
    await node.catalogue.apply(a_change_set(
        *(Amend("authorisation", each, {"valid_until": end}, an_act("authorisation.correct"))
          for each in (in_finance, in_energy))
    ))  # fmt: skip
    assert (await ran("J-L3-2"))["done"] == 1
    assert await notices(node, in_finance, "warn_expiry")
    clock.advance(days=25)
    assert (await ran("J-L3-2"))["done"] == 1
    assert await notices(node, in_energy, "warn_expiry")


async def test_a_renewal_opens_when_the_space_of_the_resource_has_it_and_is_not_refused_before(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    await rule(node, resource__renewal_days_max="60")
    await sub_spaces(node, resource__renewal_days_max="20")
    ids = [await an_authorisable_resource(node, name=f"R{n}", source_system=f"S{n}")
           for n in range(2)]  # fmt: skip
    await put_into(node, "resource", **dict(zip(ids, (FINANCE, ENERGY), strict=True)))
    end = written(clock.now() + timedelta(days=40))
    await node.catalogue.apply(a_change_set(
        *(Amend("resource", each, {"valid_until": end}, an_act("resource.correct"))
          for each in ids)
    ))  # fmt: skip
    row = await ran("J-L2-6")
    assert (row["done"], row["refused"]) == (1, 0)
    assert (await the_row(node, "resource", ids[1], "state"))["state"] == "EXPIRING"
    clock.advance(days=25)
    await ran("J-L2-6")
    assert (await the_row(node, "resource", ids[0], "state"))["state"] == "EXPIRING"


async def test_an_outage_is_late_by_the_rules_of_the_space_that_the_node_serves(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    await rule(node, node__outage_notice_hours_max="24")
    await sub_spaces(node, node__outage_notice_hours_max="4")
    stopped = written(clock.now() - timedelta(hours=6))
    out = {"kind": "BUSINESS", "status": "OUTAGE", "state": "OUTAGE", "operator": BANK,
           "stopped_at": stopped}  # fmt: skip
    await node.catalogue.apply(a_change_set(
        *(a_row("node", f"nod_{space[4:]}", {**out, "name": space, "space": space})
          for space in (FINANCE, ENERGY))
    ))  # fmt: skip
    assert (await ran("J-L1-5"))["done"] == 1
    assert await notices(node, "nod_finance", "outage_unreported")


async def test_a_run_reads_the_rules_of_all_spaces_once(node: Node, clock: FrozenClock) -> None:
    await rule(node)
    await sub_spaces(node, resource__review_days_max="3")
    submitted = written(clock.now() - timedelta(days=1))
    await node.catalogue.apply(a_change_set(*(
        a_row("resource", f"res_{number}", {
            "name": "R", "state": "FORM_REVIEW", "audience": "PUBLIC", "provider": MARKET,
            "space": (FINANCE, ENERGY)[number % 2], "submitted_at": submitted,
        })
        for number in range(6)
    )))  # fmt: skip
    counting, watch = watched(node)
    lifecycles = [each for each in LIFECYCLES if each.kind == "resource"]
    assert await finding.find(counting, "system:test", lifecycles, at=clock.now()) == 6
    assert watch.selects == 3, "the rules, what waits unseen, and to-dos that are astray"
    tasks = [await the_row(node, "task", await task_of(node, f"res_{n}"), "due_at") for n in (0, 1)]
    assert tasks[0]["due_at"] < tasks[1]["due_at"], "the clock of finance is the shorter one"


async def task_of(node: Node, subject: str) -> str:
    found = await node.catalogue.select(Selection("task", where=Where("subject", "eq", subject)))
    assert found.first is not None
    return str(found.first["id"])


async def test_more_than_a_hundred_spaces_are_all_read(node: Node, clock: FrozenClock) -> None:
    await rule(node, product__price_fen_max__call="60")
    act = an_act("space.enter")
    many = [
        Create("space", f"spc_{n:03d}", {"code": f"s{n:03d}", "name": f"S{n}", "kind": "SUBSPACE",
                                        "tier": "SUBSPACE", "part_of": "spc_city"}, act)
        for n in range(120)
    ]  # fmt: skip
    book = {
        "title": "Last", "status": "DECIDED", "edition": 1, "tier": "SUBSPACE", "space": "spc_119",
        "takes_effect_at": "2026-01-01T00:00:00.000Z",
        "rules": [{"name": "product.price_fen_max.call", "value": "7"}],
    }  # fmt: skip
    await node.catalogue.apply(a_change_set(*many, Create("rulebook", "rbk_last", book, act)))
    ruling = await rules_everywhere(node.catalogue, at=clock.now())
    assert len(ruling.spaces) == 121
    assert ruling.of("spc_119").rules["product.price_fen_max.call"] == 7
    assert ruling.of("spc_118").rules["product.price_fen_max.call"] == 60
    assert ruling.of(None).rules["product.price_fen_max.call"] == 60


NAMES = ("authorisation.out_of_scope_calls", "authorisation.unfiled_suspended",
         "authorisation.expiry_notice_days_min", "product.price_fen_max.call")  # fmt: skip


def a_space(id_: str, tier: str, rules: dict[str, Any], upper: Row | None) -> Row:
    stated = [{"name": n, "value": RULES[n].order.written(v)} for n, v in rules.items()]
    book = {"id": f"rbk_{id_}", "title": id_, "edition": 1, "tier": tier,
            "takes_effect_at": written(DAY), "rules": stated}  # fmt: skip
    return {"id": id_, "code": id_, "tier": tier, "rulebooks": Found([book]), "part_of": upper}


@given(st.data())
def test_what_binds_in_several_spaces_is_no_looser_than_any_of_them_nor_than_the_city(
    data: st.DataObject,
) -> None:
    stated = [
        data.draw(st.fixed_dictionaries({}, optional={n: values(RULES[n].order) for n in NAMES}))
        for _ in range(3)
    ]
    city = a_space("city", "CITY", stated[0], None)
    below = [a_space(f"s{n}", "SUBSPACE", rules, city) for n, rules in enumerate(stated[1:])]
    ruling = Everywhere([city, *below], DAY + timedelta(days=1))
    for name in NAMES:
        bound = ruling.rule(name, ("s0", "s1"))
        each = [value for rules in stated if (value := rules.get(name)) is not None]
        assert (bound is None) == (each == [])
        assert all(no_looser(RULES[name].order, bound, value) for value in each)
        assert ruling.rule(name, ()) == stated[0].get(name)
