"""Whatever happens to the line, the answers, the process and the minds of people: the hub does each
request at most once, in the order in which they were asked, and the queue says what is so."""

import asyncio
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dataspace.errors import DataSpaceError
from dataspace.federation.membership import Membership
from dataspace.federation.queue.answers import HubAnswer, HubAsked
from dataspace.federation.refusals import PeerUnavailable
from dataspace.refusals import WrongState
from dataspace.selection import PAGE_MAX, Order, Page, Row, Selection
from hub.node import Node
from hub.operations.federation.queue import asking, delivering
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import ADMIN, DictionaryAssets, NobodyKnown

EVENTS = ("ask", "ask on it", "line cut", "answer lost", "killed", "refused", "fine", "later",
          "withdraw", "give up")  # fmt: skip
ACT = {"act": "MEMBER_LEAVE"}


class Killed(BaseException):
    """The process ends here."""


class Hub:
    """Does each request once, by its id, and knows in which order."""

    def __init__(self) -> None:
        self.did: dict[str, HubAnswer] = {}
        self.fate = "fine"

    async def do(self, asked: HubAsked) -> HubAnswer:
        if self.fate == "line cut":
            raise PeerUnavailable(node="-", detail="-", retry_after_seconds=5, sent=False)
        if asked.id not in self.did:
            refusal = WrongState(id="-", state="-", move="-", sources="-")
            refused = self.fate == "refused"
            done = HubAnswer("DONE", "participant", f"par_{len(self.did)}", len(self.did) + 1)
            self.did[asked.id] = HubAnswer.refused(refusal) if refused else done
        if self.fate == "killed":
            raise Killed
        if self.fate == "answer lost":
            raise PeerUnavailable(node="-", detail="-", retry_after_seconds=5)
        return self.did[asked.id]


class Line:
    def __init__(self) -> None:
        self.hub, self.clock = Hub(), FrozenClock()
        membership = Membership("https://hub.example", "nod_1", "https://issuer.example")
        meeting: Any = SimpleNamespace(
            membership=membership, to_hub=lambda: self.hub, heard_at=None
        )
        self.node = Node(
            DictionaryCatalogue(), NobodyKnown(), DictionaryAssets(), self.clock, meeting=meeting
        )
        self.asked: list[str] = []

    async def ask(self, on: str = "par_1") -> None:
        given = [{"name": "participant", "value": on}, {"name": "space", "value": "spc_1"}]
        values = {**ACT, "given": given}
        try:
            self.asked.append((await asking.ask(self.node, ADMIN, values, reason="r")).done.id)
        except DataSpaceError as error:
            assert error.code == "hub_queue.rests_on_unknown"

    async def happens(self, event: str, number: int) -> None:
        self.hub.fate = event
        chosen = self.asked[number % len(self.asked)] if self.asked else ""
        match event:
            case "ask" | "ask on it":
                self.hub.fate = "line cut"
                await self.ask(chosen if event == "ask on it" and chosen else "par_1")
            case "later":
                self.clock.advance(minutes=6)
            case "withdraw" | "give up":
                await self.withdraw(chosen, reason="" if event == "withdraw" else "r")
            case _:
                await self.deliver()

    async def withdraw(self, id_: str, *, reason: str) -> None:
        try:
            await asking.withdraw(self.node, ADMIN, id_, reason=reason)
        except DataSpaceError as error:
            assert error.code in (
                "hub_queue.not_waiting", "hub_queue.in_doubt", "catalogue.not_found",
            )  # fmt: skip

    async def deliver(self) -> None:
        try:
            await delivering.deliver(self.node)
        except Killed:
            self.clock.advance(seconds=31)

    async def rows(self) -> list[Row]:
        fields = ("id", "state", "in_doubt", "object", "code", "place")
        asked = Selection("hub_request", fields, order=Order("place"), page=Page(PAGE_MAX))
        return (await self.node.catalogue.select(asked)).rows

    async def check(self) -> None:
        rows = await self.rows()
        assert [row["id"] for row in rows] == self.asked
        order = [self.asked.index(id_) for id_ in self.hub.did]
        assert order == sorted(order), "in the order in which they were asked"
        for row in rows:
            answer = self.hub.did.get(row["id"])
            if row["state"] == "DONE":
                assert answer is not None
                assert answer.object == row["object"]
            if answer is None:
                unsent = row["code"] == "hub_queue.rests_on_refused"
                assert row["state"] in ("WAITING", "WITHDRAWN") or unsent
            elif row["state"] in ("WAITING", "WITHDRAWN"):
                assert row["in_doubt"], "what the hub did is not said to be undone"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 9)), max_size=25))
def test_each_is_done_at_most_once_and_in_order(events: list[tuple[str, int]]) -> None:
    async def walk() -> None:
        line = Line()
        for event, number in events:
            await line.happens(event, number)
            await line.check()
        line.hub.fate = "fine"
        line.clock.advance(minutes=6)
        await line.deliver()
        await line.check()
        assert "WAITING" not in {row["state"] for row in await line.rows()}

    asyncio.run(walk())


async def test_an_empty_queue_costs_one_statement_and_a_request_a_few() -> None:
    line = Line()
    node, watch = watched(line.node)
    await delivering.deliver(node)
    assert (watch.selects, watch.applies) == (1, 0)
    line.hub.fate = "line cut"
    await line.ask()
    line.clock.advance(minutes=6)
    line.hub.fate, watch.selects = "fine", 0
    await delivering.deliver(node)
    assert (watch.selects, watch.applies) == (4, 2), (
        "read, whose the node is, noted before and after, looked again"
    )


async def test_two_processes_that_send_at_once_send_each_once_and_in_order() -> None:
    line = Line()
    line.hub.fate = "line cut"
    for _ in range(5):
        await line.ask()
    line.clock.advance(minutes=6)
    line.hub.fate = "fine"
    both = await asyncio.gather(*(delivering.deliver(line.node) for _ in range(2)))
    assert sum(each.done for each in both) == 5
    assert list(line.hub.did) == line.asked
    await line.check()
