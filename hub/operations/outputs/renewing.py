"""Outputs that are computed anew because a source has got another file since.

Only what was computed before: what its owner attached by hand is theirs to replace.
"""

from typing import Final

from dataspace.caller import Caller
from dataspace.federation.flow.publishing import own
from dataspace.selection import (
    EVERYTHING,
    Every,
    Linked,
    Not,
    Order,
    Page,
    Row,
    Selection,
    Where,
)
from hub.node import Node
from hub.operations.mechanism.done import Done
from hub.operations.mechanism.reading import ends, rows_of
from hub.operations.outputs.attaching import ON_RECORD
from hub.operations.outputs.computing import CSV, compute

COMPUTED: Final = "product.compute"
FILED: Final = (COMPUTED, "product.attach", "product.detach")


def with_recipe(node: Node) -> Selection:
    """Products of this node on record that have an output and a recipe, and may be computed."""
    where = Every((
        Where("template", "in", tuple(sorted(node.recipes))), Where("state", "in", ON_RECORD),
        Not(Where("availability", "eq", "SUSPENDED")), Linked("sample", EVERYTHING),
    ))  # fmt: skip
    file = ends("sample", "asset", "created_at", "media_type")
    return Selection(
        "product", ("id",), own("product", where), order=Order("id"),
        children=(
            ends("owner", "participant"), file, ends("resources", "resource", children=(file,)),
        ),
    )  # fmt: skip


async def is_due(node: Node, product: Row) -> bool:
    """Whether a source has a newer file than the output, which was the last to be computed."""
    [output] = rows_of(product["sample"])
    sources = [
        file["created_at"]
        for resource in rows_of(product["resources"])
        for file in rows_of(resource["sample"])
        if file["media_type"] == CSV
    ]
    if max(sources, default="") <= output["created_at"]:
        return False
    acts = (Where("subject", "eq", product["id"]), Where("action", "in", FILED))
    asked = Selection(
        "evidence", ("action",), Every(acts), order=Order("sequence", descending=True), page=Page(1)
    )
    last = (await node.catalogue.select(asked)).first
    return last is not None and last["action"] == COMPUTED


async def renew(node: Node, caller: Caller, product: Row, *, request_id: str) -> Done:
    """In place of the output that is there. Raises:  MovedOn when its owner has replaced it
    meanwhile, and what `compute` raises."""
    return await compute(
        node, caller, product["id"], request_id=request_id, replacing=product["sample"]["id"]
    )
