"""What a request costs: the rows that it may touch, estimated before anything is read."""

from dataspace.relations import RELATIONS
from dataspace.selection import Child, Selection
from hub.api.reading.moves import BESIDE

FACET_ROWS = 50
# What a decision rests on is read whole, up to a full page; seldom is it more than a few rows.
DECISION_ROWS = 5
# Another node that is asked reads and counts its own catalogue, and holds a connection meanwhile.
NODE_ROWS = 100
OBJECT_ROWS = 2  # looked up there, and here


def cost_of(selection: Selection) -> int:
    """If every page is full: a facet counts as fifty rows, a total as one, a lineage and a part
    as a tenth of their values, and a way that is read for a decision only as five,
    as is what stands beside the selection."""
    beside = (min(each.page.size, DECISION_ROWS) for each in selection.beside)
    return _cost(selection, selection.page.size) + sum(beside)


def cost_elsewhere(nodes: int, objects: int) -> int:
    """Of a question to other nodes, in rows: it fans out, whatever is read of the answers."""
    return nodes * NODE_ROWS + objects * OBJECT_ROWS


def _cost(selection: Selection, size: int, most: int = 0) -> int:
    """`most` bounds the pages below, 0 when they count in full."""
    row = 1 + sum(_below(selection.kind, child, most) for child in selection.children)
    row += sum(1 + part.first // 10 for part in selection.parts)
    row += sum(1 + lineage.first // 10 for lineage in selection.lineages)
    rows = max(1, size) * row if selection.rows else 0
    return rows + selection.total + FACET_ROWS * len(selection.facets)


def _below(kind: str, child: Child, most: int) -> int:
    if child.key.startswith(BESIDE):
        most = DECISION_ROWS
    size = child.selection.page.size if RELATIONS.ways[kind][child.way].many else 1
    return _cost(child.selection, min(size, most) if most else size, most)
