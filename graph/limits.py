"""What a selection may ask for at most."""

from dataspace.errors import SelectionTooLarge
from dataspace.selection import DEPTH_MAX, LINEAGE_DEPTH_MAX, PAGE_MAX, Selection


def check_size(selection: Selection, depth: int = 1) -> None:
    """Raises:  SelectionTooLarge."""
    if depth > DEPTH_MAX:
        raise SelectionTooLarge(what="selection.depth", limit=DEPTH_MAX, asked=depth)
    pages = [selection.page.size, *(facet.first for facet in selection.facets)]
    if max(pages) > PAGE_MAX:
        raise SelectionTooLarge(what="selection.page", limit=PAGE_MAX, asked=max(pages))
    for lineage in selection.lineages:
        if lineage.depth_max > LINEAGE_DEPTH_MAX:
            raise SelectionTooLarge(
                what="lineage.depth", limit=LINEAGE_DEPTH_MAX, asked=lineage.depth_max
            )
    for child in selection.children:
        check_size(child.selection, depth + 1)
