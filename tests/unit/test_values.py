"""The small values: moments, money, periods, languages, roles, and the messages of errors."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dataspace.machine
import dataspace.search  # noqa: F401  every error class is known once its module is
from dataspace.caller import EXCLUSIVE, Role, RolesExclude, check_exclusive
from dataspace.errors import Conflict, DataSpaceError, Invalid, advice_for, every_error
from dataspace.quantity import MomentInvalid, Money, Period, read_moment, written
from dataspace.text import preferred

MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001  the zone is drawn beside it
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=11))]),
)
ERRORS = list(every_error())


@given(MOMENTS)
def test_a_written_moment_is_read_back_to_the_millisecond(moment: datetime) -> None:
    text = written(moment)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text)
    assert timedelta(0) <= moment - read_moment(text) < timedelta(milliseconds=1)
    assert written(read_moment(text)) == text


@given(MOMENTS, MOMENTS)
def test_written_moments_are_ordered_as_time_is(first: datetime, second: datetime) -> None:
    if written(first) < written(second):
        assert first < second
    elif first < second:
        assert written(first) <= written(second)


@pytest.mark.parametrize(
    "text", ["", "now", "2026-01-31", "2026-01-31T08:00:00", "2026-02-30T00:00Z"]
)
def test_what_is_no_moment_with_a_zone_is_refused(text: str) -> None:
    with pytest.raises(MomentInvalid):
        read_moment(text)


def test_a_naive_moment_is_not_written() -> None:
    with pytest.raises(MomentInvalid):
        written(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(0, "¥0.00"), (5, "¥0.05"), (-5, "-¥0.05"), (-12345, "-¥123.45"), (100, "¥1.00")],
)
def test_money_is_shown_in_yuan(fen: int, shown: str) -> None:
    assert str(Money(fen)) == shown


def test_a_period_holds_its_start_and_not_its_end() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    period = Period(start, start + timedelta(days=1))
    assert start in period
    assert period.end not in period
    for end in (start, start - timedelta(1)):
        with pytest.raises(Invalid):
            Period(start, end)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"), ("zh", "zh"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,zh;q=0.9", "en"),
        ("fr,de", "en"), ("fr,zh;q=0.1", "zh"), ("zh;q=0,en", "en"), ("zh;q=0", "en"),
        ("ZH-Hant", "zh"), ("en;q=0.5,zh;q=0.6", "zh"), ("zh;q=nonsense,en;q=0.1", "en"),
        (",;=", "en"), ("zhx", "en"), ("zh;q=nan,en;q=0.2", "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_that_the_reader_weighs_highest(header: str, language: str) -> None:
    assert preferred(header) == language


@given(st.text(max_size=200))
def test_any_header_gives_a_language(header: str) -> None:
    assert preferred(header) in ("en", "zh")


def test_nobody_holds_two_roles_that_keep_an_eye_on_each_other() -> None:
    for group in EXCLUSIVE:
        for role in group:
            check_exclusive("x", frozenset({role, Role.DEVELOPER}))
        with pytest.raises(RolesExclude):
            check_exclusive("x", group | {Role.DEVELOPER})
    check_exclusive("x", frozenset())


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_says_the_same_in_both_languages(error: type[DataSpaceError]) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z_0-9]+)?", error.code)
    assert 400 <= error.status < 600
    for text in (error.title, error.advice):
        assert _placeholders(text.en) == _placeholders(text.zh)
        assert re.search("[\u4e00-\u9fff]", text.zh)
    nothing = error.__new__(error)
    DataSpaceError.__init__(nothing)
    assert "{" not in nothing.message("en") + nothing.message("zh") + advice_for(nothing, "zh")


def test_every_code_is_used_once() -> None:
    codes = [error.code for error in ERRORS]
    assert {code for code in codes if codes.count(code) > 1} == set()


def test_a_fact_never_spoils_the_message() -> None:
    odd = Conflict(kind="{id}", id="%s {0} {", more=object())
    assert odd.message("en") == "{id} %s {0} { has changed since you read it"


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))
