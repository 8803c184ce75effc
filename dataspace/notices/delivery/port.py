"""The port to a way out of the house: a mail server, or an address that is called."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from dataspace.errors import Refused, Unavailable
from dataspace.text import Language, Text


class ChannelAway(Unavailable):
    """The other side does not answer, or says that it cannot take it now."""

    code = "delivery.away"
    title = Text("{place} does not take it: {detail}", "{place} 未接收：{detail}")
    advice = Text("It is tried again by itself; nothing is lost.", "平台会自动重投，不会丢失。")


class LetterRefused(Refused):
    """The other side will never take it, or we do not call such an address."""

    code = "delivery.refused"
    title = Text("{place} refuses it: {detail}", "{place} 拒绝接收：{detail}")
    advice = Text("Correct the address; then it is tried again by hand.", "请更正地址后人工重投。")


@dataclass(frozen=True, slots=True)
class Letter:
    """One delivery: `id` is the same at every attempt, so that the receiver knows it again.

    `content` is what a program reads; `key` signs it where the channel signs.
    """

    id: str
    address: str
    language: Language
    title: str
    body: str
    at: datetime
    content: dict[str, Any]
    key: bytes = field(default=b"", repr=False)


class Channel(Protocol):
    """Sends one letter once.

    * It MUST return only when the other side has taken the letter, and MUST end within a minute.
    * Whatever may pass by itself MUST be ChannelAway, what will not MUST be LetterRefused.
    * What it raises MUST NOT carry a password, a key, or what the other side wrote beyond a line.
    """

    async def send(self, letter: Letter) -> None: ...
