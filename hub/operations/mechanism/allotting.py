"""Identifiers and codes that the hub allots; none of them ever changes or is used again.

Source of the layout: NDI-TR-2025-04 draft, as `dataspace.identifiers` has it.
"""

import hashlib
import secrets
from base64 import b32encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dataspace.identifiers import (
    ALPHABET,
    CITY_REGION_DIGITS,
    CREDIT_ALPHABET,
    IdentifierType,
    infrastructure_identifier,
    new_id,
)
from hub.node import Node

SERIAL_CHARACTERS = 8


def serial(alphabet: str = ALPHABET.rstrip("*")) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(SERIAL_CHARACTERS))


def identifier(kind: IdentifierType, *, holder: Mapping[str, Any], node: Node) -> str:
    """A fresh infrastructure identifier for something of the participant `holder`.

    What an industry's node allots carries the industry; else it is the participant's region, and
    the node's where that is not known.
    """
    own = str(holder.get("region") or "")[:CITY_REGION_DIGITS]
    region = own if len(own) == CITY_REGION_DIGITS and own.isdecimal() else node.region
    return infrastructure_identifier(
        kind, subject=subject_code(holder), place=node.industry or region, serial=serial()
    )


def subject_code(holder: Mapping[str, Any]) -> str:
    """The credit code, or 18 characters allotted by us, which no credit code looks like.

    An allotted code begins with Z, which GB 32100 leaves out, and is always the same.
    """
    if code := holder.get("credit_code"):
        return str(code)
    raw = hashlib.sha256(str(holder["id"]).encode()).digest()
    return f"Z{b32encode(raw).decode()[:17]}"


def registration_code() -> str:
    """Opaque and unguessable: whoever shows it was given it."""
    return new_id("reg")


def authorisation_code(moment: datetime) -> str:
    """`SQ-<year>-<serial>` (授权), in characters that are not mistaken for each other."""
    return f"SQ-{moment.year}-{serial(CREDIT_ALPHABET)}"


def years_after(moment: datetime, years: int) -> datetime:
    """The same day that many years later; 28 February where there is no 29."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)
