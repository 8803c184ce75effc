"""Cells of calls: of a bounded size, and the same however calls are split and added up."""

import json
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.health.calls import LATENCY_STEPS, Call, Cell, step_of, total

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

calls = st.builds(
    Call,
    product=st.just("prd_1"),
    at=st.integers(0, 10_000).map(lambda seconds: NOON + timedelta(seconds=seconds)),
    milliseconds=st.integers(0, 30_000),
    failure=st.sampled_from(["", "", "", "MISSING", "TOO_SLOW"]),
)


def cell_of(made: list[Call]) -> Cell:
    cell = Cell()
    for each in made:
        cell.enter(each)
    return cell


@given(st.lists(calls, max_size=30), st.randoms())
def test_calls_come_to_the_same_in_any_order_and_however_they_are_split(
    made: list[Call], random: "object"
) -> None:
    whole = cell_of(made)
    shuffled = list(made)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert cell_of(shuffled) == whole
    cuts = [cell_of(shuffled[at : at + 7]) for at in range(0, len(shuffled), 7)]
    assert total(cuts) == whole == total(reversed(cuts))


@given(st.lists(calls, max_size=30))
def test_no_call_is_lost_and_what_was_written_is_read_again(made: list[Call]) -> None:
    cell = cell_of(made)
    assert cell.calls == len(made)
    assert cell.failed == sum(bool(each.failure) for each in made)
    assert cell.latencies.total() == cell.succeeded
    assert Cell.of(json.loads(json.dumps(cell.told))) == cell


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60), st.sampled_from([50, 95, 100]))
def test_a_latency_is_that_of_the_call_at_its_rank_to_the_next_step(
    milliseconds: list[int], percent: int
) -> None:
    cell = cell_of([Call("prd_1", NOON, each) for each in milliseconds])
    exact = sorted(milliseconds)[ceil(len(milliseconds) * percent / 100) - 1]
    assert cell.latency_ms(percent) == step_of(exact)
    assert step_of(exact) >= exact


def test_a_cell_is_no_larger_for_a_million_calls_than_for_a_thousand() -> None:
    cell = cell_of([Call("prd_1", NOON, n * 37 % 20_000) for n in range(2_000)])
    other = Cell()
    for _ in range(500):
        other.add(cell)
    assert other.calls == 1_000_000
    assert len(other.latencies) <= len(LATENCY_STEPS)
    assert len(json.dumps(other.told)) < 500


def test_what_failed_has_no_part_in_the_latency_and_the_last_failure_is_told() -> None:
    cell = cell_of([
        Call("prd_1", NOON, 40), Call("prd_1", NOON + timedelta(minutes=1), 1, "MISSING"),
    ])  # fmt: skip
    assert (cell.success_percent, cell.latency_ms(50), cell.last_failed) == (50, 50, True)
    assert (cell.failed_at, cell.failure) == ("2026-06-01T12:01:00.000Z", "MISSING")
    cell.enter(Call("prd_1", NOON + timedelta(minutes=2), 40))
    assert not cell.last_failed
    assert (Cell().success_percent, Cell().latency_ms(50)) == (None, None)


@pytest.mark.parametrize("said", [
    {}, {"calls": "many"}, {**Cell().told, "latencies": {"fast": 1}},
    {**Cell().told, "calls": None},
])  # fmt: skip
def test_what_is_no_cell_is_not_read_as_one(said: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Cell.of(said)
