"""How a notice reads: its words in one language, filled with the facts that it was made with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo

from dataspace.notices.addressing import NOTHING
from dataspace.notices.notice import FACTS
from dataspace.notices.table import BY_CODE
from dataspace.quantity import MomentInvalid, read_moment
from dataspace.text import Language, Text

CITY_ZONE = ZoneInfo("Asia/Shanghai")
MOMENTS = ("until", "due")


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    body: str


def words_of(code: str, facts: str, *, language: Language, zone: tzinfo = CITY_ZONE) -> Words:
    """`facts` is the JSON of the row; a day is written as the calendar of `zone` has it.

    A notice of a later version, whose words are not known here, is told by its code.
    """
    known = BY_CODE.get(code)
    if known is None:
        return Words(code, "")
    filled = dict.fromkeys(FACTS, NOTHING) | _facts(facts, language, zone)
    return Words(
        known.title.to(language).format_map(filled), known.body.to(language).format_map(filled)
    )


def _facts(written: str, language: Language, zone: tzinfo) -> dict[str, str]:
    """A fact is a text, or one in each language."""
    found = json.loads(written) if written else {}
    told = {name: _one(value, language) for name, value in found.items()}
    return told | {name: _day(told[name], zone) for name in MOMENTS if name in told}


def _one(value: str | Mapping[str, str], language: Language) -> str:
    return value if isinstance(value, str) else Text(value["en"], value["zh"]).to(language)


def _day(value: str, zone: tzinfo) -> str:
    try:
        return read_moment(value).astimezone(zone).date().isoformat()
    except MomentInvalid:
        return value
