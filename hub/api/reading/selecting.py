"""A request becomes Selections: one for a root field, with everything that hangs below it.

`Reading` walks what was asked of a root field as the executor will (aliases, fragments, @skip and
@include, variables), adds at every level what the caller may see, and remembers as `View`s where
in the request a row is shown, so that `hub.api.reading.answering` can lay the answer out.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from dataspace.caller import Caller
from dataspace.nouns.reviewed import PAPERS
from dataspace.papers.keeping import NAMED_BY
from dataspace.quantity import read_moment
from dataspace.relations import ASSET, RELATIONS
from dataspace.selection import (
    EVERYTHING,
    LINEAGE_DEPTH_MAX,
    NOTHING,
    Child,
    Condition,
    FacetOf,
    Lineage,
    Order,
    Page,
    PartChild,
    Selection,
    Where,
)
from dataspace.shape import Noun, Reader
from dataspace.visibility import readable, visible
from hub.api.limits import Limits
from hub.api.made.fields import MADE
from hub.api.reading import rules
from hub.api.reading.conditions import every
from hub.api.reading.cursors import Cursors, question
from hub.api.reading.moves import needed
from hub.api.reading.paging import BY_ID, order_of, page_of, size_within
from hub.api.reading.plans import OWNER, Asked, Nodes, OneShown, PageShown, Rows, Shown, View
from hub.api.schema.registry import STORED, camel
from hub.operations.rulebooks.ruling import everywhere

BESIDE_THE_MAP = ("lineage", "moves", "link", "version", "effective_rules")


class Reading:
    """Reads one root field."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._filtering = asked.filtering()
        self._decides = False

    def one(
        self, type_: GraphQLObjectType, nodes: Nodes, where: Condition, **more: Any
    ) -> OneShown:
        """`nodes` are the fields whose selection sets say what is wanted of a `type_`."""
        [shown] = self.places(type_, {"": nodes}, where, **more).values()
        return shown

    def page(
        self,
        parent: GraphQLObjectType,
        nodes: Nodes,
        *,
        within: str,
        where: Condition = EVERYTHING,
        order: Order = BY_ID,
    ) -> PageShown:
        """A connection field; `within` names it in its cursors, `order` is its own order.

        Raises:  the refusals of pages, orders, filters, cursors and limits.
        """
        found = self._page(parent, nodes, within=within, where=where, order=order)
        found.selection = self._ruled(found.selection)
        return found

    def places(
        self,
        type_: GraphQLObjectType,
        places: Mapping[str, Nodes],
        where: Condition,
        **more: Any,
    ) -> dict[str, OneShown]:
        """One row that several places show, read once."""
        found = self._places(type_, places, where, **more)
        return {k: replace(one, selection=self._ruled(one.selection)) for k, one in found.items()}

    def _ruled(self, selection: Selection) -> Selection:
        """Moves are decided by the rules in force, which are read in the same statement."""
        if not self._decides:
            return selection
        return replace(selection, beside=(everywhere(self.asked.now),))

    def _places(
        self,
        type_: GraphQLObjectType,
        places: Mapping[str, Nodes],
        where: Condition,
        **more: Any,
    ) -> dict[str, OneShown]:
        rows = Rows(_noun(type_))
        views = {key: self._view(rows, type_, nodes) for key, nodes in places.items()}
        seen = every(self.asked.visible[rows.noun.name], where)
        selection = rows.selection(seen, page=Page(1), **more)
        return {key: OneShown(rows, view, selection) for key, view in views.items()}

    def _page(
        self,
        parent: GraphQLObjectType,
        nodes: Nodes,
        *,
        within: str,
        where: Condition = EVERYTHING,
        order: Order = BY_ID,
    ) -> PageShown:
        asked = self.asked
        type_ = _type_of(parent, nodes)
        noun = _noun(get_named_type(type_.fields["nodes"].type))
        given = asked.arguments(parent, nodes)
        order = order_of(noun, given, otherwise=order)
        searched = given.get("search") or ""
        filters = given.get("filter") or {}
        fingerprint = question(within, order.field, order.descending, searched, filters)
        page = page_of(given, lambda cursor: asked.cursors.read(cursor, fingerprint))
        ordered = noun.by_name.get(order.field)
        shown = every(
            asked.visible[noun.name],
            where,
            self._filtering.of(noun, filters),
            EVERYTHING if ordered is None else readable(asked.caller, noun, ordered),
        )
        found = PageShown(Rows(noun), Selection(noun.name), fingerprint)
        self._connection(found, type_, nodes)
        found.selection = found.rows.selection(
            shown,
            search=searched,
            order=order,
            page=page,
            rows=bool(found.wants & {"nodes", "edges", "pageInfo"}),
            total="totalCount" in found.wants,
            facets=_facets(found),
        )
        return found

    def _connection(self, found: PageShown, type_: GraphQLObjectType, nodes: Nodes) -> None:
        wants = set()
        for key, below in self.asked.below(type_, nodes).items():
            name = below[0].name.value
            wants.add(name)
            if name == "nodes":
                found.nodes[key] = self._view(found.rows, _type_of(type_, below), below)
            elif name == "edges":
                found.edges[key] = self._edges(found, _type_of(type_, below), below, wants)
            elif name == "facets":
                self._facets(found, key, type_, below)
            elif name == "pageInfo":
                page_info = _type_of(type_, below)
                wants.update(
                    each[0].name.value for each in self.asked.below(page_info, below).values()
                )
        found.wants = frozenset(wants)

    def _facets(self, found: PageShown, key: str, type_: GraphQLObjectType, nodes: Nodes) -> None:
        given = self.asked.arguments(type_, nodes)
        found.facets_first[key] = size_within(given["first"], "facets.first")
        found.facets[key] = tuple(dict.fromkeys(_text(each).lower() for each in given["fields"]))

    def _edges(
        self, found: PageShown, type_: GraphQLObjectType, nodes: Nodes, wants: set[str]
    ) -> dict[str, View]:
        views = {}
        for key, below in self.asked.below(type_, nodes).items():
            name = below[0].name.value
            wants.add(f"edge.{name}")
            if name == "node":
                views[key] = self._view(found.rows, _type_of(type_, below), below)
            elif name == "snippet":
                texts = (each.name for each in found.rows.noun.searched)
                found.rows.fields.update(dict.fromkeys(texts))
        return views

    def _view(self, rows: Rows, type_: GraphQLObjectType, nodes: Nodes) -> View:
        view = View(f"{STORED}{rows.views}_" if rows.views else STORED)
        rows.views += 1
        for key, below in self.asked.below(type_, nodes).items():
            self._wanted(rows, view, key, type_, below)
        return view

    def _wanted(
        self, rows: Rows, view: View, key: str, type_: GraphQLObjectType, nodes: Nodes
    ) -> None:
        noun, name = rows.noun, NAMES[rows.noun.name].get(nodes[0].name.value)
        if name is None:
            return
        stored = view.prefix + key
        if name in noun.part_by_name:
            view.plain.append(key)
            self._part(rows, stored, name, type_, nodes)
        elif name == "moves":
            view.moves[key] = self.asked.arguments(type_, nodes)["mine"]
            self._decided(rows)
        elif name == "effective_rules":
            given = self.asked.arguments(type_, nodes).get("at")
            view.rules[key] = read_moment(given) if given else self.asked.now
            rows.fields.update(dict.fromkeys(rules.FIELDS))
            rows.children.extend(rules.needed(stored, view.rules[key]))
        elif name in MADE.get(noun.name, ()):
            made = MADE[noun.name][name]
            view.made[key] = name
            rows.fields.update(dict.fromkeys(made.needs))
            rows.children.extend(each for each in made.beside if each not in rows.children)
        elif name == "link" and noun is ASSET:
            rows.fields["file_name"] = None
            rows.linked = True
        elif name == "lineage":
            rows.lineages.append(self._lineage(stored, type_, nodes))
            view.plain.append(key)
        elif name in (ways := RELATIONS.ways[noun.name]):
            way = ways[name]
            shown: Shown = (
                self._page(type_, nodes, within=f"{noun.name}.{name}")
                if way.many
                else self._places(_type_of(type_, nodes), {"": nodes}, EVERYTHING)[""]
            )
            view.children[key] = shown
            rows.children.append(Child(stored, name, shown.selection))
        else:
            self._field(rows, name)

    def _field(self, rows: Rows, name: str) -> None:
        noun = rows.noun
        condition: Condition = EVERYTHING
        if name in noun.by_name:
            condition = readable(self.asked.caller, noun, noun.by_name[name])
        if condition == NOTHING:
            rows.hidden.append(name)
            return
        rows.fields[name] = None
        if name in noun.by_name and noun.by_name[name].reader is Reader.CONFIDED:
            rows.confided.append(name)
            rows.fields.update(dict.fromkeys(noun.confided))
        elif condition != EVERYTHING:
            _for_the_owner(rows, name, condition)

    def _decided(self, rows: Rows) -> None:
        """Moves are decided on the whole row, whatever of it the caller may read."""
        self._decides = True
        if not rows.decided:
            read = needed(rows.noun.name)
            rows.fields.update(dict.fromkeys(read.fields))
            rows.children.extend(read.children)
            rows.parts.extend(read.parts)
            rows.decided = True

    def _part(
        self, rows: Rows, key: str, name: str, type_: GraphQLObjectType, nodes: Nodes
    ) -> None:
        """What the caller may read on no row is not read at all."""
        condition = readable(self.asked.caller, rows.noun, rows.noun.part_by_name[name])
        first = size_within(self.asked.arguments(type_, nodes)["first"], f"{name}.first")
        if condition == NOTHING:
            return
        if condition != EVERYTHING:
            _for_the_owner(rows, key, condition)
        below = self.asked.below(_type_of(type_, nodes), nodes).values()
        asked = {each[0].name.value for each in below}
        wanted = {known: None for shown, known in PART_NAMES[name].items() if shown in asked}
        if name == PAPERS.name and "link" in asked:
            wanted.update(dict.fromkeys(NAMED_BY))
            rows.papers.append(key)
        rows.parts.append(PartChild(key, name, tuple(wanted), first))

    def _lineage(self, key: str, type_: GraphQLObjectType, nodes: Nodes) -> Lineage:
        given = self.asked.arguments(type_, nodes)
        depth = size_within(given["depth"], "lineage.depth", most=LINEAGE_DEPTH_MAX)
        upwards = _text(given["direction"]) == "UPWARDS"
        return Lineage(key, upwards, self.asked.visible, depth_max=depth)


