"""J-X-4: how the spaces and nodes stand and how much business there is, as a file each hour.

The file goes to a receiver, where one is set; its form stands in docs/how-to/run-jobs.md.
"""

from datetime import datetime, timedelta
from typing import Final

from dataspace.evidence import canonical
from dataspace.jobs.table import KEPT_DAYS
from dataspace.jobs.tally import Tally
from dataspace.quantity import written
from dataspace.selection import FacetOf, Selection
from hub.node import Node
from hub.scheduling.context import Context
from hub.scheduling.works import files
from hub.scheduling.works.federation import reporting
from hub.scheduling.works.files import Left

FORM: Final = "cityspace-report/1"
COUNTED: Final = (
    ("participant", "standing"), ("space", "kind"), ("node", "status"), ("resource", "state"),
    ("authorisation", "state"), ("product", "state"), ("job_run", "state"),
)  # fmt: skip


async def report(node: Node, context: Context) -> Tally:
    told = {kind: await _counted(node, kind, field) for kind, field in COUNTED}
    content = canonical({
        "form": FORM, "from": node.meeting.address if node.meeting else None,
        "at": written(context.at), "counts": told,
        "nodes": await reporting.nodes_told(node),
    })  # fmt: skip
    left = Left("REPORT", f"reports/{files.stamp(context)}", {"records": len(COUNTED)})
    await files.keep(node, context, left, files.whole(content))
    oldest = context.at - timedelta(days=KEPT_DAYS)
    await files.remove_before(node, context, "REPORT", written(oldest))
    context.tally.did()
    context.tally.remark = "; ".join(filter(None, (left.key, await reporting.send(node, context))))
    return context.tally


async def count(node: Node, at: datetime) -> int:
    return len(COUNTED)


async def _counted(node: Node, kind: str, field: str) -> dict[str, object]:
    """How many there are, and how many of each state."""
    asked = Selection(kind, rows=False, total=True, facets=(FacetOf(field, 100),))
    found = await node.catalogue.select(asked)
    return {"total": found.total, field: dict(found.facets[field])}
