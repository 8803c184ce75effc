"""The settings in words: `cityspace settings` and `docs/reference/settings.md` are made from it."""

import re
from dataclasses import MISSING, dataclass, fields
from typing import Any

from dataspace.text import Text
from hub.setting_rules import HIDDEN, variable
from hub.settings import Settings

USER_AND_PASSWORD = re.compile(r"(?<=://)[^/@\s]+(?=@)")


@dataclass(frozen=True, slots=True)
class Explained:
    """One setting as `cityspace settings` shows it; a secret's value is hidden."""

    name: str
    value: str
    default: str
    unit: str
    meaning: Text
    choices: tuple[str, ...]


def explain(settings: Settings) -> list[Explained]:
    lines = []
    for each in fields(settings):
        about = each.metadata
        value = _shown(getattr(settings, each.name))
        default = "" if each.default is MISSING else _shown(each.default)
        lines.append(
            Explained(
                variable(each.name),
                HIDDEN if about["secret"] and value else value,
                default,
                about["unit"],
                about["meaning"],
                about["choices"],
            )
        )
    return lines


def _shown(value: Any) -> str:
    """A URL's user and password are hidden wherever a setting is shown."""
    shown = ",".join(value) if isinstance(value, tuple) else str(value)
    return USER_AND_PASSWORD.sub(HIDDEN, shown)