def asked_by(
    caller: Caller,
    *,
    schema: GraphQLSchema,
    fragments: Any,
    variables: Any,
    cursors: Cursors,
    limits: Limits,
    now: datetime,
) -> Asked:
    return Asked(schema, fragments, variables, caller, cursors, limits, visible(caller), now)


def _for_the_owner(rows: Rows, name: str, condition: Condition) -> None:
    """What stands under this name is shown to the people of the row's owner."""
    noun = rows.noun
    assert isinstance(condition, Where)
    assert condition.field == noun.owner
    rows.owners_only.append(name)
    if noun.owner != "id" and not any(child.key == OWNER for child in rows.children):
        rows.children.append(Child(OWNER, noun.owner, Selection("participant", page=Page(1))))


def _names(noun: Noun) -> dict[str, str]:
    """GraphQL's names of what the map knows of a noun."""
    made = MADE.get(noun.name, {})
    known = [*noun.by_name, *noun.part_by_name, *RELATIONS.ways[noun.name], *BESIDE_THE_MAP, *made]
    return {camel(name): name for name in known}


NAMES: Mapping[str, Mapping[str, str]] = {noun.name: _names(noun) for noun in RELATIONS.nouns}
PART_NAMES = {
    part.name: {camel(each.name): each.name for each in part.fields}
    for noun in RELATIONS.nouns
    for part in noun.parts
}
_NOUNS = {noun.type_name: noun for noun in RELATIONS.nouns}


def _noun(type_: Any) -> Noun:
    return _NOUNS[type_.name]


def _type_of(parent: GraphQLObjectType, nodes: Nodes) -> GraphQLObjectType:
    named = get_named_type(parent.fields[nodes[0].name.value].type)
    assert isinstance(named, GraphQLObjectType)
    return named


def _facets(found: PageShown) -> tuple[FacetOf, ...]:
    """Each field once, with the most values that any of the places asks for."""
    most: dict[str, int] = {}
    for key, names in found.facets.items():
        for name in names:
            most[name] = max(most.get(name, 0), found.facets_first[key])
    return tuple(FacetOf(name, first) for name, first in most.items())


def _text(value: Any) -> str:
    return str(getattr(value, "value", value))
