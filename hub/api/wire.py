"""JSON as it travels: written from rows, and read with a refusal of our own."""

from typing import Any

import orjson

from dataspace.errors import Invalid
from dataspace.text import Text


class NotJson(Invalid):
    status = 400
    code = "request.not_json"
    title = Text("The body is not JSON: {detail}", "请求体不是有效的 JSON：{detail}")
    advice = Text(
        "Send an object with query, and if need be variables, as JSON in UTF-8.",
        "请以 UTF-8 编码的 JSON 发送含 query 的对象，必要时含 variables。",
    )


def json_bytes(value: Any) -> bytes:
    return orjson.dumps(value)


def from_json(text: bytes) -> Any:
    """Raises:  NotJson."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise NotJson(detail=error.msg) from error
