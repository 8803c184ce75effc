"""What it costs a request that it is watched.

    python -m benchmarks.watching_cost

Budget: 20 µs for a GraphQL request with a token, one root field and one statement: four acts that
are counted and timed, through the wrappers that a node has. Traces are measured beside it:
four spans more, sent to nobody.
"""

import asyncio
import json
import time

from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

from dataspace.caller import ANYONE, Caller
from dataspace.selection import Found, Selection
from hub.parts import CATALOGUE, IDENTITY
from hub.watching.parts import Watched
from hub.watching.traces import SpanTracer
from hub.watching.watch import Tracer, Watch

ROUNDS, REQUESTS = 200, 200
ASKED, FOUND = Selection("topic"), Found()


class Part:
    """Answers at once, so that only what stands before it takes time."""

    async def caller(self, token: str) -> Caller:
        return ANYONE

    async def select(self, selection: Selection) -> Found:
        return FOUND

    apply = changes_since = select


async def plain(part: Part) -> None:
    await part.caller("")
    await part.select(ASKED)


async def watched(watch: Watch, parts: tuple[Watched, Watched]) -> None:
    identity, catalogue = parts
    with watch.request({}) as act:
        await identity.caller("")
        with watch.root_field("query", "topics"):
            await catalogue.select(ASKED)
        act.labels, act.outcome = ("POST", "/graphql"), "200"


async def best_us(watch: Watch) -> float:
    """Microseconds a request, less what the same request takes unwatched; the best round."""
    part = Part()
    parts = Watched(part, IDENTITY, watch), Watched(part, CATALOGUE, watch)
    best_watched = best_plain = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(REQUESTS):
            await watched(watch, parts)
        between = time.perf_counter()
        for _ in range(REQUESTS):
            await plain(part)
        best_watched = min(best_watched, between - began)
        best_plain = min(best_plain, time.perf_counter() - between)
    return round((best_watched - best_plain) / REQUESTS * 1e6, 2)


def tracer() -> Tracer:
    class Nowhere(SpanExporter):
        def export(self, spans: object) -> SpanExportResult:
            return SpanExportResult.SUCCESS

    return SpanTracer(SimpleSpanProcessor(Nowhere()))


async def main() -> None:
    measured = {
        "metrics_us": await best_us(Watch()),
        "metrics_and_traces_us": await best_us(Watch(tracer())),
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    asyncio.run(main())
