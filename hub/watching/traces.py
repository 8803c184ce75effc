"""Traces through OpenTelemetry, sent to a collector as OTLP over HTTP.

Imported only where traces are wanted: its packages are the extra `traces`. A span carries the
labels of its act and how it ended, so no query, no name and no identifier leaves the node.
"""

from collections.abc import Mapping
from importlib.metadata import version

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from hub.watching.watch import Role

SEND_SECONDS_MAX = 3
KINDS = {
    "entering": SpanKind.SERVER, "within": SpanKind.INTERNAL, "leaving": SpanKind.CLIENT,
}  # fmt: skip
Begun = tuple[Span, object]


class SpanTracer:
    """Makes a span of every act, in the trace of the act around it or of the request's caller."""

    def __init__(self, processor: SpanProcessor) -> None:
        about = {"service.name": "cityspace", "service.version": version("cityspace")}
        self._provider = TracerProvider(resource=Resource.create(about), shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("cityspace")
        self._propagator = TraceContextTextMapPropagator()

    @classmethod
    def to(cls, address: str) -> "SpanTracer":
        """`address` is the collector's, without the path of OTLP."""
        endpoint = f"{address.rstrip('/')}/v1/traces"
        return cls(BatchSpanProcessor(OTLPSpanExporter(endpoint, timeout=SEND_SECONDS_MAX)))

    def begin(self, *, role: Role, headers: Mapping[str, str]) -> Begun:
        around = self._propagator.extract(headers) if headers else None
        span = self._tracer.start_span("act", context=around, kind=KINDS[role])
        return span, context.attach(trace.set_span_in_context(span, around))

    def carried(self) -> Mapping[str, str]:
        headers: dict[str, str] = {}
        self._propagator.inject(headers)
        return headers

    def end(self, begun: Begun, name: str, *, attributes: Mapping[str, str], trouble: bool) -> None:
        span, token = begun
        context.detach(token)  # type: ignore[arg-type]
        span.update_name(name)
        span.set_attributes(dict(attributes))
        if trouble:
            span.set_status(Status(StatusCode.ERROR))
        span.end()

    def close(self) -> None:
        """Sends what is left; a collector that does not answer costs `SEND_SECONDS_MAX`."""
        self._provider.shutdown()
