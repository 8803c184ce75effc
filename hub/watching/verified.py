"""How the last verification of the evidence ended, noted in the data folder."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from dataspace.quantity import written
from hub.operations.evidence import Verified

FILE: Final = "evidence-verified.json"


@dataclass(frozen=True, slots=True)
class LastVerified:
    """`records` is how many of the first ones are known to hold."""

    holds: bool
    records: int


def note_verified(folder: Path, verified: Verified, now: datetime) -> None:
    """One that failed covers no record.

    An auditor may verify a folder that is not theirs to write in, and then nothing is noted.
    """
    records = verified.records if verified.holds else 0
    told = {"holds": verified.holds, "records": records, "at": written(now)}
    path = folder / FILE
    with suppress(OSError):
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(told) + "\n", encoding="utf-8")
        beside.replace(path)


def last_verified(folder: Path) -> LastVerified | None:
    """None when nothing was verified yet, or what was noted cannot be read."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads((folder / FILE).read_text("utf-8"))
        return LastVerified(bool(told["holds"]), int(told["records"]))
    return None
