"""The row of a feed: how far a node is followed, what went wrong, and what was refused of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dataspace.change import Act, Amend, Change, Create, TakenOver
from dataspace.errors import AlreadyThere, DataSpaceError, MovedOn
from dataspace.federation.batches import Entry, Mark
from dataspace.federation.flow.checking import BYTES_MAX
from dataspace.federation.flow.publishing import Release
from dataspace.federation.flow.refusals import TOO_MUCH, FeedBusy
from dataspace.federation.peer import Peer
from dataspace.identifiers import derived_id
from dataspace.quantity import written
from dataspace.selection import PAGE_MAX, Page, Row, Selection, Where
from hub.node import Books

ACTOR: Final = "system:feed"
FIELDS: Final = (
    "id", "version", "node_revision", "leaf", "head", "as_of", "entries", "bytes", "refused",
    "error", "suspect", "verified_at",
)  # fmt: skip
REASON_CHARACTERS_MAX: Final = 1000
NAME_CHARACTERS_MAX: Final = 80


@dataclass(frozen=True, slots=True)
class Following:
    """How this node follows another, whose row is `node`.

    `release` says what may come. `space` is the space that the node serves: its members and the
    `operator` are those for whom it may publish; with `speaks_for_all` it may for everybody.
    `status` is what this node's register says of the other. `bytes_max` is the room that it has.
    """

    books: Books
    peer: Peer
    node: str
    operator: str
    release: Release
    space: str = ""
    speaks_for_all: bool = False
    status: str = ""
    bytes_max: int = BYTES_MAX

    @property
    def moment(self) -> str:
        return written(self.books.clock.now())

    def act(self, verb: str, reason: str = "") -> Act:
        return Act(ACTOR, f"feed.{verb}", self.moment, reason)


@dataclass(slots=True)
class Feed:
    """As it was read, and as it has been since; every change set is under its version, so that of
    two processes that follow one node at once one does it all. `bytes` is a running sum,
    counted anew when all is compared."""

    row: Row
    version: int
    mark: Mark
    entries: int
    refused: int
    bytes: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def verified(self) -> bool:
        return bool(self.row.get("verified_at")) and not self.row.get("suspect")


async def opened(following: Following) -> Feed:
    """The feed of the node, made when there is none. Raises:  FeedBusy."""
    asked = Selection("feed", FIELDS, Where("id", "eq", feed_id(following.node)), page=Page(1))
    row = (await following.books.catalogue.select(asked)).first
    if row is None:
        row = await _made(following)
    mark = Mark(row["node_revision"], row.get("leaf") or "")
    entries, refused = row.get("entries") or 0, row.get("refused") or 0
    return Feed(row, row["version"], mark, entries, refused, row.get("bytes") or 0)


async def keep(
    following: Following,
    feed: Feed,
    values: Mapping[str, Any],
    *,
    changes: Iterable[Change] = (),
    named: Iterable[str] = (),
    verb: str = "take_over",
) -> None:
    """New values of the feed, and the rows that go with them, in one change set.

    `named` is what is taken over: the same once more, from the same place, is done already.

    Raises:  FeedBusy when another process was faster, and what the catalogue raises.
    """
    act = following.act(verb)
    kept = {**values, "changed_at": act.at}
    own = Amend("feed", feed.id, kept, act, version=feed.version)
    set_id = derived_id("chs", feed.id, str(feed.version), *named)
    try:
        applied = await following.books.catalogue.apply(TakenOver(set_id, (own, *changes)))
    except MovedOn as error:
        if error.facts.get("id") == feed.id:
            raise FeedBusy(node=following.node) from error
        raise
    if applied.repeated:
        raise FeedBusy(node=following.node)
    feed.version += 1
    feed.row = {**feed.row, **values}


async def went_wrong(following: Following, feed: Feed, error: DataSpaceError) -> None:
    """Told once for as long as it is the same: a node that is away for a day is one change."""
    if feed.row.get("error") != error.code:
        said = error.message("en")[:REASON_CHARACTERS_MAX]
        values: dict[str, Any] = {
            "error": error.code, "error_detail": said, "error_since": following.moment,
        }  # fmt: skip
        changes: tuple[Change, ...] = ()
        if isinstance(error, TOO_MUCH):
            # It is refused as a whole: that flows down to it, as what is refused of it does.
            whole = Entry("node", following.node, 0, None)
            known = await open_refusals(following, (whole,))
            before = known.get(refusal_id(following.node, whole))
            changes = refused(following, whole, error, before=before)
            values |= {"suspect": True, "refused": feed.refused + 1}
        await keep(following, feed, values, changes=changes, verb="go_wrong", named=(error.code,))


NO_ERROR: Final[Mapping[str, Any]] = {
    "error": None, "error_detail": None, "error_since": None,
}  # fmt: skip


def feed_id(node: str) -> str:
    return derived_id("fed", node)


def refusal_id(node: str, entry: Entry) -> str:
    return derived_id("frf", node, entry.kind, entry.id)


def shortened(entry: Entry) -> tuple[str, str]:
    """Kind and id, as they are kept of an entry whatever it says."""
    return entry.kind[:NAME_CHARACTERS_MAX] or "-", entry.id[:NAME_CHARACTERS_MAX] or "-"


async def open_refusals(following: Following, entries: Iterable[Entry]) -> dict[str, Row]:
    """Those of the entries that were refused when they were last told, by the refusal's id."""
    ids = sorted({refusal_id(following.node, each) for each in entries})
    found: dict[str, Row] = {}
    for at in range(0, len(ids), PAGE_MAX):
        where = Where("id", "in", tuple(ids[at : at + PAGE_MAX]))
        asked = Selection(
            "feed_refusal", ("id", "version", "code", "reason", "ended_at"), where,
            page=Page(PAGE_MAX),
        )  # fmt: skip
        rows = (await following.books.catalogue.select(asked)).rows
        found |= {row["id"]: row for row in rows}
    return found


