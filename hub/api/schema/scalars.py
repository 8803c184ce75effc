"""The scalars that GraphQL lacks: moments, days and whole numbers beyond 32 bits."""

from datetime import date
from typing import Any

import graphene
from graphql import GraphQLError, IntValueNode, StringValueNode, Undefined

from dataspace.quantity import MomentInvalid, read_moment, written
from dataspace.shape import Type
from dataspace.text import Text
from hub.api.schema.registry import Registry

WHOLE_MAX = 2**53 - 1

MOMENT = Text(
    "A moment in UTC, written 2026-01-31T08:00:00.000Z; any offset is understood",
    "UTC 时间，写作 2026-01-31T08:00:00.000Z；可识别任意时区偏移",
)
DAY = Text("A day, written 2026-01-31", "日期，写作 2026-01-31")
WHOLE = Text("A whole number up to 2^53 - 1", "整数，绝对值不超过 2^53 - 1")


def _moment(value: Any) -> str:
    try:
        return written(read_moment(str(value)))
    except (MomentInvalid, OverflowError) as error:
        raise GraphQLError(str(error)) from error


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise GraphQLError(f"{value} is not a day such as 2026-01-31") from error


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > WHOLE_MAX:
        raise GraphQLError(f"{value} is not a whole number up to 2^53 - 1")
    return value


def _scalar(registry: Registry, name: str, text: Text, read: Any, node_type: type) -> Any:
    def literal(node: Any, _variables: Any = None) -> Any:
        if not isinstance(node, node_type):
            return Undefined
        value: Any = node.value  # type: ignore[attr-defined]
        return read(int(value) if node_type is IntValueNode else value)

    def make() -> Any:
        meta = type("Meta", (), {"description": registry.say(text)})
        functions = {
            "serialize": staticmethod(lambda value: value),
            "parse_value": staticmethod(read),
            "parse_literal": staticmethod(literal),
        }
        return type(name, (graphene.Scalar,), {"Meta": meta, **functions})

    return registry.once(name, make)


def scalar(registry: Registry, kind: Type) -> Any:
    """The type of a field that is not of a code table."""
    match kind:
        case Type.MOMENT:
            return _scalar(registry, "Moment", MOMENT, _moment, StringValueNode)
        case Type.DAY:
            return _scalar(registry, "Day", DAY, _day, StringValueNode)
        case Type.NUMBER:
            return _scalar(registry, "Whole", WHOLE, _whole, IntValueNode)
        case Type.FLAG:
            return graphene.Boolean
        case _:
            return graphene.String
