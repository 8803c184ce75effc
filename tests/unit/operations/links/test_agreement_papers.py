"""The documents of an agreement: of what was locked, at each signature, and when it is filed."""

import json
from itertools import pairwise

import pytest

from dataspace.change import Amend
from dataspace.documents.standing import Standing
from dataspace.guards.refusals import SignatureBroken
from dataspace.refusals import StillInUse
from dataspace.selection import Child, Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations import authorisations
from hub.operations.documents.looking_up import look_up
from hub.operations.links.filings import AGREEMENTS
from tests.build import a_change_set, an_act
from tests.clock import FrozenClock
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    BANK,
    REVIEWER1,
    REVIEWER2,
    an_application,
    an_authorisable_resource,
)
from tests.unit.operations.links.test_filings import (
    BANKER,
    SCHEDULER,
    a_drafted_agreement,
    a_filed_operator,
    a_filing,
    moved,
)

pytestmark = pytest.mark.anyio


async def documents(node: Node, id_: str) -> list[Row]:
    """The oldest first: each of them but the last is replaced by the next."""
    of = Child("replaces", "replaces", Selection("certificate"))
    fields = ("id", "code", "kind", "content", "sha256", "public", "valid_until")
    found = await node.catalogue.select(Selection(
        "certificate", fields, Where("agreement", "eq", id_), order=Order("issued_at"),
        page=Page(50), children=(of, Child("holder", "holder", Selection("participant"))),
    ))  # fmt: skip
    return found.rows


async def standing(node: Node, number: str) -> Standing:
    return (await look_up(node, number)).standing


async def a_locked_agreement(node: Node) -> str:
    id_ = await a_drafted_agreement(node)
    await moved(node, id_, (REVIEWER1, "settle"), (BANKER, "lock"))
    return id_


async def test_a_document_is_issued_at_the_locking_each_signature_and_the_filing(
    node: Node, clock: FrozenClock
) -> None:
    operator = await a_filed_operator(node)
    id_ = await a_drafted_agreement(node)
    await moved(node, id_, (REVIEWER1, "settle"))
    assert await documents(node, id_) == []
    steps = (
        (BANKER, "lock"), (BANKER, "sign_as_grantee"), (REVIEWER2, "countersign_as_grantor"),
    )  # fmt: skip
    for issued, step in enumerate(steps, start=1):
        clock.advance(minutes=1)
        await moved(node, id_, step)
        rows = await documents(node, id_)
        assert len(rows) == issued
        assert await standing(node, rows[-1]["code"]) is Standing.PENDING
    await moved(node, id_, (SCHEDULER, "verify"), (SCHEDULER, "archive"))
    assert await standing(node, rows[-1]["code"]) is Standing.VALID
    clock.advance(minutes=1)
    await a_filing(node, "AGREEMENT", rests_on=operator, agreement=id_)

    rows = await documents(node, id_)
    contents = [json.loads(row["content"]) for row in rows]
    assert [[each["party"] for each in content["signatures"]] for content in contents] == [
        [], ["grantee"], ["grantor", "grantee"], ["grantor", "grantee"],
    ]  # fmt: skip
    assert len({content["elements_sha256"] for content in contents}) == 1
    assert all(content["elements"] == contents[0]["elements"] for content in contents)
    assert contents[0]["elements"]["scope"][1] == {"unit": "税务局", "right_kind": "PROCESSING"}
    assert contents[-1]["filing_code"].startswith("BA-2026-")
    assert (contents[-1]["issuer"]["name"], rows[-1]["holder"]["id"]) == (
        "数据局 Data Bureau", BANK,
    )  # fmt: skip
    assert {row["kind"] for row in rows} == {"AGREEMENT"} and not any(r["public"] for r in rows)
    # Each takes the place of the one before, and says so.
    assert [row["replaces"] and row["replaces"]["id"] for row in rows] == [
        None, *(row["id"] for row in rows[:-1]),
    ]  # fmt: skip
    for before, after in pairwise(rows):
        found = await look_up(node, before["code"])
        assert (found.standing, found.next and found.next["code"]) == (
            Standing.REPLACED, after["code"],
        )  # fmt: skip
    assert await standing(node, rows[-1]["code"]) is Standing.VALID
    clock.advance(days=3 * 366)
    assert await standing(node, rows[-1]["code"]) is Standing.EXPIRED


