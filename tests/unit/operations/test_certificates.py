"""Certificates of moves: issued with the move or not at all, and decided by the row as it is."""

import json

import pytest

from dataspace.change import Amend, ChangeSet
from dataspace.documents.certificate import sha256_of
from dataspace.documents.standing import Standing
from dataspace.errors import MovedOn
from dataspace.quantity import written
from dataspace.selection import Child, Page, Row, Selection, Where
from hub.node import Node
from hub.operations import authorisations, products, resources
from hub.operations.documents.looking_up import look_up
from hub.operations.links.scenarios import CASES
from tests.build import BUREAU, an_act
from tests.clock import FrozenClock
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    APPROVER,
    BANK,
    DEVELOPER,
    LISTER,
    MARKET,
    REGISTRAR,
    REVIEWER1,
    REVIEWER2,
    a_listed_product,
    a_registered_resource,
    an_application,
    an_authorisable_resource,
    an_authorisation,
    published,
)

pytestmark = pytest.mark.anyio
FIELDS = ("code", "kind", "content", "sha256", "public", "issued_at", "valid_until")


async def of(node: Node, kind: str, id_: str) -> list[Row]:
    holder = Child("holder", "holder", Selection("participant"))
    where = Where(kind, "eq", id_)
    selection = Selection("certificate", FIELDS, where=where, page=Page(100), children=(holder,))
    return (await node.catalogue.select(selection)).rows


async def test_a_registration_issues_a_certificate_to_the_provider(node: Node) -> None:
    done = await a_registered_resource(node)
    [row] = await of(node, "resource", done.id)

    assert row["kind"] == "RESOURCE_REGISTRATION"
    assert row["holder"]["id"] == MARKET
    assert row["issued_at"] == written(node.clock.now())
    assert row["valid_until"] == done.values["valid_until"]
    assert row["sha256"] == sha256_of(row["content"])
    content = json.loads(row["content"])
    assert content["subject"]["identifier"] == done.values["identifier"]
    assert content["holder"]["name"] == "市场监管局"
    assert content["issuer"] == {"id": BUREAU, "name": "数据局 Data Bureau"}
    found = await look_up(node, row["code"])
    assert found.standing is Standing.VALID


async def test_an_authorisation_names_what_it_covers(node: Node) -> None:
    first, second = [await an_authorisable_resource(node, name=each) for each in ("A", "B")]
    id_ = await an_authorisation(node, first, second)
    [row] = await of(node, "authorisation", id_)
    content = json.loads(row["content"])
    assert {each["name"] for each in content["resources"]} == {"A", "B"}
    assert content["state"] == "EFFECTIVE"
    assert row["holder"]["id"] == BANK
    assert not row["public"]


async def test_a_product_has_one_too(node: Node) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    made = await a_listed_product(node, resources=[resource], authorisations=[grant])
    [row] = await of(node, "product", made.id)
    assert json.loads(row["content"])["subject"]["identifier"] == made.values["identifier"]
    assert row["code"].startswith("CPDJ-2026-")


async def test_a_move_that_fails_issues_nothing(node: Node) -> None:
    id_ = await published(node)
    meanwhile, watch = watched(node)

    async def refused() -> None:
        await resources.refuse(node, APPROVER, id_, reason="An objection holds")

    watch.after_select = refused
    with pytest.raises(MovedOn):
        await resources.register(meanwhile, APPROVER, id_)
    assert await of(node, "resource", id_) == []


async def test_a_repeated_request_issues_once(node: Node) -> None:
    id_ = await an_application(node, await an_authorisable_resource(node))
    await authorisations.pass_first(node, REVIEWER1, id_)
    for _ in range(3):
        await authorisations.pass_second(node, REVIEWER2, id_, request_id="one")
    assert len(await of(node, "authorisation", id_)) == 1


async def test_a_number_that_is_taken_is_allotted_again(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    serials = iter(["AAAAAAAA", "AAAAAAAA", "BBBBBBBB"])
    monkeypatch.setattr("hub.operations.documents.issuing.serial", lambda alphabet: next(serials))
    numbers = []
    for name in ("A", "B"):
        done = await a_registered_resource(node, name=name)
        numbers += [row["code"] for row in await of(node, "resource", done.id)]
    assert numbers == ["ZYDJ-2026-AAAAAAAA", "ZYDJ-2026-BBBBBBBB"]


async def test_a_cancelled_registration_is_seen_at_once(node: Node) -> None:
    done = await a_registered_resource(node)
    [row] = await of(node, "resource", done.id)
    await resources.cancel(node, APPROVER, done.id, reason="Merged with another")
    assert (await look_up(node, row["code"])).standing is Standing.REVOKED


async def test_a_grant_is_suspended_resumed_and_over(node: Node, clock: FrozenClock) -> None:
    id_ = await an_authorisation(node, await an_authorisable_resource(node))
    [row] = await of(node, "authorisation", id_)

    async def now() -> Standing:
        return (await look_up(node, row["code"])).standing

    await authorisations.suspend(node, REVIEWER1, id_, reason="Out of scope")
    assert await now() is Standing.SUSPENDED
    found = await node.catalogue.select(Selection("accountability_case", ("id",)))
    case = str(found.rows[0]["id"])
    await CASES.move(node, DEVELOPER, case, "answer", reason="A test client ran wild")
    await CASES.move(node, REVIEWER2, case, "close_restored", reason="Client replaced")
    await authorisations.resume(node, REVIEWER2, id_, reason="Put right")
    assert await now() is Standing.VALID
    clock.advance(days=731)
    assert await now() is Standing.EXPIRED
    await authorisations.revoke(node, REVIEWER2, id_, reason="Breach")
    assert await now() is Standing.REVOKED


async def test_a_withdrawn_product_loses_its_certificate(node: Node) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    made = await a_listed_product(node, resources=[resource], authorisations=[grant])
    [row] = await of(node, "product", made.id)
    await products.delist(node, LISTER, made.id, reason="Complaint")
    assert (await look_up(node, row["code"])).standing is Standing.VALID
    await products.withdraw(node, REGISTRAR, made.id, reason="Complaint holds")
    assert (await look_up(node, row["code"])).standing is Standing.REVOKED


async def test_a_kept_content_that_somebody_changed_is_told(node: Node) -> None:
    done = await a_registered_resource(node)
    [row] = await of(node, "resource", done.id)
    forged = row["content"].replace('"grade":2', '"grade":1')
    change = Amend("certificate", row["_position"][1], {"content": forged}, an_act("forge"))
    await node.catalogue.apply(ChangeSet("chs_forged", (change,)))
    found = await look_up(node, row["code"])
    assert found.standing is Standing.ALTERED
    assert not found.may_read(row["sha256"])


@pytest.mark.parametrize(
    "number", ["", "ZYDJ-2026-ZZZZZZZZ", "zydj", "' OR 1=1 --", "编号", "A" * 10_000]
)
async def test_a_number_that_was_never_issued_is_unknown(node: Node, number: str) -> None:
    found = await look_up(node, number)
    assert (found.row, found.standing) == (None, Standing.UNKNOWN)
