"""What a node asks of its hub is done for who may ask for it still when it is done."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dataspace.caller import Role
from dataspace.change import Amend
from dataspace.federation.queue.answers import HubAnswer, HubAsked
from dataspace.federation.refusals import PeerUnavailable
from dataspace.notices.told.joined import NOTICES
from dataspace.ports import Catalogue
from dataspace.selection import Page, Row, Selection, Where
from hub.operations.federation.queue import delivering, doing
from tests.build import a_change_set, a_participant, a_row, an_act, caller_for
from tests.clock import FrozenClock
from tests.unit.federation.meeting_nodes import HUB, City, Place, a_city
from tests.unit.federation.test_queue_for_the_hub import (
    OPERATES,
    OPERATOR,
    Lost,
    ask,
    joined,
    later,
    one,
    serving,
    told,
)
from tests.unit.operations.city import BANK, CENTRE, MARKET

LACKS, SHUT_OUT = "hub_queue.asker_lacks_right", "hub_queue.asker_shut_out"
REGISTERS = caller_for(Role.REGISTRAR, participant=MARKET, subject="usr-registers")
OF_MEMBER = caller_for(Role.ORG_ADMIN, participant="par_member", subject="usr-member")


@pytest.fixture
async def city(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[City]:
    async with a_city(tmp_path, clock) as city:
        yield city


async def amend(catalogue: Catalogue, kind: str, id_: str, **values: Any) -> None:
    await catalogue.apply(a_change_set(Amend(kind, id_, values, an_act(f"{kind}.amend"))))


async def away(city: City) -> Place:
    """A node whose hub is away for now."""
    place = await joined(city)
    city.network.cut.add(HUB)
    return place


async def back(city: City, place: Place) -> delivering.Delivered:
    city.network.cut.clear()
    later(city, minutes=6)
    return await delivering.deliver(place.node)


async def ended(place: Place, id_: str) -> tuple[str, str | None]:
    row = await one(place, id_)
    return row["state"], row["code"]


async def a_person(city: City, **values: Any) -> None:
    """Of whom the hub keeps an account; the node knows nothing of it."""
    person = {
        "username": "operator", "name": "Wang", "subject": OPERATOR.subject, "status": "ACTIVE",
        "roles": ["org_admin"], "participant": BANK,
    }  # fmt: skip
    await city.hub.node.catalogue.apply(a_change_set(a_row("member", "mem_1", person, **values)))


async def test_who_administers_the_node_no_longer_has_nothing_done_for_what_waited(
    city: City,
) -> None:
    place = await away(city)
    id_, others = await ask(place, "NODE_STOP"), await ask(place, "NODE_STOP", OPERATES)
    await amend(place.node.catalogue, "node", place.id, operator=CENTRE)
    delivered = await back(city, place)
    assert (delivered.done, delivered.refused) == (1, 1)
    assert await ended(place, id_) == ("REFUSED", LACKS)
    row = await one(place, id_)
    assert row["attempts"] == 1, "it was tried while the hub was away, and not again"
    assert "已无权提出 NODE_STOP" in row["answer"]
    assert "may not ask for NODE_STOP any more" in row["answer"]
    assert await ended(place, others) == ("DONE", None), "it holds up nobody"
    assert (await city.actions(place)).count("node.stop") == 1


async def test_a_refusal_is_evidence_and_told_to_who_asked_and_to_who_runs_the_node(
    city: City,
) -> None:
    place = await away(city)
    id_ = await ask(place, "NODE_STOP")
    await amend(place.node.catalogue, "participant", BANK, standing="SUSPENDED", state="FROZEN")
    await back(city, place)
    assert await ended(place, id_) == ("REFUSED", SHUT_OUT)
    [asker] = await told(place, "hub_request.lapse.asked_by")
    assert asker["recipient"] == OPERATOR.subject
    assert SHUT_OUT in asker["facts"]
    runs = await notices_to_roles(place)
    assert runs == [["platform_admin"]]
    acts = [each.evidence["action"] for each in await place.node.catalogue.changes_since(0, 500)
            if each.id == id_]  # fmt: skip
    assert acts[-1] == "hub_request.lapse"
    assert {each.trigger.move for each in NOTICES} == {"done", "refuse", "lapse"}


async def notices_to_roles(place: Place) -> list[list[str]]:
    code = "hub_request.lapse.platform_admin"
    asked = Selection("notice", ("roles",), Where("code", "eq", code), page=Page(9))
    return [row["roles"] for row in (await place.node.catalogue.select(asked)).rows]


async def test_one_that_was_asked_before_its_roles_were_kept_is_not_held_up(city: City) -> None:
    place = await away(city)
    id_ = await ask(place, "NODE_STOP", OPERATES)
    await amend(place.node.catalogue, "hub_request", id_, asked_roles=[])
    await back(city, place)
    assert await ended(place, id_) == ("DONE", None)


async def test_a_member_that_has_left_applies_for_nothing_through_the_node(city: City) -> None:
    place = await joined(city)
    space = {"code": "f", "name": "F", "kind": "SUBSPACE", "tier": "SUBSPACE"}
    member = a_participant("par_member", state="ADMITTED", standing="ADMITTED", spaces=["spc_f"])
    await place.node.catalogue.apply(a_change_set(a_row("space", "spc_f", space), member))
    city.network.cut.add(HUB)
    given = {"participant": "par_member", "space": "spc_x", "purpose": "To offer loans"}
    id_ = await ask(place, "MEMBERSHIP_APPLY", OF_MEMBER, **given)
    await amend(place.node.catalogue, "participant", "par_member", spaces=[], standing=None)
    await back(city, place)
    assert await ended(place, id_) == ("REFUSED", LACKS)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"status": "DISABLED"}, SHUT_OUT),
        ({"status": "REMOVED"}, SHUT_OUT),
        ({"roles": ["developer"]}, LACKS),
        ({"participant": MARKET}, LACKS),
        ({}, None),
    ],
)
async def test_what_became_of_the_person_the_hub_knows(
    city: City, values: Row, code: str | None
) -> None:
    place = await away(city)
    id_ = await ask(place, "NODE_STOP")
    await a_person(city, **values)
    await back(city, place)
    assert await ended(place, id_) == (("REFUSED", code) if code else ("DONE", None))
    assert ("node.stop" in await city.actions(place)) is (code is None)
    assert len(await told(place, "hub_request.lapse.platform_admin")) == (1 if code else 0)


async def test_an_organisation_that_was_frozen_at_the_hub_asks_for_nothing(city: City) -> None:
    """Before the node has heard of it."""
    place = await away(city)
    id_ = await ask(place, "NODE_STOP", replace(OPERATES, participant=MARKET))
    roles = ["platform_admin"]
    await a_person(city, subject=OPERATES.subject, participant=MARKET, roles=roles)
    await amend(city.hub.node.catalogue, "participant", MARKET, standing="SUSPENDED")
    await back(city, place)
    assert await ended(place, id_) == ("REFUSED", SHUT_OUT)


@pytest.mark.parametrize("where", ["node", "hub"])
async def test_what_was_done_before_is_told_as_done_whatever_became_of_who_asked(
    city: City, where: str
) -> None:
    place = await joined(city)
    place.meeting.to_hub = lambda: Lost(place.hub, lost=1)
    id_ = await ask(place, "NODE_STOP")
    assert (await one(place, id_))["in_doubt"] is True
    if where == "node":
        await amend(place.node.catalogue, "node", place.id, operator=CENTRE)
    else:
        await a_person(city, status="REMOVED")
    place.meeting.to_hub = lambda: place.hub
    await back(city, place)
    assert await ended(place, id_) == ("DONE", None)
    assert (await city.actions(place)).count("node.stop") == 1


async def test_what_may_have_been_done_and_was_not_is_refused(city: City) -> None:
    """The request never reached the hub, although nobody at the node could know."""

    class Swallowing:
        async def do(self, asked: HubAsked) -> HubAnswer:
            raise PeerUnavailable(node=HUB, service=HUB, detail="x", retry_after_seconds=5)

    place = await joined(city)
    place.meeting.to_hub = Swallowing  # type: ignore[assignment]
    id_ = await ask(place, "NODE_STOP")
    assert (await one(place, id_))["in_doubt"] is True
    await amend(place.node.catalogue, "node", place.id, operator=CENTRE)
    place.meeting.to_hub = lambda: place.hub
    await back(city, place)
    assert await ended(place, id_) == ("REFUSED", LACKS)
    assert "node.stop" not in await city.actions(place)


async def test_nothing_of_any_act_is_done_for_who_has_lost_the_role(city: City) -> None:
    """Also of those that the hub does by several operations, and by such that ask for no role."""
    place, hub = await joined(city), city.hub.node
    await serving(city, place)
    await a_person(city, subject=REGISTERS.subject, participant=MARKET, roles=["developer"])
    before = len(await hub.catalogue.changes_since(0, 1000))
    given = {
        "participant": BANK, "space": "spc_finance", "purpose": "x", "profile": "finance",
        "stop_at": "2026-12-01T00:00:00Z", "name": "企业", "kind": "ENTERPRISE",
        "credit_code": "91310000MA1FL0000N", "contact": "Li",
    }  # fmt: skip
    for number, act in enumerate(doing.DOING):
        named = {each.name: given[each.name] for each in doing.ACTS[act].given if each.must}
        asked = HubAsked(f"hrq_1234567{number}", act, named, "r", asked_by=REGISTERS.subject)
        answer = await doing.do(hub, place.id, asked)
        assert (answer.state, answer.code) == ("REFUSED", LACKS), act
        unknown = await doing.do(hub, place.id, replace(asked, asked_by="", lapsed=True))
        assert unknown.code == LACKS
    assert len(await hub.catalogue.changes_since(0, 1000)) == before
