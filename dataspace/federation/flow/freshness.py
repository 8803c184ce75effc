"""How old what the hub has said may be before a node that relies on it fails closed.

A node goes on without the hub. But who was cut off meanwhile, and which rules are in force, it
knows only up to its last pull; the rulebook says for how long that is good enough.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from dataspace.errors import Refused
from dataspace.quantity import written
from dataspace.text import Text

AGE_RULE: Final = "federation.hub_minutes_max"
AGE_MINUTES_MAX: Final = 1440  # where no rulebook says otherwise


class HubSilent(Refused):
    """What the hub said last is older than the rules allow to rely on it."""

    code = "federation.hub_silent"
    title = Text(
        "The hub was last heard at {as_of}; after {minutes} minutes nothing new is permitted",
        "最近一次与枢纽同步为 {as_of}；超过 {minutes} 分钟不再准许新的使用",
    )
    advice = Text(
        "Restore the connection to the hub; it is tried again by itself.",
        "请恢复与枢纽的连接；系统会自动重试。",
    )


def age_max(rules: Mapping[str, Any]) -> timedelta:
    """By the rules in force in the node's space."""
    return timedelta(minutes=rules.get(AGE_RULE, AGE_MINUTES_MAX))


def check_fresh(as_of: datetime | None, rules: Mapping[str, Any], *, now: datetime) -> None:
    """Whether a node may rely on what it has from the hub. Raises:  HubSilent.

    A moment that lies ahead, after a clock was put back, is no older than now.
    """
    limit = age_max(rules)
    if as_of is None or now - as_of > limit:
        told = written(as_of) if as_of else "-"
        raise HubSilent(as_of=told, minutes=int(limit / timedelta(minutes=1)))
