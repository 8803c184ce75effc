"""What is asked of the catalogue and where the answer shows it: the plan of one root field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, GraphQLObjectType, GraphQLSchema
from graphql.execution.collect_fields import collect_sub_fields
from graphql.execution.values import get_argument_values

from dataspace.caller import Caller
from dataspace.selection import Child, Condition, Lineage, PartChild, Selection
from dataspace.shape import Noun
from hub.api.limits import Limits
from hub.api.reading.conditions import Filtering
from hub.api.reading.cursors import Cursors

Nodes = list[FieldNode]
OWNER = "_owner"
"""The key of a row's owner, read to decide who may read some of its fields."""


@dataclass(frozen=True)
class Asked:
    """One request, as far as every root field of it needs it."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    variables: dict[str, Any]
    caller: Caller
    cursors: Cursors
    limits: Limits
    visible: Mapping[str, Condition]
    now: datetime

    def below(self, type_: GraphQLObjectType, nodes: Nodes) -> dict[str, Nodes]:
        return collect_sub_fields(self.schema, self.fragments, self.variables, type_, nodes)

    def arguments(self, type_: GraphQLObjectType, nodes: Nodes) -> dict[str, Any]:
        return get_argument_values(type_.fields[nodes[0].name.value], nodes[0], self.variables)

    def filtering(self) -> Filtering:
        most = self.limits.conditions_max
        return Filtering(self.caller, self.visible, most, most)


@dataclass
class View:
    """One place where a row is shown: under which keys its own children stand in the row."""

    prefix: str
    children: dict[str, "Shown"] = field(default_factory=dict)
    plain: list[str] = field(default_factory=list)
    moves: dict[str, bool] = field(default_factory=dict)
    rules: dict[str, datetime] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)


@dataclass
class Rows:
    """What is wanted of the rows of one selection, whichever places show them."""

    noun: Noun
    fields: dict[str, None] = field(default_factory=lambda: {"id": None})
    children: list[Child] = field(default_factory=list)
    parts: list[PartChild] = field(default_factory=list)
    lineages: list[Lineage] = field(default_factory=list)
    views: int = 0
    hidden: list[str] = field(default_factory=list)
    owners_only: list[str] = field(default_factory=list)
    confided: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    decided: bool = False
    linked: bool = False

    def selection(self, where: Condition, **more: Any) -> Selection:
        return Selection(
            self.noun.name,
            fields=tuple(self.fields),
            where=where,
            children=tuple(self.children),
            parts=tuple(self.parts),
            lineages=tuple(self.lineages),
            **more,
        )


@dataclass
class OneShown:
    """A row, or none."""

    rows: Rows
    view: View
    selection: Selection


@dataclass
class PageShown:
    """A connection. `nodes` and `edges` map response keys to views; an edge has keys of its own."""

    rows: Rows
    selection: Selection
    question: str
    nodes: dict[str, View] = field(default_factory=dict)
    edges: dict[str, dict[str, View]] = field(default_factory=dict)
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facets_first: dict[str, int] = field(default_factory=dict)
    wants: frozenset[str] = frozenset()


Shown = OneShown | PageShown
