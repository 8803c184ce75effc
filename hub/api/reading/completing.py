"""The answer's values, completed straight from the rows.

graphql-core's executor asks of every value what it could be; here it is known: rows are plain
dictionaries, and every field below a root is a look-up in one. So each selection set becomes one
function. Whatever is out of the ordinary (an error, an introspection, null where there must be a
value) raises `Unusual`, and the executor answers instead, so that errors are always its own.
`tests/unit/api/test_completing.py` compares the two.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
)
from graphql.execution.collect_fields import collect_sub_fields

from dataspace.relations import RELATIONS
from hub.api.reading.plans import Nodes
from hub.api.schema.registry import STORED, by_response_key

Complete = Callable[[Any], Any]
INT_MAX = 2**31 - 1


class Unusual(Exception):
    """The executor is asked instead."""


class Completing:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, FragmentDefinitionNode],
        variables: dict[str, Any],
    ) -> None:
        self._below = partial(collect_sub_fields, schema, fragments, variables)
        self._types = schema.type_map

    def roots(
        self, type_: GraphQLObjectType, roots: Mapping[str, Nodes], answers: Mapping[str, Any]
    ) -> dict[str, Any]:
        """`data` of the whole answer. Raises:  Unusual."""
        found: dict[str, Any] = {}
        for key, nodes in roots.items():
            answer, field = answers.get(key), type_.fields.get(nodes[0].name.value)
            if field is None or isinstance(answer, Exception):
                raise Unusual()
            complete = self._value(field.type, nodes)
            found[key] = None if answer is None else complete(answer)
        return found

    def _value(self, type_: Any, nodes: Nodes) -> Complete:
        """For a value that is not null."""
        match type_:
            case GraphQLNonNull():
                return self._value(type_.of_type, nodes)
            case GraphQLList():
                return _list(self._value(type_.of_type, nodes))
            case GraphQLObjectType():
                return self._object(type_, nodes)
            case GraphQLInterfaceType():
                return self._entry(nodes)
            case GraphQLEnumType():
                return _enum(type_)
            case GraphQLScalarType():
                return SCALARS.get(type_.name, _as_it_is)
        raise Unusual()

    def _object(self, type_: GraphQLObjectType, nodes: Nodes) -> Complete:
        constants, fields = {}, []
        below = self._below(type_, nodes)
        for key, wanted in below.items():
            field = type_.fields.get(wanted[0].name.value)
            if field is None:
                constants[key] = type_.name  # __typename: the others are of the root
                continue
            must = isinstance(field.type, GraphQLNonNull)
            fields.append((key, _source(key, field), must, self._value(field.type, wanted)))
        order = list(below) if constants else []

        def complete(row: Any) -> Any:
            shown = {}
            for key, source, must, value in fields:
                found = row.get(source)
                if found is not None:
                    shown[key] = value(found)
                elif must:
                    raise Unusual()
                else:
                    shown[key] = None
            return {key: constants.get(key, shown.get(key)) for key in order} if order else shown

        return complete

    def _entry(self, nodes: Nodes) -> Complete:
        """Of whichever kind the row's identifier says."""

        def complete(row: Any) -> Any:
            noun = RELATIONS.by_prefix[row["id"].partition("_")[0]]
            return self._value(self._types[noun.type_name], nodes)(row)

        return complete


def _source(key: str, field: GraphQLField) -> str:
    """The key of the row under which the field's value stands."""
    resolve = field.resolve
    if resolve is by_response_key:
        return STORED + key
    if isinstance(resolve, partial):
        return str(resolve.args[0])
    raise Unusual()


def _list(complete: Complete) -> Complete:
    """No list of ours holds null."""

    def each(values: Any) -> Any:
        if values.__class__ is not list:
            raise Unusual()
        return [complete(value) for value in values]

    return each


def _enum(type_: GraphQLEnumType) -> Complete:
    names = type_.values.keys()

    def name(value: Any) -> Any:
        if value not in names:
            raise Unusual()
        return value

    return name


def _as_it_is(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise Unusual()
    return value


def _int(value: Any) -> Any:
    if value.__class__ is not int or not -INT_MAX <= value <= INT_MAX:
        raise Unusual()
    return value


def _flag(value: Any) -> Any:
    if value.__class__ is not bool:
        raise Unusual()
    return value


SCALARS: Mapping[str, Complete] = {
    "String": _text, "ID": _text, "Int": _int, "Boolean": _flag,
}  # fmt: skip
