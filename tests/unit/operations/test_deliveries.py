"""Notices that leave the house: handed out, sent, tried again, given up, tried by hand."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from dataspace.caller import Caller, Role
from dataspace.change import Amend
from dataspace.errors import NotFound
from dataspace.notices.delivery.backoff import DELIVERY
from dataspace.notices.delivery.port import Channel, ChannelAway, Letter, LetterRefused
from dataspace.refusals import RoleMissing, WrongState
from dataspace.selection import Page, Row, Selection
from hub.channels.smtp import SmtpChannel
from hub.channels.webhook import WebhookChannel
from hub.node import Node
from hub.operations import resources
from hub.operations.notices import delivering, mailboxes, retrying
from hub.operations.notices.delivering import Delivered, deliver_due, hand_out
from hub.operations.notices.signing import key_of, shown
from tests.build import a_change_set, a_row, an_act, caller_for
from tests.clock import FrozenClock
from tests.unit.api.asking import asking
from tests.unit.notices.receivers import mail_server, receiver
from tests.unit.operations.city import APPROVER, REGISTRAR, RESOURCE, STEWARD

pytestmark = pytest.mark.anyio
SYSADMIN = caller_for(Role.SYSADMIN)
MAIL = {"email": "registrar@city.example", "by_email": True}
FIELDS = (
    "channel", "address", "state", "attempts", "next_attempt_at", "delivered_at", "last_error",
)  # fmt: skip


@dataclass
class Kept:
    """A channel that keeps what it is given, or raises what it is told to."""

    letters: list[Letter] = field(default_factory=list)
    error: Exception | None = None

    async def send(self, letter: Letter) -> None:
        await asyncio.sleep(0)
        self.letters.append(letter)
        if self.error is not None:
            raise self.error


def away() -> ChannelAway:
    return ChannelAway(place="x", detail="y", service="z", retry_after_seconds=1)


def with_channels(node: Node, **channels: Channel) -> Node:
    return replace(node, channels=channels, webhook_key=b"n" * 32)


async def deliveries(node: Node) -> Sequence[Row]:
    selection = Selection("delivery", ("id", *FIELDS), page=Page(100))
    return (await node.catalogue.select(selection)).rows


async def handed_in(node: Node, name: str = "A") -> str:
    made = await resources.draft(node, STEWARD, {**RESOURCE, "name": name})
    await resources.submit(node, STEWARD, made.id)
    return made.id


async def turn(node: Node) -> Delivered:
    await hand_out(node, node.clock.now())
    return await deliver_due(node, node.clock.now())


async def test_who_asked_for_e_mail_gets_it_in_their_language(node: Node) -> None:
    with mail_server() as mail:
        place = f"smtp://127.0.0.1:{mail.port}"
        node = with_channels(node, EMAIL=SmtpChannel(place, "space@city.example"))
        await mailboxes.keep(node, REGISTRAR, {**MAIL, "language": "EN"})
        await mailboxes.keep(node, APPROVER, {"email": "approver@city.example", "by_email": True})
        await handed_in(node, "用水量")
        assert await turn(node) == Delivered(done=1)
    [message] = mail.messages
    assert message["to"] == "registrar@city.example"
    assert message["subject"] == "A registration to take in: 用水量"
    [row] = await deliveries(node)
    assert (row["state"], row["attempts"], row["next_attempt_at"]) == ("DONE", 1, None)


async def test_nobody_is_sent_what_they_did_not_ask_for(node: Node) -> None:
    kept = Kept()
    node = with_channels(node, EMAIL=kept)
    await mailboxes.keep(node, REGISTRAR, {"email": "registrar@city.example"})
    await handed_in(node)
    assert await turn(node) == Delivered()
    assert kept.letters == []


async def test_a_notice_is_handed_out_once_however_often_it_is_looked_at(node: Node) -> None:
    node = with_channels(node, EMAIL=Kept())
    await mailboxes.keep(node, REGISTRAR, MAIL)
    await handed_in(node)
    assert await hand_out(node, node.clock.now()) == 1
    assert await hand_out(node, node.clock.now()) == 0
    assert len(await deliveries(node)) == 1


async def test_two_processes_send_each_letter_once(node: Node) -> None:
    kept = Kept()
    node = with_channels(node, EMAIL=kept)
    await mailboxes.keep(node, REGISTRAR, MAIL)
    for name in "ABCDE":
        await handed_in(node, name)
    await asyncio.gather(*(turn(node) for _ in range(3)))
    await turn(node)
    assert len(kept.letters) == 5
    assert len({letter.id for letter in kept.letters}) == 5


async def test_a_member_is_reached_by_the_roles_that_the_catalogue_has_now(node: Node) -> None:
    kept = Kept()
    node = with_channels(node, EMAIL=kept)
    person = {
        "username": "li", "name": "Li", "roles": ["registrar"], "status": "ACTIVE",
        "subject": REGISTRAR.subject, "participant": REGISTRAR.participant,
    }  # fmt: skip
    await node.catalogue.apply(a_change_set(a_row("member", "mem_li", person)))
    await mailboxes.keep(node, REGISTRAR, MAIL)
    await handed_in(node, "A")
    await turn(node)
    await _member(node, {"roles": ["data_steward"]})
    await handed_in(node, "B")
    await turn(node)
    await _member(node, {"roles": ["registrar"], "status": "DISABLED"})
    await handed_in(node, "C")
    await turn(node)
    assert [letter.title[-1] for letter in kept.letters] == ["A"]


async def _member(node: Node, values: dict[str, Any]) -> None:
    await node.catalogue.apply(a_change_set(Amend("member", "mem_li", values, an_act())))


async def test_a_receiver_that_answers_500_for_an_hour_gets_it_afterwards(
    node: Node, clock: FrozenClock
) -> None:
    with receiver() as there:
        node = with_channels(node, WEBHOOK=WebhookChannel(private=True, plain=True))
        await mailboxes.keep(node, REGISTRAR, {"webhook": there.address, "by_webhook": True})
        await handed_in(node)
        there.status, started = 500, clock.now()
        outcomes = []
        while clock.now() < started + timedelta(hours=3):
            if clock.now() >= started + timedelta(hours=1):
                there.status = 204
            outcomes.append(await turn(node))
            clock.advance(minutes=1)
    ids = {headers["webhook-id"] for headers, _ in there.calls}
    assert len(ids) == 1, "the receiver knows it again"
    assert 5 <= len(there.calls) <= 9, "it was not called every minute"
    assert outcomes.count(Delivered(done=1)) == 1
    [row] = await deliveries(node)
    assert (row["state"], row["last_error"]) == ("DONE", None)
    assert row["attempts"] == len(there.calls)


async def test_what_nobody_takes_is_given_up_listed_and_tried_by_hand(
    node: Node, clock: FrozenClock
) -> None:
    kept = Kept(error=away())
    node = with_channels(node, EMAIL=kept)
    await mailboxes.keep(node, REGISTRAR, MAIL)
    await handed_in(node)
    for _ in range(DELIVERY.attempts_max + 3):
        await turn(node)
        clock.advance(hours=8)
    assert len(kept.letters) == DELIVERY.attempts_max
    [row] = (await retrying.dead(node)).rows
    assert (row["last_error"], row["attempts"]) == ("delivery.away", DELIVERY.attempts_max)

    kept.error = None
    with pytest.raises(RoleMissing):
        await retrying.retry(node, REGISTRAR, row["id"])
    await retrying.retry(node, SYSADMIN, row["id"])
    assert await turn(node) == Delivered(done=1)
    with pytest.raises(WrongState):
        await retrying.retry(node, SYSADMIN, row["id"])


async def test_what_is_refused_is_given_up_at_once_and_all_can_be_tried_again(node: Node) -> None:
    kept = Kept(error=LetterRefused(place="x", detail="550", action="smtp"))
    node = with_channels(node, EMAIL=kept)
    await mailboxes.keep(node, REGISTRAR, MAIL)
    for name in "AB":
        await handed_in(node, name)
    assert await turn(node) == Delivered(dead=2)
    with pytest.raises(NotFound):
        await retrying.retry_all(node, ["dlv_nobody"])
    kept.error = None
    assert await retrying.retry_all(node) == 2
    assert await turn(node) == Delivered(done=2)


async def test_whoever_dies_after_the_claim_leaves_it_to_the_next(
    node: Node, clock: FrozenClock
) -> None:
    """A mistake of ours stands for the power cut: nothing is noted after it."""
    kept = Kept(error=RuntimeError("cut"))
    node = with_channels(node, EMAIL=kept)
    await mailboxes.keep(node, REGISTRAR, MAIL)
    await handed_in(node)
    with pytest.raises(RuntimeError):
        await turn(node)
    kept.error = None
    assert await turn(node) == Delivered(), "the claim holds"
    clock.advance(seconds=delivering.CLAIM_SECONDS)
    assert await turn(node) == Delivered(done=1)
    assert kept.letters[0].id == kept.letters[1].id


async def test_one_that_hangs_does_not_keep_the_others(node: Node) -> None:
    @dataclass
    class Slow(Kept):
        async def send(self, letter: Letter) -> None:
            if letter.title.endswith("A"):
                await asyncio.sleep(0.3)
                raise away()
            await super().send(letter)

    kept = Slow()
    node = with_channels(node, EMAIL=kept)
    await mailboxes.keep(node, REGISTRAR, MAIL)
    for name in "ABC":
        await handed_in(node, name)
    assert await turn(node) == Delivered(done=2, waiting=1)


async def test_what_was_told_while_nothing_was_sent_is_no_news_later(
    node: Node, clock: FrozenClock
) -> None:
    await mailboxes.keep(node, REGISTRAR, MAIL)
    await handed_in(node)
    clock.advance(days=delivering.HAND_OUT_DAYS, seconds=1)
    kept = Kept()
    node = with_channels(node, EMAIL=kept)
    assert await turn(node) == Delivered()


async def test_the_owner_alone_is_shown_the_key_of_their_calls(node: Node) -> None:
    kept = Kept()
    node = with_channels(node, WEBHOOK=kept)
    there = {"webhook": "https://receiver.example/in", "by_webhook": True}
    box = (await mailboxes.keep(node, REGISTRAR, there)).id
    await handed_in(node)
    await turn(node)
    own = key_of(b"n" * 32, box, 1)
    assert kept.letters[0].key == own
    query = "{ mailboxes { nodes { webhookSecret } } }"

    async def seen(caller: Caller) -> list[Any]:
        found = await asking(node).data(query, caller=caller)
        return list(found["mailboxes"]["nodes"])

    assert await seen(REGISTRAR) == [{"webhookSecret": shown(own)}]
    assert await seen(SYSADMIN) == []
    for row in await node.catalogue.changes_since(0, 100):
        assert shown(own) not in repr(row)
