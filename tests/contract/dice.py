"""Thrown dice: random rows, changes and selections over a small stock of values.

The stock is small so that ties, missing values, clashes and cycles are frequent, and odd so that
a back end's own idea of text order, case or type shows itself. The seed of the `Random` decides
what is thrown, so that every failure can be thrown again.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from dataspace.change import Amend, Change, ChangeSet, Create, Remove
from dataspace.relations import RELATIONS
from dataspace.selection import (
    EVERYTHING,
    Child,
    Condition,
    Either,
    Every,
    FacetOf,
    Lineage,
    Linked,
    Not,
    Order,
    Page,
    PartChild,
    PartHas,
    Selection,
    Where,
)
from dataspace.shape import Edge, Field, Noun, Type
from tests.build import an_act

TEXTS = (
    "a", "A", "ab", "B", "b", "é", "e\u0301", "Straße", "STRASSE", "水", "用水量", "水务局 数据",
    "公共数据资源", "数据 water DATA", "😀 emoji", "שלום עולם", "x\ty\nz\x01", "\uffee",
    "\U00020000", "100%_x", "'; --", '"quoted"', "water-meter", "0", "10", "9",
)  # fmt: skip
MOMENTS = tuple(f"2026-0{month}-01T00:00:00.000Z" for month in (1, 2, 3, 4))
DAYS = ("2025-12-31", "2026-01-01", "2026-02-28")
NUMBERS = (-1, 0, 1, 2, 10, 2**53 - 1)
KINDS = ("resource", "participant", "product", "authorisation", "topic")
SEARCHES = (
    "水", "用水", "数据", "data", "DAT", "dat*", "a", "strasse", '"数据 water"', "水 -数据", "-水",
    "emoji", "שלום", "…!?", " ", "b é", "公共数据 资源", "😀",
)  # fmt: skip
OPERATORS = {
    Type.NAMES: ("has", "is_null"),
    Type.FLAG: ("eq", "ne", "in", "is_null"),
    Type.CODE: ("eq", "ne", "in", "is_null"),
}
ORDERED = ("eq", "ne", "lt", "lte", "gt", "gte", "in", "is_null")


@dataclass
class Dice:
    random: Random
    ids: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    thrown: int = 0

    def chance(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0

    def one(self, *options: Any) -> Any:
        return self.random.choice(options)

    def some(self, options: Any, most: int) -> list[Any]:
        stock = list(options)
        return self.random.sample(stock, self.random.randint(0, min(most, len(stock))))

    # Rows and changes

    def value(self, of: Field) -> Any:
        if of.table is not None:
            return self.one(*list(of.table.codes)[:3])
        stock = {
            Type.TEXT: TEXTS,
            Type.NUMBER: NUMBERS,
            Type.FLAG: (True, False),
            Type.MOMENT: MOMENTS,
            Type.DAY: DAYS,
        }
        if of.type is Type.NAMES:
            return self.some(TEXTS, 3)
        value = self.one(*stock[of.type])
        return value[: of.length_max] if of.type is Type.TEXT else value

    def end(self, edge: Edge) -> Any:
        """Ids at an edge's end, seldom one that does not exist."""
        known = self.ids.get(edge.target, [])
        if edge.many:
            return self.some(known, 3)
        return "par_absent" if self.chance(60) else self.one(*known) if known else None

    def values(self, noun: Noun, most: int) -> dict[str, Any]:
        values = {each.name: self.value(each) for each in self.some(_used(noun), most)}
        edges = self.some([e for e in noun.edges if e.target in KINDS], most)
        values |= {edge.name: self.end(edge) for edge in edges}
        if "items" in noun.part_by_name and self.chance(2):
            values["items"] = [
                {"name": self.one(*TEXTS), "data_type": self.one("TEXT", "NUMBER"), "length": n}
                for n in range(self.random.randint(0, 3))
            ]
        if "papers" in noun.part_by_name and self.chance(3):
            values["papers"] = [
                {"kind": self.one("LICENCE", "TEST_REPORT"), "sha256": f"{n}" * 64}
                | ({"file": f"pap_{n}", "bytes": n} if n % 2 else {})
                for n in range(self.random.randint(0, 3))
            ]
        return values

    def create(self, kind: str) -> Create:
        noun = RELATIONS.by_name[kind]
        self.thrown += 1
        id_ = f"{noun.prefix}_{self.random.randrange(16):x}{self.thrown:04d}"
        change = Create(kind, id_, self.values(noun, 8), an_act("dice.create"))
        self.ids[kind].append(id_)
        return change

    def change(self) -> Change:
        kind = self.one(*KINDS)
        if not self.ids[kind] or self.chance(3):
            return self.create(kind)
        id_ = self.one(*self.ids[kind])
        guard = self.condition(kind, 1) if self.chance(6) else EVERYTHING
        if self.chance(6):
            return Remove(kind, id_, an_act("dice.remove"), guard)
        noun = RELATIONS.by_name[kind]
        values = self.values(noun, 3)
        for each in self.some(values, 1):
            values[each] = None
        version = self.one(1, 2) if self.chance(10) else None
        return Amend(kind, id_, values, an_act("dice.amend"), guard, version)

    def change_set(self, most: int = 3) -> ChangeSet:
        self.thrown += 1
        changes = tuple(self.change() for _ in range(self.random.randint(1, most)))
        return ChangeSet(f"chs_{self.thrown}", changes)

    # Selections

    def selection(self, kind: str = "", depth: int = 3) -> Selection:
        kind = kind or self.one(*KINDS)
        noun = RELATIONS.by_name[kind]
        search = self.one(*SEARCHES) if self.chance(3) else ""
        named = [each.name for each in _used(noun)]
        return Selection(
            kind,
            fields=("id", "version", *self.some(named, 3)),
            where=self.condition(kind, 2) if self.chance(2) else EVERYTHING,
            search=search,
            order=self.order(noun, search),
            page=Page(self.random.randint(0, 6), backwards=self.chance(3)),
            rows=not self.chance(8),
            total=self.chance(2),
            facets=tuple(self.some(self.facets(noun), 2)),
            children=tuple(
                self.child(kind, depth - 1) for _ in range(self.random.randint(0, depth))
            ),
            parts=self.parts(noun),
            lineages=tuple(self.some(self.lineages(kind), 2)),
        )

    def order(self, noun: Noun, search: str) -> Order:
        sortable = ["id", *(each.name for each in noun.fields if each.sort)]
        name = self.one(*sortable, *(["rank"] * 4 if search else []))
        return Order(name, descending=self.chance(2))

    def facets(self, noun: Noun) -> list[FacetOf]:
        named = [each.name for each in (*noun.fields, *noun.edges) if each.facet]
        return [FacetOf(each, self.random.randint(1, 5)) for each in named]

    def child(self, kind: str, depth: int) -> Child:
        ways = [way for way in RELATIONS.ways[kind].values() if way.end in KINDS]
        way = self.one(*ways)
        self.thrown += 1
        return Child(f"child_{self.thrown}", way.name, self.selection(way.end, depth))

    def parts(self, noun: Noun) -> tuple[PartChild, ...]:
        if not noun.parts or self.chance(2):
            return ()
        if "items" not in noun.part_by_name:
            names = ("kind", "file", "bytes")
            return (PartChild("some_papers", "papers", names, self.random.randint(1, 3)),)
        return (PartChild("some_items", "items", ("name", "length"), self.random.randint(1, 3)),)

    def lineages(self, kind: str) -> list[Lineage]:
        visible = {
            each: self.condition(each, 1) if self.chance(3) else EVERYTHING
            for each in KINDS
            if not self.chance(8)
        }
        depth_max, first = self.random.randint(1, 5), self.random.randint(1, 30)
        return [Lineage(f"up_{up}", up, visible, depth_max, first) for up in (True, False)]

    def condition(self, kind: str, depth: int) -> Condition:
        shape = self.random.randrange(10 if depth else 5)
        if shape < 5:
            return self.where(kind)
        if shape == 5:
            return Not(self.condition(kind, depth - 1))
        if shape in (6, 7):
            inner = tuple(self.condition(kind, depth - 1) for _ in range(self.random.randint(0, 3)))
            return Every(inner) if shape == 6 else Either(inner)
        if shape == 8 and kind == "resource":
            lengths = Where("length", self.one("eq", "lt", "gte"), self.one(0, 1))
            return PartHas("items", (Where("data_type", "eq", "TEXT"), lengths))
        ways = [way for way in RELATIONS.ways[kind].values() if way.end in KINDS]
        way = self.one(*ways)
        return Linked(way.name, self.condition(way.end, depth - 1))

    def where(self, kind: str) -> Where:
        noun = RELATIONS.by_name[kind]
        if self.chance(4):
            return self.where_edge(noun)
        of = self.one(*(each for each in noun.fields if each.filter))
        operator = self.one(*OPERATORS.get(of.type, ORDERED))
        if operator == "is_null":
            return Where(of.name, operator, self.chance(2))
        if operator == "has":
            return Where(of.name, operator, self.one(*TEXTS))
        if operator == "in":
            return Where(of.name, operator, [self.value(of) for _ in range(self.one(0, 1, 3))])
        return Where(of.name, operator, self.value(of))

    def where_edge(self, noun: Noun) -> Where:
        edges = [each for each in noun.edges if each.target in KINDS]
        edge = self.one(*edges) if edges else None
        known = self.ids[edge.target if edge else noun.name] or ["par_absent"]
        if edge is None:
            return Where("id", self.one("eq", "ne", "gt", "lte"), self.one(*known))
        if edge.many:
            return Where(edge.name, "has", self.one(*known))
        operator = self.one("eq", "ne", "in", "is_null")
        value = {"in": self.some(known, 3), "is_null": self.chance(2)}
        return Where(edge.name, operator, value.get(operator, self.one(*known)))


def _used(noun: Noun) -> list[Field]:
    """The fields by which something can be asked, and one that is only kept."""
    asked = [f for f in noun.fields if f.filter or f.sort or f.facet or f.search]
    return [f for f in asked if not f.unique or f.name == "code"]
