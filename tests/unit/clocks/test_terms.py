"""The terms of L1 to L5: whole, consistent with the machines, and as the domain reference says."""

from collections.abc import Sequence

import pytest

from dataspace import codes
from dataspace.caller import Role
from dataspace.clocks.case_clock import CaseClock, Length, Span, Unit
from dataspace.clocks.escalation import StepKind
from dataspace.clocks.term import (
    Basis,
    Desk,
    Entered,
    Nature,
    Term,
    TermUnknown,
    clock_of,
    with_lengths,
)
from dataspace.clocks.terms import COMING, TERMS, WITHOUT_TERM
from dataspace.lifecycle import MACHINES
from dataspace.links import LINKS
from dataspace.machine import Machine
from dataspace.quantity import read_moment
from dataspace.relations import RELATIONS
from hub.operations.links.desks import DESKS

EVERY_MACHINE = MACHINES
BY_CODE = {term.code: term for term in TERMS}
each_term = pytest.mark.parametrize("term", TERMS, ids=lambda term: term.code)
LIFECYCLES = tuple(desk.lifecycle for desk in DESKS.values())


def history(*entered: tuple[str, str]) -> Sequence[Entered]:
    return [Entered(state, read_moment(f"{at}+08:00")) for state, at in entered]


def test_every_term_has_a_code_of_its_own() -> None:
    assert len(BY_CODE) == len(TERMS)


def test_every_link_up_to_l5_has_terms_and_so_has_operation() -> None:
    assert {term.link for term in TERMS} == {link.code for link in LINKS[:5]} | {"X2"}


@each_term
def test_a_term_names_what_the_catalogue_has_or_what_is_coming(term: Term) -> None:
    assert _named(term) - _known(term.kind) <= COMING.get(term.kind, frozenset())


def test_nothing_is_called_coming_that_is_there_or_that_no_term_names() -> None:
    for kind, coming in COMING.items():
        named = {name for term in TERMS if term.kind == kind for name in _named(term)}
        assert coming & _known(kind) == set()
        assert coming <= named


@each_term
def test_a_term_lies_with_whom_its_machine_lets_act(term: Term) -> None:
    """A duty beside the machine, counted from a field, and a validity are not moves of it."""
    machine = EVERY_MACHINE.get(term.kind)
    if machine is None or term.counted_from or term.nature is Nature.VALIDITY:
        return
    for state, desk in term.desks.items():
        if state in machine.by_code and not machine.by_code[state].final:
            assert _may_act(machine, state, desk)


@each_term
def test_a_desk_belongs_to_an_edge_that_is_there(term: Term) -> None:
    if noun := RELATIONS.by_name.get(term.kind):
        edges = {edge.name for edge in noun.edges} | {"id", ""}
        assert {desk.party for desk in term.desks.values()} <= edges


@each_term
def test_a_term_starts_in_a_state_in_which_it_runs_and_stands_still_in_others(term: Term) -> None:
    assert term.state in term.runs
    assert term.adds.keys() <= term.runs.keys()
    assert term.runs.keys().isdisjoint(term.stands)
    assert all(desk.roles for desk in term.desks.values())


@each_term
def test_a_chain_tells_everybody_in_order_and_ends_above_the_desk(term: Term) -> None:
    once = [step.days for step in term.steps if not step.daily]
    assert once == sorted(once)
    assert len({step.code for step in term.steps}) == len(term.steps)
    for step in term.steps:
        assert (step.kind is StepKind.ESCALATION) == bool(step.to)


@each_term
def test_a_deadline_that_somebody_misses_is_told_to_somebody(term: Term) -> None:
    """The applicant who has not applied for a listing is reminded; no source escalates that."""
    if term.nature is Nature.DEADLINE and term.code != "product.to_list":
        assert any(step.kind is StepKind.ESCALATION for step in term.steps)


