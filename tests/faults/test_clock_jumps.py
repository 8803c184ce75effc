"""The machine's time jumps a day, forwards or back: no case is lost, and nobody is told twice."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.clocks.case_clock import CaseClock
from dataspace.clocks.china import CHINA
from dataspace.clocks.escalation import notices
from dataspace.clocks.standing import standing
from dataspace.clocks.term import Entered, Term, clock_of
from dataspace.clocks.terms import TERMS
from dataspace.quantity import read_moment
from tests.clock import FrozenClock

BY_CODE = {term.code: term for term in TERMS}
REVIEW = BY_CODE["resource.form_review"]
ANSWER = BY_CODE["authorisation.answer"]
BOTH_WAYS = pytest.mark.parametrize("days", [1, -1])


def a_clock(at: str) -> FrozenClock:
    return FrozenClock(read_moment(f"{at}+08:00"))


def told(term: Term, case: CaseClock, clock: FrozenClock) -> set[str]:
    return {each.key for each in notices(case, CHINA, steps=term.steps, now=clock.now())}


@BOTH_WAYS
def test_a_standing_comes_back_with_the_time(days: int) -> None:
    clock = a_clock("2026-06-01T10:00")
    case = CaseClock(clock.now(), ANSWER.length)
    clock.advance(days=7)
    before = standing(case, CHINA, now=clock.now())
    clock.advance(days=days)
    jumped = standing(case, CHINA, now=clock.now())
    clock.advance(days=-days)
    assert standing(case, CHINA, now=clock.now()) == before
    assert jumped.deadline == before.deadline
    assert jumped.overdue == (days > 0)


def test_a_case_that_starts_ahead_of_the_time_has_its_whole_term() -> None:
    clock = a_clock("2026-06-02T10:00")
    case = CaseClock(clock.now(), ANSWER.length)
    clock.advance(days=-1)
    found = standing(case, CHINA, now=clock.now())
    assert (found.left, found.late, found.overdue) == (ANSWER.length.count, 0, False)
    assert told(ANSWER, case, clock) == set()


def test_a_correction_that_seems_to_end_before_it_began_stops_its_day_only() -> None:
    """Returned, the time put back a day, and handed in again "before" it was returned."""
    clock = a_clock("2026-06-02T10:00")
    entered = [Entered("FORM_REVIEW", clock.now())]
    clock.advance(days=2)
    entered.append(Entered("RETURNED", clock.now()))
    clock.advance(days=-1)
    entered.append(Entered("SUBMITTED", clock.now()))
    case = clock_of(REVIEW, entered)
    assert case is not None
    found = standing(case, CHINA, now=clock.now())
    plain = standing(CaseClock(case.started, case.length), CHINA, now=clock.now())
    assert found.deadline is not None
    assert plain.deadline is not None
    assert CHINA.between(plain.deadline.last_day, found.deadline.last_day) == 1
    assert not found.stands_still


def test_a_start_after_all_that_followed_it_is_still_a_case() -> None:
    clock = a_clock("2026-06-03T10:00")
    entered = [Entered("REVIEW1", clock.now())]
    clock.advance(days=-1)
    entered.append(Entered("REVIEW1_FAIL", clock.now()))
    clock.advance(hours=1)
    entered.append(Entered("REVIEW1", clock.now()))
    case = clock_of(ANSWER, entered)
    assert case is not None
    assert standing(case, CHINA, now=clock.now()).left == ANSWER.length.count


@BOTH_WAYS
def test_a_jump_tells_nobody_twice(days: int) -> None:
    clock = a_clock("2026-06-01T10:00")
    case = CaseClock(clock.now(), ANSWER.length)
    sent: list[str] = []
    for _ in range(20):
        for jump in (days, -days):
            clock.advance(days=jump)
            sent += sorted(told(ANSWER, case, clock) - set(sent))
        clock.advance(days=1)
    steps = [key.partition("@")[0] for key in sent if not key.startswith("REMINDER+1")]
    assert sorted(steps) == sorted(step.code for step in ANSWER.steps if not step.daily)
    assert len(sent) == len(set(sent))


@given(
    st.lists(st.tuples(st.sampled_from(sorted(REVIEW.desks)), st.integers(-48, 240)), max_size=12)
)
def test_whatever_the_log_says_of_the_time_a_case_can_be_told(
    moves: list[tuple[str, int]],
) -> None:
    clock = a_clock("2026-06-01T10:00")
    entered = [Entered("FORM_REVIEW", clock.now())]
    for state, hours in moves:
        clock.advance(hours=hours)
        entered.append(Entered(state, clock.now()))
    case = clock_of(REVIEW, entered)
    assert case is not None
    found = standing(case, CHINA, now=clock.now())
    assert 0 <= found.left <= REVIEW.length.count
    assert found.stands_still == (entered[-1].state in REVIEW.stands)
    assert found.overdue or found.late == 0
    if found.deadline:
        assert found.deadline.moment - case.started >= timedelta(days=REVIEW.length.count)
