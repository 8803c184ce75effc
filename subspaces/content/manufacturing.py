"""Working data of the manufacturing sub-space, and the two products computed from them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from dataspace.federation.profiles.content import Body, Column, Content, DataSet, MadeProduct
from dataspace.text import Text
from subspaces.content.making import (
    CREDIT_CODE,
    DAY,
    computed,
    credit_code,
    days,
    dice,
    months,
    table,
)
from subspaces.recipes import equipment, logistics
from subspaces.recipes.tables.manufacturing import RECIPES

MAKER, BUYER, ANALYST = "maker", "buyer", "works"
BODIES: Final = (
    Body(MAKER, Text("Sample Auto Parts", "示例汽车零部件公司"), "ENTERPRISE",
         credit_code("91", 920001)),
    Body(BUYER, Text("Sample Vehicles", "示例整车公司"), "ENTERPRISE", credit_code("91", 920002)),
    Body(ANALYST, Text("Sample Works Data", "示例工业数据公司"), "ENTERPRISE",
         credit_code("91", 920003)),
)  # fmt: skip
MACHINES: Final = 12
MACHINE_DAYS: Final = 90
SUPPLIERS: Final = 10
ORDERS_A_MONTH: Final = 6
ORDER_MONTHS: Final = 14

SHIFTS: Final = (
    Column("equipment", Text("Equipment", "设备"), "TEXT"), DAY,
    Column("planned_minutes", Text("Planned time in minutes", "计划时间（分钟）"), "NUMBER"),
    Column("running_minutes", Text("Running time in minutes", "运行时间（分钟）"), "NUMBER"),
    Column("cycle_seconds", Text("Best time of a piece in seconds", "理论节拍（秒）"), "NUMBER"),
    Column("pieces", Text("Pieces", "产量"), "NUMBER"),
    Column("good_pieces", Text("Good pieces", "良品数"), "NUMBER"),
)  # fmt: skip
DELIVERIES: Final = (
    Column("order", Text("Order", "订单号"), "TEXT"), CREDIT_CODE,
    Column("promised_on", Text("Promised for", "约定交付日期"), "DATE"),
    Column("delivered_on", Text("Delivered on", "实际交付日期"), "DATE", nullable=True),
    Column("pieces", Text("Pieces", "件数"), "NUMBER"),
    Column("lost", Text("Pieces refused", "不合格件数"), "NUMBER"),
)  # fmt: skip


def content(seed: int) -> Content:
    sets = tuple(_sets(seed))
    return Content(BODIES, sets, tuple(_products(sets)))


def shifts_of(machine: int, seed: int) -> Iterator[tuple[date, equipment.Shift]]:
    """One shift a working day; a machine that stops often also makes more that is bad."""
    chance = dice(seed, "machine", machine)
    health, cycle = chance.uniform(0.75, 0.97), chance.choice((20, 30, 45, 60))
    for day in days(MACHINE_DAYS):
        if day.weekday() > 4:
            continue
        running = round(480 * health * chance.uniform(0.9, 1.0))
        pieces = round(running * 60 / cycle * chance.uniform(0.8, 0.98))
        good = round(pieces * (0.5 + health / 2) * chance.uniform(0.98, 1.0))
        yield day, equipment.Shift(480, running, cycle, pieces, good)


def orders_of(supplier: int, seed: int) -> Iterator[tuple[str, logistics.Consignment]]:
    chance = dice(seed, "supplier", supplier)
    reliable = chance.uniform(0.6, 0.98)
    for at, month in enumerate(months(ORDER_MONTHS)):
        for number in range(ORDERS_A_MONTH):
            promised = date(int(month[:4]), int(month[5:]), chance.randint(1, 28))
            late_days = 0 if chance.random() < reliable else chance.randint(1, 15)
            pieces = chance.randint(50, 900)
            refused = round(pieces * chance.choice((0, 0, 0, 0, 0.01, 0.03)))
            delivered = promised + timedelta(days=late_days)
            code = f"DD{supplier:02d}{at:02d}{number:02d}"
            yield code, logistics.Consignment(promised, delivered, pieces, refused)


def supplier_code(number: int) -> str:
    return credit_code("91", 720000 + number)


def machine_name(number: int) -> str:
    return f"SB{number:03d}"


def _sets(seed: int) -> Iterator[DataSet]:
    yield DataSet(
        "equipment-shifts", MAKER, Text("Shifts of equipment", "设备班次记录"),
        Text("What machines were planned for, ran and made", "设备计划、运行时间与产量"),
        SHIFTS, table("equipment", SHIFTS, _shift_rows(seed)), update_cycle="DAILY",
        terms=("equipment",), extra={"equipment_class": "数控机床 CNC machines"},
    )  # fmt: skip
    yield DataSet(
        "supplier-deliveries", BUYER, Text("Deliveries of suppliers", "供应商交付记录"),
        Text("What suppliers promised and delivered", "供应商约定与实际交付情况"),
        DELIVERIES, table("deliveries", DELIVERIES, _order_rows(seed)), update_cycle="DAILY",
        terms=("supplier", "order"),
    )  # fmt: skip


def _shift_rows(seed: int) -> Iterator[tuple[object, ...]]:
    for machine in range(1, MACHINES + 1):
        for day, each in shifts_of(machine, seed):
            yield (
                machine_name(machine), day.isoformat(), each.planned_minutes,
                each.running_minutes, each.cycle_seconds, each.pieces, each.good_pieces,
            )  # fmt: skip


def _order_rows(seed: int) -> Iterator[tuple[object, ...]]:
    for supplier in range(1, SUPPLIERS + 1):
        for code, each in orders_of(supplier, seed):
            came = each.delivered_on.isoformat() if each.delivered_on else ""
            promised = each.promised_on.isoformat()
            yield code, supplier_code(supplier), promised, came, each.pieces, each.lost


def _products(sets: tuple[DataSet, ...]) -> Iterator[MadeProduct]:
    for template, code, price_fen, extra in (
        ("equipment-effectiveness", "equipment-shifts", 180_000, {}),
        ("supplier-performance", "supplier-deliveries", 120_000, {"response_hours": "24"}),
    ):
        made = computed(template, RECIPES, *sets, inputs=(code,))
        yield MadeProduct(template, ANALYST, (code,), made, price_fen, extra)
