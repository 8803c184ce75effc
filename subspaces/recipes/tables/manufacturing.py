"""The products of the manufacturing sub-space, from the tables that they are made of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dataspace.federation.profiles.recipe import Recipe, Rows
from subspaces.recipes import equipment
from subspaces.recipes.rounding import written
from subspaces.recipes.tables.deliveries import performances
from subspaces.recipes.tables.reading import grouped

SHIFT: Final = ("planned_minutes", "running_minutes", "cycle_seconds", "pieces", "good_pieces")


def _effects(tables: Mapping[str, Rows]) -> Iterator[Sequence[object]]:
    """Of every machine and month."""
    rows = [{**row, "month": row["day"][:7]} for row in tables["shifts"]]
    for (machine, month), held in grouped(rows, "equipment", "month").items():
        found = equipment.effectiveness(
            [equipment.Shift(*(int(row[name]) for name in SHIFT)) for row in held]
        )
        shares = (found.availability, found.performance, found.quality, found.overall)
        yield machine, month, *(written(each) for each in shares)


RECIPES: Final[Mapping[str, Recipe]] = {
    "equipment-effectiveness": Recipe(
        {"shifts": ("equipment", "day", *SHIFT)},
        ("equipment", "month", "availability", "performance", "quality", "effectiveness"),
        _effects,
    ),
    "supplier-performance": performances(),
}  # fmt: skip
