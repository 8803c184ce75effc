"""What waits in the catalogue, and how much of the evidence nobody has verified yet.

A queue is a selection, so that whatever keeps its outbox in the catalogue adds one line here.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from dataspace.federation.queue.codes import WAITING
from dataspace.ports import Catalogue
from dataspace.quantity import read_moment
from dataspace.selection import EVERYTHING, Condition, Order, Page, Selection, Where
from dataspace.text import Text
from hub.operations import authorisations, products, resources
from hub.operations.mechanism.lifecycle import Lifecycle
from hub.watching.definitions import (
    EVIDENCE_HOLDS,
    EVIDENCE_LAG_SECONDS,
    EVIDENCE_RECORDS,
    EVIDENCE_UNVERIFIED,
    QUEUE_ENTRIES,
    QUEUE_OLDEST_SECONDS,
)
from hub.watching.meter import Reading
from hub.watching.verified import last_verified


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows of a kind that wait; `since` is the field that says from when."""

    name: str
    text: Text
    kind: str
    waits: Condition
    since: str


def _decisions(name: str, text: Text, lifecycle: Lifecycle) -> Queue:
    waits = Where("state", "in", tuple(lifecycle.awaited))
    return Queue(name, text, lifecycle.kind, waits, "submitted_at")


QUEUES: Final = (
    _decisions(
        "resource_decisions", Text("resources to be decided on", "待审核的数据资源"),
        resources.LIFECYCLE,
    ),
    _decisions(
        "authorisation_decisions", Text("authorisations to be decided on", "待审核的授权"),
        authorisations.LIFECYCLE,
    ),
    _decisions(
        "product_decisions", Text("products to be decided on", "待审核的数据产品"),
        products.LIFECYCLE,
    ),
    Queue(
        "hub_requests", Text("requests that wait for the hub", "等待枢纽办理的事项"), "hub_request",
        Where("state", "eq", WAITING), "created_at",
    ),
)  # fmt: skip


async def queue_readings(catalogue: Catalogue, now: datetime) -> list[Reading]:
    """Raises:  CatalogueUnavailable."""
    found = await asyncio.gather(*(_queue(catalogue, queue, now) for queue in QUEUES))
    return [reading for each in found for reading in each]


async def evidence_readings(catalogue: Catalogue, folder: Path, now: datetime) -> list[Reading]:
    """Raises:  CatalogueUnavailable."""
    verified = last_verified(folder)
    upto = verified.records if verified else 0
    newest = await _record(catalogue, Order("sequence", descending=True))
    records = newest["sequence"] if newest else 0
    first = await _record(catalogue, Order("sequence"), Where("sequence", "gt", upto))
    holds = [Reading(EVIDENCE_HOLDS, verified.holds)] if verified else []
    return [
        Reading(EVIDENCE_RECORDS, records),
        Reading(EVIDENCE_UNVERIFIED, max(0, records - upto)),
        Reading(EVIDENCE_LAG_SECONDS, _seconds_since(first["at"], now) if first else 0),
        *holds,
    ]


async def _queue(catalogue: Catalogue, queue: Queue, now: datetime) -> Sequence[Reading]:
    found = await catalogue.select(
        Selection(
            queue.kind, (queue.since,), where=queue.waits, order=Order(queue.since),
            page=Page(1), total=True,
        )
    )  # fmt: skip
    since = found.first[queue.since] if found.first else None
    oldest = _seconds_since(since, now) if since else 0
    return (
        Reading(QUEUE_ENTRIES, found.total or 0, (queue.name,)),
        Reading(QUEUE_OLDEST_SECONDS, oldest, (queue.name,)),
    )


async def _record(
    catalogue: Catalogue, order: Order, where: Condition = EVERYTHING
) -> dict[str, Any] | None:
    found = await catalogue.select(
        Selection("evidence", ("sequence", "at"), where=where, order=order, page=Page(1))
    )
    return found.first


def _seconds_since(moment: str, now: datetime) -> float:
    return max(0.0, (now - read_moment(moment)).total_seconds())
