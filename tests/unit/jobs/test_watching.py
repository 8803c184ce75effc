"""What jobs keep an eye on: use out of scope, owners, filings, prices; and what is disclosed."""

import csv
import io
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dataspace.change import Act, Amend, ChangeSet, Create
from dataspace.guards.chain import missing_filings
from dataspace.jobs.table import JOBS
from dataspace.quantity import written
from dataspace.refusals import ReasonMissing, RoleMissing, WrongState
from dataspace.selection import Every, Page, Row, Selection, Where
from hub.node import Node
from hub.operations import authorisations
from hub.operations.links import breaches
from hub.operations.links.development import EXPLORATIONS, PLATFORM_REQUESTS
from hub.operations.links.scenarios import SCENARIOS
from hub.operations.mechanism.desk import Desk
from hub.scheduling.asking import run_by_hand
from hub.scheduling.running import Bench
from tests.build import a_change_set, a_filed_agreement, a_row, an_act
from tests.clock import FrozenClock
from tests.unit.jobs.made_up import Heard, a_workshop
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    ADMIN,
    AGREEMENTS,
    BANK,
    CENTRE,
    DEVELOPER,
    LISTER,
    MARKET,
    REVIEWER2,
    SUPERVISOR,
    DictionaryAssets,
    a_listed_product,
    an_authorisable_resource,
    an_authorisation,
    rule,
)
from tests.unit.operations.links.test_development import a_project
from tests.unit.operations.links.test_grants import SCENARIO, a_case, the_row

pytestmark = pytest.mark.anyio
Ran = Callable[..., Awaitable[Row]]


@pytest.fixture
def ran(node: Node, tmp_path: Path) -> Ran:
    """Runs a job of the table for a moment, now unless it is given; its record."""
    heard = Heard()

    async def run(code: str, at: datetime | None = None) -> Row:
        bench = Bench(node, a_workshop(tmp_path), heard.report)
        row = await run_by_hand(bench, JOBS[code], at or node.clock.now())
        assert heard.errors == []
        return row

    return run


async def twice(ran: Ran, clock: FrozenClock, code: str) -> list[int]:
    """What two runs did, a minute apart."""
    first = await ran(code)
    clock.advance(minutes=1)
    return [first["done"], (await ran(code))["done"]]


async def notices(node: Node, subject: str, move: str) -> set[tuple[str, str]]:
    """Whom it was told: by the code of the notice, and the party."""
    told = Every((Where("subject", "eq", subject),))
    asked = Selection("notice", ("code", "party"), told, page=Page(100))
    rows = (await node.catalogue.select(asked)).rows
    return {(row["code"], row["party"] or "") for row in rows if f".{move}." in row["code"]}


