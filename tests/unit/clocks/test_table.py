"""A calendar's table is read strictly, and a refusal says line, field, why and what to do."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.clocks.china import CHINA, TABLE
from dataspace.clocks.table import TABLE_CHARACTERS_MAX, TableInvalid, read_calendar
from dataspace.errors import advice_for
from tests.unit.clocks.places import BERLIN_TABLE


def refused(table: str) -> tuple[int, str, str]:
    with pytest.raises(TableInvalid) as refusal:
        read_calendar(table)
    error = refusal.value
    assert error.message("zh") != error.message("en")
    assert advice_for(error, "zh") != advice_for(error, "en")
    return error.facts["line"], error.facts["field"], error.facts["why"].en


def test_a_table_is_replaced_as_a_whole() -> None:
    berlin = read_calendar(BERLIN_TABLE)
    assert berlin.zone.key == "Europe/Berlin"
    assert not berlin.works(date(2026, 10, 3))
    assert not berlin.works(date(2026, 5, 1))
    assert berlin.works(date(2026, 2, 17))


def test_the_same_table_is_the_same_calendar() -> None:
    assert read_calendar(TABLE) == CHINA


def test_a_byte_order_mark_and_other_line_ends_are_passed_over() -> None:
    assert read_calendar("\ufeff" + TABLE.replace("\n", "\r\n")) == CHINA


def test_a_weekend_may_be_friday_and_saturday() -> None:
    table = BERLIN_TABLE.replace('"SATURDAY", "SUNDAY"', '"FRIDAY", "SATURDAY"')
    assert read_calendar(table).works(date(2026, 6, 7))
    assert not read_calendar(table).works(date(2026, 6, 5))


@pytest.mark.parametrize(
    ("before", "after", "line", "field", "why"),
    [
        ('zone = "Asia/Shanghai"', 'zone = "Asia/Shangai"', 3, "zone", "is not a zone"),
        ('zone = "Asia/Shanghai"', 'zone = "../etc"', 3, "zone", "is not a zone"),
        ('zone = "Asia/Shanghai"', "", 1, "zone", "is missing"),
        ('code = "CN"', "code = 86", 1, "code", "is not a text"),
        ('code = "CN"', 'code = " "', 1, "code", "is not a text"),
        ('code = "CN"', 'code = "CN"\nb = 1\na = 1\nc = 1', 2, "b", "is not known here"),
        ('code = "CN"', 'code = ""', 1, "code", "is not a text"),
        ('"SATURDAY", "SUNDAY"', '"SATURDAY", "SONNTAG"', 4, "weekend", "does not name"),
        ('"SATURDAY", "SUNDAY"', "", 4, "weekend", "does not name"),
        ('"SATURDAY", "SUNDAY"',
         '"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"',
         4, "weekend", "does not name"),
        ('en = "China", ', "", 2, "name.en", "is missing"),
        ('en = "China", ', 'fr = "Chine", en = "China", ', 2, "name.fr", "is not known here"),
        ("last = 2026-02-23", "last = 2025-02-23", 28, "2026.spring_festival.last", "does not end"),
        ("last = 2026-02-23", "last = 2026-12-23", 28, "2026.spring_festival.last", "does not end"),
        ("last = 2026-02-23", 'last = "2月23日"', 28, "2026.spring_festival.last", "is not a date"),
        ("first = 2026-02-15", "first = 2026-02-15T00:00:00", 28, "2026.spring_festival.first",
         "is not a date"),
        ("first = 2026-05-01, last = 2026-05-05", "first = 2025-05-01, last = 2025-05-05", 30,
         "2026.labour_day.first", "2025-05-01 is no day of 2026"),
        ("worked = [2026-05-09]", "worked = [2026-05-08]", 30, "2026.labour_day.worked",
         "2026-05-08 is a working day anyway"),
        ("worked = [2026-05-09]", "worked = [2026-05-03]", 30, "2026.labour_day.worked",
         "2026-05-03 is listed twice"),
        ("worked = [2026-05-09]", "worked = [2026-02-28]", 30, "2026.labour_day.worked",
         "2026-02-28 is listed twice"),
        ("worked = [2026-05-09]", 'worked = ["5月9日"]', 30, "2026.labour_day.worked",
         "5月9日 is no day"),
        ("worked = [2026-05-09]", "work = [2026-05-09]", 30, "2026.labour_day.work",
         "is not known here"),
        ("first = 2026-04-04", "first = 2026-02-22, last = 2026-02-24 }#", 29,
         "2026.tomb_sweeping.first", "2026-02-22 is off already"),
        ("[2026]", "[2027]", 27, "2027.new_year.first", "2026-01-01 is no day of 2027"),
        ("[2026]", "[year2026]", 25, "year2026", "is not known here"),
        ('source = "国办发明电〔2025〕7号, 2025-11-04"', "", 25, "2026.source", "is missing"),
        ('source = "国办发明电〔2025〕7号, 2025-11-04"', 'source = "x"\nholiday = 5', 27,
         "2026.holiday", "is not a section"),
        ("last = 2026-02-23", "last = 2026-02-30", 28, "–", "cannot be read as TOML"),
        ("[2026]", "[2025]", 25, "–", "cannot be read as TOML"),
        ("[2026]", "[2026", 25, "–", "cannot be read as TOML"),
    ],
)  # fmt: skip
def test_a_slip_is_found_at_its_line(
    before: str, after: str, line: int, field: str, why: str
) -> None:
    assert before in TABLE
    found_line, found_field, found_why = refused(TABLE.replace(before, after))
    assert (found_line, found_field) == (line, field)
    assert found_why.startswith(why)


def test_a_year_that_was_left_out_is_noticed_when_the_table_is_read() -> None:
    begin, end = TABLE.index("[2025]"), TABLE.index("[2026]")
    assert refused(TABLE[:begin] + TABLE[end:])[1:] == ("2026", "there is no section for 2025")


def test_a_table_without_a_year_is_refused() -> None:
    assert refused(TABLE[: TABLE.index("[2024]")])[2] == "there is no year"


def test_a_holiday_may_be_written_over_several_lines() -> None:
    long = TABLE + (
        "[2026.extra]\nen = 'Harvest'\nzh = '丰收节'\nfirst = 2026-11-02\nlast = 2026-11-01\n"
    )
    lines = TABLE.count("\n")
    assert refused(long)[:2] == (lines + 5, "2026.extra.last")


@pytest.mark.parametrize(
    "text", ["", "[" * 5000, "a=" + "[" * 5000, "\0", "x" * (TABLE_CHARACTERS_MAX + 1)]
)
def test_what_is_no_table_is_refused(text: str) -> None:
    refused(text)


@given(
    st.integers(0, len(TABLE)), st.integers(0, 12), st.text("[]{}\"'=,.#\n 0159ab-年", max_size=6)
)
def test_whatever_is_typed_is_read_or_refused(place: int, removed: int, typed: str) -> None:
    try:
        read_calendar(TABLE[:place] + typed + TABLE[place + removed :])
    except TableInvalid as refusal:
        assert 1 <= refusal.facts["line"] <= TABLE.count("\n") + 8
