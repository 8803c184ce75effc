"""Notices on their way out: handed to mailboxes, sent until they arrive or are given up.

A delivery is claimed before it is sent, so that two processes do not send the same; whoever dies
in between leaves a claim that runs out. So a letter may arrive twice, under one id, and none is
lost.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from dataspace.change import Act, Amend, Change, ChangeSet, Create
from dataspace.errors import AlreadyThere, DataSpaceError, MovedOn
from dataspace.identifiers import derived_id
from dataspace.notices.delivery.backoff import DELIVERY
from dataspace.notices.delivery.port import Letter, LetterRefused
from dataspace.notices.reading import words_of
from dataspace.quantity import written
from dataspace.selection import (
    PAGE_MAX,
    POSITION,
    Child,
    Condition,
    Either,
    Every,
    Linked,
    Order,
    Page,
    Row,
    Selection,
    Where,
)
from dataspace.text import Language
from hub.node import Node
from hub.operations.notices.signing import key_of

JOB: Final = "notices.deliver"
WAITING, DONE, DEAD = "WAITING", "DONE", "DEAD"
CLAIM_SECONDS: Final = 300
AT_ONCE: Final = 8
DETAIL_CHARACTERS_MAX: Final = 1000
# What is older was made while nothing was sent, and would be no news any more.
HAND_OUT_DAYS: Final = 3
CHANNELS: Final = {"EMAIL": ("by_email", "email"), "WEBHOOK": ("by_webhook", "webhook")}
LANGUAGES: Final[Mapping[str, Language]] = {"ZH": "zh", "EN": "en"}


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many deliveries arrived, wait for another attempt, were given up."""

    done: int = 0
    waiting: int = 0
    dead: int = 0


async def hand_out(node: Node, at: datetime, *, limit: int = PAGE_MAX) -> int:
    """Makes the deliveries of notices that were not handed out yet; how many notices those were.

    Raises:  CatalogueUnavailable.
    """
    if not node.channels:
        return 0
    fresh = Every((
        Where("handed_out_at", "is_null", True),
        Where("created_at", "gt", written(at - timedelta(days=HAND_OUT_DAYS))),
    ))  # fmt: skip
    party = Child("party", "party", Selection("participant"))
    found = await node.catalogue.select(Selection(
        "notice", ("id", "version", "roles", "recipient"), where=fresh, order=Order("created_at"),
        page=Page(limit), children=(party,),
    ))  # fmt: skip
    for row in found.rows:
        await _hand_out_one(node, row, at)
    return len(found.rows)


async def deliver_due(node: Node, at: datetime, *, limit: int = PAGE_MAX) -> Delivered:
    """Sends what is due, oldest first, some at once, and notes what became of each.

    Raises:  CatalogueUnavailable.
    """
    due = Every((
        Where("state", "eq", WAITING),
        Where("next_attempt_at", "lte", written(at)),
        Where("channel", "in", tuple(node.channels)),
    ))  # fmt: skip
    found = await node.catalogue.select(Selection(
        "delivery", ("id", "version", "channel", "address", "attempts"), where=due,
        order=Order("next_attempt_at"), page=Page(limit), children=_BESIDE,
    ))  # fmt: skip
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(row: Row) -> str:
        async with gate:
            return await _deliver(node, row, at)

    ended = await asyncio.gather(*(one(row) for row in found.rows), return_exceptions=True)
    for each in ended:
        if isinstance(each, BaseException):  # the others were noted first
            raise each
    return Delivered(*(ended.count(state) for state in (DONE, WAITING, DEAD)))


_BESIDE: Final = (
    Child("notice", "notice", Selection(
        "notice", ("id", "code", "kind", "link", "facts", "subject_kind", "subject", "created_at"),
    )),
    Child("mailbox", "mailbox", Selection("mailbox", ("id", "language", "webhook_key"))),
)  # fmt: skip


async def _hand_out_one(node: Node, notice: Row, at: datetime) -> None:
    """Page by page of mailboxes, and with the last it is done; twice is as good as once."""
    position, more = None, True
    while more:
        page = Page(PAGE_MAX - 1, position)
        fields = ("id", "by_email", "email", "by_webhook", "webhook")
        children = (Child("participant", "participant", Selection("participant")),)
        found = await node.catalogue.select(Selection(
            "mailbox", fields, where=_reached_by(notice), page=page, children=children,
        ))  # fmt: skip
        more = found.more_after
        act = Act(JOB, "delivery.enter", written(at))
        changes: list[Change] = [
            each for box in found.rows for each in _deliveries(node, notice, box, act)
        ]
        if not more:
            done = {"handed_out_at": written(at)}
            changes.append(Amend("notice", notice["id"], done, act, version=notice["version"]))
        await _apply_once(node, changes, notice["id"], str(position))
        position = found.rows[-1][POSITION] if found.rows else None


