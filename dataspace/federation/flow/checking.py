"""Whether what a node tells may be taken over: each entry by itself, and a batch as a whole."""

import re
from collections.abc import Mapping
from typing import Final

from dataspace.errors import DataSpaceError
from dataspace.federation.batches import ENTRY_BYTES_MAX, Batch, Entry, Mark
from dataspace.federation.flow.publishing import UPWARDS, Release, holds
from dataspace.federation.flow.refusals import (
    EntryInvalid,
    EntryTooLarge,
    FeedGap,
    FeedTooHeavy,
    FeedTooLong,
    FieldsPrivate,
    GradeAbove,
    IdMalformed,
    KindNotFollowed,
    NotPublished,
)
from dataspace.relations import RELATIONS
from dataspace.selection import Row
from dataspace.validation import problems

ID_CHARACTERS_MAX: Final = 40
ROWS_MAX: Final = 200_000  # of one node; the city as a whole has fewer
BYTES_MAX: Final = 1_073_741_824  # of them together, where the hub's setting says no other
_ID: Final = re.compile(r"[a-z]{3}_[A-Za-z0-9_-]+")
OWNERS: Final[Mapping[str, str]] = {"resource": "provider", "product": "owner"}


def check_goes_on(batch: Batch, followed: Mark) -> bool:
    """Whether the batch goes on where the last one ended; not if the log is another one.

    Raises:  FeedGap when it is no answer to what was asked.
    """
    since, reached = batch.since.revision, batch.reached.revision
    if since != followed.revision:
        raise FeedGap(asked=followed.revision, since=since, reached=reached)
    if followed.revision and batch.since.leaf != followed.leaf:
        return False
    if reached < since or (batch.more and reached == since) or batch.head < reached:
        raise FeedGap(asked=followed.revision, since=since, reached=reached)
    return True


def check_length(rows: int) -> None:
    """Whether so many rows of one node are still followed. Raises:  FeedTooLong."""
    if rows > ROWS_MAX:
        raise FeedTooLong(limit=ROWS_MAX)


def check_weight(size: int, *, limit: int) -> None:
    """Whether rows of so many bytes are still followed. Raises:  FeedTooHeavy."""
    if size > limit:
        raise FeedTooHeavy(limit_bytes=limit)


def refusal_of(entry: Entry, release: Release) -> DataSpaceError | None:
    """Why the entry may not be taken over, whatever else is known; None when it may."""
    try:
        check(entry, release)
    except DataSpaceError as error:
        return error
    return None


def check(entry: Entry, release: Release) -> None:
    """Raises:  KindNotFollowed, IdMalformed, EntryTooLarge, FieldsPrivate, EntryInvalid,
    NotPublished, GradeAbove.
    """
    if entry.kind not in release.flow.edges:
        raise KindNotFollowed(kind=entry.kind[:ID_CHARACTERS_MAX])
    noun = RELATIONS.by_name[entry.kind]
    if (
        not entry.id.startswith(f"{noun.prefix}_")
        or not _ID.fullmatch(entry.id)
        or len(entry.id) > ID_CHARACTERS_MAX
    ):
        raise IdMalformed(kind=entry.kind, id=entry.id[:ID_CHARACTERS_MAX])
    if entry.values is not None:
        _check_values(entry, entry.values, release)


def _check_values(entry: Entry, values: Row, release: Release) -> None:
    size = entry.length
    if not values or size > ENTRY_BYTES_MAX:
        raise EntryTooLarge(what="entry.bytes", limit=ENTRY_BYTES_MAX, asked=size)
    if private := sorted(values.keys() - release.flow.names(entry.kind)):
        raise FieldsPrivate(fields=", ".join(map(str, private))[:200])
    found = problems(RELATIONS.by_name[entry.kind], values, partial=False)
    if found:
        named = "; ".join(f"{each.path}: {each.text.en}" for each in found[:5])
        raise EntryInvalid(problems=named[:400])
    # What a node may see is for the hub to say, and what may leave a node is for both.
    if release.flow is UPWARDS and entry.kind in OWNERS:
        _check_published(entry.kind, values, release)


def _check_published(kind: str, values: Row, release: Release) -> None:
    limit = release.grade_max
    grades = [values.get("grade"), *(each.get("grade", 1) for each in values.get("items", ()))]
    for grade in grades:
        if not isinstance(grade, int) or grade > limit:
            raise GradeAbove(grade=grade or "-", limit=limit)
    if not holds(release.conditions[kind], values):
        raise NotPublished(state=values.get("state"), audience=values.get("audience"))

