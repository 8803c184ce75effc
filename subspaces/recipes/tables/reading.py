"""Values of tables as recipes want them; each raises ValueError for a text that is none."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from dataspace.federation.profiles.recipe import Rows

FLAGS: Final = {"true": True, "false": False}


def flag(text: str) -> bool:
    if text not in FLAGS:
        raise ValueError(f"{text!r} is neither true nor false")
    return FLAGS[text]


def told(value: bool) -> str:
    return "true" if value else "false"


def day(text: str) -> date:
    return date.fromisoformat(text)


def day_or_none(text: str) -> date | None:
    return day(text) if text else None


def grouped(rows: Rows, *by: str) -> Mapping[tuple[str, ...], list[Mapping[str, str]]]:
    """Rows that have the same values, in the order in which these came first."""
    found: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in by), []).append(row)
    return found


def last_month(days: Iterable[date]) -> tuple[int, int]:
    """Year and month of the latest day. Raises:  ValueError when there is none."""
    latest = max(days)
    return latest.year, latest.month
