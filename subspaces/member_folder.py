"""What a node keeps of its belonging: to which hub, and the hub's last list of who may speak."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from dataspace.federation.membership import Membership
from subspaces import key_file as files

MEMBERSHIP: Final = "membership.json"
STANDINGS: Final = "standings.jws"


class MemberFolder:
    """Also the Kept port. Every method raises NodeKeysUnreadable for a file that is unusable."""

    def __init__(self, folder: Path) -> None:
        self._membership, self._standings = folder / MEMBERSHIP, folder / STANDINGS

    def membership(self) -> Membership | None:
        """None before the node was admitted."""
        if not self._membership.exists():
            return None
        with files.usable(self._membership):
            said = json.loads(self._membership.read_text("utf-8"))
            return Membership(said["hub"], said["node"], said["issuer"], said["hub_keys"])

    def join(self, membership: Membership) -> None:
        files.write(self._membership, asdict(membership))

    def read(self) -> str:
        """The list as it was kept; empty before the first."""
        if not self._standings.exists():
            return ""
        with files.usable(self._standings):
            return self._standings.read_text("ascii")

    def write(self, sealed: str) -> None:
        files.write_text(self._standings, sealed)
