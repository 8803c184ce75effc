"""All desks: one for each noun that moves by a machine."""

from collections.abc import Mapping
from typing import Final

from hub.operations import authorisations, products, resources
from hub.operations.mechanism.desk import Desk

DESKS: Final[Mapping[str, Desk]] = {
    desk.lifecycle.kind: desk for desk in (resources.DESK, authorisations.DESK, products.DESK)
}
LIFECYCLES: Final = tuple(desk.lifecycle for desk in DESKS.values())
