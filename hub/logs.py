"""Structured log lines: one event each, with the id of the request that it happened in.

On a terminal they are for people, elsewhere JSON for machines. Secrets never appear: values
under a telling name and anything that looks like a token are replaced.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

SECRET_NAMES = re.compile(
    r"authori[sz]ation$|token|password|secret|cookie|assertion|verifier", re.I
)
SECRET_VALUES = re.compile(
    r"\beyJ[\w-]+\.[\w-]+\.[\w-]*|\bBearer\s+\S+|://[^/\s:@]+:[^/\s@]+@", re.I
)
HIDDEN = "****"
# They tell of every request that a library of ours makes.
TALKATIVE = ("httpx", "httpx2", "apscheduler")
# Local variables may be anything, a password too, so they are left out.
TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def start_logs(*, form: str, level: str) -> None:
    """Sets the form (`console` or `json`) and the least level, for the whole process.

    Lines of the standard library's logging take the same way, so they carry the request's id too.
    """
    as_json = form == "json"
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([TRACEBACKS] if as_json else []),
    ]
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if not as_json:
        last = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_secrets,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [lines]
    root.setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def log() -> Any:
    return structlog.get_logger("cityspace")


def within_request(request_id: str) -> None:
    """Every line of this task from now on carries the id."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)


def request_id() -> str:
    """The id of the request being answered; empty outside one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def without_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    return {name: _hidden(name, value) for name, value in event.items()}


def _hidden(name: str, value: Any) -> Any:
    if SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, str):
        return SECRET_VALUES.sub(HIDDEN, value)
    if isinstance(value, Mapping):
        return {key: _hidden(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden("", inner) for inner in value]
    return value
