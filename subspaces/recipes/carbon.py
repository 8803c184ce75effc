"""The carbon footprint of a park (园区能耗碳足迹), from the energy that it uses."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

# kg CO2 for a unit of energy. They are data: a city sets those that its authority has published.
GRID_KG_A_KWH: Final = Fraction("0.5366")
# 389.31 GJ for 10,000 m3 × 0.0153 t C for a GJ × 0.99 oxidised × 44/12, in kg for a m3.
GAS_KG_A_M3: Final = Fraction("389.31") * Fraction("0.0153") * Fraction("0.99") * Fraction(44, 120)
HEAT_KG_A_GJ: Final = Fraction(110)


@dataclass(frozen=True, slots=True)
class Factors:
    grid_kg_a_kwh: Fraction = GRID_KG_A_KWH
    gas_kg_a_m3: Fraction = GAS_KG_A_M3
    heat_kg_a_gj: Fraction = HEAT_KG_A_GJ


@dataclass(frozen=True, slots=True)
class ParkEnergy:
    """What a park used in a month: bought electricity and heat, gas that it burned, and its own
    photovoltaic power, of which it fed a part back."""

    bought_kwh: int
    fed_back_kwh: int
    gas_m3: int
    heat_gj: int


@dataclass(frozen=True, slots=True)
class Footprint:
    """kg CO2: what was burned in the park, and what was emitted elsewhere for what it bought."""

    direct_kg: Fraction
    bought_kg: Fraction

    @property
    def total_kg(self) -> Fraction:
        return self.direct_kg + self.bought_kg


def footprint(energy: ParkEnergy, factors: Factors = Factors()) -> Footprint:
    """Activity data times emission factors; its own photovoltaic power emits nothing.

    What it feeds back is not subtracted beyond what it bought: a park is no sink.

    Source:  GB/T 32150-2015, emissions = Σ activity × factor, in the two scopes of burning and of
             bought electricity and heat. Factors: mean of the national grid as announced for 2022;
             natural gas and heat from the accounting guide for industrial firms. They are to be
             checked against what is in force.
    """
    net_kwh = max(0, energy.bought_kwh - energy.fed_back_kwh)
    bought = net_kwh * factors.grid_kg_a_kwh + energy.heat_gj * factors.heat_kg_a_gj
    return Footprint(energy.gas_m3 * factors.gas_kg_a_m3, bought)
