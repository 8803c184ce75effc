"""What an endpoint is asked and what it answers, without a web framework.

Endpoints are plain functions of `Asked` that return an `Answer`; `door` carries both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from dataspace.errors import DataSpaceError
from dataspace.text import Language, Text

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class ProtocolRefused(DataSpaceError):
    """A refusal in the words of RFC 6749 section 5.2, as programs expect them.

    `error` is the protocol's code; `why` is for a developer, in ASCII as the RFC asks.
    """

    code = "identity.protocol_refused"
    title = Text("The sign-in was refused ({error}): {why}", "登录请求被拒绝（{error}）：{why}")
    advice = Text(
        "Correct the program that asked; its developer knows these words.",
        "请更正发起请求的程序；其开发者了解这些术语。",
    )

    def __init__(self, error: str, why: str, *, status: int = 400) -> None:
        super().__init__(error=error, why=why)
        self.error = error
        self.why = why
        self.http_status = status


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `form` is the body of a POST, `query_text` the query as it was sent, and
    `credentials` what the header for them holds, scheme included.
    """

    query: Mapping[str, str] = field(default_factory=dict)
    query_text: str = ""
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    posted: bool = False
    credentials: str = field(default="", repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    address: str = ""
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class Cookie:
    """Always HttpOnly, SameSite=Lax and within the realm; no `value` removes it."""

    name: str
    value: str = field(repr=False)
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One of: a JSON object, a page whose form may lead on to `returns_to`, a redirect, nothing."""

    status: int = 200
    json: Mapping[str, Any] | None = None
    page: str = ""
    returns_to: str = ""
    location: str = ""
    cookies: tuple[Cookie, ...] = ()
    headers: Mapping[str, str] = field(default_factory=lambda: NO_STORE)


Endpoint = Callable[[Asked], Answer]


def with_parameters(address: str, parameters: Mapping[str, str]) -> str:
    """The address with more query parameters; those that it has stay, empty ones are left out."""
    parts = urlsplit(address)
    more = urlencode({name: value for name, value in parameters.items() if value})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, more)))))


def refusal_answer(refusal: ProtocolRefused) -> Answer:
    headers = dict(NO_STORE)
    if refusal.http_status == 401:
        headers["WWW-Authenticate"] = f'Bearer error="{refusal.error}"'
    said = {"error": refusal.error, "error_description": refusal.why}
    return Answer(refusal.http_status, json=said, headers=headers)
