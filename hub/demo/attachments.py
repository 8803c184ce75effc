"""The papers that made-up applications came with: those that the rules of their space ask for."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from dataspace.rulebooks.city import CITY_RULES


def attached(
    kind: str, of: str, *, rules: Mapping[str, Any] = CITY_RULES
) -> list[dict[str, str]]:
    """What an application of the kind comes with where these rules, or else the city's, apply;
    `of` says which application."""
    rule = f"{kind}.attachments"
    return [
        {"kind": paper, "sha256": sha256(f"{paper} {of}".encode()).hexdigest()}
        for paper in sorted(rules.get(rule) or CITY_RULES[rule])
    ]
