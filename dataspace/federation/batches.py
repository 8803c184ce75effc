"""What one node tells another of its catalogue: entries, in batches since a revision, or all.

A revision is the sequence of a record in the sender's own log of evidence. With it goes the leaf
hash of that record: a log that was restored from a backup, and went on another way, reaches the
same revision again but never the same leaf.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dataspace.federation.refusals import PeerMalformed
from dataspace.selection import PAGE_MAX, Row

ENTRIES_MAX: Final = PAGE_MAX  # in a batch, so that it is applied by one change set
ENTRY_BYTES_MAX: Final = 262_144  # of one entry as it is written
BATCH_BYTES_MAX: Final = 4_194_304  # of a whole answer; a batch that would be longer is cut short


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a log: the sequence of a record, and its leaf hash; 0 and "" before the first."""

    revision: int = 0
    leaf: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it leaves a node: what it says now, or None when it may not be shown any more.

    `revision` is that of the sender's record on account of which it is told. A kind or id of the
    wrong form is for the receiver to refuse, so that the others are taken.
    """

    kind: str
    id: str
    revision: int
    values: Row | None

    def told(self) -> Row:
        return {
            "kind": self.kind, "id": self.id, "revision": self.revision, "values": self.values,
        }  # fmt: skip

    @property
    def length(self) -> int:
        """Bytes, as it is written."""
        told = json.dumps(self.told(), ensure_ascii=False)
        return len(told.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Batch:
    """What has changed after a revision.

    `since`    where the reader asked to begin, with the leaf that the sender has there ("" when
               its log is not that long)
    `reached`  up to where the entries reach; the next batch is asked for from there
    `head`     the revision of the sender's last record
    `entries`  by the order in which they are to be taken over; what is referred to in the same
               batch or an earlier one
    `complete` False when one record takes along more than a batch holds: the reader then compares
               everything, by `Peer.whole`
    `more`     whether the sender has records after `reached`
    """

    since: Mark
    reached: Mark
    head: int
    entries: tuple[Entry, ...] = ()
    complete: bool = True

    @property
    def more(self) -> bool:
        return self.reached.revision < self.head

    def told(self) -> Row:
        return {
            "since": _told(self.since), "reached": _told(self.reached), "head": self.head,
            "entries": [each.told() for each in self.entries], "complete": self.complete,
        }  # fmt: skip

    @classmethod
    def read(cls, told: Any) -> "Batch":
        """Raises:  PeerMalformed."""
        given = _mapping(told)
        return cls(
            _mark(given.get("since")), _mark(given.get("reached")), _number(given.get("head")),
            _entries(given.get("entries")), given.get("complete") is not False,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of everything that may be shown today, for the full verification.

    `at` is where the sender's log stood when the page was read: what changes later is told after
    the first page's. `position` is where the next page begins, "" after the last.
    """

    at: Mark
    entries: tuple[Entry, ...] = ()
    position: str = ""

    def told(self) -> Row:
        return {
            "at": _told(self.at), "entries": [each.told() for each in self.entries],
            "position": self.position,
        }  # fmt: skip

    @classmethod
    def read(cls, told: Any) -> "Listing":
        """Raises:  PeerMalformed."""
        given = _mapping(told)
        position = given.get("position")
        if not isinstance(position, str):
            raise PeerMalformed(what="position")
        return cls(_mark(given.get("at")), _entries(given.get("entries")), position)


def _told(mark: Mark) -> Row:
    return {"revision": mark.revision, "leaf": mark.leaf}


def _mapping(told: Any) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise PeerMalformed(what="object")
    return told


def _mark(told: Any) -> Mark:
    given = _mapping(told)
    leaf = given.get("leaf")
    if not isinstance(leaf, str):
        raise PeerMalformed(what="leaf")
    return Mark(_number(given.get("revision")), leaf)


def _number(told: Any) -> int:
    if not isinstance(told, int) or isinstance(told, bool) or told < 0:
        raise PeerMalformed(what="revision")
    return told


def _entries(told: Any) -> tuple[Entry, ...]:
    if not isinstance(told, list) or len(told) > ENTRIES_MAX:
        raise PeerMalformed(what="entries")
    return tuple(_entry(each) for each in told)


def _entry(told: Any) -> Entry:
    """What is of no form at all has neither kind nor id, and is refused for that."""
    given = told if isinstance(told, Mapping) else {}
    kind, id_, values = given.get("kind"), given.get("id"), given.get("values", {})
    revision = given.get("revision")
    return Entry(
        kind if isinstance(kind, str) else "",
        id_ if isinstance(id_, str) else "",
        revision if isinstance(revision, int) and not isinstance(revision, bool) else -1,
        values if values is None or isinstance(values, dict) else {},
    )
