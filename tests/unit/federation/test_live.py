"""The hub asks nodes live: each is told of with what it said, or with what is held of it."""

import asyncio
import time
from dataclasses import replace

import pytest

from dataspace.caller import ANYONE
from dataspace.errors import DataSpaceError
from dataspace.federation.live.answers import LiveAnswer, Present
from dataspace.federation.live.turns import PER_MINUTE_MAX, REMEMBERED_MAX, Turns
from dataspace.federation.refusals import PeerMalformed
from dataspace.selection import NOTHING
from hub.operations.federation.live import asking
from tests.clock import FrozenClock
from tests.unit.api.asking import asking as asking_of
from tests.unit.federation.live_nodes import (
    AT,
    HEARD,
    Acting,
    Spaces,
    a_feed,
    after,
    asks,
    at_once,
    away,
    hangs,
    refuses,
)
from tests.unit.operations.city import ADMIN

NOW = "2026-06-01T12:00:00.000Z"
TOLD = {"readiness": "ready", "version": "2.0", "revision": 40, "resources": 3, "products": 4,
        "objects": []}  # fmt: skip
QUERY = """query ($nodes: [ID!], $objects: [ID!]) { liveNodes(nodes: $nodes, objects: $objects) {
    id name status milliseconds code readiness version heardAt revision resources products asOf
    ageSeconds objects { id state withdrawn changedAt asOf } } }"""


async def code_of(spaces: Spaces, question: asking.Question, caller=ADMIN) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(DataSpaceError) as refused:
        await asking.ask(spaces.node, caller, question)
    return refused.value.code


async def test_each_node_is_told_of_by_what_became_of_it() -> None:
    acting = {
        "nod_answers": Acting(at_once), "nod_slow": Acting(after(0.05)),
        "nod_late": Acting(after(30)), "nod_hangs": Acting(hangs), "nod_away": Acting(away),
        "nod_refuses": Acting(refuses), "nod_isolated": Acting(at_once),
        "nod_revoked": Acting(at_once), "nod_applied": Acting(at_once),
        "nod_invents": Acting(at_once, (Present("prd_other", "LISTED", None),)),
    }  # fmt: skip
    spaces = await Spaces(acting).ready(
        nod_isolated={"status": "ISOLATED"}, nod_revoked={"status": "REVOKED"},
        nod_applied={"state": "APPLIED", "status": "OFFLINE"},
    )  # fmt: skip
    began = time.perf_counter()
    told = await asking.ask(spaces.node, ADMIN, asks(*acting))
    assert time.perf_counter() - began < 0.55  # the one that hangs goes on for 0.9 s
    assert [row["id"] for row in told] == list(acting)
    assert {row["id"]: (row["status"], row["code"]) for row in told} == {
        "nod_answers": ("ANSWERED", None), "nod_slow": ("ANSWERED", None),
        "nod_late": ("LATE", None), "nod_hangs": ("LATE", None),
        "nod_away": ("DOWN", "peer.unavailable"),
        "nod_refuses": ("REFUSED", "federation.hub_only"),
        "nod_isolated": ("ISOLATED", None), "nod_revoked": ("ISOLATED", None),
        "nod_applied": ("DOWN", "live.no_way"), "nod_invents": ("DOWN", "peer.malformed"),
    }  # fmt: skip
    took = {row["id"]: row["milliseconds"] for row in told}
    assert took["nod_isolated"] is None
    assert took["nod_late"] >= 300
    assert 50 <= took["nod_slow"] < 300
    assert [acting[id_].asked for id_ in ("nod_isolated", "nod_revoked", "nod_applied")] == [
        [], [], [],
    ]  # fmt: skip


async def test_who_answers_is_told_of_as_of_now_and_who_does_not_with_its_age() -> None:
    acting = {"nod_a": Acting(at_once), "nod_b": Acting(away), "nod_c": Acting(away)}
    spaces = await Spaces(acting).ready(a_feed("nod_a"), a_feed("nod_b"))
    await spaces.published("nod_b", "prd_b1", "prd_b2")
    await spaces.published("nod_b", "prd_gone", state="DELISTED")
    body = await asking_of(spaces.node).body(QUERY, {}, caller=ADMIN)
    a, b, c = body["data"]["liveNodes"]
    said = {"heardAt": NOW, "asOf": NOW, "ageSeconds": 0}
    assert {**a, **TOLD, **said} == a
    held = {"version": "1.0", "heardAt": HEARD, "revision": 33, "resources": 0, "products": 2,
            "asOf": AT, "ageSeconds": 3600}  # fmt: skip
    assert {**b, **held} == b
    assert (c["status"], c["asOf"], c["ageSeconds"], c["revision"]) == ("DOWN", None, None, None)


