"""What the parts of one SQL statement share while it is being written."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Self

from dataspace.relations import RELATIONS
from dataspace.shape import Way
from graph.tables import OWN, beside, quoted

INTEGER_MAX = 2**63 - 1


@dataclass
class Statement:
    """Its parameters, its aliases, and the named results that stand before its SELECT.

    With `at` every table is replaced by its state after that revision (graph/sql/past.py), under
    its own name; `main.` before the name means the table itself.
    """

    at: int | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    before: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    used: dict[str, None] = field(default_factory=dict)
    _aliases: Iterator[int] = field(default_factory=lambda: count(1))
    _levels: Iterator[int] = field(default_factory=count)

    @property
    def today(self) -> Self:
        """The same statement, for a part of it that is about the present."""
        return replace(self, at=None)

    def alias(self, letter: str) -> str:
        return f"{letter}{next(self._aliases)}"

    def level(self) -> int:
        """The number of the next level of the tree; the top has 0."""
        return next(self._levels)

    def bind(self, value: Any) -> str:
        """A placeholder for the value; what SQLite cannot hold becomes what equals nothing."""
        if isinstance(value, int) and abs(value) > INTEGER_MAX:
            value = float(value) if abs(value) < 10**300 else float("inf")
        elif isinstance(value, str):
            value = value.encode("utf-8", "replace").decode()
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"

    def table(self, name: str) -> str:
        if self.at is None:
            return f"main.{quoted(name)}"
        self.used[name] = None
        return quoted(name)

    def scope(self, kind: str) -> "Scope":
        """All rows of a kind."""
        alias = self.alias("t")
        return Scope(self, kind, alias, (f"{self.table(kind)} AS {alias}",))

    def along(self, way: Way, start: "Scope") -> "Scope":
        """The rows at the other end of a way, for one row of the scope that it starts in."""
        end, edge = self.alias("t"), way.edge
        scope = Scope(self, way.end, end, (f"{self.table(way.end)} AS {end}",))
        if not edge.many:
            pair = ("id", edge.name) if way.forward else (edge.name, "id")
            return scope.where(f"{scope.column(pair[0])} = {start.column(pair[1])}")
        holder = RELATIONS.by_name[way.start if way.forward else way.end]
        between = self.alias("e")
        source, target = (start, scope) if way.forward else (scope, start)
        return replace(
            scope, tables=(f"{self.table(beside(holder, edge.name))} AS {between}", *scope.tables)
        ).where(
            f"{between}.source = {source.column('number')} "
            f"AND {between}.target = {target.column('id')}"
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows of one kind under an alias: where they come from and what holds of them."""

    statement: Statement
    kind: str
    alias: str
    tables: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    found: str = ""

    @property
    def rank(self) -> str:
        """How well a row answers the search that the scope was narrowed by, 0 without one."""
        return f"{self.found}.rank" if self.found else "(0 + 0)"

    def column(self, name: str) -> str:
        noun = RELATIONS.by_name[self.kind]
        if name not in OWN and name not in noun.edge_by_name:
            noun.by_name[name.removesuffix("~")]  # a name that the map does not know: KeyError
        return f"{self.alias}.{quoted(name)}"

    def where(self, condition: str) -> "Scope":
        return replace(self, conditions=(*self.conditions, condition)) if condition else self

    def after(self, numbers: str) -> "Scope":
        """The scope's rows out of those whose numbers are given, taken in their order."""
        first = self.alias + "n"
        tables = (f"{numbers} AS {first} CROSS JOIN {self.tables[0]}", *self.tables[1:])
        return replace(self, tables=tables).where(f"{first}.number = {self.column('number')}")

    def joined(self, table: str, condition: str) -> "Scope":
        return replace(self, tables=(*self.tables, table)).where(condition)

    def sql(self) -> str:
        held = (
            f" WHERE {' AND '.join(f'({each})' for each in self.conditions)}"
            if self.conditions
            else ""
        )
        return f"FROM {' JOIN '.join(self.tables)}{held}"
