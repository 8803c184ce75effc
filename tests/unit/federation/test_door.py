"""The door: what was forged, replayed, delayed, re-addressed or swapped gets its own refusal."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.federation.signing import SignedRequest, target_of
from tests.clock import FrozenClock
from tests.unit.federation.meeting_nodes import HUB, City, Place, a_city

PATH = "/federation/heartbeats"
BODY = b'{"version": "1.0", "revision": 3}'
Forge = Callable[[SignedRequest], SignedRequest]


@pytest.fixture
async def city(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[City]:
    async with a_city(tmp_path, clock) as opened:
        yield opened


@dataclass(frozen=True)
class Line:
    """What somebody on the line, or a node that means harm, can do with a request."""

    city: City
    one: Place
    other: Place

    @classmethod
    async def of(cls, city: City) -> "Line":
        return cls(city, await city.join(), await city.join())

    async def signed(
        self, signer: Place, token_of: Place | None = None, address: str = HUB
    ) -> SignedRequest:
        token = await (token_of or signer).client.tokens.token()  # type: ignore[union-attr]
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        request = SignedRequest("POST", target_of(address, PATH), headers, BODY)
        made = signer.meeting.signatory.sign(request)
        return replace(request, headers={**headers, **made})

    async def answer(self, request: SignedRequest, *, at: str = "") -> str:
        """The code that it is refused with, or "" when it is taken."""
        url = at or request.target
        async with httpx.AsyncClient(transport=self.city.network) as http:
            sent = await http.request(
                request.method, url, content=request.body, headers=dict(request.headers)
            )
        return "" if sent.is_success else str(sent.json()["code"])


def header(name: str, value: str) -> Forge:
    return lambda request: replace(request, headers={**request.headers, name: value})


def without(*names: str) -> Forge:
    return lambda request: replace(
        request, headers={k: v for k, v in request.headers.items() if k not in names}
    )


async def test_what_is_in_order_is_taken_once(city: City) -> None:
    line = await Line.of(city)
    request = await line.signed(line.one)
    assert await line.answer(request) == ""
    assert await line.answer(request) == "signature.replayed"
    city.clock.advance(seconds=59)
    assert await line.answer(request) == "signature.replayed"
    city.clock.advance(seconds=2)
    assert await line.answer(request) == "signature.wrong_time"


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (without("signature", "signature-input"), "signature.missing"),
        (without("authorization"), "identity.sign_in_required"),
        (without("cityspace-to"), "signature.addressed_elsewhere"),
        (without("content-digest"), "signature.body_differs"),
        (lambda request: replace(request, body=BODY + b" "), "signature.body_differs"),
        (lambda request: replace(request, target=request.target + "?a=1"), "signature.invalid"),
        (header("cityspace-to", "http://127.0.0.1:8002"), "signature.addressed_elsewhere"),
        (header("signature", "cityspace=:AAAA:"), "signature.invalid"),
        (header("authorization", "Bearer nobody"), "identity.token_malformed"),
    ],
)
async def test_what_was_forged_is_refused(city: City, forge: Forge, code: str) -> None:
    line = await Line.of(city)
    assert await line.answer(forge(await line.signed(line.one))) == code


async def test_token_and_signature_are_of_one_node(city: City) -> None:
    line = await Line.of(city)
    mixed = await line.signed(line.one, token_of=line.other)
    assert await line.answer(mixed) == "signature.key_unknown"
    stolen = await line.signed(line.other)
    own = await line.signed(line.one)
    swapped = header("authorization", stolen.headers["authorization"])(own)
    assert await line.answer(swapped) == "signature.key_unknown"
    city.clock.advance(seconds=1)
    line.one.client.tokens.forget()  # type: ignore[union-attr]
    another = await line.signed(line.one)
    swapped = header("authorization", another.headers["authorization"])(own)
    assert await line.answer(swapped) == "signature.invalid", "another token of the same node"


async def test_what_was_signed_for_one_node_is_refused_by_another(city: City) -> None:
    line = await Line.of(city)
    await line.other.beat()
    for_hub = await line.signed(line.one)
    elsewhere = f"{line.other.address}{PATH}"
    assert await line.answer(for_hub, at=elsewhere) == "signature.addressed_elsewhere"
    rewritten = header("cityspace-to", line.other.address)(for_hub)
    assert await line.answer(rewritten, at=elsewhere) == "signature.invalid"
    for_other = await line.signed(line.one, address=line.other.address)
    assert await line.answer(for_other) == "node.not_the_hub", "it came through the door"


async def test_whoever_is_no_node_is_refused_by_every_node(city: City) -> None:
    line = await Line.of(city)
    assert await line.answer(await line.signed(line.one, address=line.other.address)) == (
        "standings.too_old"
    ), "it has not heard of the hub yet"
    await line.other.beat()
    late = await city.join()
    assert await line.answer(await line.signed(late, address=line.other.address)) == "node.unknown"


async def test_where_a_node_stands_is_told(city: City) -> None:
    line = await Line.of(city)
    await line.one.beat()
    await city.move(line.one, "isolate", reason="Keys were stolen")
    assert await line.answer(await line.signed(line.one)) == "node.isolated"
    city.clock.advance(seconds=3)
    assert await line.answer(await line.signed(line.one)) == "node.isolated"
    await city.move(line.one, "deregister", reason="It has left")
    city.clock.advance(seconds=3)
    assert await line.answer(await line.signed(line.one)) == "node.revoked"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"version": 3}', b'{"version": "1", "revision": -1}']
)
async def test_a_beat_that_is_none_is_refused(city: City, body: bytes) -> None:
    line = await Line.of(city)
    token = await line.one.client.tokens.token()  # type: ignore[union-attr]
    headers = {"authorization": f"Bearer {token}"}
    request = SignedRequest("POST", target_of(HUB, PATH), headers, body)
    signed = replace(request, headers={**headers, **line.one.meeting.signatory.sign(request)})
    assert (await line.answer(signed)).startswith(("heartbeat.", "input."))


VISIBLE = st.characters(min_codepoint=33, max_codepoint=126)
HEADERS = ("signature", "signature-input", "content-digest", "cityspace-to", "authorization")


def test_no_header_can_be_swapped_for_anything(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        opening = a_city(tmp_path, FrozenClock())
        city = runner.run(opening.__aenter__())
        one = runner.run(city.join())
        line = Line(city, one, one)

        @given(st.sampled_from(HEADERS), st.text(VISIBLE, max_size=80))
        def swapped(name: str, value: str) -> None:
            request = header(name, value)(runner.run(line.signed(one)))
            code = runner.run(line.answer(request))
            assert code.partition(".")[0] in ("signature", "identity")

        swapped()
        runner.run(opening.__aexit__(None, None, None))