async def test_the_fifth_use_out_of_scope_suspends_a_grant_and_its_products_within_a_minute(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    product = (await a_listed_product(node, resources=[resource], authorisations=[grant])).id
    for n in range(4):
        await breaches.note(node, LISTER, grant, reason=f"Column {n} was asked for")
    clock.advance(minutes=1)
    assert (await ran("J-L3-3"))["done"] == 0
    done = await breaches.note(node, LISTER, grant, reason="Column 5 was asked for")
    assert done.values["out_of_scope_calls"] == 5
    clock.advance(minutes=1)
    assert (await ran("J-L3-3"))["done"] == 1

    row = await the_row(node, "authorisation", grant, "state", "decision_reason")
    assert row["state"] == "SUSPENDED"
    fallen = await the_row(node, "product", product, "availability", "availability_reason")
    assert fallen["availability"] == "SUSPENDED"
    assert "越权使用次数：5" in fallen["availability_reason"]
    case = await the_row(node, "accountability_case", await a_case(node, grant), "state", "ground")
    assert (case["state"], case["ground"]) == ("OPENED", "Uses out of its scope 越权使用次数：5")
    told = await notices(node, grant, "note_out_of_scope")
    assert told == {("authorisation.note_out_of_scope.grantee", BANK)}


async def test_a_use_out_of_scope_is_noted_by_who_guards_the_use_once_and_with_a_reason(
    node: Node,
) -> None:
    grant = await an_authorisation(node, await an_authorisable_resource(node))
    with pytest.raises(RoleMissing):
        await breaches.note(node, DEVELOPER, grant, reason="My own")
    with pytest.raises(ReasonMissing):
        await breaches.note(node, SUPERVISOR, grant, reason="  ")
    for _ in range(2):
        done = await breaches.note(node, SUPERVISOR, grant, reason="Resold", request_id="call-1")
        assert done.values["out_of_scope_calls"] == 1
    await authorisations.suspend(node, SUPERVISOR, grant, reason="Resold")
    with pytest.raises(WrongState):
        await breaches.note(node, SUPERVISOR, grant, reason="Resold again")


async def test_a_grant_is_checked_again_when_its_data_come_to_another_provider(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    clock.advance(days=2)
    looked = Act("usr_x", "resource.look", written(clock.now()))
    await node.catalogue.apply(a_change_set(Amend("resource", resource, {}, looked)))
    row = await ran("J-L3-4")
    assert (row["considered"], row["done"], row["failed"]) == (1, 0, 0), "it was looked at only"
    act = Act("system:import", "resource.import", written(clock.now()))
    changes = (Amend("resource", resource, {"provider": CENTRE}, act),)
    await node.catalogue.apply(ChangeSet("chs_handed_over", changes))
    clock.advance(hours=1)
    assert await twice(ran, clock, "J-L3-4") == [1, 0]
    told = await notices(node, grant, "ownership_changed")
    assert {party for _, party in told} == {BANK, (await grantor(node, grant))}
    clock.advance(days=2)
    assert (await ran("J-L3-4"))["considered"] == 0


async def grantor(node: Node, grant: str) -> str:
    asked = Selection("authorisation", ("grantor",), Where("id", "eq", grant))
    row = (await node.catalogue.select(asked)).first
    assert row is not None
    return str(row["grantor"])


async def test_operation_without_its_filings_is_told_of_once_for_what_it_lacks(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    grant = await an_authorisation(node, await an_authorisable_resource(node))
    assert await twice(ran, clock, "J-L3-5") == [1, 0]
    told = {code for code, _ in await notices(node, grant, "filings_missing")}
    assert told == {
        "authorisation.filings_missing.grantee", "authorisation.filings_missing.grantor",
        "authorisation.filings_missing.supervisor",
    }  # fmt: skip
    chain = [
        ("fil_plan", "PLAN", None, None), ("fil_operator", "OPERATOR", "fil_plan", None),
        ("fil_agreement", "AGREEMENT", "fil_operator", AGREEMENTS[BANK]),
    ]  # fmt: skip
    await node.catalogue.apply(a_change_set(*(a_filed(*each) for each in chain)))
    clock.advance(days=1)
    assert (await ran("J-L3-5"))["done"] == 1, "it lacks something else"
    await node.catalogue.apply(
        a_change_set(a_filed("fil_list", "PRODUCT_LIST", "fil_agreement", None))
    )
    clock.advance(days=1)
    assert (await ran("J-L3-5"))["done"] == 0
    assert (await the_row(node, "authorisation", grant, "state"))["state"] == "EFFECTIVE"


async def test_operation_without_its_filings_is_suspended_where_the_rules_say_so(
    node: Node, ran: Ran
) -> None:
    await rule(node, authorisation__unfiled_suspended="YES")
    grant = await an_authorisation(node, await an_authorisable_resource(node))
    assert (await ran("J-L3-5"))["done"] == 1
    row = await the_row(node, "authorisation", grant, "state", "decision_reason")
    assert row["state"] == "SUSPENDED"
    assert "产品和服务清单备案" in row["decision_reason"]


def a_filed(id_: str, kind: str, rests_on: str | None, agreement: str | None) -> Create:
    values = {
        "title": kind, "summary": "s", "state": "FILED", "kind": kind, "code": f"BA-{id_}",
        "filer": BANK, "rests_on": rests_on, "agreement": agreement,
    }  # fmt: skip
    return a_row("filing", id_, {name: each for name, each in values.items() if each})


@pytest.mark.parametrize(("gone", "missing"), [
    ("", ()),
    ("plan", ("PLAN",)),
    ("operator", ("PLAN", "OPERATOR")),
    ("agreement", ("PLAN", "OPERATOR", "AGREEMENT", "PRODUCT_LIST")),
    ("list", ("PRODUCT_LIST",)),
])  # fmt: skip
def test_the_chain_of_filings_is_followed_from_the_agreement(
    gone: str, missing: tuple[str, ...]
) -> None:
    filings = [
        {"id": "plan", "kind": "PLAN", "rests_on": None},
        {"id": "operator", "kind": "OPERATOR", "rests_on": "plan"},
        {"id": "agreement", "kind": "AGREEMENT", "rests_on": "operator", "agreement": "agr"},
        {"id": "list", "kind": "PRODUCT_LIST", "rests_on": "agreement"},
    ]
    there = [{**each, "state": "CLOSED" if each["id"] == gone else "FILED"} for each in filings]
    assert missing_filings("agr", there) == missing
    assert len(missing_filings("another", there)) == 4


async def test_a_listed_price_over_its_ceiling_is_told_of_once(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    capped = a_filed_agreement("agr_capped", BANK, price_cap_fen=60)
    await node.catalogue.apply(a_change_set(capped))
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource, agreement="agr_capped")
    product = (await a_listed_product(node, resources=[resource], authorisations=[grant])).id
    assert (await ran("J-L5-2"))["done"] == 0
    act = an_act("authorisation.correct")
    await node.catalogue.apply(
        ChangeSet("chs_lower", (Amend("authorisation", grant, {"price_cap_fen": 40}, act),))
    )
    clock.advance(days=1)
    assert await twice(ran, clock, "J-L5-2") == [1, 0]
    told = {code for code, _ in await notices(node, product, "price_over_ceiling")}
    assert told == {
        "product.price_over_ceiling.owner", "product.price_over_ceiling.sub_approver"
    }  # fmt: skip


async def test_what_was_lent_goes_back_and_scenarios_close_when_their_time_is_over(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    soon = "2026-06-20T00:00:00Z"
    lent = {"title": "Sandbox", "purpose": "Train", "cpu_cores": 4, "memory_gb": 8,
            "storage_gb": 50, "valid_until": soon, "project": await a_project(node)}  # fmt: skip
    resource = await an_authorisable_resource(node)
    look = {"title": "Look", "purpose": "Fit", "resources": [resource], "masked": True,
            "valid_until": soon}  # fmt: skip
    machine = await handed_in(node, PLATFORM_REQUESTS, lent)
    await PLATFORM_REQUESTS.move(node, ADMIN, machine, "approve")
    exploring = await handed_in(node, EXPLORATIONS, look)
    await EXPLORATIONS.move(node, LISTER, exploring, "approve")
    scenario = await handed_in(node, SCENARIOS, {**SCENARIO, "valid_until": soon})
    await SCENARIOS.move(node, LISTER, scenario, "pass_first")
    await SCENARIOS.move(node, REVIEWER2, scenario, "pass_second")
    assert (await ran("J-L4-2"))["considered"] == 0
    clock.advance(days=30)
    assert (await ran("J-L4-2"))["done"] == 2
    assert (await ran("J-L3-2"))["done"] == 1
    for kind, id_, state in (
        ("platform_request", machine, "RELEASED"), ("exploration_request", exploring, "CLOSED"),
        ("scenario", scenario, "EXPIRED"),
    ):  # fmt: skip
        assert (await the_row(node, kind, id_, "state"))["state"] == state


async def handed_in(node: Node, desk: Desk, values: Mapping[str, Any]) -> str:
    id_ = (await desk.draft(node, DEVELOPER, values)).id
    await desk.move(node, DEVELOPER, id_, "submit")
    return id_


async def test_what_is_registered_is_disclosed_each_month_as_a_table(
    node: Node, clock: FrozenClock, ran: Ran
) -> None:
    public = await an_authorisable_resource(node, name="=公开 Public")
    await an_authorisable_resource(node, name="秘密 Hidden", audience="MEMBERS")
    row = await ran("J-L2-7")
    assert (row["done"], row["reason"]) == (1, "disclosures/registrations-2026-06")
    assert isinstance(node.assets, DictionaryAssets)
    content = node.assets.files["disclosures/registrations-2026-06"].decode("utf-8-sig")
    [found] = csv.DictReader(io.StringIO(content))
    entry = await the_row(node, "resource", public, "identifier", "registration_code")
    assert found["名称 name"] == "'=公开 Public", "no formula for a spreadsheet"
    assert found["登记编号 registration number"] == entry["registration_code"]
    assert found["标识编码 identifier"] == entry["identifier"]
    assert found["登记状态 state"] == "已登记 Registered"
    assert found["登记主体 registrant"] == "市场监管局"
    assert found["统一社会信用代码 credit code"] == "11310000MB2F303106"
    assert found["证书编号 certificate"]
    assert MARKET not in content, "ids of the platform mean nothing to the public"


async def test_a_grant_is_suspended_although_its_product_is_written_just_then(
    node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    product = (await a_listed_product(node, resources=[resource], authorisations=[grant])).id
    for n in range(5):
        await breaches.note(node, LISTER, grant, reason=f"Column {n} was asked for")
    clock.advance(minutes=1)
    counting, watch = watched(node)

    async def written_once_the_grant_was_read() -> None:
        change = Amend("product", product, {}, an_act("product.look"))
        select = watch.select

        async def after(selection: Selection) -> Any:
            found = await select(selection)
            if any(each.kind == "product" for each in selection.beside) and changes:
                await node.catalogue.apply(a_change_set(changes.pop()))
            return found

        changes = [change]
        watch.select = after  # type: ignore[method-assign]

    await written_once_the_grant_was_read()
    bench = Bench(counting, a_workshop(tmp_path), Heard().report)
    row = await run_by_hand(bench, JOBS["J-L3-3"], clock.now())
    assert (row["done"], row["refused"]) == (1, 0)
    assert (await the_row(node, "product", product, "availability"))["availability"] == "SUSPENDED"
