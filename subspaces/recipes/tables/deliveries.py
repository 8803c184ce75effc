"""How reliably hauliers or suppliers deliver, from what they promised: of two sub-spaces."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dataspace.federation.profiles.recipe import Recipe, Rows
from subspaces.recipes import logistics
from subspaces.recipes.rounding import written
from subspaces.recipes.tables.reading import day, day_or_none, grouped, last_month

PROMISED: Final = ("credit_code", "promised_on", "delivered_on", "pieces", "lost")


def performances() -> Recipe:
    return Recipe({"promised": PROMISED}, ("credit_code", "on_time", "loss", "trend"), _rates)


def _rates(tables: Mapping[str, Rows]) -> Iterator[Sequence[object]]:
    """Of the twelve months up to the last for which anything was promised; who promised nothing in
    them has no rate."""
    until = last_month(day(row["promised_on"]) for row in tables["promised"])
    for (firm,), rows in grouped(tables["promised"], "credit_code").items():
        held = [_consignment(row) for row in rows]
        try:
            found = logistics.performance(held, until=until)
        except ValueError:
            continue
        trend = "" if found.trend is None else written(found.trend)
        yield firm, written(found.on_time), written(found.loss), trend


def _consignment(row: Mapping[str, str]) -> logistics.Consignment:
    return logistics.Consignment(
        day(row["promised_on"]), day_or_none(row["delivered_on"]),
        int(row["pieces"]), int(row["lost"]),
    )  # fmt: skip
