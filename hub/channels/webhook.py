"""Notices as signed calls, in the form of Standard Webhooks (standardwebhooks.com).

`webhook-id` is the same at every attempt, `webhook-timestamp` counts seconds, and
`webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.

An address is resolved once, every one that it resolves to is looked at, and the one that was
looked at is called: a name that changes its mind in between leads nowhere else. No redirect is
followed, no proxy is used, and of the answer nothing is read but its status.
"""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import json
import ssl
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import httpx

from dataspace.notices.delivery.addresses import Address, is_public
from dataspace.notices.delivery.port import ChannelAway, Letter, LetterRefused

SECONDS_MAX: Final = 10
GONE: Final = 410
USER_AGENT: Final = "CitySpace-Notices/1"


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """`private` lets it call addresses within the house too, `plain` this machine without TLS."""

    private: bool = False
    plain: bool = False

    async def send(self, letter: Letter) -> None:
        """Raises:  ChannelAway, LetterRefused."""
        host = str(urlsplit(letter.address).hostname)
        try:
            async with asyncio.timeout(SECONDS_MAX):
                status = await self._call(letter)
        except TimeoutError as error:
            raise _away(host, f"no answer within {SECONDS_MAX} seconds") from error
        except (httpx.HTTPError, OSError) as error:
            raise _away(host, type(error).__name__) from error
        except (httpx.InvalidURL, ValueError) as error:
            raise LetterRefused(place=host, detail="no address", action="webhook") from error
        if status == GONE:
            raise LetterRefused(place=host, detail="410 Gone", action="webhook")
        if not 200 <= status < 300:
            raise _away(host, f"HTTP {status}")

    async def _call(self, letter: Letter) -> int:
        place = urlsplit(letter.address)
        address = await self._looked_at(letter.address)
        shown = f"[{address}]" if address.version == 6 else str(address)
        port = f":{place.port}" if place.port else ""
        url = urlunsplit((place.scheme, shown + port, place.path or "/", place.query, ""))
        body = _body(letter)
        headers = {**signed(letter, body), "host": place.netloc, "user-agent": USER_AGENT}
        async with (
            httpx.AsyncClient(
                verify=ssl.create_default_context(), trust_env=False, follow_redirects=False,
                timeout=SECONDS_MAX,
            ) as client,
            client.stream(
                "POST", url, content=body, headers=headers,
                extensions={"sni_hostname": str(place.hostname)},
            ) as answer,
        ):  # fmt: skip
            return answer.status_code

    async def _looked_at(self, url: str) -> Address:
        """Raises:  LetterRefused for where nothing is sent, OSError for a name that is none."""
        place = urlsplit(url)
        port = place.port or (443 if place.scheme == "https" else 80)
        found = await asyncio.get_running_loop().getaddrinfo(place.hostname, port)
        addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
        for each in addresses:
            self._check(place.scheme, each, host=str(place.hostname))
        return addresses[0]

    def _check(self, scheme: str, address: Address, *, host: str) -> None:
        if not (self.private or is_public(address)):
            raise LetterRefused(place=host, detail="not a public address", action="webhook")
        if scheme != "https" and not (self.plain and address.is_loopback):
            raise LetterRefused(place=host, detail="not https", action="webhook")


def signed(letter: Letter, body: bytes) -> dict[str, str]:
    """The headers that tell the receiver who sent it, when, and that nobody changed it."""
    timestamp = str(int(letter.at.timestamp()))
    said = b".".join((letter.id.encode(), timestamp.encode(), body))
    signature = base64.b64encode(hmac.digest(letter.key, said, hashlib.sha256)).decode()
    return {
        "content-type": "application/json",
        "webhook-id": letter.id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }


def _body(letter: Letter) -> bytes:
    content = {**letter.content, "title": letter.title, "body": letter.body}
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


def _away(host: str, detail: str) -> ChannelAway:
    return ChannelAway(
        place=host, detail=detail, service="webhook", retry_after_seconds=SECONDS_MAX
    )
