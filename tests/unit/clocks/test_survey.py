"""What is overdue, by how much, at whom: all cases at once, and no case hides the others."""

from dataspace.caller import Role
from dataspace.clocks.calendars import YearMissing
from dataspace.clocks.case_clock import CaseClock
from dataspace.clocks.china import CHINA
from dataspace.clocks.survey import Case, survey
from dataspace.clocks.terms import TERMS
from dataspace.quantity import read_moment

BY_CODE = {term.code: term for term in TERMS}
NOW = read_moment("2026-06-10T10:00:00+08:00")


def case(id: str, code: str, started: str, state: str = "") -> Case:
    term = BY_CODE[code]
    clock = CaseClock(read_moment(f"{started}T10:00:00+08:00"), term.length)
    return Case(id, term, state or term.state, clock)


def test_overdue_cases_come_with_how_late_they_are_and_with_whom_they_lie() -> None:
    found = survey(
        [
            case("prd_1", "product.to_list", "2026-06-03"),
            case("aut_1", "authorisation.answer", "2026-05-28", "REVIEW2"),
            case("aut_2", "authorisation.answer", "2026-06-08"),
        ],
        CHINA,
        now=NOW,
    )
    told = [
        (each.case.id, each.standing.late, sorted(each.case.desk.roles)) for each in found.overdue
    ]
    assert told == [
        ("aut_1", 4, [Role.AGENCY_REVIEWER2]), ("prd_1", 2, [Role.PRODUCT_PUBLISHER]),
    ]  # fmt: skip
    assert [each.case.id for each in found.running] == ["aut_2"]


def test_a_period_that_is_over_is_ended_and_not_overdue() -> None:
    found = survey([case("res_1", "resource.publicity", "2026-05-20")], CHINA, now=NOW)
    assert [each.case.id for each in found.ended] == ["res_1"]
    assert found.overdue == ()


def test_a_case_of_a_year_that_is_missing_is_shown_with_its_refusal() -> None:
    """Where the table ends, natural days still run, and working days are refused one by one."""
    found = survey(
        [
            case("res_1", "resource.form_review", "2026-12-21"),
            case("aut_1", "authorisation.backlog", "2026-12-21"),
        ],
        CHINA,
        now=read_moment("2027-01-05T10:00:00+08:00"),
    )
    assert [each.case.id for each in found.overdue] == ["aut_1"]
    assert [(refused.id, type(error)) for refused, error in found.refused] == [
        ("res_1", YearMissing)
    ]
