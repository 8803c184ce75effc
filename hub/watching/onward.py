"""A trace and a request's id go on with whatever this node asks of others for it.

With traces, a request to another node is a span of its own, also when nobody asked for it, such as
a heartbeat. Without, the trace of whoever asked is handed on as it came (W3C Trace Context).
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from hub.logs import request_id
from hub.watching.watch import DONE, FAILED, Tracer

REQUEST_ID: Final = "x-request-id"
PARENT, STATE = "traceparent", "tracestate"
TRACE_HEADERS: Final = (PARENT, STATE)
PARENT_FORM: Final = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
STATE_FORM: Final = re.compile(r"[\x20-\x7e]{1,512}")
_arrived: ContextVar[Mapping[str, str]] = ContextVar("arrived", default={})  # noqa: B039


def arrive(headers: Mapping[str, str]) -> None:
    """Of the request that is being answered; what is no trace is not handed on."""
    parent, state = headers.get(PARENT, ""), headers.get(STATE, "")
    told = {PARENT: parent} if PARENT_FORM.fullmatch(parent) else {}
    if told and STATE_FORM.fullmatch(state):
        told[STATE] = state
    _arrived.set(told)


@dataclass(frozen=True, slots=True)
class Onward:
    """`dataspace.federation.watched.onward.Outgoing`."""

    tracer: Tracer | None = None

    @contextmanager
    def __call__(self, method: str, path: str) -> Iterator[Mapping[str, str]]:
        own = {REQUEST_ID: request_id()} if request_id() else {}
        if self.tracer is None:
            yield {**_arrived.get(), **own}
            return
        begun = self.tracer.begin(role="leaving", headers={})
        outcome = FAILED
        try:
            yield {**self.tracer.carried(), **own}
            outcome = DONE
        finally:
            told = {"http.request.method": method, "url.path": path, "cityspace.outcome": outcome}
            self.tracer.end(
                begun, f"{method} {path}", attributes=told, trouble=outcome == FAILED
            )
