"""The GraphQL types of one language, each made once and found again by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import graphene
from graphene.utils.str_converters import to_camel_case

from dataspace.codes import CodeTable
from dataspace.text import Language, Text

camel: Callable[[str], str] = to_camel_case
STORED = "__"
"""What stands before a response key in a row; no field of a noun begins with it."""
LINK = "_link"
"""Holds the address of a row's file, put in once all rows are read; copies of a row share it."""


@dataclass(frozen=True)
class Registry:
    language: Language
    made: dict[str, Any] = field(default_factory=dict)

    def say(self, text: Text) -> str:
        return text.to(self.language)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    def object(
        self,
        name: str,
        text: Text,
        attributes: Mapping[str, Any],
        *,
        interfaces: tuple[Any, ...] = (),
    ) -> Any:
        meta = type("Meta", (), {"description": self.say(text), "interfaces": interfaces})
        return type(name, (graphene.ObjectType,), {**attributes, "Meta": meta})

    def input(self, name: str, text: Text, attributes: Mapping[str, Any]) -> Any:
        """A plain dict is what the resolver is given: a field may be called `items`."""
        meta = type("Meta", (), {"description": self.say(text), "container": dict})
        return type(name, (graphene.InputObjectType,), {**attributes, "Meta": meta})

    def enum(self, name: str, text: Text, values: Mapping[str, Text]) -> Any:
        def describe(value: Any) -> str:
            return self.say(text if value is None else values[value.value])

        return self.once(
            name,
            lambda: graphene.Enum(name, [(each, each) for each in values], description=describe),
        )

    def field(self, type_: Any, en: str, zh: str, **more: Any) -> Any:
        return graphene.Field(type_, description=self.say(Text(en, zh)), **more)

    def must(self, type_: Any, en: str, zh: str, **more: Any) -> Any:
        """A field that always has a value."""
        return self.field(type_, en, zh, required=True, **more)

    def argument(self, type_: Any, en: str, zh: str, **more: Any) -> Any:
        return graphene.Argument(type_, description=self.say(Text(en, zh)), **more)

    def table(self, table: CodeTable) -> Any:
        return self.enum(
            table.name, table.text, {code.value: code.text for code in table.codes.values()}
        )


def by_response_key(row: Mapping[str, Any], info: Any, **_: Any) -> Any:
    """Two aliases of one edge with different arguments are two answers in the row."""
    return row[STORED + info.path.key]


def listed(type_: Any) -> Any:
    """A list that may be empty, and never holds null."""
    return graphene.List(graphene.NonNull(type_))


def identifier(registry: Registry) -> Any:
    return registry.must(graphene.ID, "Identifier, opaque", "编号（不透明）")
