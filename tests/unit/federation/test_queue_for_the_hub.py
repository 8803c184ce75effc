"""What a node asks of its hub: kept while the hub is away, sent in order, done once, answered."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from dataspace.caller import Caller, Role
from dataspace.errors import DataSpaceError
from dataspace.federation.joining.invitations import read_code
from dataspace.federation.meeting import Hub
from dataspace.federation.queue.answers import HubAnswer, HubAsked
from dataspace.federation.queue.refusals import InDoubt, NoHub, NotWaiting, RestsOnUnknown
from dataspace.federation.refusals import PeerUnavailable
from dataspace.refusals import ReasonMissing, RoleMissing
from dataspace.selection import PAGE_MAX, Order, Page, Row, Selection, Where
from dataspace.visibility import visible
from hub.operations import nodes, participants, spaces
from hub.operations.federation import inviting
from hub.operations.federation.queue import asking, delivering, doing, limits
from hub.operations.links.desks import DESKS
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.reading import seen
from hub.operations.membership import applying
from hub.operations.tasks.deciding import Decision, decide_all
from hub.scheduling.works.federation import queueing
from hub.watching.backlog import queue_readings
from tests.build import a_change_set, a_participant, a_row, caller_for
from tests.clock import FrozenClock
from tests.unit.federation.meeting_nodes import HUB, City, Place, a_city
from tests.unit.operations.city import ADMIN, BANK, CENTRE, MARKET

OPERATOR = caller_for(Role.ORG_ADMIN, participant=BANK, subject="usr-operator")
STRANGER = caller_for(Role.ORG_ADMIN, participant=MARKET, subject="usr-stranger")
OPERATES = replace(ADMIN, subject="usr-runs-the-node")
MANY = {str(number): "" for number in range(21)}
SHOWN = (
    "id", "act", "state", "place", "attempts", "in_doubt", "last_error", "code", "answer",
    "object", "object_kind", "asked_by", "tried_at", "next_try_at",
)  # fmt: skip
REASON = "As planned"


@pytest.fixture
async def city(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[City]:
    async with a_city(tmp_path, clock) as city:
        yield city


async def joined(city: City) -> Place:
    """A node that has heard from its hub who operates it."""
    place = await city.join()
    values = {
        "name": "N1", "kind": "BUSINESS", "status": "ONLINE", "state": "ACTIVE", "operator": BANK,
    }  # fmt: skip
    await place.node.catalogue.apply(a_change_set(a_row("node", place.id, values)))
    return place


async def serving(city: City, place: Place) -> None:
    """The node serves a space that its operator operates."""
    space = {
        "code": "finance", "name": "金融 Finance", "kind": "SUBSPACE", "tier": "SUBSPACE",
        "operator": BANK,
    }  # fmt: skip
    await city.hub.node.catalogue.apply(a_change_set(a_row("space", "spc_finance", space)))
    await nodes.amend(city.hub.node, ADMIN, place.id, {"space": "spc_finance"})


async def ask(place: Place, act: str, caller: Caller = OPERATOR, **given: str) -> str:
    pairs = [{"name": name, "value": value} for name, value in given.items()]
    issued = await asking.ask(place.node, caller, {"act": act, "given": pairs}, reason=REASON)
    return issued.done.id


async def queue(place: Place) -> list[Row]:
    asked = Selection("hub_request", SHOWN, order=Order("place"), page=Page(PAGE_MAX))
    return (await place.node.catalogue.select(asked)).rows


async def one(place: Place, id_: str) -> Row:
    return next(row for row in await queue(place) if row["id"] == id_)


async def told(place: Place, code: str) -> list[Row]:
    asked = Selection("notice", ("recipient", "facts"), Where("code", "eq", code), page=Page(9))
    return (await place.node.catalogue.select(asked)).rows


def later(city: City, **span: int) -> None:
    city.clock.advance(**span)


async def test_with_a_hub_that_is_there_an_act_is_done_when_it_is_asked(city: City) -> None:
    place = await joined(city)
    id_ = await ask(place, "NODE_ANNOUNCE_STOP", stop_at="2026-08-01T00:00:00.000Z")
    row = await one(place, id_)
    assert (row["state"], row["object"], row["attempts"]) == ("DONE", place.id, 1)
    assert (await city.actions(place))[-1] == "node.announce_stop"
    [notice] = await told(place, "hub_request.done.asked_by")
    assert notice["recipient"] == OPERATOR.subject


async def test_while_the_hub_is_away_it_waits_and_is_done_in_order_when_it_is_back(
    city: City,
) -> None:
    place = await joined(city)
    city.network.cut.add(HUB)
    asked = [
        await ask(place, act)
        for act in ("NODE_STOP", "NODE_RECOVER", "NODE_REPORT_OUTAGE", "NODE_RECOVER", "NODE_EXIT")
    ]
    rows = await queue(place)
    assert [row["id"] for row in rows] == asked
    assert {row["state"] for row in rows} == {"WAITING"}
    assert [row["attempts"] for row in rows] == [1, 0, 0, 0, 0], "only the first is tried"
    later(city, seconds=90)
    readings = await queue_readings(place.node.catalogue, city.clock.now())
    told = [each.value for each in readings if each.labels == ("hub_requests",)]
    assert told == [5, 90], "how many wait, and for how long the first has"
    assert (rows[0]["last_error"], rows[0]["in_doubt"]) == ("peer.unavailable", False)
    city.network.cut.clear()
    later(city, minutes=6)
    delivered = await delivering.deliver(place.node)
    assert (delivered.done, delivered.refused, delivered.error) == (5, 0, None)
    assert (await city.actions(place))[-5:] == [
        "node.stop", "node.recover", "node.report_outage", "node.recover", "node.exit",
    ]  # fmt: skip


async def test_a_refusal_is_told_to_who_asked_and_blocks_nobody_but_what_rests_on_it(
    city: City,
) -> None:
    place = await joined(city)
    city.network.cut.add(HUB)
    wrong = await ask(place, "PARTICIPANT_APPLY", name="企业 Firm", kind="ENTERPRISE",
                      credit_code="91310000MA1FL0000X", contact="c")  # fmt: skip
    rests = await ask(place, "INVITATION_ISSUE", participant=wrong, profile="finance")
    apart = await ask(place, "NODE_STOP")
    city.network.cut.clear()
    later(city, minutes=6)
    await delivering.deliver(place.node)
    states = {row["id"]: (row["state"], row["code"]) for row in await queue(place)}
    assert states == {
        wrong: ("REFUSED", "participant.identity_incomplete"),
        rests: ("REFUSED", "hub_queue.rests_on_refused"),
        apart: ("DONE", None),
    }
    notices = await told(place, "hub_request.refuse.asked_by")
    assert {each["recipient"] for each in notices} == {OPERATOR.subject}
    assert any("participant.identity_incomplete" in each["facts"] for each in notices)
    assert (await one(place, rests))["attempts"] == 0, "it was never sent"


async def test_who_applies_through_a_node_waits_for_the_bureau_and_is_invited_when_admitted(
    city: City,
) -> None:
    """The act that follows names the request in place of an id that nobody has yet."""
    place = await joined(city)
    hub = city.hub.node
    await serving(city, place)
    loans = (await spaces.enter(hub, OPERATOR, {
        "code": "loans", "name": "信贷", "kind": "LOGICAL", "tier": "SUBSPACE",
        "part_of": "spc_finance",
    })).id  # fmt: skip
    city.network.cut.add(HUB)
    applied = await ask(place, "PARTICIPANT_APPLY", name="企业 Firm", kind="ENTERPRISE",
                        credit_code="91310000MA1FL0000N", contact="Li")  # fmt: skip
    let_in = await ask(place, "MEMBER_JOIN", participant=applied, space=loans, role="PROVIDER")
    city.network.cut.clear()
    later(city, minutes=6)
    await delivering.deliver(place.node)
    row = await one(place, applied)
    assert (row["state"], row["object_kind"]) == ("DONE", "participant")
    early = await one(place, let_in)
    assert (early["state"], early["code"]) == ("REFUSED", "participant.not_admitted")
    asked = Selection("participant", ("state", "submitted_by"), Where("id", "eq", row["object"]))
    firm = (await hub.catalogue.select(asked)).rows[0]
    assert (firm["state"], firm["submitted_by"]) == ("SUBMITTED", place.id)
    tasks = Selection("task", ("awaited",), Where("subject", "eq", row["object"]), page=Page(2))
    assert [each["awaited"] for each in (await hub.catalogue.select(tasks)).rows] == ["admit"]
    await participants.admit(hub, ADMIN, row["object"])
    again = await ask(place, "MEMBER_JOIN", participant=applied, space=loans, role="PROVIDER")
    assert (await one(place, again))["state"] == "DONE"


async def test_an_invitation_is_opened_by_a_code_that_never_leaves_the_node(city: City) -> None:
    place, hub = await joined(city), city.hub.node
    await serving(city, place)
    member = a_participant("par_member", state="ADMITTED", spaces=["spc_finance"])
    await hub.catalogue.apply(a_change_set(member))
    given = {"participant": "par_member", "profile": "finance"}
    pairs = [{"name": name, "value": value} for name, value in given.items()]
    values = {"act": "INVITATION_ISSUE", "given": pairs}
    city.network.seen.clear()
    issued = await asking.ask(place.node, OPERATOR, values, reason=REASON, request_id="r1")
    assert issued.code is not None
    assert (await one(place, issued.done.id))["state"] == "DONE"
    sent = [each.content for each in city.network.seen if each.url.path == "/federation/requests"]
    assert len(sent) == 1
    assert issued.code.secret.encode() not in sent[0]
    opened = await inviting.opened(hub, read_code(issued.code.written))
    assert (opened["kind"], opened["space"], opened["participant"]) == (
        "CONNECTOR", "spc_finance", "par_member",
    )  # fmt: skip
    again = await asking.ask(place.node, OPERATOR, values, reason=REASON, request_id="r1")
    assert (again.done.id, again.code) == (issued.done.id, None)
    other = await ask(place, "INVITATION_ISSUE", participant=CENTRE, profile="finance")
    assert (await one(place, other))["code"] == "hub_queue.not_for_this_node"


async def test_who_may_ask_is_checked_at_the_node(city: City) -> None:
    place = await joined(city)
    for caller in (STRANGER, caller_for(Role.DEVELOPER, participant=BANK)):
        with pytest.raises(RoleMissing):
            await ask(place, "NODE_STOP", caller)
    with pytest.raises(NoHub):
        await asking.ask(city.hub.node, ADMIN, {"act": "NODE_STOP"}, reason=REASON)
    with pytest.raises(ReasonMissing):
        await asking.ask(place.node, OPERATOR, {"act": "NODE_STOP"}, reason=" ")
    for given in (
        {"stop_at": "tomorrow"}, {}, {"stop_at": "2026-08-01T00:00:00Z", "motto": "x"},
    ):  # fmt: skip
        with pytest.raises(FieldsInvalid):
            await ask(place, "NODE_ANNOUNCE_STOP", **given)
    with pytest.raises(RestsOnUnknown):
        await ask(place, "MEMBER_LEAVE", participant="hrq_nowhere", space="spc_1")
    assert await queue(place) == []


async def test_the_hub_decides_by_its_own_rules_what_a_node_may_ask(city: City) -> None:
    """Whoever asks at the node: there they may be anybody, at the hub it is the node."""
    place = await joined(city)
    asked = HubAsked("hrq_12345678", "MEMBER_JOIN", {"participant": MARKET, "space": "spc_x"}, "r")
    answer = await doing.do(city.hub.node, place.id, asked)
    assert (answer.state, answer.code) == ("REFUSED", "lifecycle.role_missing")
    for act in ("NODE_ISOLATE", "RESOURCE_DRAFT", ""):
        answer = await doing.do(city.hub.node, place.id, replace(asked, act=act))
        assert answer.code == "hub_queue.act_unknown"
    await city.move(place, "isolate")
    id_ = await ask(place, "NODE_RECOVER")
    row = await one(place, id_)
    assert (row["state"], row["in_doubt"]) == ("WAITING", False), "the door keeps it out, unheard"


async def test_what_waits_may_be_withdrawn_and_what_the_hub_may_have_may_not(city: City) -> None:
    place = await joined(city)
    city.network.cut.add(HUB)
    first, second = await ask(place, "NODE_STOP"), await ask(place, "NODE_RECOVER")
    for caller in (STRANGER, replace(OPERATOR, subject="usr-colleague")):
        with pytest.raises(DataSpaceError):
            await asking.withdraw(place.node, caller, first)
    await asking.withdraw(place.node, OPERATOR, first, reason="not needed")
    await asking.withdraw(place.node, OPERATES, second)
    with pytest.raises(NotWaiting):
        await asking.withdraw(place.node, OPERATOR, first)
    city.network.cut.clear()
    assert await delivering.deliver(place.node) == delivering.Delivered()
    assert "node.stop" not in await city.actions(place)

    lost = Lost(place.hub, lost=1)
    place.meeting.to_hub = lambda: lost
    third = await ask(place, "NODE_STOP")
    assert (await one(place, third))["in_doubt"] is True
    with pytest.raises(InDoubt):
        await asking.withdraw(place.node, OPERATOR, third)
    with pytest.raises(InDoubt):
        await asking.withdraw(place.node, OPERATES, third, reason=" ")
    later(city, minutes=6)
    await delivering.deliver(place.node)
    assert (await one(place, third))["state"] == "DONE"
    assert (await city.actions(place)).count("node.stop") == 1


async def test_what_the_hub_can_neither_do_nor_refuse_may_be_given_up_by_who_runs_the_node(
    city: City,
) -> None:
    place = await joined(city)
    lost = Lost(place.hub, lost=9)
    place.meeting.to_hub = lambda: lost
    stuck, behind = await ask(place, "NODE_STOP"), await ask(place, "NODE_RECOVER")
    await asking.withdraw(place.node, OPERATES, stuck, reason="The hub is being mended")
    place.meeting.to_hub = lambda: place.hub
    await delivering.deliver(place.node)
    rows = {row["id"]: (row["state"], row["in_doubt"]) for row in await queue(place)}
    assert rows == {stuck: ("WITHDRAWN", True), behind: ("DONE", None)}


@dataclass
class Lost:
    """A hub that does what it is asked, and whose first answers do not arrive."""

    hub: Hub
    lost: int
    asked: list[str] = field(default_factory=list)

    async def do(self, asked: HubAsked) -> HubAnswer:
        self.asked.append(asked.id)
        answer = await self.hub.do(asked)
        if len(self.asked) <= self.lost:
            raise PeerUnavailable(node=HUB, service=HUB, detail="ReadError", retry_after_seconds=5)
        return answer

    async def beat(self, heartbeat: Any) -> str:
        return await self.hub.beat(heartbeat)

    async def standings(self) -> str:
        return await self.hub.standings()


async def test_a_connection_that_is_refused_later_does_not_end_the_doubt(city: City) -> None:
    place = await joined(city)
    place.meeting.to_hub = lambda: Lost(place.hub, lost=1)
    id_ = await ask(place, "NODE_STOP")
    place.meeting.to_hub = lambda: place.hub
    city.network.cut.add(HUB)
    later(city, minutes=6)
    await delivering.deliver(place.node)
    row = await one(place, id_)
    assert (row["in_doubt"], row["attempts"]) == (True, 2)


class Killed(Exception):
    """The process ends here."""


@pytest.mark.parametrize("where", ["before it is sent", "after the hub did it", "while it notes"])
async def test_a_node_that_is_killed_anywhere_has_it_done_once(city: City, where: str) -> None:
    place = await joined(city)
    city.network.cut.add(HUB)
    id_ = await ask(place, "NODE_STOP")
    city.network.cut.clear()
    later(city, minutes=6)
    hub = place.hub

    class Killing:
        async def do(self, asked: HubAsked) -> HubAnswer:
            if where != "before it is sent":
                await hub.do(asked)
            raise Killed

    apply = place.node.catalogue.apply

    async def dying(change_set: Any) -> Any:
        if any(each.act.action == "hub_request.done" for each in change_set.changes):
            raise Killed
        return await apply(change_set)

    if where == "while it notes":
        place.node.catalogue.apply = dying  # type: ignore[method-assign]
    else:
        place.meeting.to_hub = Killing  # type: ignore[assignment]
    with pytest.raises(Killed):
        await delivering.deliver(place.node)
    place.node.catalogue.apply = apply  # type: ignore[method-assign]
    place.meeting.to_hub = lambda: hub
    assert (await one(place, id_))["state"] == "WAITING"
    assert await delivering.deliver(place.node) == delivering.Delivered(), "it may be under way"
    later(city, seconds=31)
    await delivering.deliver(place.node)
    assert (await one(place, id_))["state"] == "DONE"
    assert (await city.actions(place)).count("node.stop") == 1


@pytest.mark.slow
async def test_two_hours_without_the_hub_and_fifty_acts_are_caught_up_with_in_order(
    city: City,
) -> None:
    place = await joined(city)
    city.network.cut.add(HUB)
    acts = ["NODE_STOP", "NODE_RECOVER"] * 25
    for act in acts:
        await ask(place, act)
        later(city, minutes=2)
        await delivering.deliver(place.node)
    for _ in range(20):
        later(city, minutes=1)
        await delivering.deliver(place.node)
    rows = await queue(place)
    assert len(rows) == 50
    assert {row["state"] for row in rows} == {"WAITING"}
    assert 20 <= rows[0]["attempts"] <= 60, "evidence is not flooded"
    assert await queueing.count(place.node, city.clock.now()) in (0, 50)
    city.network.cut.clear()
    later(city, seconds=1)
    await place.beat()
    assert await queueing.count(place.node, city.clock.now()) == 50, "the hub was heard"
    delivered = await delivering.deliver(place.node)
    assert (delivered.done, delivered.refused) == (50, 0)
    moves = [each for each in await city.actions(place) if each in ("node.stop", "node.recover")]
    assert moves == [f"node.{act.removeprefix('NODE_').lower()}" for act in acts]


async def test_a_hub_that_cannot_say_is_asked_again_and_what_differs_is_refused(city: City) -> None:
    place = await joined(city)
    asked = HubAsked("hrq_12345678", "NODE_STOP", {}, REASON)
    first = await place.hub.do(asked)
    assert await place.hub.do(asked) == first
    other = await place.hub.do(replace(asked, reason="Another one"))
    assert (other.state, other.code) == ("REFUSED", "catalogue.change_set_differs")


@pytest.mark.parametrize(
    "said",
    [
        [], {"id": 7}, {"id": "hrq_1", "act": "NODE_STOP", "reason": "", "given": {}},
        {"id": "hrq_12345678", "act": None, "reason": "", "given": {}},
        {"id": "hrq_12345678", "act": "NODE_STOP", "reason": "", "given": {"a": 1}},
        {"id": "hrq_12345678", "act": "NODE_STOP", "reason": "", "given": MANY},
    ],
)  # fmt: skip
async def test_what_cannot_be_read_is_an_answer_and_blocks_nobody(city: City, said: Any) -> None:
    from subspaces.peers.http_peer import Asked

    place = await joined(city)
    asked = Asked("POST", "/federation/requests", json.dumps(said).encode())
    answer = HubAnswer.read(json.loads(await place.client.ask(HUB, asked)))
    assert (answer.state, answer.code) == ("REFUSED", "hub_queue.asked_malformed")


async def test_nobody_sees_what_others_asked_for(city: City) -> None:
    place = await joined(city)
    city.network.cut.add(HUB)
    await ask(place, "NODE_STOP")

    async def seen(caller: Caller) -> int:
        asked = Selection("hub_request", where=visible(caller)["hub_request"], page=Page(5))
        return len((await place.node.catalogue.select(asked)).rows)

    assert [await seen(each) for each in (OPERATOR, OPERATES, STRANGER, Caller())] == [1, 1, 0, 0]


async def test_a_member_applies_through_its_node_for_a_logical_space(city: City) -> None:
    place, hub = await joined(city), city.hub.node
    await serving(city, place)
    member = a_participant("par_member", state="ADMITTED", spaces=["spc_finance"])
    await hub.catalogue.apply(a_change_set(member))
    loans = {
        "code": "loans", "name": "信贷", "kind": "LOGICAL", "tier": "SUBSPACE",
        "part_of": "spc_finance",
    }  # fmt: skip
    space = (await spaces.enter(hub, OPERATOR, loans)).id
    own = caller_for(Role.ORG_ADMIN, participant="par_member", subject="usr-member")
    city.network.cut.add(HUB)
    given = {"space": space, "purpose": "To offer loans"}
    id_ = await ask(place, "MEMBERSHIP_APPLY", own, participant="par_member", **given)
    other = await ask(place, "MEMBERSHIP_APPLY", participant=MARKET, **given)
    with pytest.raises(RoleMissing):
        await ask(place, "MEMBERSHIP_APPLY", own, participant=MARKET, **given)
    city.network.cut.clear()
    later(city, minutes=6)
    await delivering.deliver(place.node)
    assert (await one(place, other))["code"] == "hub_queue.not_for_this_node"
    row = await one(place, id_)
    assert (row["state"], row["object_kind"]) == ("DONE", "membership_application")
    done = await applying.DESK.move(hub, OPERATOR, row["object"], "approve", reason="Welcome")
    assert done.values["state"] == "APPROVED"
    found = await seen(hub, ADMIN, "participant", id="par_member")
    assert {each["id"] for each in found["spaces"].rows} == {"spc_finance", space}


async def test_nobody_introduces_who_is_on_record_already(city: City) -> None:
    """By no way, among them the decision on many at once."""
    hub = city.hub.node
    listed = a_participant(
        "par_listed", kind="ENTERPRISE", credit_code="91310000MA1FL0000N", contact="Li"
    )
    await hub.catalogue.apply(a_change_set(listed))
    [decided] = await decide_all(
        hub, OPERATOR, [Decision("par_listed", "introduce", "x")], desks=DESKS
    )
    assert decided.refusal is not None
    assert decided.refusal.code == "participant.on_record"
    place = await joined(city)
    again = await ask(place, "PARTICIPANT_APPLY", name="企业 Firm", kind="ENTERPRISE",
                      credit_code="91310000MA1FL0000N", contact="Li")  # fmt: skip
    assert (await one(place, again))["code"] == "catalogue.not_unique"


async def test_a_node_does_not_fill_the_hub_with_what_is_undecided(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OPEN_MAX", 1)
    place = await joined(city)
    given = {"kind": "ENTERPRISE", "contact": "Li"}
    codes = ("91310000MA1FL0000N", "91310000MA1FL0001L")
    first, second = [
        await ask(place, "PARTICIPANT_APPLY", name=f"企业 {code}", credit_code=code, **given)
        for code in codes
    ]
    assert (await one(place, first))["state"] == "DONE"
    values = {"name": f"企业 {codes[0]}", "credit_code": codes[0], **given}
    again = await doing.do(
        city.hub.node, place.id, HubAsked(first, "PARTICIPANT_APPLY", values, REASON)
    )
    assert again.state == "DONE", "what was done is not refused for a limit"
    assert (await one(place, second))["code"] == "hub_queue.too_many_open"
