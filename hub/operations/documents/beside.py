"""What is read beside an object for the document that its move issues, in the same selection."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from dataspace.documents.certificate import HOLDERS
from dataspace.documents.occasions import ISSUED_WITH, Occasion
from dataspace.relations import RELATIONS
from dataspace.selection import EVERYTHING, Child, Linked, Not, Order, Page, Row, Selection, Where
from hub.operations.mechanism.done import Request

PAPER: Final = "paper_"
"""Begins the keys of what is read for documents only; no guard asks for it."""
GRANTOR: Final = "grantor"
PARTY: Final = Selection("participant", ("id", "name", "credit_code"), page=Page(1))
# The document of an object that nothing has taken the place of yet.
LAST: Final = Selection(
    "certificate", ("id", "content", "sha256"), Not(Linked("replaced_by", EVERYTHING)),
    order=Order("issued_at", descending=True), page=Page(1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Papers:
    """What the document is about, `kind` and `about`, and the `former` that it takes the place of;
    `issuer` None is the bureau."""

    occasion: Occasion
    kind: str
    about: str
    holder: Row
    issuer: Row | None
    former: Row | None


def papers_beside(kind: str, verb: str) -> tuple[Child, ...]:
    """Nothing for a move that issues nothing."""
    occasion = ISSUED_WITH.get((kind, verb))
    if occasion is None:
        return ()
    if not occasion.about:
        return tuple(_children(kind, occasion))
    end = RELATIONS.ways[kind][occasion.about].end
    below = Selection(end, ("id",), page=Page(1), children=tuple(_children(end, occasion)))
    return (Child(f"{PAPER}about", occasion.about, below),)


def papers_of(kind: str, verb: str, row: Row) -> Papers | None:
    """Out of the row as it was read; None where nothing is issued."""
    occasion = ISSUED_WITH.get((kind, verb))
    found = row.get(f"{PAPER}about") if occasion and occasion.about else row
    if occasion is None or found is None:
        return None
    return Papers(
        occasion, RELATIONS.ways[kind][occasion.about].end if occasion.about else kind,
        found["id"], found[f"{PAPER}holder"], found.get(f"{PAPER}issuer"), _former(found),
    )  # fmt: skip


def the_bureau(request: Request, papers: Papers | None) -> tuple[Selection, ...]:
    """What has still to be read for a document that nobody else issues; it hangs at no object."""
    if papers is None or papers.issuer is not None or not request.node.bureau:
        return ()
    return (replace(PARTY, where=Where("id", "eq", request.node.bureau)),)


def issued_by(papers: Papers, issuer: Row | None) -> Papers:
    return replace(papers, issuer=issuer)


def _children(kind: str, occasion: Occasion) -> Iterator[Child]:
    edges = RELATIONS.by_name[kind].edge_by_name
    yield Child(f"{PAPER}holder", HOLDERS[occasion.kind], PARTY)
    if GRANTOR in edges:
        yield Child(f"{PAPER}issuer", GRANTOR, PARTY)
    last = Child(f"{PAPER}former", "certificates", LAST)
    if not occasion.renews:
        yield last
        return
    end = edges[occasion.renews].target
    renewed = Selection(end, ("id",), page=Page(1), children=(last,))
    yield Child(f"{PAPER}renewed", occasion.renews, renewed)


def _former(found: Row) -> Row | None:
    renewed: Any = found.get(f"{PAPER}renewed") if f"{PAPER}renewed" in found else found
    return renewed[f"{PAPER}former"].first if renewed else None
