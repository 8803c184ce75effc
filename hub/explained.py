"""The settings in words: `cityspace settings` and `docs/reference/settings.md` are made from it."""

from dataclasses import MISSING, dataclass, fields
from typing import Any

from dataspace.text import Text
from hub.settings import Settings, variable


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
                "****" if about["secret"] and value else value,
                default,
                about["unit"],
                about["meaning"],
                about["choices"],
            )
        )
    return lines


def _shown(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)
