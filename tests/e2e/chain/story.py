"""Two terminals and two people: a node joins, is found, stopped, started, cut off, and leaves.

Each step is what an operator or an officer does, with what must be seen after it and how long that
may take.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, Page

from tests.e2e.browsing import ask, opened
from tests.e2e.chain.city import City
from tests.e2e.chain.member import Member, Voice
from tests.e2e.running_hub import RunningHub
from tests.e2e.test_first_evening import photograph

INDEX: Final = "企业用电波动指数"
REASON: Final = "异常流量 Unusual traffic"
SPACE: Final = """query($c: String!) { spaces(filter: {code: {eq: $c}}) {
  nodes { id operator { id name creditCode } } } }"""
ISSUE: Final = """mutation($p: ID!, $f: String!, $s: ID!) {
  invitationIssue(input: {values: {participant: $p, profile: $f, space: $s}}) {
    code problems { code } } }"""
MOVE: Final = """mutation($n: ID!, $r: String!) {
  %s(input: {id: $n, reason: $r}) { object { state identifier } } }"""
ADMIT: Final = 'mutation { nodeActivate(input: {id: "%s"}) { object { state identifier } } }'
STANDS: Final = """query($n: ID!) { nodes(filter: {id: {eq: $n}}) {
  nodes { state status lastHeartbeatAt catalogueRevision } } }"""
FOUND: Final = (
    "{ products(search: \"用电波动\") { nodes { id name state priceFen asOf"
    " originNode { id name status } } } }"
)
OWN: Final = """{ products(first: 50, filter: {state: {eq: "LISTED"}, hasOriginNode: false}) {
  nodes { id name } } }"""
# A first beat waits for a catalogue that sees every statement for the first time.
ONLINE_SECONDS_MAX: Final = 120.0
# Three beats that do not come, and the turn in which that is noticed.
OFFLINE_SECONDS_MAX: Final = 60.0
# All that a node has, the first time; how soon one change is seen is for the benchmarks to say.
PUBLISHED_SECONDS_MAX: Final = 180.0
CUT_OFF_SECONDS_MAX: Final = 10.0


@dataclass
class Story:
    city: City
    browser: Browser

    def joins(self, member: Member, approve: Callable[[str], None]) -> str:
        """Invited by the city, applied for at the node, admitted by two people; its id."""
        [space] = self.city.ask(SPACE, c=member.profile, person="admin")["spaces"]["nodes"]
        operator = space["operator"]
        issued = self.city.ask(
            ISSUE, p=operator["id"], f=member.profile, s=space["id"], person="admin"
        )["invitationIssue"]
        assert issued["problems"] == []
        applied = member.does(
            "node", "join", self.city.address, "--code", issued["code"],
            "--profile", member.profile, "--credit-code", operator["creditCode"],
            "--name", f"{member.profile} 节点", "--address", member.address,
        )  # fmt: skip
        node = str(applied["node"])
        assert applied["state"] == "APPLIED"
        self._moved("nodeTakeIn", node)
        approve(node)
        admitted = member.does("node", "status", "--wait")
        assert (admitted["state"], len(admitted["identifier"])) == ("ACTIVE", 32)
        if member.servers:
            member.does("assets", "setup", "--evidence-days", "1")
        member.does("seed", "--profile", member.profile)
        return node

    def approves(self, page: Page, node: str) -> None:
        """In GraphiQL, by whoever is signed in there."""
        said = ask(page, ADMIT % node)
        assert '"state": "ACTIVE"' in said, said
        photograph(page, "node-admitted-zh")

    def admits(self, node: str) -> None:
        """By the second administrator's program."""
        self._moved("nodeActivate", node, person="admin2")

    def comes_online(self, node: str, *, told: str) -> None:
        self._soon(told, lambda: self.status(node) == "ONLINE", ONLINE_SECONDS_MAX)

    def is_found(self, *, status: str, told: str, seconds: float = PUBLISHED_SECONDS_MAX) -> Any:
        """The node's product, by anybody."""
        self._soon(told, lambda: self.product().get("status") == status, seconds)
        return self.product()

    def is_read_in_chinese(self, *, status: str) -> None:
        """By a citizen in the browser, who has not signed in."""
        context = self.browser.new_context(
            locale="zh-CN", viewport={"width": 1440, "height": 900}
        )  # fmt: skip
        page = opened(context.new_page(), f"{self.city.address}/graphql")
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        assert page.locator(".bar .button.primary").count() == 1, "nobody is signed in"
        said = ask(page, FOUND)
        assert INDEX in said, said
        assert f'"status": "{status}"' in said, said
        assert '"asOf": "20' in said, said
        photograph(page, f"product-{status.lower()}-zh")
        context.close()

    def lets_people_in(self, member: Member, person: str) -> None:
        """At its own console, by the city's issuer, which sends them back there."""
        context = self.browser.new_context(
            locale="zh-CN", viewport={"width": 1440, "height": 900}
        )  # fmt: skip
        page = opened(context.new_page(), f"{member.address}/graphql")
        self.city.sign_in(page, person)
        assert page.url.startswith(member.address)
        assert INDEX in ask(page, OWN)
        photograph(page, "node-console-zh")
        context.close()

    def goes_away(self, running: RunningHub, node: str) -> None:
        """Stopped by its operator; what it published stays, with its status and its age."""
        before = self.product()
        assert running.stop() == 0
        self._soon("offline", lambda: self.status(node) == "OFFLINE", OFFLINE_SECONDS_MAX)
        after = self.product()
        assert (after["status"], after["asOf"]) == ("OFFLINE", before["asOf"])
        stands = self.city.ask(STANDS, n=node)["nodes"]["nodes"][0]
        assert stands["lastHeartbeatAt"] >= before["asOf"]

    def catches_up(self, price_fen: int) -> None:
        """With what was changed at the node while it was not served."""
        self._soon(
            "caught up", lambda: self.product().get("priceFen") == price_fen, PUBLISHED_SECONDS_MAX
        )

    def is_cut_off(self, node: str, voice: Voice, *, other: Member) -> None:
        """With the token that it got before, at the other node and at the hub."""
        self._soon(
            "known to the other node", lambda: voice.answered(other.address) == "node.not_the_hub",
            ONLINE_SECONDS_MAX,
        )  # fmt: skip
        self._moved("nodeIsolate", node, reason=REASON)
        self._soon(
            "refused by the other node", lambda: voice.answered(other.address) == "node.isolated",
            CUT_OFF_SECONDS_MAX,
        )  # fmt: skip
        assert voice.answered(self.city.address) == "node.isolated"
        assert self.status(node) == "ISOLATED"
        assert not voice.gets_a_token()

    def is_told_why(self, member: Member) -> None:
        told = member.does("node", "status", exit_=1)
        assert (told["state"], told["reason"]) == ("ISOLATED", REASON)

    def leaves(self, member: Member, node: str) -> None:
        """Let in again, it takes its products off the shelf and goes."""
        self._moved("nodeReactivate", node, reason="已处置 Dealt with")
        self.comes_online(node, told="online again")
        told = member.does("node", "leave", "--reason", "合同已了结 Contracts are drained")
        assert told["state"] == "EXITING"
        assert any(INDEX in name for name in told["still_open"]["listed"])
        for each in self.city.ask(OWN, at=member.address, person="operator")["products"]["nodes"]:
            self._moved("productDelist", each["id"], person="operator", at=member.address,
                        reason="节点退出")  # fmt: skip
        self._soon("off the shelf", lambda: not self._listed(member), PUBLISHED_SECONDS_MAX)
        self._moved("nodeDeregister", node, reason="已退出 It has left")
        self._soon("no longer shown", lambda: not self.product(), PUBLISHED_SECONDS_MAX)

    def has_left(self, node: str, voice: Voice, *, other: Member) -> None:
        self._soon(
            "no token", lambda: not voice.gets_a_token(), CUT_OFF_SECONDS_MAX
        )  # fmt: skip
        self._soon(
            "revoked at the other node", lambda: voice.answered(other.address) == "node.revoked",
            CUT_OFF_SECONDS_MAX,
        )  # fmt: skip
        stands = self.city.ask(STANDS, n=node, person="admin")["nodes"]["nodes"][0]
        assert (stands["state"], stands["status"]) == ("DEREGISTERED", "RETIRED")

    def status(self, node: str) -> str:
        return str(self.city.ask(STANDS, n=node)["nodes"]["nodes"][0]["status"])

    def product(self) -> dict[str, Any]:
        """The node's product as anybody finds it at the hub, with its origin's status."""
        rows = self.city.ask(FOUND)["products"]["nodes"]
        found = [each for each in rows if each["originNode"] and INDEX in each["name"]]
        return {**found[0], "status": found[0]["originNode"]["status"]} if found else {}

    def _listed(self, member: Member) -> list[str]:
        return list(member.does("node", "status")["still_open"]["listed"])

    def _moved(
        self, move: str, id_: str, *, person: str = "admin", reason: str = "",
        at: str = "",
    ) -> None:  # fmt: skip
        self.city.ask(MOVE % move, n=id_, r=reason, person=person, at=at)

    def _soon(self, what: str, true: Callable[[], bool], seconds: float) -> None:
        """Notes how long it took."""
        began = time.monotonic()
        while not true():
            assert time.monotonic() - began < seconds, f"{what}: not within {seconds} s"
            time.sleep(0.2)
        self.city.took[what] = round(time.monotonic() - began, 1)
