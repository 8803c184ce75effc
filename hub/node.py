"""A running node: the ports that it was opened with, and what it knows of itself."""

from dataclasses import dataclass

from dataspace.ports import Assets, Catalogue, Clock, Identity


@dataclass(frozen=True, slots=True)
class Node:
    catalogue: Catalogue
    identity: Identity
    assets: Assets
    clock: Clock
