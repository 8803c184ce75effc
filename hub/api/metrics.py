"""`GET /metrics`: what a node says of itself to Prometheus.

Numbers tell how busy a city's offices are, so they are not for everybody: with a token set, who
has it may read them from anywhere; without one, this machine may, and no proxy on it.
"""

import asyncio
import hmac
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dataspace.errors import DataSpaceError, NotSignedIn, Refused
from dataspace.text import Text
from hub.api.health import states_of
from hub.imports.tally import tallied
from hub.node import Node
from hub.setting_rules import is_loopback
from hub.watching.backlog import evidence_readings, queue_readings
from hub.watching.definitions import IMPORT_ENTRIES, IMPORTS, IMPORTS_RUNNING, INFO, PART_READY
from hub.watching.jobs import job_readings
from hub.watching.meter import CONTENT_TYPE, Meter, Reading
from hub.watching.nodes import meeting_readings, node_readings

PATH: Final = "/metrics"
VERSION: Final = version("cityspace")
# What a proxy adds to a request of somebody else.
PROXIED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class MetricsToken(NotSignedIn):
    code = "metrics.token"
    title = Text("The metrics ask for their token", "读取监控指标需要令牌")
    advice = Text(
        "Send Authorization: Bearer with the value of CITYSPACE_METRICS_TOKEN.",
        "请以 Authorization: Bearer 携带 CITYSPACE_METRICS_TOKEN 的值。",
    )


class MetricsNotHere(Refused):
    code = "metrics.not_here"
    title = Text("The metrics are read on this machine only", "监控指标仅限本机读取")
    advice = Text(
        "Set CITYSPACE_METRICS_TOKEN to read them from elsewhere.",
        "如需从其他机器读取，请设置 CITYSPACE_METRICS_TOKEN。",
    )


@dataclass(frozen=True, slots=True)
class Access:
    """Who may read the metrics."""

    token: str

    @property
    def open_to_any_host(self) -> tuple[str, ...]:
        """Prometheus asks a pod by its address; the token then keeps foreign pages out."""
        return (PATH,) if self.token else ()

    def check(self, request: Request) -> None:
        """Raises:  MetricsToken, MetricsNotHere."""
        if self.token:
            scheme, _, given = request.headers.get("authorization", "").partition(" ")
            same = hmac.compare_digest(given.strip().encode(), self.token.encode())
            if scheme.lower() != "bearer" or not same:
                raise MetricsToken()
            return
        client = request.client.host if request.client else ""
        if not is_loopback(client) or any(name in request.headers for name in PROXIED):
            raise MetricsNotHere()


@dataclass(frozen=True, slots=True)
class Sources:
    """Where what is not counted on the way is read; each costs at most `seconds_max`."""

    node: Node
    data: Path
    seconds_max: float

    async def readings(self) -> list[Reading]:
        """What a part that does not answer would have told is left out."""
        node, now = self.node, self.node.clock.now()
        states, *found = await asyncio.gather(
            states_of(node, seconds_max=self.seconds_max),
            self._in_time(queue_readings(node.catalogue, now)),
            self._in_time(evidence_readings(node.catalogue, self.data, now)),
            self._in_time(job_readings(node, now)),
            self._in_time(node_readings(node, now)),
            self._in_time(asyncio.to_thread(self._imports)),
        )
        return [
            Reading(INFO, 1, (VERSION,)),
            *(Reading(PART_READY, not each.error, (each.part.name,)) for each in states),
            *meeting_readings(node, now),
            *(reading for each in found for reading in each),
        ]

    async def _in_time(self, asked: Awaitable[list[Reading]]) -> list[Reading]:
        with suppress(TimeoutError, DataSpaceError, OSError):
            return await asyncio.wait_for(asked, self.seconds_max)
        return []

    def _imports(self) -> list[Reading]:
        tally = tallied(self.data / "imports")
        return [
            Reading(IMPORTS_RUNNING, tally.running),
            *(Reading(IMPORTS, count, (ending,)) for ending, count in tally.ended.items()),
            *(Reading(IMPORT_ENTRIES, count, (how,)) for how, count in tally.entries.items()),
        ]


def metrics_routes(meter: Meter, sources: Sources, access: Access) -> list[Route]:
    async def metrics(request: Request) -> Response:
        access.check(request)
        body = meter.written(await sources.readings())
        return Response(body, headers={"content-type": CONTENT_TYPE, "cache-control": "no-store"})

    return [Route(PATH, metrics)]
