"""What the catalogue found is laid out as the request asked for it.

After this, every resolver below a root field is a look-up in a dictionary.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dataspace import search
from dataspace.lifecycle import MACHINES
from dataspace.papers.keeping import file_name
from dataspace.selection import POSITION, Found, Row
from dataspace.shape import Noun
from hub.api.made.fields import MADE, Known
from hub.api.reading.cursors import Cursors
from hub.api.reading.moves import OFFERS, Moves
from hub.api.reading.plans import OWNER, OneShown, PageShown, Rows, Shown, View
from hub.api.reading.rules import rules_of
from hub.api.schema.registry import LINK, STORED, camel
from hub.operations import samples
from hub.operations.papers import keeping as papers


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A file whose address goes into `row`, once it is made."""

    row: Row
    key: str
    file_name: str


@dataclass(frozen=True)
class Answering:
    """Lays out what was read for one operation.

    `unlinked` gathers the files whose addresses are still to be made.
    """

    cursors: Cursors
    moves: Moves
    unlinked: list[Unlinked] = field(default_factory=list)
    known: Known = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", Known(self.moves.now, self.moves.language))

    def laid_out(self, shown: Shown, found: Found | Row | None) -> Any:
        """The answer of one place. What moves go by stands beside what was found at the top."""
        if isinstance(found, Found) and found.beside:
            self.moves.go_by(found.beside[0].rows)
        if isinstance(shown, PageShown):
            assert isinstance(found, Found)
            return self._page(shown, found)
        row = found.first if isinstance(found, Found) else found
        return None if row is None else self._one(shown, row)

    def _one(self, shown: OneShown, row: Row) -> Row:
        self._prepare(shown.rows, row)
        return self._view(shown.view, row, shown.rows.noun)

    def _page(self, shown: PageShown, found: Found) -> Row:
        for row in found.rows:
            self._prepare(shown.rows, row)
        page: Row = {"total_count": found.total, "page_info": self._page_info(shown, found)}
        for key, view in shown.nodes.items():
            page[STORED + key] = [self._view(view, row, shown.rows.noun) for row in found.rows]
        for key, views in shown.edges.items():
            page[STORED + key] = [self._edge(shown, views, row) for row in found.rows]
        for key, names in shown.facets.items():
            first = shown.facets_first[key]
            page[STORED + key] = [
                self._facet(shown.rows.noun, name, found, first=first) for name in names
            ]
        return page

    def _view(self, view: View, row: Row, noun: Noun) -> Row:
        """The first place that shows a row takes it as it is, any other one a copy."""
        shown = row if view.prefix == STORED else dict(row)
        made = MADE.get(noun.name, {})
        for key in view.plain:
            shown[STORED + key] = row.get(view.prefix + key)
        for key, mine in view.moves.items():
            shown[STORED + key] = [each for each in row[OFFERS] if each["mine"] or not mine]
        for key, at in view.rules.items():
            shown[STORED + key] = rules_of(
                row, view.prefix + key, at=at, language=self.moves.language
            )
        for key, name in view.made.items():
            shown[STORED + key] = made[name].make(row, self.known)
        for key, below in view.children.items():
            shown[STORED + key] = self.laid_out(below, row[view.prefix + key])
        return shown

    def _prepare(self, rows: Rows, row: Row) -> None:
        """Decides the moves on the whole row, then takes out what the caller may not read."""
        if rows.decided:
            row[OFFERS] = self.moves.of(rows.noun.name, row)
        masked = [] if self._confided(rows.noun, row) else rows.confided
        # What is decided on, and whom it is confided to, was read although it may be hidden.
        for name in (*masked, *(rows.hidden if rows.decided or rows.confided else ())):
            row[name] = None
        if rows.owners_only and self._owner(rows.noun, row) != self.moves.caller.participant:
            for name in rows.owners_only:
                row[name] = None
        if rows.linked:
            row[LINK] = {}
            self.unlinked.append(Unlinked(row[LINK], samples.key(row["id"]), row["file_name"]))
        for paper in (each for name in rows.papers for each in row[name] or ()):
            paper[LINK] = {}
            if paper["file"]:
                named = file_name(paper)
                self.unlinked.append(Unlinked(paper[LINK], papers.key(paper["file"]), named))

    def _confided(self, noun: Noun, row: Row) -> bool:
        subject = self.moves.caller.subject
        return bool(subject) and subject in {row.get(name) for name in noun.confided}

    def _owner(self, noun: Noun, row: Row) -> Any:
        return row["id"] if noun.owner == "id" else (row[OWNER] or {}).get("id")

    def _page_info(self, shown: PageShown, found: Found) -> Row:
        info: Row = {"has_next_page": found.more_after, "has_previous_page": found.more_before}
        for name, at in (("startCursor", 0), ("endCursor", -1)):
            if name in shown.wants and found.rows:
                key = "start_cursor" if at == 0 else "end_cursor"
                info[key] = self._cursor(shown, found.rows[at])
        return info

    def _cursor(self, shown: PageShown, row: Row) -> str:
        return self.cursors.write(row[POSITION], shown.question)

    def _edge(self, shown: PageShown, views: Mapping[str, View], row: Row) -> Row:
        edge: Row = {
            STORED + key: self._view(view, row, shown.rows.noun) for key, view in views.items()
        }
        if "edge.cursor" in shown.wants:
            edge["cursor"] = self._cursor(shown, row)
        if "edge.rank" in shown.wants and shown.selection.order.field == "rank":
            edge["rank"] = row[POSITION][0]
        if "edge.snippet" in shown.wants and shown.selection.search:
            edge["snippet"] = _snippet(shown, row)
        return edge

    def _facet(self, noun: Noun, name: str, found: Found, *, first: int) -> Row:
        named = found.names if name in noun.edge_by_name else {}
        values = [
            {
                "value": _written(value),
                "label": named.get(value) or self._label(noun, name, value),
                "count": count,
            }
            for value, count in found.facets[name][:first]
        ]
        of = noun.edge_by_name.get(name) or noun.by_name[name]
        return {"field": camel(name), "label": of.text.to(self.moves.language), "values": values}

    def _label(self, noun: Noun, name: str, value: Any) -> str:
        table = None if name in noun.edge_by_name else noun.by_name[name].table
        if name == "state" and noun.name in MACHINES:
            states = MACHINES[noun.name].by_code
            return states[value].text.to(self.moves.language) if value in states else value
        if table is not None and value in table:
            return table.codes[value].text.to(self.moves.language)
        return _written(value)


def _snippet(shown: PageShown, row: Row) -> str:
    """From the first searched text in which a term is found; the weightiest come first."""
    query = search.parse(shown.selection.search)
    weighty = sorted(shown.rows.noun.searched, key=lambda each: -each.search)
    texts = list(_texts(row[each.name] for each in weighty))
    cuts = [search.snippet(query, text) for text in texts]
    hits = [cut for cut in cuts if "⟦" in cut]
    return next(iter(hits or cuts), "")


def _texts(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, list):
            yield from value
        elif value:
            yield value


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
