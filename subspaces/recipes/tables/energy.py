"""The products of the energy sub-space, from the tables that they are made of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dataspace.federation.profiles.recipe import Recipe, Rows
from subspaces.recipes import carbon, load
from subspaces.recipes.rounding import written

# Fewer firms of an industry would tell of a single one: the curve is of the industry.
FIRMS_MIN: Final = 3
ENERGY: Final = ("electricity_kwh", "fed_back_kwh", "gas_m3", "heat_gj")


def _curves(tables: Mapping[str, Rows]) -> Iterator[Sequence[object]]:
    readings = (
        load.Reading(
            row["credit_code"], row["industry"], row["day"], int(row["hour"]), int(row["load_kw"])
        )
        for row in tables["load"]
    )
    for industry, curve in load.load_curves(readings, firms_min=FIRMS_MIN).items():
        for each in curve:
            yield industry, each.hour, written(each.mean_kw), written(each.of_peak)


def _footprints(tables: Mapping[str, Rows]) -> Iterator[Sequence[object]]:
    for row in tables["energy"]:
        found = carbon.footprint(carbon.ParkEnergy(*(int(row[name]) for name in ENERGY)))
        kg = (found.direct_kg, found.bought_kg, found.total_kg)
        yield row["park"], row["month"], *(written(each) for each in kg)


RECIPES: Final[Mapping[str, Recipe]] = {
    "load-curve": Recipe(
        {"load": ("credit_code", "industry", "day", "hour", "load_kw")},
        ("industry", "hour", "mean_kw", "of_peak"), _curves,
    ),
    "park-carbon": Recipe(
        {"energy": ("park", "month", *ENERGY)},
        ("park", "month", "direct_kg", "bought_kg", "total_kg"), _footprints,
    ),
}  # fmt: skip