@each_term
def test_a_term_cites_its_source_and_only_a_moment_has_no_length(term: Term) -> None:
    assert term.source.startswith((term.link, "J-L", "7."))
    assert (term.length.count == 0) == (term.length.unit is Unit.MOMENT)
    assert term.length.count > 0 or term.counted_from


def test_every_form_of_product_has_a_review_time_for_its_listing() -> None:
    for form in codes.PRODUCT_FORM.codes:
        found = [
            term for term in TERMS
            if term.state == "LIST_REVIEW" and term.is_for("product", {"form": form})
        ]  # fmt: skip
        assert len(found) == 1


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda each: each.kind)
def test_every_state_in_which_somebody_waits_has_a_term_or_is_said_to_have_none(
    lifecycle: object,
) -> None:
    kind, awaited = lifecycle.kind, lifecycle.awaited  # type: ignore[attr-defined]
    started = {term.state for term in TERMS if term.kind == kind}
    covered = {state for term in TERMS if term.kind == kind for state in term.desks}
    without = WITHOUT_TERM.get(kind, frozenset())
    assert set(awaited) <= covered | without
    assert started.isdisjoint(without)


@pytest.mark.parametrize(
    ("code", "count", "unit", "basis"),
    [
        ("connector.admission", 1, Unit.WORKING_DAYS, Basis.STANDARD),
        ("node.admission", 5, Unit.WORKING_DAYS, Basis.STANDARD),
        ("node.change", 1, Unit.WORKING_DAYS, Basis.STANDARD),
        ("node.stop_notice", -5, Unit.WORKING_DAYS, Basis.STANDARD),
        ("node.outage_notice", 24, Unit.HOURS, Basis.STANDARD),
        ("node.kept_reports", 36, Unit.MONTHS, Basis.STANDARD),
        ("resource.form_review", 20, Unit.WORKING_DAYS, Basis.TO_CHECK),
        ("resource.publicity", 10, Unit.WORKING_DAYS, Basis.TO_CHECK),
        ("resource.registration", 36, Unit.MONTHS, Basis.TO_CHECK),
        ("authorisation.answer", 5, Unit.WORKING_DAYS, Basis.PRACTICE),
        ("authorisation.backlog", 7, Unit.DAYS, Basis.PRACTICE),
        ("product.to_list", 3, Unit.WORKING_DAYS, Basis.PRACTICE),
        ("product.list_review_3_days", 3, Unit.WORKING_DAYS, Basis.PRACTICE),
        ("product.list_review_8_days", 8, Unit.WORKING_DAYS, Basis.PRACTICE),
    ],
)
def test_a_length_is_the_one_of_the_domain_reference(
    code: str, count: int, unit: Unit, basis: Basis
) -> None:
    assert BY_CODE[code].length == Length(count, unit)
    assert BY_CODE[code].basis is basis


def test_a_review_starts_when_it_is_taken_in_and_stops_while_it_is_corrected() -> None:
    term = BY_CODE["resource.form_review"]
    entered = history(
        ("DRAFT", "2026-05-28T09:00"),
        ("SUBMITTED", "2026-06-01T09:00"),
        ("FORM_REVIEW", "2026-06-02T09:00"),
        ("RETURNED", "2026-06-04T15:00"),
        ("SUBMITTED", "2026-06-09T10:00"),
        ("FORM_REVIEW", "2026-06-10T09:00"),
    )
    stopped = Span(
        read_moment("2026-06-04T15:00:00+08:00"), read_moment("2026-06-09T10:00:00+08:00")
    )
    started = read_moment("2026-06-02T09:00:00+08:00")
    assert clock_of(term, entered[:2]) is None
    assert clock_of(term, entered[:4]) == CaseClock(started, term.length, (Span(stopped.start),))
    assert clock_of(term, entered) == CaseClock(started, term.length, (stopped,))