async def test_products_are_told_as_they_are_now_or_as_the_hub_has_them() -> None:
    now = Present("prd_a1", "DELIST_REVIEW", NOW)
    acting = {"nod_a": Acting(at_once, (now,)), "nod_b": Acting(away)}
    spaces = await Spaces(acting).ready()
    await spaces.published("nod_a", "prd_a1", "prd_a2")
    await spaces.published("nod_b", "prd_b1")
    given = {"nodes": ["nod_b", "nod_a"], "objects": ["prd_a1", "prd_b1", "prd_a2", "prd_a1"]}
    b, a = (await asking_of(spaces.node).data(QUERY, given, caller=ADMIN))["liveNodes"]
    assert a["objects"] == [
        {"id": "prd_a1", "state": "DELIST_REVIEW", "withdrawn": False, "changedAt": NOW,
         "asOf": NOW},
        {"id": "prd_a2", "state": None, "withdrawn": True, "changedAt": None, "asOf": NOW},
    ]  # fmt: skip
    assert b["objects"] == [
        {"id": "prd_b1", "state": "LISTED", "withdrawn": False, "changedAt": AT, "asOf": AT}
    ]
    assert (acting["nod_a"].asked, acting["nod_b"].asked) == (
        [["prd_a1", "prd_a2"]], [["prd_b1"]],
    )  # fmt: skip


async def test_nodes_are_asked_at_the_same_time_and_read_in_one_selection() -> None:
    acting = {f"nod_{at:02}": Acting(after(0.1)) for at in range(20)}
    spaces = await Spaces(acting).ready()
    await spaces.published("nod_07", "prd_1")
    told = await asking.ask(spaces.node, ADMIN, asks(objects=["prd_1"], deadline=1500))
    assert {row["status"] for row in told} == {"ANSWERED"}
    assert len(told) == 20
    assert spaces.catalogue.selections == 2


async def test_too_much_is_refused_and_nothing_left_out() -> None:
    acting = {f"nod_{at:03}": Acting(at_once) for at in range(101)}
    spaces = await Spaces(acting).ready()
    assert await code_of(spaces, asks(*acting)) == "live.nodes"
    assert await code_of(spaces, asks()) == "live.nodes"
    assert await code_of(spaces, asks("nod_000", "nod_none")) == "catalogue.not_found"
    many = [f"prd_{at}" for at in range(51)]
    assert await code_of(spaces, asks("nod_000", objects=many)) == "live.objects"
    for deadline in (0, -1, 5001):
        assert await code_of(spaces, asks("nod_000", deadline=deadline)) == "live.deadline"
    assert [each.asked for each in acting.values()] == [[]] * 101
    assert len(await asking.ask(spaces.node, ADMIN, asks(*list(acting)[:100]))) == 100


async def test_what_the_caller_may_not_see_and_what_is_elsewhere_is_refused() -> None:
    spaces = await Spaces({"nod_a": Acting(at_once), "nod_b": Acting(at_once)}).ready()
    await spaces.published("nod_a", "prd_a")
    for id_ in ("prd_none", "par_bureau", "x"):
        assert await code_of(spaces, asks("nod_a", objects=[id_])) == "catalogue.not_found"
    assert await code_of(spaces, asks("nod_b", objects=["prd_a"])) == "live.object_elsewhere"
    hidden = asks("nod_a", objects=["prd_a"], product=NOTHING)
    assert await code_of(spaces, hidden) == "catalogue.not_found"
    assert await code_of(spaces, asks("nod_a", node=NOTHING)) == "catalogue.not_found"


