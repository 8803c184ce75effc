"""All machines by the noun that they belong to.

Sources of states and moves: the tables of links L1 to L5 of the domain reference, told for
readers in `docs/explanation/the-2-plus-8.md`. What a state or move is called in the interface is
its `text`; its code never changes.
"""

from collections.abc import Mapping
from typing import Final

from dataspace.lifecycles.authorisation import AUTHORISATION
from dataspace.lifecycles.product import PRODUCT
from dataspace.lifecycles.resource import RESOURCE
from dataspace.machine import Machine

__all__ = ["AUTHORISATION", "MACHINES", "PRODUCT", "RESOURCE"]

MACHINES: Final[Mapping[str, Machine]] = {
    machine.kind: machine for machine in (RESOURCE, AUTHORISATION, PRODUCT)
}
