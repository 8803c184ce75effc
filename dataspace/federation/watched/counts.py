"""How often one process has met other nodes, by how it went; kept in memory, from its start."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from dataspace.errors import DataSpaceError

TAKEN: Final = "taken"
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class Counts:
    """`heard` counts heartbeats of others and `refused` whoever was turned away at the door, both
    by the code of the refusal; `sent` counts this node's own heartbeats. No caller can make up a
    code: they are those of our errors.
    """

    heard: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)

    def turned_away(self, error: DataSpaceError) -> None:
        self.refused[error.code] += 1
