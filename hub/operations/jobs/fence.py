"""The catalogue as a run sees it: what it writes is written under its lease, or not at all."""

from dataclasses import dataclass, replace

from dataspace.change import Amend, Applied, ChangeSet, Recorded
from dataspace.errors import MovedOn
from dataspace.evidence import Divergence
from dataspace.jobs.refusals import LeaseLost
from dataspace.ports import Catalogue, Clock
from dataspace.selection import Found, Selection
from hub.operations.jobs.leases import an_act
from hub.operations.jobs.runs import Claimed


@dataclass
class Fenced:
    """Every change set begins with how far the run has come, under the condition that it is still
    ours. What it says, and so what its id stands for, is what it said before.
    """

    catalogue: Catalogue
    clock: Clock
    claimed: Claimed

    async def select(self, selection: Selection) -> Found:
        return await self.catalogue.select(selection)

    async def apply(self, change_set: ChangeSet) -> Applied:
        """Raises:  LeaseLost, beside what the catalogue raises."""
        claimed = self.claimed
        act = an_act("job_run.go_on", self.clock.now())
        going_on = Amend("job_run", claimed.id, claimed.tally.counts, act, guard=claimed.held)
        asked = change_set.asked or change_set.said
        try:
            return await self.catalogue.apply(
                replace(change_set, changes=(going_on, *change_set.changes), asked=asked)
            )
        except MovedOn as error:
            if error.facts.get("id") == claimed.id:
                raise LeaseLost(lease=claimed.lease.name) from error
            raise

    async def changes_since(self, revision: int, limit: int) -> list[Recorded]:
        return await self.catalogue.changes_since(revision, limit)

    async def divergences(self, first: int = 20) -> list[Divergence]:
        return await self.catalogue.divergences(first)

    async def ready(self) -> None:
        await self.catalogue.ready()

    async def close(self) -> None:
        """It is the node's, which goes on."""
