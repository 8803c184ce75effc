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


def start_logs(*, form: str, level: str) -> None:
    """Sets the form (`console` or `json`) and the least level, for the whole process."""
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "console":
        last = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks
            if form == "json"
            else structlog.processors.format_exc_info,
            without_secrets,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def log() -> Any:
    return structlog.get_logger()


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
