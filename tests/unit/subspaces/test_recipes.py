"""What products compute, against figures worked out by hand, and what must hold of any figures."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subspaces.recipes.carbon import Factors, ParkEnergy, footprint
from subspaces.recipes.credit import FirmRecords, Portrait, portrait
from subspaces.recipes.electricity import electricity_index
from subspaces.recipes.equipment import Shift, effectiveness
from subspaces.recipes.load import Reading, Session, charging_use, load_curves
from subspaces.recipes.logistics import Consignment, performance
from subspaces.recipes.rounding import written

PAID = [True] * 24
kwh_of_months = st.lists(st.integers(0, 10**7), min_size=24, max_size=24)


def test_the_electricity_index_by_hand() -> None:
    """First year 12 × 1,000; last year 11 × 1,500 and 3,000 = 19,500, so a mean of 1,625.

    INT(1.625) + 1 = 2, so 20 points. 3,000 is the peak itself. (19,500 − 12,000) / 12,000 = 5/8.
    Two of 24 bills were late: 22/24.
    """
    kwh = [1000] * 12 + [1500] * 11 + [3000]
    found = electricity_index(kwh, [*PAID[:22], False, False])
    assert found.capacity == 20
    assert found.utilisation == 1
    assert (found.growth, found.integrity) == (Fraction(5, 8), Fraction(11, 12))


def test_capacity_goes_up_at_a_whole_thousand_and_not_before() -> None:
    below, at = ([0] * 12 + [kwh] * 12 for kwh in (1999, 2000))
    assert electricity_index(below, PAID).capacity == 20
    assert electricity_index(at, PAID).capacity == 30


def test_a_firm_that_used_nothing_has_no_growth_and_none_of_its_peak() -> None:
    found = electricity_index([0] * 24, PAID)
    assert (found.capacity, found.utilisation, found.growth) == (10, 0, None)


@pytest.mark.parametrize("kwh", [[1] * 23, [1] * 23 + [-1], [1] * 25])
def test_the_index_needs_its_months_and_bills(kwh: list[int]) -> None:
    with pytest.raises(ValueError, match="24 months"):
        electricity_index(kwh, PAID)


@given(kwh_of_months, st.integers(2, 9))
def test_the_index_lies_within_its_bounds_and_does_not_depend_on_size(
    kwh: list[int], times: int
) -> None:
    found = electricity_index(kwh, PAID)
    assert found.capacity % 10 == 0
    assert found.capacity >= 10
    assert 0 <= found.utilisation <= 1
    larger = electricity_index([each * times for each in kwh], PAID)
    assert (larger.utilisation, larger.growth) == (found.utilisation, found.growth)
    assert found.growth is None or found.growth >= -1
    assert larger.capacity >= found.capacity


@given(kwh_of_months, st.lists(st.integers(0, 9), max_size=6))
def test_months_before_the_24_do_not_count(kwh: list[int], older: list[int]) -> None:
    paid = [False] * len(older) + PAID
    assert electricity_index(older + kwh, paid) == electricity_index(kwh, PAID)


def consignment(promised: str, delivered: str = "", pieces: int = 10, lost: int = 0) -> Consignment:
    came = date.fromisoformat(delivered) if delivered else None
    return Consignment(date.fromisoformat(promised), came, pieces, lost)


def test_the_logistics_rate_by_hand() -> None:
    """Until May 2026: June to November 2025 is the first half, December to May the second.

    First half: on time, late: 1/2. Second half: on time on the day itself, early, lost: 2/3.
    Together 3/5; 1 + 10 of 50 pieces were lost; 2/3 − 1/2 = 1/6. What was promised in May 2025
    and in June 2026 lies outside.
    """
    held = [
        consignment("2025-06-01", "2025-05-30", lost=1),
        consignment("2025-11-30", "2025-12-01"),
        consignment("2025-12-01", "2025-12-01"),
        consignment("2026-05-31", "2026-05-01"),
        consignment("2026-03-01", lost=10),
        consignment("2025-05-31", "2026-01-01", lost=10),
        consignment("2026-06-01", "2027-01-01", lost=10),
    ]
    found = performance(held, until=(2026, 5))
    assert (found.on_time, found.loss) == (Fraction(3, 5), Fraction(11, 50))
    assert found.trend == Fraction(1, 6)


def test_half_a_year_alone_has_no_trend() -> None:
    found = performance([consignment("2026-05-01", "2026-05-01")], until=(2026, 5))
    assert (found.on_time, found.trend) == (1, None)
    with pytest.raises(ValueError, match="nothing was promised"):
        performance([consignment("2024-01-01")], until=(2026, 5))


consignments = st.builds(
    Consignment,
    promised_on=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    delivered_on=st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    pieces=st.integers(10, 50), lost=st.integers(0, 10),
)  # fmt: skip


@given(st.lists(consignments, min_size=1, max_size=30))
def test_a_rate_is_a_share_whatever_the_order(held: list[Consignment]) -> None:
    held = [*held, consignment("2026-05-01")]
    found = performance(held, until=(2026, 5))
    assert 0 <= found.on_time <= 1
    assert 0 <= found.loss <= 1
    assert found.trend is None or -1 <= found.trend <= 1
    assert performance(held[::-1], until=(2026, 5)) == found


def test_the_load_curve_by_hand() -> None:
    """Two firms on two days at 8 o'clock: 100 + 50 and 120 + 30, so 300 / 2 = 150 kW.

    At 9 o'clock one of them on one day: 60 / 2 = 30 kW, a fifth of the peak.
    """
    readings = [
        Reading("A", "C36", "2026-05-01", 8, 100), Reading("B", "C36", "2026-05-01", 8, 50),
        Reading("A", "C36", "2026-05-02", 8, 120), Reading("B", "C36", "2026-05-02", 8, 30),
        Reading("A", "C36", "2026-05-02", 9, 60), Reading("C", "F52", "2026-05-01", 8, 5),
    ]  # fmt: skip
    found = load_curves(readings, firms_min=2)
    assert list(found) == ["C36"]
    curve = found["C36"]
    assert [each.hour for each in curve] == list(range(24))
    assert (curve[8].mean_kw, curve[8].of_peak) == (150, 1)
    assert (curve[9].mean_kw, curve[9].of_peak) == (30, Fraction(1, 5))
    assert curve[0].mean_kw == 0
    assert list(load_curves(readings, firms_min=1)) == ["C36", "F52"]


def test_a_day_has_24_hours() -> None:
    with pytest.raises(ValueError, match="no hour"):
        load_curves([Reading("A", "C36", "2026-05-01", 24, 1)], firms_min=1)


readings = st.lists(
    st.builds(
        Reading, firm=st.sampled_from("ABC"), industry=st.sampled_from(("C36", "F52")),
        day=st.sampled_from(("2026-05-01", "2026-05-02")), hour=st.integers(0, 23),
        kw=st.integers(0, 10**6),
    ),
    max_size=40,
)  # fmt: skip


@given(readings)
def test_a_curve_loses_no_energy_and_peaks_at_one(read: list[Reading]) -> None:
    for industry, curve in load_curves(read, firms_min=1).items():
        own = [each for each in read if each.industry == industry]
        days = len({each.day for each in own})
        assert sum(each.mean_kw for each in curve) * days == sum(each.kw for each in own)
        assert max(each.of_peak for each in curve) == (1 if any(e.kw for e in own) else 0)


def test_charging_use_by_hand() -> None:
    """Two chargers on two days stand there 96 hours; 6 + 18 hours of charging are a quarter."""
    start = datetime(2026, 5, 1, tzinfo=UTC)
    sessions = [
        Session("S1", start, start + timedelta(hours=6), 40_500),
        Session("S1", start, start + timedelta(hours=18), 60_000),
    ]
    found = charging_use(sessions, chargers={"S1": 2, "S2": 1}, days=2)
    assert (found["S1"].sessions, found["S1"].kwh) == (2, Fraction(201, 2))
    assert found["S1"].in_use == Fraction(1, 4)
    assert (found["S2"].sessions, found["S2"].in_use) == (0, 0)


def test_the_carbon_footprint_by_hand() -> None:
    """(10,000 − 1,000) kWh × 0.5 + 3 GJ × 100 = 4,800 kg bought; 200 m3 × 2 = 400 kg burned."""
    factors = Factors(Fraction(1, 2), Fraction(2), Fraction(100))
    found = footprint(ParkEnergy(10_000, 1_000, gas_m3=200, heat_gj=3), factors)
    assert (found.direct_kg, found.bought_kg, found.total_kg) == (400, 4_800, 5_200)


def test_the_factors_are_those_that_were_published() -> None:
    """389.31 × 0.0153 × 0.99 × 44/12 = 21.6219… t for 10,000 m3."""
    assert written(Factors().gas_kg_a_m3) == "2.1622"
    assert written(Factors().grid_kg_a_kwh) == "0.5366"


amounts = st.integers(0, 10**9)


@given(amounts, amounts, amounts, amounts, st.integers(1, 9))
def test_a_park_is_no_sink_and_twice_the_energy_is_twice_the_carbon(
    bought: int, back: int, gas: int, heat: int, times: int
) -> None:
    found = footprint(ParkEnergy(bought, back, gas, heat))
    assert found.direct_kg >= 0
    assert found.bought_kg >= 0
    larger = footprint(ParkEnergy(bought * times, back * times, gas * times, heat * times))
    assert larger.total_kg == found.total_kg * times
    assert footprint(ParkEnergy(bought, back + 1, gas, heat)).total_kg <= found.total_kg


ON = date(2026, 6, 1)
FIRM: dict[str, Any] = {
    "founded_on": date(2023, 6, 1), "in_business": True, "tax_arrears": False,
    "insured": [19] * 13, "insurance_arrears": False, "fund_months": 12, "penalties": (),
}  # fmt: skip


def of(**changed: Any) -> Portrait:
    return portrait(FirmRecords(**{**FIRM, **changed}), on=ON)


def test_the_credit_portrait_by_hand() -> None:
    assert of() == Portrait(
        in_business=True, age="3_TO_5", size="MICRO", staff="STEADY", tax_arrears=False,
        insurance_arrears=False, fund_paid=True, penalised=False,
    )  # fmt: skip


def test_bands_begin_where_they_say() -> None:
    assert of(founded_on=date(2023, 6, 2)).age == "1_TO_3"
    assert of(founded_on=date(2016, 6, 1)).age == "OVER_10"
    assert [of(insured=[count]).size for count in (19, 20, 299, 300, 999, 1000)] == [
        "MICRO", "SMALL", "SMALL", "MEDIUM", "MEDIUM", "LARGE",
    ]  # fmt: skip
    assert of(insured=()).size == "UNKNOWN"


def test_staff_rise_or_fall_by_a_tenth() -> None:
    def course(before: int, now: int) -> str:
        return of(insured=[before, *[1] * 11, now]).staff

    assert [course(100, now) for now in (90, 91, 109, 110)] == [
        "FALLING", "STEADY", "STEADY", "RISING",
    ]  # fmt: skip
    assert (course(0, 1), course(0, 0), of(insured=[5] * 12).staff) == (
        "RISING", "STEADY", "UNKNOWN",
    )  # fmt: skip


def test_a_penalty_counts_for_two_years() -> None:
    assert of(penalties=[date(2024, 6, 2)]).penalised
    assert not of(penalties=[date(2024, 6, 1)]).penalised
    assert not of(penalties=[date(2026, 6, 2)]).penalised
    assert not of(fund_months=11).fund_paid


WORDS = {
    "BELOW_1", "1_TO_3", "3_TO_5", "5_TO_10", "OVER_10", "MICRO", "SMALL", "MEDIUM", "LARGE",
    "RISING", "STEADY", "FALLING", "UNKNOWN",
}  # fmt: skip


@given(st.dates(date(1950, 1, 1), ON), st.lists(st.integers(0, 10**6), max_size=30))
def test_a_portrait_holds_no_raw_value(founded: date, insured: list[int]) -> None:
    found = of(founded_on=founded, insured=insured)
    values = [getattr(found, name) for name in Portrait.__slots__]
    assert all(isinstance(each, bool) or each in WORDS for each in values)


def test_effectiveness_by_hand() -> None:
    """480 + 120 planned, 400 + 80 ran: 4/5. 300 × 60 s + 60 × 60 s = 21,600 of 28,800 s: 3/4.

    324 of 360 pieces are good: 9/10. Together 27/50.
    """
    found = effectiveness([Shift(480, 400, 60, 300, 270), Shift(120, 80, 60, 60, 54)])
    assert (found.availability, found.performance, found.quality) == (
        Fraction(4, 5), Fraction(3, 4), Fraction(9, 10),
    )  # fmt: skip
    assert found.overall == Fraction(27, 50)
    assert effectiveness([]).overall == 0


@given(st.lists(st.tuples(*[st.integers(0, 1000)] * 5), max_size=10))
def test_what_is_possible_is_at_most_whole(made: list[tuple[int, ...]]) -> None:
    shifts = []
    for planned, idle, cycle, pieces, bad in made:
        running = max(0, planned - idle)
        count = min(pieces, running * 60 // cycle) if cycle else 0
        shifts.append(Shift(planned, running, cycle, count, max(0, count - bad)))
    assert 0 <= effectiveness(shifts).overall <= 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 3), "0.3333"), (Fraction(2, 3), "0.6667"), (Fraction(-1, 8), "-0.1250"),
        (Fraction(-1, 10**6), "0.0000"), (Fraction(1, 20000), "0.0000"),
        (Fraction(3, 20000), "0.0002"), (Fraction(10**9), "1000000000.0000"),
    ],
)  # fmt: skip
def test_shares_are_written_with_all_decimals(value: Fraction, text: str) -> None:
    assert written(value) == text
