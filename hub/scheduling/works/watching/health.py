"""J-L5-3: every product on the shelf is called once, and what its calls came to is on its card."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dataspace.jobs.tally import Tally
from dataspace.selection import Row, Selection
from hub.node import Node
from hub.operations.health import cards, noting
from hub.operations.health.calls import CallBook, Figures, Kept, forget, is_recent, kept
from hub.operations.health.probing import probe
from hub.operations.mechanism.reading import flat
from hub.operations.rulebooks.ruling import Everywhere, rules_everywhere
from hub.scheduling.context import Context
from hub.scheduling.works.watching.reading import every

UNREADABLE: Final = "calls.unreadable"


async def measure(node: Node, context: Context) -> Tally:
    """Probes, adds up what all callers have kept of the window, and notes what has changed.

    What is measured is measured now, whenever the run was due. A store that does not answer at all
    is no fault of any product: the run fails then, and nothing is noted.

    Raises:  AssetsUnavailable, YearMissing.
    """
    await node.assets.ready()
    now = node.clock.now()
    run = _Run(
        node, context.caller.subject, CallBook(context.job.code),
        await kept(node.assets, now, without=context.job.code),
        await rules_everywhere(node.catalogue, at=now),
    )  # fmt: skip
    for key in run.kept.unreadable:
        context.tally.reasons[f"{UNREADABLE} {key}"] += 1
    limit = context.job.limit
    await context.each(every(node, cards.products(cards.ON_THE_SHELF), limit=limit), run.call)
    await context.each(every(node, cards.products(cards.LEFT), limit=limit), run.note)
    await run.book.keep(node.assets)
    await forget(node.assets, now)
    return context.tally


async def count(node: Node, at: datetime) -> int:
    asked = Selection("product", where=cards.ON_THE_SHELF, rows=False, total=True)
    return (await node.catalogue.select(asked)).total or 0


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: the calls that it makes, and what others have kept."""

    node: Node
    actor: str
    book: CallBook
    kept: Kept
    ruling: Everywhere

    async def call(self, product: Row) -> bool:
        """Probes a product that has an output, and notes what it came to."""
        if (output := product["sample"]) is not None:
            self.book.enter(await probe(self.node, product["id"], output))
        return await self.note(product)

    async def note(self, product: Row) -> bool:
        now = self.node.clock.now()
        rules = self.ruling.of(flat(product)["space"]).rules
        values = cards.values_of(product, self._figures(product["id"], now), rules=rules, now=now)
        return await noting.note(self.node, self.actor, product, values)

    def _figures(self, product: str, now: datetime) -> Figures:
        """What is kept, and this run's own call."""
        figures = self.kept.of(product)
        for hour, cells in self.book.hours.items():
            if product in cells:
                figures.add(cells[product], is_recent=is_recent(hour, now))
        return figures
