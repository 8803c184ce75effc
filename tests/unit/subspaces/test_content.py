"""Made-up data: the same bytes for the same seed, of nobody, and what the products rest on."""

import csv
import io
from datetime import date
from fractions import Fraction
from functools import cache

import pytest

from dataspace import codes
from dataspace.errors import NotFound
from dataspace.federation.profiles.content import Content, Table
from dataspace.federation.profiles.fitting import begun, problems
from dataspace.identifiers import is_credit_code
from dataspace.quality.rules import QualityRule
from subspaces.content.made import MADE, content_of
from subspaces.profiles import profile_named
from subspaces.recipes.carbon import ParkEnergy, footprint
from subspaces.recipes.electricity import electricity_index
from subspaces.recipes.equipment import Shift, effectiveness
from subspaces.recipes.logistics import Consignment, performance
from subspaces.recipes.rounding import written

SEED = 7


@cache
def made(name: str) -> Content:
    return content_of(name, SEED)


def rows(table: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.content.decode())))


def of(name: str, code: str) -> list[dict[str, str]]:
    [found] = [each for each in made(name).sets if each.code == code]
    return rows(found.table)


def product(name: str, template: str) -> list[dict[str, str]]:
    [found] = [each for each in made(name).products if each.template == template]
    return rows(found.table)


@pytest.mark.parametrize("name", MADE)
def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(name: str) -> None:
    assert content_of(name, SEED) == made(name)
    other = content_of(name, SEED + 1)
    for one, another in zip(made(name).sets, other.sets, strict=True):
        assert one.table.content != another.table.content, one.code


def test_the_bytes_stay_what_they_were() -> None:
    """Of one row that depends on the dice, so that a change of them is noticed."""
    assert of("finance", "electricity-by-month")[0] == {
        "credit_code": "91310000MAF000001Y", "month": "2023-12",
        "electricity_kwh": "101078", "paid_on_time": "true",
    }  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_every_firm_and_body_has_a_valid_code(name: str) -> None:
    content = made(name)
    found = {each.credit_code for each in content.bodies}
    for each in content.sets:
        found |= {row["credit_code"] for row in rows(each.table) if "credit_code" in row}
    assert found
    assert [code for code in found if not is_credit_code(code) or "MAF" not in code] == []


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_is_as_its_profile_asks(name: str) -> None:
    profile, content = profile_named(name), made(name)
    bodies = {each.alias for each in content.bodies}
    sets = {each.code: each for each in content.sets}
    terms = {each.code for each in profile.terms}
    for each in content.sets:
        values = {"grade": each.grade, "extra": _extra(each.extra)}
        assert problems(profile, "resource", values, whole=True) == []
        assert each.provider in bodies
        assert terms.issuperset(each.terms)
        assert each.update_cycle in codes.UPDATE_CYCLE
        assert all(column.type in codes.ITEM_TYPE for column in each.columns)
    for product_ in content.products:
        template = profile.template(product_.template)
        assert template is not None
        values = begun(profile, template) | {"extra": _extra(product_.extra)}
        values["grade"] = max(sets[code].grade for code in product_.inputs)
        assert problems(profile, "product", values, whole=True) == []
        assert product_.owner in bodies


def _extra(values: object) -> list[dict[str, str]]:
    assert isinstance(values, dict)
    return [{"name": name, "value": value} for name, value in values.items()]


@pytest.mark.parametrize("name", MADE)
def test_files_have_the_columns_that_are_told(name: str) -> None:
    profile = profile_named(name)
    for each in made(name).sets:
        held = rows(each.table)
        assert list(held[0]) == [column.heading for column in each.columns], each.code
        assert len(held) == each.table.rows
        needed = [column.heading for column in each.columns if not column.nullable]
        assert all(row[heading] for row in held for heading in needed)
    for product_ in made(name).products:
        template = profile.template(product_.template)
        assert template is not None
        assert list(rows(product_.table)[0]) == [term.code for term in template.outputs]


@pytest.mark.parametrize("name", MADE)
def test_the_data_fulfil_the_quality_rules_of_their_profile(name: str) -> None:
    used = set()
    for each in made(name).sets:
        held = rows(each.table)
        for rule in profile_named(name).quality:
            columns = rule.columns or (rule.column,)
            if all(column in held[0] for column in columns):
                used.add(rule)
                assert _fulfilled(rule, held), (each.code, rule)
    assert len(used) >= 4


