"""Working data of the finance sub-space, and the three products that are computed from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dataspace.federation.profiles.content import Body, Column, Content, DataSet, MadeProduct
from dataspace.text import Text
from subspaces.content.firms import MONTHS, Firm, firms
from subspaces.content.making import (
    CREDIT_CODE,
    LAST_DAY,
    MONTH,
    computed,
    credit_code,
    dice,
    flag,
    months,
    table,
)
from subspaces.recipes import credit, logistics
from subspaces.recipes.tables.finance import RECIPES

GRID, HAULAGE, CENTRE, RATER = "grid", "haulage", "centre", "rater"
BODIES: Final = (
    Body(GRID, Text("Sample Power Supply", "示例供电公司"), "ENTERPRISE",
         credit_code("91", 900001)),
    Body(HAULAGE, Text("Sample Haulage Platform", "示例物流平台公司"), "ENTERPRISE",
         credit_code("91", 900002)),
    Body(CENTRE, Text("Sample Data Supply Centre", "示例数据供给中心"), "ENTERPRISE",
         credit_code("12", 900003)),
    Body(RATER, Text("Sample Credit Information", "示例征信公司"), "ENTERPRISE",
         credit_code("91", 900004)),
)  # fmt: skip
HAULIERS: Final = 12
WAYBILLS_A_MONTH: Final = 8
WAYBILL_MONTHS: Final = 14
HOURS_A_MONTH: Final = 300
TAX_YEARS: Final = (2023, 2024, 2025)
SALES_BANDS: Final = ((20, "BELOW_1M"), (100, "1M_TO_10M"), (300, "10M_TO_100M"))
ARREARS: Final = Column("arrears", Text("Owes payments", "欠缴标志"), "BOOLEAN")

ELECTRICITY: Final = (
    CREDIT_CODE, MONTH,
    Column("electricity_kwh", Text("Electricity in kWh", "用电量（kWh）"), "NUMBER"),
    Column("paid_on_time", Text("Paid in time", "按期缴费"), "BOOLEAN"),
)  # fmt: skip
WAYBILLS: Final = (
    Column("waybill", Text("Waybill", "运单号"), "TEXT"), CREDIT_CODE,
    Column("promised_on", Text("Promised for", "约定送达日期"), "DATE"),
    Column("delivered_on", Text("Delivered on", "实际送达日期"), "DATE", nullable=True),
    Column("pieces", Text("Pieces", "件数"), "NUMBER"),
    Column("lost", Text("Pieces lost", "货损件数"), "NUMBER"),
)  # fmt: skip
REGISTRATIONS: Final = (
    CREDIT_CODE,
    Column("name", Text("Name of the firm", "企业名称"), "TEXT"),
    Column("industry", Text("Industry (GB/T 4754)", "行业（GB/T 4754）"), "TEXT"),
    Column("founded_on", Text("Founded on", "成立日期"), "DATE"),
    Column("in_business", Text("In business", "存续"), "BOOLEAN"),
)  # fmt: skip
TAX: Final = (
    CREDIT_CODE,
    Column("year", Text("Year", "年度"), "NUMBER"),
    Column("sales_band", Text("Band of taxable sales", "应税销售额区间"), "TEXT"),
    ARREARS,
)  # fmt: skip
INSURANCE: Final = (
    CREDIT_CODE, MONTH, Column("insured", Text("Insured staff", "缴费人数"), "NUMBER"), ARREARS,
)  # fmt: skip
FUND: Final = (CREDIT_CODE, MONTH, Column("payers", Text("Payers", "缴存人数"), "NUMBER"))
PENALTIES: Final = (
    Column("decision", Text("Number of the decision", "处罚文号"), "TEXT"), CREDIT_CODE,
    Column("decided_on", Text("Decided on", "决定日期"), "DATE"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Power:
    month: str
    kwh: int
    paid_on_time: bool


def content(seed: int) -> Content:
    sets = tuple(_sets(seed))
    return Content(BODIES, sets, tuple(_products(sets)))


def power_of(firm: Firm, seed: int) -> list[Power]:
    """By month: what it needs by its course, and whether the bill was paid in time."""
    chance = dice(seed, "power", firm.number)
    late = 0.02 if firm.sound else 0.3
    return [
        Power(month, round(firm.day_kw * HOURS_A_MONTH * stood), chance.random() >= late)
        for month, stood in zip(months(MONTHS), firm.course, strict=True)
    ]


def waybills_of(haulier: int, seed: int) -> list[tuple[str, logistics.Consignment]]:
    chance = dice(seed, "waybills", haulier)
    reliable = chance.uniform(0.7, 0.98)
    found = []
    for at, month in enumerate(months(WAYBILL_MONTHS)):
        for number in range(WAYBILLS_A_MONTH):
            promised = date(int(month[:4]), int(month[5:]), chance.randint(1, 28))
            late_days = 0 if chance.random() < reliable else chance.randint(1, 6)
            pieces = chance.randint(5, 60)
            gone = chance.random() < 0.01
            lost = pieces if gone else chance.choice((0,) * 30 + (1, 2))
            delivered = None if gone else promised + timedelta(days=late_days)
            code = f"YD{haulier:02d}{at:02d}{number:03d}"
            found.append((code, logistics.Consignment(promised, delivered, pieces, lost)))
    return found


def records_of(firm: Firm, seed: int) -> credit.FirmRecords:
    """What departments hold of a firm; a firm that is not sound owes, and was fined more often."""
    chance = dice(seed, "records", firm.number)
    insured = tuple(max(1, round(firm.staff * stood)) for stood in firm.course[-25:])
    fined = 0.08 if firm.sound else 0.6
    penalties = [LAST_DAY - timedelta(days=chance.randint(10, 1500))] * (chance.random() < fined)
    return credit.FirmRecords(
        founded_on=firm.founded_on,
        in_business=chance.random() < 0.97,
        tax_arrears=not firm.sound and chance.random() < 0.6,
        insured=insured,
        insurance_arrears=not firm.sound and chance.random() < 0.4,
        fund_months=12 if firm.sound else chance.randint(0, 12),
        penalties=penalties,
    )


def _sets(seed: int) -> Iterator[DataSet]:
    reach = {"coverage_months": str(MONTHS)}
    yield DataSet(
        "electricity-by-month", GRID,
        Text("Electricity by firm and month", "企业月用电量"),
        Text("What firms used, and whether they paid in time", "企业逐月用电量与缴费情况"),
        ELECTRICITY, table("electricity", ELECTRICITY, _electricity(seed)),
        terms=("electricity-use",), extra=reach, grade=3,
    )  # fmt: skip
    yield DataSet(
        "waybills", HAULAGE, Text("Waybills", "物流运单"),
        Text("What hauliers promised and delivered", "承运企业约定与实际送达情况"),
        WAYBILLS, table("waybills", WAYBILLS, _waybills(seed)), update_cycle="DAILY",
        terms=("waybill",), extra={"coverage_months": str(WAYBILL_MONTHS)},
    )  # fmt: skip
    for code, name, summary, columns, rows, term in (
        ("registrations", Text("Registration of firms", "企业登记基本信息"),
         Text("Firms, their industry and age", "企业名称、行业与成立日期"),
         REGISTRATIONS, _registrations(seed), "registration"),
        ("tax-by-year", Text("Tax by year", "企业纳税汇总指标"),
         Text("Bands of sales, and whether tax is owed", "应税销售额区间与欠税标志"),
         TAX, _tax(seed), "tax"),
        ("insurance-by-month", Text("Social insurance by month", "单位社会保险缴纳人数"),
         Text("Insured staff, and whether payments are owed", "缴费人数与欠缴标志"),
         INSURANCE, _insurance(seed), "social-insurance"),
        ("fund-by-month", Text("Provident fund by month", "单位公积金缴存信息"),
         Text("Who pays into the fund", "公积金缴存人数"), FUND, _fund(seed), "social-insurance"),
        ("penalties", Text("Administrative penalties", "行政处罚信息"),
         Text("Decisions about firms", "对企业的处罚决定"), PENALTIES, _penalties(seed), "penalty"),
    ):  # fmt: skip
        yield DataSet(
            code, CENTRE, name, summary, columns, table(code, columns, rows), terms=(term,),
            extra={"coverage_months": "36"},
        )  # fmt: skip


def _electricity(seed: int) -> Iterator[tuple[object, ...]]:
    for firm in firms(seed):
        for each in power_of(firm, seed):
            yield firm.credit_code, each.month, each.kwh, flag(each.paid_on_time)


def _waybills(seed: int) -> Iterator[tuple[object, ...]]:
    for haulier in range(1, HAULIERS + 1):
        for code, each in waybills_of(haulier, seed):
            came = each.delivered_on.isoformat() if each.delivered_on else ""
            yield (
                code, haulier_code(haulier), each.promised_on.isoformat(), came, each.pieces,
                each.lost,
            )  # fmt: skip


def haulier_code(number: int) -> str:
    return credit_code("91", 700000 + number)


def _registrations(seed: int) -> Iterator[tuple[object, ...]]:
    for firm in firms(seed):
        held = records_of(firm, seed)
        founded = firm.founded_on.isoformat()
        yield firm.credit_code, firm.name, firm.industry, founded, flag(held.in_business)


def _tax(seed: int) -> Iterator[tuple[object, ...]]:
    """What is owed is told for the last year; the years before it were settled."""
    for firm in firms(seed):
        band = next((name for limit, name in SALES_BANDS if firm.staff < limit), "OVER_100M")
        for year in TAX_YEARS:
            owes = records_of(firm, seed).tax_arrears and year == TAX_YEARS[-1]
            yield firm.credit_code, year, band, flag(owes)


def _insurance(seed: int) -> Iterator[tuple[object, ...]]:
    for firm in firms(seed):
        held = records_of(firm, seed)
        told = months(len(held.insured))
        for month, insured in zip(told, held.insured, strict=True):
            owes = held.insurance_arrears and month == told[-1]
            yield firm.credit_code, month, insured, flag(owes)


def _fund(seed: int) -> Iterator[tuple[object, ...]]:
    """A month without a payment has no row."""
    for firm in firms(seed):
        held = records_of(firm, seed)
        for month, payers in zip(months(12)[: held.fund_months], held.insured[-12:], strict=False):
            yield firm.credit_code, month, payers


def _penalties(seed: int) -> Iterator[tuple[object, ...]]:
    for firm in firms(seed):
        for each in records_of(firm, seed).penalties:
            yield f"示罚〔{each.year}〕{firm.number:04d}号", firm.credit_code, each.isoformat()


def _products(sets: tuple[DataSet, ...]) -> Iterator[MadeProduct]:
    statistics = {"model_kind": "statistics", "model_reviewed_on": "2026-04-30"}
    rules = {"model_kind": "rule", "model_reviewed_on": "2026-04-30"}
    departments = (
        "registrations", "tax-by-year", "insurance-by-month", "fund-by-month", "penalties"
    )
    for template, inputs, price_fen, extra in (
        ("electricity-index", ("electricity-by-month",), 80, statistics),
        ("logistics-performance", ("waybills",), 60, statistics),
        ("credit-portrait", departments, 120, rules),
    ):
        made = computed(template, RECIPES, *sets, inputs=inputs)
        yield MadeProduct(template, RATER, inputs, made, price_fen, extra)