def test_what_was_taken_back_or_passed_on_starts_anew() -> None:
    term = BY_CODE["resource.form_review"]
    entered = history(
        ("FORM_REVIEW", "2026-06-02T09:00"), ("PUBLICITY", "2026-06-05T09:00"),
        ("RETURNED", "2026-06-08T09:00"), ("SUBMITTED", "2026-06-09T09:00"),
        ("FORM_REVIEW", "2026-06-10T09:00"),
    )  # fmt: skip
    assert [clock_of(term, entered[:n]) is None for n in range(1, 6)] == [
        False, True, True, True, False,
    ]  # fmt: skip
    found = clock_of(term, entered)
    assert found == CaseClock(read_moment("2026-06-10T09:00:00+08:00"), term.length)


def test_the_two_reviews_of_an_application_share_a_clock() -> None:
    term = BY_CODE["authorisation.answer"]
    entered = history(("REVIEW1", "2026-06-02T09:00"), ("REVIEW2", "2026-06-04T09:00"))
    found = clock_of(term, entered)
    assert found is not None
    assert found.started == entered[0].at
    assert term.desks["REVIEW2"] == Desk(frozenset({Role.AGENCY_REVIEWER2}))


def test_experts_add_five_working_days_once() -> None:
    term = BY_CODE["node.admission"]
    entered = history(
        ("APPLIED", "2026-06-01T09:00"), ("UNDER_REVIEW", "2026-06-02T09:00"),
        ("EXPERT_REVIEW", "2026-06-03T09:00"), ("UNDER_REVIEW", "2026-06-04T09:00"),
        ("EXPERT_REVIEW", "2026-06-05T09:00"),
    )  # fmt: skip
    lengths = [found.length.count for n in range(1, 6) if (found := clock_of(term, entered[:n]))]
    assert lengths == [5, 5, 10, 10, 10]


def test_a_validity_is_counted_from_the_field_that_says_it() -> None:
    term = BY_CODE["authorisation.validity"]
    entered = history(("REVIEW2", "2026-06-01T09:00"), ("EFFECTIVE", "2026-06-02T09:00"))
    row = {"valid_until": "2026-12-31T16:00:00.000Z"}
    found = clock_of(term, entered, row=row)
    assert found == CaseClock(read_moment("2026-12-31T16:00:00Z"), Length(0, Unit.MOMENT))
    assert clock_of(term, entered[:1], row=row) is None
    assert clock_of(term, entered, row={}) is None
    imported = BY_CODE["resource.registration"]
    listed = history(("AUTHORISABLE", "2026-06-02T09:00"))
    assert clock_of(imported, listed, row={"registered_at": "2026-01-31T00:00:00Z"}) is not None


def test_a_city_sets_the_lengths_that_its_rules_say() -> None:
    changed = {term.code: term for term in with_lengths(TERMS, {"resource.form_review": 15})}
    assert changed["resource.form_review"].length == Length(15, Unit.WORKING_DAYS)
    assert changed["resource.publicity"] == BY_CODE["resource.publicity"]
    notice = {term.code: term for term in with_lengths(TERMS, {"node.stop_notice": 10})}
    assert notice["node.stop_notice"].length == Length(-10, Unit.WORKING_DAYS)


@pytest.mark.parametrize(
    "counts",
    [{"resource.form_reveiw": 15}, {"resource.form_review": 0}, {"authorisation.validity": 3}],
)
def test_a_length_for_no_term_is_refused(counts: dict[str, int]) -> None:
    with pytest.raises(TermUnknown) as refusal:
        with_lengths(TERMS, counts)
    assert refusal.value.facts["term"] in counts


def _named(term: Term) -> set[str]:
    return {*term.desks, *term.forms, *([term.counted_from] if term.counted_from else [])}


def _known(kind: str) -> set[str]:
    machine, noun = EVERY_MACHINE.get(kind), RELATIONS.by_name.get(kind)
    states = set(machine.by_code) if machine else set()
    fields = {each.name for each in noun.fields} if noun else set()
    return states | fields | set(codes.PRODUCT_FORM.codes)


def _may_act(machine: Machine, state: str, desk: Desk) -> bool:
    return any(
        desk.roles <= move.roles and desk.party == move.party for move in machine.from_state(state)
    )
