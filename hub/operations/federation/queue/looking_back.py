"""A catalogue in which a request finds what it did before, and does nothing more."""

from dataclasses import dataclass

from dataspace.change import Applied, ChangeSet, Recorded
from dataspace.errors import DataSpaceError
from dataspace.evidence import Divergence
from dataspace.ports import Catalogue
from dataspace.selection import Found, Selection


@dataclass(frozen=True, slots=True)
class LookingBack:
    """Whoever would change something is refused, with `refusal`."""

    catalogue: Catalogue
    refusal: DataSpaceError

    async def select(self, selection: Selection) -> Found:
        return await self.catalogue.select(selection)

    async def apply(self, change_set: ChangeSet) -> Applied:
        """What changes nothing asks whether its id was applied, and may.

        Raises:  the refusal, beside what the catalogue raises.
        """
        if change_set.changes:
            raise self.refusal
        return await self.catalogue.apply(change_set)

    async def changes_since(self, revision: int, limit: int) -> list[Recorded]:
        return await self.catalogue.changes_since(revision, limit)

    async def divergences(self, first: int = 20) -> list[Divergence]:
        return await self.catalogue.divergences(first)

    async def ready(self) -> None:
        await self.catalogue.ready()

    async def close(self) -> None:
        """It is the node's, which goes on."""
