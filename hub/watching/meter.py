"""The numbers themselves, and their text form: the one file that knows Prometheus's client.

A meter belongs to one application, so that two in a process do not add up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric as Family

from hub.watching.definitions import MEASURED, SECONDS, Metric

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
# When each series began is told by nobody's panel, and would be a third of all series.
disable_created_metrics()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that is read when it is asked for, instead of being counted on the way."""

    metric: Metric
    value: float
    labels: tuple[str, ...] = ()


class Meter:
    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._made = {each: _made(each, self._registry) for each in MEASURED}
        self._known: dict[tuple[Metric, tuple[str, ...]], Any] = {}
        ProcessCollector(registry=self._registry)

    def count(self, metric: Metric, labels: tuple[str, ...]) -> None:
        self._series(metric, labels).inc()

    def time(self, metric: Metric, labels: tuple[str, ...], *, seconds: float) -> None:
        self._series(metric, labels).observe(seconds)

    def written(self, readings: Iterable[Reading]) -> bytes:
        """All of it, in Prometheus's text form 0.0.4."""
        read = CollectorRegistry()
        read.register(_Readings(readings))
        return generate_latest(self._registry) + generate_latest(read)

    def _series(self, metric: Metric, labels: tuple[str, ...]) -> Any:
        """Kept here too: finding it in the client costs more than counting."""
        key = (metric, labels)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._made[metric].labels(*labels)
        return found


class _Readings:
    """What the client asks for metrics that it does not keep."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._families: dict[Metric, Any] = {}
        for each in readings:
            self._family(each.metric).add_metric(each.labels, each.value)

    def collect(self) -> Iterator[Family]:
        yield from self._families.values()

    def _family(self, metric: Metric) -> Any:
        if metric not in self._families:
            family = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
            self._families[metric] = family(metric.name, metric.text.en, labels=metric.labels)
        return self._families[metric]


def _made(metric: Metric, registry: CollectorRegistry) -> Counter | Histogram:
    if metric.kind == "counter":
        return Counter(metric.name, metric.text.en, metric.labels, registry=registry)
    return Histogram(metric.name, metric.text.en, metric.labels, registry=registry, buckets=SECONDS)
