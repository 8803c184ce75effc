"""What the parts of one Cypher statement share while it is being written."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Self

from dataspace.relations import RELATIONS
from dataspace.shape import Way
from graph.cypher.layout import label, past_label, relationship

INTEGER_MAX = 2**63 - 1


@dataclass
class Statement:
    """Its parameters and variables. With `at` rows are those that stood after that revision."""

    at: int | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    _variables: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def today(self) -> Self:
        """The same statement, for a part of it that is about the present."""
        return replace(self, at=None)

    def variable(self, letter: str) -> str:
        return f"{letter}{next(self._variables)}"

    def bind(self, value: Any) -> str:
        """A parameter for the value; what Neo4j cannot hold becomes what equals nothing."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = _held(value)
        return f"${name}"

    @property
    def never(self) -> str:
        """What never holds. Written as `false`, Neo4j 5.26 makes `LIMIT 0` of it, and in a
        subquery then fails at its own check of the plan."""
        return self.bind(False)

    def rows(self, kind: str) -> "Scope":
        """All rows of a kind."""
        row = self.variable("n")
        return Scope(self, kind, row, f"MATCH {self.node(kind, row)}", self.standing(row))

    def along(self, way: Way, start: str) -> "Scope":
        """The rows at the other end of a way, for the row that a variable stands for."""
        end = self.variable("n")
        if self.at is None:
            arrow = f"-[:{relationship(way.edge)}]-"
            joint = f"{arrow}>" if way.forward else f"<{arrow}"
            return Scope(self, way.end, end, f"MATCH ({start}){joint}{self.node(way.end, end)}")
        near, far = (start, end) if way.forward else (end, start)
        same = f"{far}.id {'IN' if way.edge.many else '='} {near}.{way.edge.name}"
        held = (*self.standing(end), same)
        return Scope(self, way.end, end, f"MATCH {self.node(way.end, end)}", held)

    def node(self, kind: str, variable: str) -> str:
        past = f"|{past_label(kind)}" if self.at is not None and kind != "evidence" else ""
        return f"({variable}:{label(kind)}{past})"

    def standing(self, row: str) -> tuple[str, ...]:
        if self.at is None:
            return ()
        at = self.bind(self.at)
        return (f"{row}.revision <= {at}", f"{row}.until > {at}")


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows of one kind under a variable: where they come from and what holds of them."""

    statement: Statement
    kind: str
    row: str
    source: str
    conditions: tuple[str, ...] = ()
    rank: str = ""

    def column(self, name: str) -> str:
        noun = RELATIONS.by_name[self.kind]
        if name not in ("id", "version") and name not in noun.edge_by_name:
            noun.by_name[name]  # a name that the map does not know: KeyError
        return f"{self.row}.`{name}`"

    def where(self, *conditions: str) -> "Scope":
        return replace(self, conditions=(*self.conditions, *filter(None, conditions)))

    def cypher(self, hint: str = "") -> str:
        held = " AND ".join(f"({each})" for each in self.conditions)
        return " ".join(filter(None, (self.source, hint, held and f"WHERE {held}")))


def _held(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) and abs(value) > INTEGER_MAX:
        return float(value) if abs(value) < 10**300 else float("inf")
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return [_held(each) for each in value] if isinstance(value, list | tuple) else value
