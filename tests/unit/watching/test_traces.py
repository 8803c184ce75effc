"""Traces: a span for every request, root field and statement, in the trace of the caller."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("opentelemetry.sdk", reason="the extra `traces` is not installed")

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from dataspace.errors import CatalogueUnavailable
from dataspace.federation.refusals import PeerUnavailable
from dataspace.selection import Found, Selection
from hub.watching.traces import SEND_SECONDS_MAX, SpanTracer
from hub.watching.tracing import tracer_to
from tests.clock import FrozenClock
from tests.collector import otlp_collector
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.federation.meeting_nodes import HUB, a_city
from tests.unit.hub.ports import a_node
from tests.unit.watching.asking import asked

TWO = {"query": "{ topics { totalCount } spaces { totalCount } }"}
TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def kept() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracer(kept: InMemorySpanExporter) -> Iterator[SpanTracer]:
    tracer = SpanTracer(SimpleSpanProcessor(kept))
    yield tracer
    tracer.close()


def _named(kept: InMemorySpanExporter) -> dict[str, list[ReadableSpan]]:
    named: dict[str, list[ReadableSpan]] = {}
    for span in kept.get_finished_spans():
        named.setdefault(span.name, []).append(span)
    return named


def _parent(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent else None


def _own(span: ReadableSpan) -> int:
    return span.get_span_context().span_id


async def test_a_request_its_fields_and_their_statements_are_one_tree(
    kept: InMemorySpanExporter, tracer: SpanTracer
) -> None:
    async with asked(tracer=tracer) as client:
        await client.post("/graphql", json=TWO, headers={"authorization": "Bearer anyone"})
    named = _named(kept)
    [request] = named["POST /graphql"]
    [topics], [spaces] = named["query topics"], named["query spaces"]
    [caller] = named["identity caller"]
    assert request.kind is SpanKind.SERVER
    assert [_parent(each) for each in (request, topics, spaces, caller)] == [
        None, _own(request), _own(request), _own(request),
    ]  # fmt: skip
    assert {_parent(each) for each in named["catalogue select"]} == {_own(topics), _own(spaces)}
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": "/graphql",
        "http.response.status_code": "200",
    }


async def test_a_callers_trace_is_taken_over(
    kept: InMemorySpanExporter, tracer: SpanTracer
) -> None:
    async with asked(tracer=tracer) as client:
        await client.get("/health/live", headers={"traceparent": f"00-{TRACE}-{CALLER}-01"})
        await client.get("/health/live", headers={"traceparent": "00-nonsense-01"})
    taken, own = kept.get_finished_spans()
    assert f"{taken.get_span_context().trace_id:032x}" == TRACE
    assert f"{_parent(taken):016x}" == CALLER
    assert own.parent is None


async def test_a_caller_who_does_not_sample_is_not_traced(
    kept: InMemorySpanExporter, tracer: SpanTracer
) -> None:
    async with asked(tracer=tracer) as client:
        await client.get("/health/live", headers={"traceparent": f"00-{TRACE}-{CALLER}-00"})
    assert kept.get_finished_spans() == ()


async def test_trouble_shows_where_it_was(kept: InMemorySpanExporter, tracer: SpanTracer) -> None:
    class Away(DictionaryCatalogue):
        async def select(self, selection: Selection) -> Found:
            raise CatalogueUnavailable(service="Neo4j", detail="refused", retry_after_seconds=5)

    async with asked(replace(a_node(), catalogue=Away()), tracer=tracer) as client:
        await client.post("/graphql", json={"query": "{ topics { totalCount } }"})
    named = _named(kept)
    for name in ("catalogue select", "query topics"):
        assert named[name][0].status.status_code is StatusCode.ERROR
        assert (named[name][0].attributes or {})["cityspace.outcome"] == "unavailable"
    assert named["POST /graphql"][0].status.status_code is StatusCode.UNSET


async def test_no_span_tells_what_was_asked(kept: InMemorySpanExporter, tracer: SpanTracer) -> None:
    query = '{ resources(search: "alice-secret") { totalCount } }'
    async with asked(tracer=tracer) as client:
        await client.post("/graphql", json={"query": query})
        await client.get("/graphql", params={"query": query})
        await client.get("/alice-secret")
    told = [(span.name, dict(span.attributes or {})) for span in kept.get_finished_spans()]
    assert told
    assert "alice" not in str(told)


async def test_a_collector_receives_the_spans_as_otlp() -> None:
    with otlp_collector() as (address, received):
        async with tracer_to(f"otlp+{address}") as tracer, asked(tracer=tracer) as client:
            await client.get("/health/live")
    [(path, body)] = received
    [told] = ExportTraceServiceRequest.FromString(body).resource_spans
    about = {each.key: each.value.string_value for each in told.resource.attributes}
    [span] = told.scope_spans[0].spans
    assert (path, span.name) == ("/v1/traces", "GET /health/live")
    assert about["service.name"] == "cityspace"


async def test_a_collector_that_is_away_costs_a_stop_little() -> None:
    async with tracer_to("otlp+http://127.0.0.1:9") as tracer, asked(tracer=tracer) as client:
        answer = await client.get("/health/live")
        began = time.perf_counter()
    assert answer.status_code == 200
    assert time.perf_counter() - began < 2 * SEND_SECONDS_MAX


async def test_without_an_address_nothing_is_traced() -> None:
    async with tracer_to("") as tracer:
        assert tracer is None


async def test_a_trace_goes_on_from_node_to_node(
    tmp_path: Path, clock: FrozenClock, kept: InMemorySpanExporter, tracer: SpanTracer
) -> None:
    async with a_city(tmp_path, clock, tracer) as city:
        place = await city.join()
        await place.beat()
    named = _named(kept)
    beats = named["POST /federation/heartbeats"]
    [sent] = [each for each in beats if each.kind is SpanKind.CLIENT]
    [taken] = [each for each in beats if each.kind is SpanKind.SERVER]
    assert taken.get_span_context().trace_id == sent.get_span_context().trace_id
    assert _parent(taken) == _own(sent)


async def test_a_collector_receives_both_ends_of_a_request_between_nodes(
    tmp_path: Path, clock: FrozenClock
) -> None:
    with otlp_collector() as (address, received):
        async with tracer_to(f"otlp+{address}") as tracer, a_city(tmp_path, clock, tracer) as city:
            await (await city.join()).beat()
    spans = [
        span
        for _, body in received
        for told in ExportTraceServiceRequest.FromString(body).resource_spans
        for span in told.scope_spans[0].spans
        if span.name == "GET /federation/standings"
    ]
    sent, taken = sorted(spans, key=lambda span: span.kind, reverse=True)
    assert taken.parent_span_id == sent.span_id
    assert taken.trace_id == sent.trace_id


async def test_a_request_that_fails_on_its_way_is_trouble(
    tmp_path: Path, clock: FrozenClock, kept: InMemorySpanExporter, tracer: SpanTracer
) -> None:
    async with a_city(tmp_path, clock, tracer) as city:
        place = await city.join()
        await place.beat()
        kept.clear()
        city.network.cut.add(HUB)
        with pytest.raises(PeerUnavailable):
            await place.beat()
    [sent] = _named(kept)["POST /federation/heartbeats"]
    assert sent.status.status_code is StatusCode.ERROR