def refused(
    following: Following, entry: Entry, error: DataSpaceError, *, before: Row | None
) -> tuple[Change, ...]:
    """The refusal as it is kept; one that is refused again for the same reason is as it was."""
    act = following.act("refuse", error.code)
    told = f"{error.message('zh')} {error.message('en')}"[:REASON_CHARACTERS_MAX]
    values = {"code": error.code, "reason": told, "last_at": act.at,
              "node_revision": max(entry.revision, 0)}  # fmt: skip
    id_ = refusal_id(following.node, entry)
    if before is None:
        kept = {
            **values, **dict(zip(("subject_kind", "subject"), shortened(entry), strict=True)),
            "refused_at": act.at, "node": following.node, "operator": following.operator or None,
        }  # fmt: skip
        return (Create("feed_refusal", id_, kept, act),)
    if before["ended_at"] is None and (before["code"], before["reason"]) == (error.code, told):
        return ()
    again = {"ended_at": None, "refused_at": act.at} if before["ended_at"] else {}
    return (Amend("feed_refusal", id_, {**values, **again}, act, version=before["version"]),)


def mended(following: Following, before: Row | None) -> tuple[Change, ...]:
    """The end of a refusal: what was refused was taken over, or taken back."""
    if before is None or before["ended_at"]:
        return ()
    act = following.act("mend")
    values = {"ended_at": act.at}
    return (Amend("feed_refusal", before["id"], values, act, version=before["version"]),)


async def _made(following: Following) -> Row:
    values = {
        "node": following.node, "operator": following.operator or None, "node_revision": 0,
        "bytes": 0, "created_at": following.moment, "changed_at": following.moment,
    }  # fmt: skip
    id_ = feed_id(following.node)
    change = Create("feed", id_, values, following.act("open"))
    try:
        await following.books.catalogue.apply(TakenOver(derived_id("chs", id_), (change,)))
    except AlreadyThere as error:
        raise FeedBusy(node=following.node) from error
    return {"id": id_, "version": 1, "node_revision": 0, "bytes": 0}
