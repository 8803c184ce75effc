"""The Peer port: another node of the data space, as the one that follows its catalogue meets it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from dataspace.federation.batches import Batch, Listing
from dataspace.federation.live.answers import LiveAnswer
from dataspace.federation.membership import Membership
from dataspace.identifiers import derived_id
from dataspace.selection import Row


class Peer(Protocol):
    """Another node, to which this one has joined or which has joined this one.

    * `changes_since` MUST tell of nothing that this node may not see, as the other sees it today:
      what may not be shown any more is told as withdrawn, and never as it once was.
    * The entries of a batch MUST reach from `since` to `reached` without a gap: everything that
      changed in between and may be shown, or might have been shown before, is in it. What an
      entry refers to MUST have been told by then, or is left out of the entry. A batch that
      cannot hold as much MUST say that it is not complete.
    * `since` MUST carry the revision that was asked for, with the leaf that the other's log has
      there, and "" when it is not that long. An answer to a revision behind its end MUST be an
      empty batch that reaches its end, and no error.
    * A batch MUST hold at most `limit` entries, and make progress while there is `more`, also
      over records that are about nothing that may be shown.
    * `whole` MUST list everything that may be shown, page by page from the position "", in an
      order that later changes do not disturb. A row that changes meanwhile may be told as it was
      before or after; the changes since the first page's `at` say how it ended.
    * `wake` says that there is news here, and no more. It MUST NOT wait for what the other does.
    * `live` MUST tell of nothing that `whole` would not list.
    * Asking twice MUST do nothing more than asking once.
    * Errors of networks and libraries MUST NOT escape: PeerUnavailable when the other does not
      answer in time, PeerRefuses when it will not answer this node, PeerMalformed when its answer
      is of no such form or over BATCH_BYTES_MAX (it MUST NOT be read any further than that).
    """

    async def changes_since(self, revision: int, limit: int) -> Batch:
        """What has changed after `revision`, at most `limit` entries (1 to ENTRIES_MAX)."""
        ...

    async def whole(self, position: str, limit: int) -> Listing:
        """A page of everything, from a position that an earlier page gave, or from ""."""
        ...

    async def wake(self) -> None:
        """Tells the other that there is something to pull here."""
        ...

    async def live(self, ids: Sequence[str]) -> LiveAnswer:
        """How the other is now, and how these of its products and resources stand."""
        ...


Reach = Callable[[Row], Peer | None]
"""The way to a node by its row (`id`, `address`, `identifier`), or None where there is none."""


def nobody(row: Row) -> None:
    """The way to any node, of one that meets nobody."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """Of a node that has joined a hub: the ids of the hub's row and of its own. The hub tells it
    its own row as the hub's register has it, with its operator and the space that it serves."""

    hub: str
    itself: str


def belonging_of(membership: Membership) -> Belonging:
    return Belonging(derived_id("nod", membership.hub), membership.node)
