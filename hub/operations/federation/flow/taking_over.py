"""Taking over what a node tells: decided entry by entry, applied together, each good row taken.

A batch is one change set with the place up to which it reaches; so whatever stops the process, the
batch was taken over or is asked for again. Where the catalogue refuses the whole, it is applied by
halves until the entry that is at fault stands alone and is kept as refused.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dataspace.change import Change, Remove
from dataspace.errors import Broken, DataSpaceError, StillReferenced, Unavailable
from dataspace.federation.batches import Entry
from dataspace.federation.flow.checking import OWNERS, check_weight, refusal_of
from dataspace.federation.flow.refusals import FeedBusy, NamesUnknown
from dataspace.federation.flow.sources import check_sources
from dataspace.federation.flow.taking_over import (
    HIDDEN,
    Here,
    Key,
    change_of,
    check_names,
    check_place,
    heavier,
    hidden,
    weight,
)
from hub.operations.federation.flow import feeds, losing, sources, standing
from hub.operations.federation.flow.feeds import Feed, Following


@dataclass(frozen=True, slots=True)
class Reached:
    """What the feed says once the entries are taken over; when it is `idle`, this alone is no
    reason to write."""

    values: Mapping[str, Any] = field(default_factory=dict)
    idle: bool = False


@dataclass
class Taking:
    """Entries that are taken over together: `changes` of the good ones, `refused` of the others,
    and what becomes of refusals that are over."""

    following: Following
    here: Here
    changes: dict[Key, Change] = field(default_factory=dict)
    refused: dict[Key, tuple[Entry, DataSpaceError]] = field(default_factory=dict)
    good: dict[Key, Entry] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """Bytes of what was told and is good."""
        flow = self.here.flow
        return sum(weight(each.kind, each.values, flow) for each in self.good.values())

    def growth(self, keys: Iterable[Key]) -> int:
        """By how many bytes more is kept of the node once these are applied."""
        return sum(heavier(self.changes[key], self.here) for key in keys)

    def refuse(self, entry: Entry, error: DataSpaceError) -> None:
        key = entry.kind, entry.id
        self.good.pop(key, None)
        self.changes.pop(key, None)
        self.refused[key] = entry, error


async def take_over(
    following: Following,
    feed: Feed,
    entries: Sequence[Entry],
    *,
    reached: Reached | None = None,
) -> Taking:
    """Applies what may be taken over and keeps what may not, with what is reached.

    Raises:  FeedBusy, FeedTooHeavy, CatalogueUnavailable, CatalogueBroken.
    """
    taking = await decided(following, entries)
    if (growth := taking.growth(taking.changes)) > 0:
        # What it tells no longer is here until all is compared: who tells all anew has it twice.
        room = following.bytes_max
        check_weight(feed.bytes + growth - room, limit=room)
    named = _digest(entries)
    try:
        await _write(taking, feed, list(taking.changes), reached=reached, named=(named, "whole"))
    except (FeedBusy, Unavailable, Broken):
        raise
    except DataSpaceError as error:
        await _by_halves(taking, feed, list(taking.changes), error, named=named)
        await _write(taking, feed, [], reached=reached or Reached(), named=(named, "rest"))
    _count(taking, feed)
    return taking


async def decided(following: Following, entries: Sequence[Entry]) -> Taking:
    """What is to become of each entry, by the rules and by what is here."""
    right: list[Entry] = []
    wrong: list[tuple[Entry, DataSpaceError]] = []
    for entry in entries:
        refusal = refusal_of(entry, following.release)
        right.append(entry) if refusal is None else wrong.append((entry, refusal))
    taking = Taking(following, await standing.read(following, right))
    built_from = await sources.read(following, right)
    for entry, refusal in wrong:
        taking.refuse(entry, refusal)
    for entry in right:
        try:
            check_place(entry, taking.here)
            check_sources(entry, built_from)
        except DataSpaceError as out_of_place:
            taking.refuse(entry, out_of_place)
        else:
            taking.good[entry.kind, entry.id] = entry
    _check_names(taking)
    act = following.act("take_over")
    for key, entry in taking.good.items():
        if (change := change_of(entry, taking.here, act)) is not None:
            taking.changes[key] = change
    return taking


def _check_names(taking: Taking) -> None:
    """Again and again, for what is refused may be what another one refers to."""
    while True:
        shown = {key for key, entry in taking.good.items() if entry.values is not None}
        known = frozenset(taking.here.known | shown)
        lacking: list[tuple[Entry, NamesUnknown]] = []
        for entry in taking.good.values():
            try:
                check_names(entry, known)
            except NamesUnknown as unknown:
                lacking.append((entry, unknown))
        if not lacking:
            return
        for entry, refusal in lacking:
            taking.refuse(entry, refusal)


async def _by_halves(
    taking: Taking, feed: Feed, keys: Sequence[Key], error: DataSpaceError, *, named: str
) -> None:
    """What was refused together, with the error, in two parts; one alone is kept as refused."""
    if len(keys) <= 1:
        for key in keys:
            await _alone(taking, feed, key, error, named=named)
        return
    middle = len(keys) // 2
    for half in (keys[:middle], keys[middle:]):
        try:
            await _write(taking, feed, half, reached=Reached(), named=(named, *map("/".join, half)),
                         refusals=False)  # fmt: skip
        except (FeedBusy, Unavailable, Broken):
            raise
        except DataSpaceError as refused:
            await _by_halves(taking, feed, half, refused, named=named)


async def _alone(
    taking: Taking, feed: Feed, key: Key, error: DataSpaceError, *, named: str
) -> None:
    """Something here may rest on a row that its node shows no longer: then it is hidden. A space
    that something here is in stays as its name."""
    change = taking.changes[key]
    rested_on = isinstance(error, StillReferenced) and isinstance(change, Remove)
    if rested_on and key[0] == "space":
        del taking.changes[key]
        return
    if rested_on and isinstance(change, Remove) and key[0] in HIDDEN:
        taking.changes[key] = hidden(change)
        await _write(taking, feed, [key], reached=Reached(), named=(named, "hidden", *key),
                     refusals=False)  # fmt: skip
        return
    taking.refuse(taking.good[key], error)


async def _write(
    taking: Taking,
    feed: Feed,
    keys: Sequence[Key],
    *,
    reached: Reached | None,
    named: tuple[str, ...],
    refusals: bool = True,
) -> None:
    follows = await losing.followed(
        taking.following, feed, [taking.changes[key] for key in keys], before=taking.here.rows
    )
    counted = {
        "entries": feed.entries + _more_entries(taking, keys),
        "bytes": max(0, feed.bytes + taking.growth(keys)),
    }
    if refusals:
        kept, more = await _of_refusals(taking)
        follows = replace(follows, changes=[*follows.changes, *kept])
        counted["refused"] = feed.refused + more
    if not follows.changes and (reached is None or reached.idle):
        return
    values = {**(reached.values if reached else {}), **counted}
    await losing.keep(taking.following, feed, follows, values=values, named=named)
    feed.entries, feed.refused = counted["entries"], counted.get("refused", feed.refused)
    feed.bytes = counted["bytes"]


async def _of_refusals(taking: Taking) -> tuple[list[Change], int]:
    """The refusals as they are to be kept, and how many more are open then."""
    following = taking.following
    told = [*taking.good.values(), *(entry for entry, _ in taking.refused.values())]
    before = await feeds.open_refusals(following, told)
    changes: list[Change] = []
    more = 0
    for entry, error in taking.refused.values():
        known = before.get(feeds.refusal_id(following.node, entry))
        changes += feeds.refused(following, entry, error, before=known)
        more += known is None or bool(known["ended_at"])
    for entry in taking.good.values():
        known = before.get(feeds.refusal_id(following.node, entry))
        ended = feeds.mended(following, known)
        changes += ended
        more -= len(ended)
    return changes, more


def _count(taking: Taking, feed: Feed) -> None:
    for change in taking.changes.values():
        feed.counts[type(change).__name__] += 1
    feed.counts["refused"] += len(taking.refused)


def _more_entries(taking: Taking, keys: Iterable[Key]) -> int:
    """How many more products and resources are shown, which are what a node is followed for."""
    entries = [(key, taking.changes[key]) for key in keys if key[0] in OWNERS]
    after = sum(not isinstance(change, Remove) and not _hides(change) for _, change in entries)
    return after - sum(_is_shown(taking, key) for key, _ in entries)


def _is_shown(taking: Taking, key: Key) -> bool:
    row = taking.here.rows.get(key)
    return row is not None and row["state"] != HIDDEN[key[0]]


def _hides(change: Change) -> bool:
    return getattr(change, "values", {}).get("state") == HIDDEN[change.kind]


def _digest(entries: Iterable[Entry]) -> str:
    told = [each.told() for each in entries]
    written = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
