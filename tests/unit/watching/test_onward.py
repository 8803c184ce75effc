"""What a request to another node carries on: the request's id, and a trace that is not ours."""

from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.app import application, options_for
from hub.settings import Settings
from tests.clock import FrozenClock
from tests.unit.federation.meeting_nodes import HUB, a_city

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PARENT = f"00-{TRACE}-{CALLER}-01"
GIVEN = {"traceparent": PARENT, "tracestate": "city=1", "x-request-id": "asked-by-a-person"}


async def _passed_on(folder: Path, clock: FrozenClock, headers: dict[str, str]) -> httpx.Headers:
    """What the hub gets of a node that asks it something while it answers such a request."""
    async with a_city(folder, clock) as city:
        place = await city.join()

        async def asks(_request: Request) -> Response:
            await place.beat()
            return Response()

        settings = Settings.read({}, port=8001, data=folder)
        options = options_for(settings, cursor_key=b"k" * 32)
        app = application(place.node, [Route("/asks", asks)], settings, options=options)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=place.address) as client:
            assert (await client.get("/asks", headers=headers)).status_code == 200
        [beat] = [
            each for each in city.network.seen if str(each.url) == f"{HUB}/federation/heartbeats"
        ]
        return beat.headers


async def test_without_traces_the_trace_of_the_caller_is_handed_on(
    tmp_path: Path, clock: FrozenClock
) -> None:
    headers = await _passed_on(tmp_path, clock, GIVEN)
    assert {name: headers[name] for name in GIVEN} == GIVEN


@pytest.mark.parametrize("parent", ["", "nonsense", f"00-{TRACE}-{CALLER}", PARENT + "0"])
async def test_what_is_no_trace_is_not_handed_on(
    tmp_path: Path, clock: FrozenClock, parent: str
) -> None:
    given = {**GIVEN, "traceparent": parent, "x-request-id": "no id"}
    headers = await _passed_on(tmp_path, clock, given)
    assert not {"traceparent", "tracestate"} & set(headers)
    assert len(headers["x-request-id"]) == 16
