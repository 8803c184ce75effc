"""JSON, read and written fast; the only file of the import that knows orjson."""

from typing import Any

import orjson


class NotJson(Exception):
    """The bytes are no JSON, with what the parser says about it."""


def parsed(raw: bytes | str) -> Any:
    """Raises:  NotJson, also for half characters and numbers that JSON does not know."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise NotJson(error.msg) from error


def packed(value: Any) -> bytes:
    """On one line, members in the order of their names."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def line(value: Any) -> bytes:
    """A line of a JSONL file, members in their own order."""
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
