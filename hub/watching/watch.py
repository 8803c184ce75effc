"""A watch sees every act of a node from its beginning to its end: counted, timed and traced."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Literal, Protocol, Self

from dataspace.errors import DataSpaceError, Unavailable
from hub.watching import definitions
from hub.watching.definitions import Metric
from hub.watching.meter import Meter

DONE, REFUSED, UNAVAILABLE, FAILED, CANCELLED = (
    "done", "refused", "unavailable", "failed", "cancelled",
)  # fmt: skip
TROUBLE: Final = frozenset({UNAVAILABLE, FAILED})
Role = Literal["entering", "within", "leaving"]


@dataclass(frozen=True, slots=True)
class Kind:
    """Acts that are alike. `attributes` name the labels and, last, the outcome in a trace."""

    timed: Metric
    counted: Metric
    attributes: tuple[str, ...]
    role: Role = "within"


REQUEST: Final = Kind(
    definitions.REQUEST_SECONDS, definitions.REQUESTS,
    ("http.request.method", "http.route", "http.response.status_code"), role="entering",
)  # fmt: skip
ROOT_FIELD: Final = Kind(
    definitions.FIELD_SECONDS, definitions.FIELDS,
    ("graphql.operation.type", "cityspace.field", "cityspace.outcome"),
)  # fmt: skip
STATEMENT: Final = Kind(
    definitions.STATEMENT_SECONDS, definitions.STATEMENTS,
    ("cityspace.part", "cityspace.act", "cityspace.outcome"),
)  # fmt: skip


class Tracer(Protocol):
    """Hears of every act; what `begin` gives comes back with `end`.

    `role` says whether the act is a request that came, one that leaves, or within the node;
    `carried` gives the headers that continue the act under way elsewhere.
    """

    def begin(self, *, role: Role, headers: Mapping[str, str]) -> Any: ...

    def carried(self) -> Mapping[str, str]: ...

    def end(
        self, begun: Any, name: str, *, attributes: Mapping[str, str], trouble: bool
    ) -> None: ...


class Act:
    """One act under way; `labels` and `outcome` may be set until it ends."""

    __slots__ = ("_began", "_begun", "_headers", "_kind", "_watch", "labels", "outcome")

    def __init__(
        self,
        watch: "Watch",
        kind: Kind,
        *,
        labels: tuple[str, ...],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._watch, self._kind, self._headers = watch, kind, headers
        self.labels, self.outcome = labels, DONE

    def __enter__(self) -> Self:
        tracer = self._watch.tracer
        if tracer is not None:
            self._begun = tracer.begin(role=self._kind.role, headers=self._headers or {})
        self._began = time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        seconds = time.perf_counter() - self._began
        if error is not None:
            self.outcome = outcome_of(error)
        ended = (*self.labels, self.outcome)
        self._watch.meter.time(self._kind.timed, self.labels, seconds=seconds)
        self._watch.meter.count(self._kind.counted, ended)
        if self._watch.tracer is not None:
            self._watch.tracer.end(
                self._begun,
                " ".join(self.labels),
                attributes=dict(zip(self._kind.attributes, ended, strict=True)),
                trouble=self.outcome in TROUBLE or self.outcome.startswith("5"),
            )


class Watch:
    def __init__(self, tracer: Tracer | None = None) -> None:
        self.meter, self.tracer = Meter(), tracer

    def request(self, headers: Mapping[str, str]) -> Act:
        """Its labels are set when its route is known; the headers may continue a trace."""
        return Act(self, REQUEST, labels=("other", "unmatched"), headers=headers)

    def root_field(self, operation: str, field: str) -> Act:
        return Act(self, ROOT_FIELD, labels=(operation, field))

    def statement(self, part: str, act: str) -> Act:
        return Act(self, STATEMENT, labels=(part, act))


def outcome_of(error: BaseException) -> str:
    if isinstance(error, Unavailable):
        return UNAVAILABLE
    if isinstance(error, DataSpaceError):
        return REFUSED if error.status < 500 else FAILED
    return CANCELLED if isinstance(error, asyncio.CancelledError) else FAILED
