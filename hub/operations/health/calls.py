"""Calls of products as files in the store of the assets: one for each hour and each writer.

They stand beside the catalogue, for a call is no act that somebody answers for: a record of
evidence for each would bury what is. A gateway of calls has a `CallBook` of its own, enters every
call into it and keeps it every few seconds; J-L5-3 adds up what all of them have kept.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from dataspace.errors import AssetNotFound
from dataspace.health.calls import HOUR, Call, Cell, hour_of
from dataspace.health.verdict import RECENT_HOURS, WINDOW_HOURS
from dataspace.ports import Assets

CALLS: Final = "calls/"
FORM: Final = "%Y-%m-%dT%H"
FILE_BYTES_MAX: Final = 64 * 1024 * 1024
Cells = dict[str, Cell]


@dataclass
class CallBook:
    """Calls as they come, by hour and product, until they are kept. `writer` is whoever makes
    them, in letters, digits, `-` and `_`: no two that write at the same time have the same."""

    writer: str
    hours: dict[datetime, Cells] = field(default_factory=dict)

    def enter(self, call: Call) -> None:
        """One call, of whoever made it."""
        cells = self.hours.setdefault(hour_of(call.at), {})
        cells.setdefault(call.product, Cell()).enter(call)

    async def keep(self, assets: Assets) -> None:
        """Writes every hour in place of what this writer kept of it before. The latest hour stays
        in memory, since more of it may come.

        Raises:  AssetsUnavailable, AssetsFull; nothing is forgotten then.
        """
        for hour in sorted(self.hours):
            content = json.dumps({id_: each.told for id_, each in self.hours[hour].items()})
            await assets.put(
                key_of(hour, self.writer), _once(content.encode()), bytes_max=FILE_BYTES_MAX
            )
        for hour in sorted(self.hours)[:-1]:
            del self.hours[hour]


@dataclass(slots=True)
class Figures:
    """Of one product: the calls of the whole window, and those of its last hours."""

    window: Cell = field(default_factory=Cell)
    recent: Cell = field(default_factory=Cell)

    def add(self, cell: Cell, *, is_recent: bool) -> None:
        self.window.add(cell)
        if is_recent:
            self.recent.add(cell)


@dataclass
class Kept:
    """What all writers have kept of the window that ends now; `unreadable` are files that are none
    of ours, or were changed by somebody else."""

    figures: dict[str, Figures] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    def of(self, product: str) -> Figures:
        return self.figures.setdefault(product, Figures())


async def kept(assets: Assets, now: datetime, *, without: str = "") -> Kept:
    """Adds up the hours of the window, one file after the other, so that memory holds one figure a
    product and one file. `without` is a writer whose calls of this hour are left out, as it is
    about to replace them. Raises:  AssetsUnavailable."""
    found, this_hour = Kept(), hour_of(now)
    first = this_hour - HOUR * (WINDOW_HOURS - 1)
    async for key, hour in _files(assets):
        if not first <= hour <= this_hour or key == key_of(this_hour, without):
            continue
        cells = await _cells(assets, key)
        if cells is None:
            found.unreadable.append(key)
            continue
        for product, cell in cells.items():
            found.of(product).add(cell, is_recent=is_recent(hour, now))
    return found


def is_recent(hour: datetime, now: datetime) -> bool:
    return hour > hour_of(now) - HOUR * RECENT_HOURS


async def forget(assets: Assets, now: datetime) -> int:
    """Removes what is older than the window; how many files. Raises:  AssetsUnavailable."""
    end = hour_of(now) - HOUR * WINDOW_HOURS  # one hour longer, for whoever reads them just now
    old = [key async for key, hour in _files(assets) if hour < end]
    for key in old:
        with suppress(AssetNotFound):
            await assets.remove(key)
    return len(old)


def key_of(hour: datetime, writer: str) -> str:
    return f"{CALLS}{hour.astimezone(UTC):{FORM}}/{writer}"


async def _files(assets: Assets) -> AsyncIterator[tuple[str, datetime]]:
    async for listed in assets.listing(CALLS):
        written = listed.key.removeprefix(CALLS).partition("/")[0]
        with suppress(ValueError):
            yield listed.key, datetime.strptime(written, FORM).replace(tzinfo=UTC)


async def _cells(assets: Assets, key: str) -> Mapping[str, Cell] | None:
    try:
        content = b"".join([chunk async for chunk in await assets.read(key)])
        return {id_: Cell.of(told) for id_, told in json.loads(content).items()}
    except AssetNotFound:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
