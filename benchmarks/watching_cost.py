"""What does it cost a request that it is watched?

Budget: 20 µs for a GraphQL request with a token, one root field and one statement: four acts that
are counted and timed, through the wrappers that a node has. Traces are measured beside it:
four spans more, sent to nobody.
"""

import asyncio
import time
from pathlib import Path

from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

from benchmarks.figures import Figure
from dataspace.caller import ANYONE, Caller
from dataspace.selection import Found, Selection
from hub.parts import CATALOGUE, IDENTITY
from hub.watching.parts import Watched
from hub.watching.traces import SpanTracer
from hub.watching.watch import Watch

ROUNDS, REQUESTS = 200, 200
METRICS_MOST = 20
ASKED, FOUND = Selection("topic"), Found()


class Part:
    """Answers at once, so that only what stands before it takes time."""

    async def caller(self, token: str) -> Caller:
        return ANYONE

    async def select(self, selection: Selection) -> Found:
        return FOUND

    apply = changes_since = select


class Nowhere(SpanExporter):
    def export(self, spans: object) -> SpanExportResult:
        return SpanExportResult.SUCCESS


def measure(_data: Path, _largest: int) -> list[Figure]:
    return asyncio.run(_measured())


async def _measured() -> list[Figure]:
    of = "request of four acts"
    traced = Watch(SpanTracer(SimpleSpanProcessor(Nowhere())))
    return [
        Figure(of, "metrics", await _best(Watch()), "µs", most=METRICS_MOST),
        Figure(of, "metrics and traces", await _best(traced), "µs"),
    ]


async def _best(watch: Watch) -> float:
    """Microseconds a request, less what the same request takes unwatched; the best round."""
    part = Part()
    parts = Watched(part, IDENTITY, watch), Watched(part, CATALOGUE, watch)
    best_watched = best_plain = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(REQUESTS):
            await _watched(watch, parts)
        between = time.perf_counter()
        for _ in range(REQUESTS):
            await _plain(part)
        best_watched = min(best_watched, between - began)
        best_plain = min(best_plain, time.perf_counter() - between)
    return (best_watched - best_plain) / REQUESTS * 1e6


async def _watched(watch: Watch, parts: tuple[Watched, Watched]) -> None:
    identity, catalogue = parts
    with watch.request({}) as act:
        await identity.caller("")
        with watch.root_field("query", "topics"):
            await catalogue.select(ASKED)
        act.labels, act.outcome = ("POST", "/graphql"), "200"


async def _plain(part: Part) -> None:
    await part.caller("")
    await part.select(ASKED)
