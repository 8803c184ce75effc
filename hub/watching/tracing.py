"""Whether a node's acts are traced, and where to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dataspace.errors import DataSpaceError
from dataspace.text import Text
from hub.watching.watch import Tracer

SCHEME = "otlp+"


class TracesMissing(DataSpaceError):
    """Traces are configured, and what sends them is not installed."""

    status = 409
    code = "traces.not_installed"
    title = Text(
        "Traces need a package that is not installed: {name}", "链路追踪所需的软件包未安装：{name}"
    )
    advice = Text(
        "Install cityspace[traces], or leave CITYSPACE_TRACES empty.",
        "请安装 cityspace[traces]，或将 CITYSPACE_TRACES 留空。",
    )


@asynccontextmanager
async def tracer_to(address: str) -> AsyncIterator[Tracer | None]:
    """No tracer when the address is empty; what is left to send is sent at the end.

    Raises:  TracesMissing.
    """
    if not address:
        yield None
        return
    try:
        from hub.watching.traces import SpanTracer
    except ImportError as error:
        raise TracesMissing(name=error.name) from error
    tracer = SpanTracer.to(address.removeprefix(SCHEME))
    try:
        yield tracer
    finally:
        await asyncio.to_thread(tracer.close)
