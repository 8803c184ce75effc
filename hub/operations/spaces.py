"""Data spaces: the city's own, the industry sub-spaces, and the logical ones."""

from typing import Final

from dataspace.caller import Role
from hub.operations.mechanism.ledger import Ledger

FIELDS: Final = ("code", "name", "summary", "kind", "tier", "operator", "part_of")

LEDGER: Final = Ledger("space", keepers=frozenset({Role.PLATFORM_ADMIN}), fields=FIELDS)
enter = LEDGER.enter
amend = LEDGER.amend