def _fulfilled(rule: QualityRule, held: list[dict[str, str]]) -> bool:
    values = [row[rule.column] for row in held] if rule.column else []
    match rule.kind:
        case "RANGE":
            low, high = Fraction(rule.minimum), Fraction(rule.maximum or 10**12)
            return all(low <= Fraction(each) <= high for each in values)
        case "UNIQUE":
            return len({tuple(row[name] for name in rule.columns) for row in held}) == len(held)
        case "COMPARE":
            return all(int(row[rule.column]) <= int(row[rule.other_column]) for row in held)
        case "CREDIT_CODE":
            return all(map(is_credit_code, values))
        case "PATTERN":
            return all(len(each) == 7 and each[4] == "-" for each in values)
    return all(values)


def test_the_index_is_that_of_the_months_in_the_file() -> None:
    for told in product("finance", "electricity-index"):
        own = [
            row for row in of("finance", "electricity-by-month")
            if row["credit_code"] == told["credit_code"]
        ]  # fmt: skip
        assert len(own) >= 24
        assert [row["month"] for row in own] == sorted(row["month"] for row in own)
        found = electricity_index(
            [int(row["electricity_kwh"]) for row in own],
            [row["paid_on_time"] == "true" for row in own],
        )
        assert found.growth is not None
        assert told == {
            "credit_code": own[0]["credit_code"], "month": own[-1]["month"],
            "capacity": str(found.capacity), "utilisation": written(found.utilisation),
            "growth": written(found.growth), "integrity": written(found.integrity),
        }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code", "template"),
    [
        ("finance", "waybills", "logistics-performance"),
        ("manufacturing", "supplier-deliveries", "supplier-performance"),
    ],
)
def test_rates_are_those_of_the_consignments_in_the_file(
    name: str, code: str, template: str
) -> None:
    for told in product(name, template):
        held = [
            Consignment(
                date.fromisoformat(row["promised_on"]),
                date.fromisoformat(row["delivered_on"]) if row["delivered_on"] else None,
                int(row["pieces"]), int(row["lost"]),
            )
            for row in of(name, code) if row["credit_code"] == told["credit_code"]
        ]  # fmt: skip
        found = performance(held, until=(2026, 5))
        assert (told["on_time"], told["loss"]) == (written(found.on_time), written(found.loss))


def test_a_curve_is_that_of_the_load_in_the_file() -> None:
    held = of("energy", "load-by-hour")
    by_industry = {row["industry"] for row in held}
    told = product("energy", "load-curve")
    assert {row["industry"] for row in told} == by_industry
    for row in told:
        kw = [
            int(each["load_kw"]) for each in held
            if (each["industry"], each["hour"]) == (row["industry"], row["hour"])
        ]  # fmt: skip
        assert row["mean_kw"] == written(Fraction(sum(kw), 14))


def test_a_footprint_is_that_of_the_energy_in_the_file() -> None:
    told = product("energy", "park-carbon")
    for row, energy in zip(told, of("energy", "park-energy"), strict=True):
        names = ("electricity_kwh", "fed_back_kwh", "gas_m3", "heat_gj")
        found = footprint(ParkEnergy(*(int(energy[name]) for name in names)))
        assert (row["park"], row["month"]) == (energy["park"], energy["month"])
        assert row["total_kg"] == written(found.total_kg)


def test_effectiveness_is_that_of_the_shifts_in_the_file() -> None:
    names = ("planned_minutes", "running_minutes", "cycle_seconds", "pieces", "good_pieces")
    for told in product("manufacturing", "equipment-effectiveness"):
        shifts = [
            Shift(*(int(row[name]) for name in names))
            for row in of("manufacturing", "equipment-shifts")
            if row["equipment"] == told["equipment"] and row["day"].startswith(told["month"])
        ]
        assert told["effectiveness"] == written(effectiveness(shifts).overall)


def test_there_are_no_data_of_a_space_that_nobody_made_any_of() -> None:
    with pytest.raises(NotFound):
        content_of("water", SEED)
