"""Notices by e-mail, over the standard library's SMTP client in a thread of its own."""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final
from urllib.parse import urlsplit

from dataspace.notices.delivery.port import ChannelAway, Letter, LetterRefused
from dataspace.quantity import written

SECONDS_MAX: Final = 15
DETAIL_CHARACTERS_MAX: Final = 200
PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
PERMANENT: Final = range(500, 600)


@dataclass(frozen=True, slots=True)
class SmtpChannel:
    """`place` is smtp+starttls://HOST[:PORT], smtps://…, or smtp:// without encryption.

    Under starttls nothing is said before the line is encrypted; a server that cannot is refused.
    """

    place: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    async def send(self, letter: Letter) -> None:
        """Raises:  ChannelAway, LetterRefused."""
        await asyncio.to_thread(self._send, letter)

    def _send(self, letter: Letter) -> None:
        try:
            message = self._message(letter)
        except ValueError as error:
            raise self._failed(PERMANENT.start, "no e-mail can be made of it") from error
        try:
            with self._connected() as server:
                server.send_message(message, self.sender, [letter.address])
        except smtplib.SMTPRecipientsRefused as error:
            [(code, said)] = error.recipients.values()
            raise self._failed(code, said) from error
        except smtplib.SMTPResponseException as error:
            # A login that is refused is ours to put right, and no fault of the letter.
            permanent = not isinstance(error, smtplib.SMTPAuthenticationError)
            raise self._failed(error.smtp_code if permanent else 0, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise self._failed(0, type(error).__name__) from error

    def _connected(self) -> smtplib.SMTP:
        place, context = urlsplit(self.place), ssl.create_default_context()
        host, port = str(place.hostname), place.port or PORTS[place.scheme]
        server: smtplib.SMTP
        if place.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, port, timeout=SECONDS_MAX, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS_MAX)
        try:
            if place.scheme == "smtp+starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, letter: Letter) -> EmailMessage:
        """The policy refuses a line end in a header, so that no text becomes another header."""
        message = EmailMessage(policy=SMTP)
        message["Subject"] = " ".join(letter.title.split())
        message["From"] = Address(addr_spec=self.sender)
        message["To"] = Address(addr_spec=letter.address)
        message["Date"] = letter.at
        message["Message-ID"] = f"<{letter.id}@{self.sender.rpartition('@')[2]}>"
        message["Content-Language"] = letter.language
        message["Auto-Submitted"] = "auto-generated"
        message["X-CitySpace-Notice"] = str(letter.content["code"])
        message.set_content(f"{letter.body}\n\n{written(letter.at)}\n")
        return message

    def _failed(self, code: int, said: bytes | str) -> ChannelAway | LetterRefused:
        told = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        detail = f"{code} {' '.join(told.split())}".removeprefix("0 ")[:DETAIL_CHARACTERS_MAX]
        place = urlsplit(self.place).hostname
        if code in PERMANENT:
            return LetterRefused(place=place, detail=detail, action="smtp")
        return ChannelAway(
            place=place, detail=detail, service="smtp", retry_after_seconds=SECONDS_MAX
        )