async def test_only_who_is_signed_in_asks_and_not_all_the_time(clock: FrozenClock) -> None:
    spaces = await Spaces({"nod_a": Acting(at_once)}, clock).ready()
    assert await code_of(spaces, asks(), ANYONE) == "identity.sign_in_required"
    for _ in range(PER_MINUTE_MAX):
        await asking.ask(spaces.node, ADMIN, asks())
    assert await code_of(spaces, asks()) == "live.asked_too_often"
    await asking.ask(spaces.node, replace(ADMIN, subject="somebody-else"), asks())
    clock.advance(seconds=60)
    await asking.ask(spaces.node, ADMIN, asks())


def test_turns_remember_no_more_callers_than_they_may(clock: FrozenClock) -> None:
    turns = Turns()
    for number in range(REMEMBERED_MAX + 5):
        turns.take(f"usr-{number}", clock.now())
    assert len(turns.counted) == REMEMBERED_MAX
    clock.advance(seconds=61)
    turns.take("usr-later", clock.now())
    assert list(turns.counted) == ["usr-later"]


async def test_without_a_token_the_field_is_refused_alone() -> None:
    spaces = await Spaces({"nod_a": Acting(at_once)}).ready()
    body = await asking_of(spaces.node).body(QUERY, {})
    assert body["errors"][0]["extensions"]["code"] == "identity.sign_in_required"
    assert body["data"] == {"liveNodes": None}


async def test_whoever_breaks_off_leaves_nobody_asked() -> None:
    spaces = await Spaces({"nod_a": Acting(after(30))}).ready()
    before = asyncio.all_tasks()
    task = asyncio.ensure_future(asking.ask(spaces.node, ADMIN, asks(deadline=5000)))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


ANSWER = LiveAnswer("ready", "1.0", 7, 1, 2, (Present("prd_a", "LISTED", AT),)).told()
OBJECT = ANSWER["objects"][0]


@pytest.mark.parametrize(
    "rubbish",
    [
        None, [], "x", 7, {},
        {**ANSWER, "readiness": "splendid"}, {**ANSWER, "readiness": 1},
        {**ANSWER, "version": "v" * 81}, {**ANSWER, "version": ""}, {**ANSWER, "revision": -1},
        {**ANSWER, "revision": True}, {**ANSWER, "resources": 1.5}, {**ANSWER, "products": 1 << 60},
        {**ANSWER, "objects": None}, {**ANSWER, "objects": [OBJECT] * 51},
        {**ANSWER, "objects": [7]}, {**ANSWER, "objects": [{**OBJECT, "id": "par_a"}]},
        {**ANSWER, "objects": [{**OBJECT, "state": "SPLENDID"}]},
        {**ANSWER, "objects": [{**OBJECT, "changed_at": "yesterday"}]},
        {**ANSWER, "objects": [{**OBJECT, "changed_at": 7}]},
    ],
)  # fmt: skip
def test_rubbish_is_no_answer(rubbish: object) -> None:
    assert LiveAnswer.read(ANSWER).told() == ANSWER
    with pytest.raises(PeerMalformed):
        LiveAnswer.read(rubbish)


@pytest.mark.parametrize(
    ("asked", "cost"),
    [
        ('liveNodes(nodes: ["nod_a", "nod_b"], objects: ["prd_a1"]) { id }', 2 * 100 + 2),
        ('liveNodes(nodes: ["nod_a", "nod_a"]) { id }', 100),
        ("liveNodes { id }", 100 * 100),
    ],
)
async def test_each_node_that_is_asked_has_its_price(asked: str, cost: int) -> None:
    spaces = await Spaces({"nod_a": Acting(at_once), "nod_b": Acting(at_once)}).ready()
    await spaces.published("nod_a", "prd_a1")
    body = await asking_of(spaces.node).body(f"{{ {asked} }}", caller=ADMIN)
    assert "errors" not in body
    assert body["extensions"]["cost"]["estimated"] == cost


async def test_a_request_that_asks_all_nodes_again_and_again_asks_none() -> None:
    acting = {"nod_a": Acting(at_once)}
    spaces = await Spaces(acting).ready()
    many = " ".join(f"a{number}: liveNodes {{ id }}" for number in range(3))
    assert await asking_of(spaces.node).code(f"{{ {many} }}", caller=ADMIN) == "limit.cost"
    assert acting["nod_a"].asked == []
