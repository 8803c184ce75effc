"""The papers that the demo city's applications came with: those that its rulebook asks for."""

from hashlib import sha256

from dataspace.rulebooks.city import CITY_RULES
from hub.demo.rulebooks import FINANCE_RULES


def attached(kind: str, of: str, *, space: str = "city") -> list[dict[str, str]]:
    """What an application of the kind comes with in a space; `of` says which application."""
    rule = f"{kind}.attachments"
    asked = FINANCE_RULES.get(rule) if space == "finance" else None
    return [
        {"kind": paper, "sha256": sha256(f"{paper} {of}".encode()).hexdigest()}
        for paper in sorted(asked or CITY_RULES[rule])
    ]
