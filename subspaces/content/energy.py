"""Working data of the energy sub-space, and the three products that are computed from them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from typing import Final

from dataspace.federation.profiles.content import Body, Column, Content, DataSet, MadeProduct
from dataspace.quantity import written as moment
from dataspace.text import Text
from subspaces.content.firms import firms
from subspaces.content.making import (
    CREDIT_CODE,
    DAY,
    MONTH,
    computed,
    credit_code,
    days,
    dice,
    headed,
    months,
    table,
)
from subspaces.recipes import carbon, load
from subspaces.recipes.rounding import written
from subspaces.recipes.tables.energy import RECIPES

GRID, CHARGING, PARKS_OFFICE, ANALYST = "grid", "charging", "parks", "analyst"
BODIES: Final = (
    Body(GRID, Text("Sample Power Grid", "示例电网公司"), "ENTERPRISE", credit_code("91", 910001)),
    Body(CHARGING, Text("Sample Charging Operator", "示例充电运营公司"), "ENTERPRISE",
         credit_code("91", 910002)),
    Body(PARKS_OFFICE, Text("Sample Parks Administration", "示例园区管理中心"), "ENTERPRISE",
         credit_code("12", 910003)),
    Body(ANALYST, Text("Sample Energy Analysis", "示例能源数据公司"), "ENTERPRISE",
         credit_code("91", 910004)),
)  # fmt: skip
LOAD_FIRMS: Final = 20
LOAD_DAYS: Final = 14
WORKING_HOURS: Final = range(8, 20)
STATIONS: Final = {f"CZ{number:02d}": 2 + number % 5 for number in range(1, 9)}
CHARGING_DAYS: Final = 14
PARKS: Final = tuple(f"示例园区{number}" for number in range(1, 7))
PARK_MONTHS: Final = 24
HEATING_MONTHS: Final = ("11", "12", "01", "02", "03")

LOAD: Final = (
    CREDIT_CODE, Column("industry", Text("Industry (GB/T 4754)", "行业（GB/T 4754）"), "TEXT"), DAY,
    Column("hour", Text("Hour", "小时"), "NUMBER"),
    Column("load_kw", Text("Mean load in kW", "平均负荷（kW）"), "NUMBER"),
)  # fmt: skip
SESSIONS: Final = (
    Column("session", Text("Session", "充电记录号"), "TEXT"),
    Column("station", Text("Station", "充电站"), "TEXT"),
    Column("begun_at", Text("Begun at", "开始时间"), "MOMENT"),
    Column("ended_at", Text("Ended at", "结束时间"), "MOMENT"),
    Column("energy_kwh", Text("Energy in kWh", "充电量（kWh）"), "NUMBER"),
)  # fmt: skip
PARK_ENERGY: Final = (
    Column("park", Text("Park", "园区"), "TEXT"), MONTH,
    Column("electricity_kwh", Text("Bought electricity in kWh", "外购电量（kWh）"), "NUMBER"),
    Column("fed_back_kwh", Text("Fed back in kWh", "上网电量（kWh）"), "NUMBER"),
    Column("gas_m3", Text("Natural gas in m3", "天然气（立方米）"), "NUMBER"),
    Column("heat_gj", Text("Bought heat in GJ", "外购热力（GJ）"), "NUMBER"),
)  # fmt: skip


def content(seed: int) -> Content:
    sets = tuple(_sets(seed))
    return Content(BODIES, sets, tuple(_products(seed, sets)))


def readings(seed: int) -> Iterator[load.Reading]:
    """Hour by hour of two weeks: less by night, and less at weekends."""
    for firm in firms(seed)[:LOAD_FIRMS]:
        chance = dice(seed, "load", firm.number)
        for day in days(LOAD_DAYS):
            of_week = 0.6 if day.weekday() > 4 else 1.0
            for hour in range(load.HOURS):
                of_day = 1.0 if hour in WORKING_HOURS else firm.night_share
                kw = round(firm.day_kw * of_week * of_day * chance.uniform(0.9, 1.1))
                yield load.Reading(firm.credit_code, firm.industry, day.isoformat(), hour, kw)


def sessions(seed: int) -> Iterator[load.Session]:
    """Every charger of a station has a vehicle for a few hours a day, one after the other."""
    for station, chargers in STATIONS.items():
        chance = dice(seed, "charging", station)
        for day, _ in product(days(CHARGING_DAYS), range(chargers)):
            yield from _day_of_charger(station, day, chance)


def _day_of_charger(station: str, day: date, chance: Random) -> Iterator[load.Session]:
    free = datetime(day.year, day.month, day.day, tzinfo=UTC)
    for _ in range(chance.randint(1, 5)):
        begun = free + timedelta(minutes=chance.randint(20, 120))
        lasted = chance.randint(25, 150)
        free = begun + timedelta(minutes=lasted)
        yield load.Session(station, begun, free, lasted * chance.randint(100, 900))


def park_energy(seed: int) -> Iterator[tuple[str, str, carbon.ParkEnergy]]:
    for number, park in enumerate(PARKS, start=1):
        chance = dice(seed, "park", number)
        size = chance.uniform(0.5, 3)
        for month in months(PARK_MONTHS):
            heated = month[5:] in HEATING_MONTHS
            yield park, month, carbon.ParkEnergy(
                bought_kwh=round(size * chance.uniform(600_000, 900_000)),
                fed_back_kwh=round(size * chance.uniform(0, 20_000)),
                gas_m3=round(size * chance.uniform(4_000, 9_000)),
                heat_gj=round(size * chance.uniform(300, 600)) if heated else 0,
            )


def _sets(seed: int) -> Iterator[DataSet]:
    yield DataSet(
        "load-by-hour", GRID, Text("Load by firm and hour", "企业小时负荷"),
        Text("Mean load of firms, hour by hour", "企业逐小时平均负荷"),
        LOAD, table("load", LOAD, _load_rows(seed)), update_cycle="DAILY", terms=("load",),
        extra={"interval_minutes": "60", "voltage_level": "kv10"},
    )  # fmt: skip
    yield DataSet(
        "charging-sessions", CHARGING, Text("Charging sessions", "充电记录"),
        Text("When and how much was charged, by station", "各充电站充电起止时间与电量"),
        SESSIONS, table("charging", SESSIONS, _session_rows(seed)), update_cycle="DAILY",
        terms=("charging",), extra={"interval_minutes": "1", "voltage_level": "lv"},
    )  # fmt: skip
    yield DataSet(
        "park-energy", PARKS_OFFICE, Text("Energy of parks by month", "园区月度能耗"),
        Text("Electricity, gas and heat of business parks", "园区外购电力、天然气与热力"),
        PARK_ENERGY, table("park-energy", PARK_ENERGY, _park_rows(seed)),
        terms=("carbon", "electricity-use"), extra={"interval_minutes": "43200"},
    )  # fmt: skip


def _load_rows(seed: int) -> Iterator[tuple[object, ...]]:
    return ((each.firm, each.industry, each.day, each.hour, each.kw) for each in readings(seed))


def _session_rows(seed: int) -> Iterator[tuple[object, ...]]:
    for number, each in enumerate(sessions(seed), start=1):
        kwh = f"{each.wh // load.WH_A_KWH}.{each.wh % load.WH_A_KWH:03d}"
        yield f"CD{number:06d}", each.station, moment(each.begun_at), moment(each.ended_at), kwh


def _park_rows(seed: int) -> Iterator[tuple[object, ...]]:
    for park, month, each in park_energy(seed):
        yield park, month, each.bought_kwh, each.fed_back_kwh, each.gas_m3, each.heat_gj


def _products(seed: int, sets: tuple[DataSet, ...]) -> Iterator[MadeProduct]:
    for template, code, price_fen, level in (
        ("load-curve", "load-by-hour", 200_000, "industry"),
        ("park-carbon", "park-energy", 150_000, "park"),
    ):
        made = computed(template, RECIPES, *sets, inputs=(code,))
        yield MadeProduct(template, ANALYST, (code,), made, price_fen, {"statistics_level": level})
    # How many chargers a station has stands in no data set, so that no recipe makes this one.
    yield MadeProduct(
        "charging-use", ANALYST, ("charging-sessions",),
        headed("charging-use", ("station", "sessions", "energy_kwh", "in_use"), _uses(seed)),
        100_000, {"statistics_level": "station"},
    )  # fmt: skip


def _uses(seed: int) -> Iterator[tuple[object, ...]]:
    found = load.charging_use(sessions(seed), chargers=STATIONS, days=CHARGING_DAYS)
    for station, use in found.items():
        yield station, use.sessions, written(use.kwh, 3), written(use.in_use)