async def test_nobody_signs_what_is_not_what_was_locked(node: Node) -> None:
    id_ = await a_locked_agreement(node)
    tampered = Amend("agreement", id_, {"penalty_fen": 1}, an_act("past.the_operations"))
    await node.catalogue.apply(a_change_set(tampered))
    for mover, move in ((BANKER, "sign_as_grantee"), (REVIEWER1, "sign_as_grantor")):
        with pytest.raises(SignatureBroken, match="not what was locked"):
            await AGREEMENTS.move(node, mover, id_, move)
    assert len(await documents(node, id_)) == 1


async def test_nobody_files_what_is_not_what_was_signed(node: Node) -> None:
    operator = await a_filed_operator(node)
    id_ = await a_locked_agreement(node)
    await moved(node, id_, (BANKER, "sign_as_grantee"), (REVIEWER2, "countersign_as_grantor"),
                (SCHEDULER, "verify"), (SCHEDULER, "archive"))  # fmt: skip
    tampered = Amend("agreement", id_, {"locked_sha256": "0" * 64}, an_act("past.the_operations"))
    await node.catalogue.apply(a_change_set(tampered))
    with pytest.raises(SignatureBroken):
        await a_filing(node, "AGREEMENT", rests_on=operator, agreement=id_)


async def test_what_is_opened_again_is_void_and_what_is_locked_then_takes_its_place(
    node: Node,
) -> None:
    id_ = await a_locked_agreement(node)
    [first] = await documents(node, id_)
    await AGREEMENTS.move(node, REVIEWER1, id_, "reopen", reason="Another ceiling")
    assert await standing(node, first["code"]) is Standing.REVOKED
    await AGREEMENTS.amend(node, REVIEWER1, id_, {"price_cap_fen": 60})
    await moved(node, id_, (REVIEWER1, "settle"), (BANKER, "lock"))
    found = await look_up(node, first["code"])
    assert found.standing is Standing.REPLACED and found.next
    second = (await look_up(node, found.next["code"])).content
    assert second["elements"]["price_cap_fen"] == 60


async def test_a_terminated_agreement_is_seen_at_once_and_grants_are_closed_before(
    node: Node,
) -> None:
    operator = await a_filed_operator(node)
    id_ = await a_locked_agreement(node)
    await moved(node, id_, (BANKER, "sign_as_grantee"), (REVIEWER2, "countersign_as_grantor"),
                (SCHEDULER, "verify"), (SCHEDULER, "archive"))  # fmt: skip
    await a_filing(node, "AGREEMENT", rests_on=operator, agreement=id_)
    grant = await an_application(node, await an_authorisable_resource(node), agreement=id_)
    await authorisations.pass_first(node, REVIEWER1, grant)
    with pytest.raises(StillInUse):
        await AGREEMENTS.move(node, REVIEWER1, id_, "terminate", reason="Breach")
    await authorisations.pass_second(node, REVIEWER2, grant)
    await authorisations.revoke(node, REVIEWER2, grant, reason="Breach")
    await AGREEMENTS.move(node, REVIEWER1, id_, "terminate", reason="Breach")
    last = next(
        each for each in await documents(node, id_) if "filing_code" in json.loads(each["content"])
    )
    assert await standing(node, last["code"]) is Standing.REVOKED


async def test_a_signature_and_its_document_are_three_statements(node: Node) -> None:
    id_ = await a_locked_agreement(node)
    counted, watch = watched(node)
    await AGREEMENTS.move(counted, BANKER, id_, "sign_as_grantee")
    assert (watch.selects, watch.applies) == (2, 1)