async def _apply_once(node: Node, changes: list[Change], *parts: str) -> bool:
    """Whether it was we who did it; another process may have done the same a moment ago."""
    if not changes:
        return True
    try:
        applied = await node.catalogue.apply(
            ChangeSet(derived_id("chs", JOB, *parts), tuple(changes))
        )
    except (MovedOn, AlreadyThere):
        return False
    return not applied.repeated


def _reached_by(notice: Row) -> Condition:
    """The mailboxes of those whom it is for: a member's roles are those that the catalogue has
    now, of anybody else those that their token had when they last kept their mailbox."""
    wanted = Either((Where("by_email", "eq", True), Where("by_webhook", "eq", True)))
    active = Linked("member", Where("status", "eq", "ACTIVE"))
    let_in = Either((Where("member", "is_null", True), active))
    if person := notice["recipient"]:
        return Every((wanted, let_in, Where("subject", "eq", person)))
    roles = Either(tuple(Where("roles", "has", role) for role in notice["roles"] or ()))
    by_token = Every((Where("member", "is_null", True), roles))
    by_member = Linked("member", Every((Where("status", "eq", "ACTIVE"), roles)))
    party = notice["party"]
    own = (Where("participant", "eq", party["id"]),) if party else ()
    return Every((wanted, Either((by_token, by_member)), *own))


def _deliveries(node: Node, notice: Row, mailbox: Row, act: Act) -> list[Create]:
    participant = (mailbox["participant"] or {}).get("id")
    return [
        Create(
            "delivery",
            derived_id("dlv", notice["id"], mailbox["id"], channel),
            {
                "channel": channel,
                "address": mailbox[address],
                "state": WAITING,
                "attempts": 0,
                "next_attempt_at": act.at,
                "created_at": act.at,
                "changed_at": act.at,
                "notice": notice["id"],
                "mailbox": mailbox["id"],
                "participant": participant,
            },
            act,
        )
        for channel, (switch, address) in CHANNELS.items()
        if channel in node.channels and mailbox[switch] and mailbox[address]
    ]


async def _deliver(node: Node, row: Row, at: datetime) -> str:
    """The state that it is in afterwards, "" when another process has it."""
    attempts = (row["attempts"] or 0) + 1
    until = written(at + timedelta(seconds=CLAIM_SECONDS))
    if not await _note(node, row, at, {"attempts": attempts, "next_attempt_at": until}):
        return ""
    claimed = {**row, "version": row["version"] + 1}
    try:
        await node.channels[row["channel"]].send(_letter(node, row, at))
    except DataSpaceError as error:
        values = _failed(row["id"], attempts, error, at)
    else:
        values = {"state": DONE, "delivered_at": written(at), "next_attempt_at": None,
                  "last_error": None, "last_error_detail": None}  # fmt: skip
    await _note(node, claimed, at, values)
    return str(values["state"])


def _failed(id_: str, attempts: int, error: DataSpaceError, at: datetime) -> dict[str, Any]:
    dead = isinstance(error, LetterRefused) or DELIVERY.is_last(attempts)
    return {
        "state": DEAD if dead else WAITING,
        "next_attempt_at": None if dead else written(DELIVERY.next(attempts, id_, at=at)),
        "last_error": error.code,
        "last_error_detail": error.message("en")[:DETAIL_CHARACTERS_MAX],
    }


async def _note(node: Node, row: Row, at: datetime, values: dict[str, Any]) -> bool:
    moment = written(at)
    verb = str(values.get("state", "claim")).lower()
    act = Act(JOB, f"delivery.{verb}", moment)
    change = Amend(
        "delivery", row["id"], {**values, "changed_at": moment}, act, version=row["version"]
    )
    return await _apply_once(node, [change], row["id"], str(row["version"]))


def _letter(node: Node, row: Row, at: datetime) -> Letter:
    notice, mailbox = row["notice"], row["mailbox"]
    language = LANGUAGES[mailbox["language"]]
    words = words_of(notice["code"], notice["facts"] or "", language=language)
    content = {
        "id": notice["id"], "code": notice["code"], "kind": notice["kind"],
        "link": notice["link"], "subjectKind": notice["subject_kind"],
        "subject": notice["subject"], "createdAt": notice["created_at"],
    }  # fmt: skip
    key = key_of(node.webhook_key, mailbox["id"], mailbox["webhook_key"] or 0)
    return Letter(
        row["id"], row["address"], language, words.title, words.body, at, content, key=key
    )
