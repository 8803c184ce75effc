"""The guards that ask what a rulebook states, on plain values: publicity, papers, eyes, routes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace import guards
from dataspace.caller import Caller, Role
from dataspace.clocks.calendars import YearMissing
from dataspace.errors import DataSpaceError
from dataspace.guards.refusals import SameHandler
from dataspace.guards.rules.publicity import is_published, publicity
from dataspace.guards.rules.refusals import (
    NoCountersignature,
    NotAReviewer,
    PapersMissing,
    PersonalRouteMissing,
    PersonalRouteRefused,
    PublicityRuns,
    ReviewerRoleMissing,
    TooFewReviewers,
)
from dataspace.lifecycle import MACHINES
from dataspace.machine import Situation, decide, offers
from dataspace.quantity import read_moment, written
from dataspace.refusals import FourEyes
from tests.unit.good_rows import AROUND, GOOD, NOW

SCHEDULER = Caller("system:scheduler", roles=frozenset({Role.SCHEDULER}))
DAYS = "resource.publicity_days_min"
ANYBODY = Caller("usr_anybody")
MONDAY = "2026-06-01T12:00:00.000Z"


def person(name: str, *roles: Role, **more: Any) -> Caller:
    return Caller(name, roles=frozenset(roles), **more)


APPROVER = person("approver", Role.REG_APPROVER)


def in_publicity(at: str, *steps: tuple[str, str, str], **rules: Any) -> Situation:
    """A resource in publicity since Monday 1 June 2026, and what was done with it since."""
    told = [{"move": move, "state": state, "at": when} for move, state, when in steps]
    row = {**GOOD["resource"], "state": "PUBLICITY", "public_since": MONDAY, "reviewed_by": "clerk"}
    related = {**AROUND, "task": [{"steps": told}]}
    named = {DAYS: rules.pop("days")} if "days" in rules else {}
    return Situation(
        APPROVER, read_moment(at), row, related=related, rules=named,
        stated_by=dict.fromkeys(named, "city v3"), kind="resource",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "until"),
    [
        (10, "2026-06-16T00:00:00+08:00"),
        (1, "2026-06-03T00:00:00+08:00"),
        # The 19th is the Dragon Boat Festival, and after it comes a weekend.
        (15, "2026-06-24T00:00:00+08:00"),
    ],
)
def test_publicity_is_over_after_its_last_working_day(days: int, until: str) -> None:
    end = read_moment(until)
    running = in_publicity(written(end - timedelta(seconds=1)), days=days)
    with pytest.raises(PublicityRuns) as refusal:
        decide(MACHINES["resource"], "register", running)
    assert refusal.value.facts == {
        "id": "res_1", "since": MONDAY, "until": written(end), "days": days, "rule": DAYS,
        "edition": "city v3",
    }  # fmt: skip
    for language in ("en", "zh"):
        assert "city v3" in refusal.value.message(language)
    decide(MACHINES["resource"], "register", replace(running, now=end))


def test_without_a_rulebook_ten_working_days_hold() -> None:
    assert not is_published(in_publicity("2026-06-15T23:59:59+08:00"))
    assert is_published(in_publicity("2026-06-16T00:00:00+08:00"))


def test_a_city_that_asks_for_no_publicity_has_none() -> None:
    decide(MACHINES["resource"], "register", in_publicity(MONDAY, days=0))


def test_the_scheduler_waits_for_the_end_as_everybody_does() -> None:
    running = replace(in_publicity("2026-06-15T08:00:00+08:00"), caller=SCHEDULER)
    with pytest.raises(PublicityRuns):
        decide(MACHINES["resource"], "register", running)


def test_publicity_stands_still_for_an_objection() -> None:
    """From the 3rd to the 9th: five working days, the day of the objection among them."""
    objected = ("object", "OBJECTED", "2026-06-03T09:00:00+08:00")
    dismissed = ("dismiss_objection", "PUBLICITY", "2026-06-09T17:00:00+08:00")
    assert publicity(in_publicity(MONDAY, objected)).until is None
    found = publicity(in_publicity(MONDAY, objected, dismissed, days=10))
    assert found.since == read_moment(MONDAY)
    assert found.until == read_moment("2026-06-24T00:00:00+08:00")


def test_what_was_returned_is_in_publicity_anew() -> None:
    """The earlier publicity, and what was objected to in it, is no part of this one."""
    steps = (
        ("pass", "PUBLICITY", "2026-05-01T08:00:00Z"),
        ("object", "OBJECTED", "2026-05-05T08:00:00Z"),
        ("uphold_objection", "RETURNED", "2026-05-06T08:00:00Z"),
        ("pass", "PUBLICITY", MONDAY),
    )
    assert publicity(in_publicity(MONDAY, *steps)) == publicity(in_publicity(MONDAY))


def test_what_came_into_publicity_before_its_row_said_so_is_counted_by_its_steps() -> None:
    older = in_publicity(MONDAY, ("pass", "PUBLICITY", MONDAY))
    older = replace(older, row={**older.row, "public_since": None})
    assert publicity(older) == publicity(in_publicity(MONDAY))


def test_of_what_nothing_says_since_when_it_is_public_nothing_is_over() -> None:
    unknown = in_publicity("2029-01-01T00:00:00Z")
    unknown = replace(unknown, row={**unknown.row, "public_since": None})
    with pytest.raises(PublicityRuns) as refusal:
        guards.PUBLISHED.check(unknown)
    assert (refusal.value.facts["since"], refusal.value.facts["until"]) == ("∅", "∅")


def test_no_working_day_is_guessed() -> None:
    with pytest.raises(YearMissing):
        guards.PUBLISHED.check(in_publicity(MONDAY, days=400))


@given(shorter=st.integers(1, 40), more=st.integers(0, 40), hours=st.integers(0, 24 * 120))
def test_a_longer_publicity_is_never_over_sooner(shorter: int, more: int, hours: int) -> None:
    now = written(read_moment(MONDAY) + timedelta(hours=hours))
    assert is_published(in_publicity(now, days=shorter)) or not is_published(
        in_publicity(now, days=shorter + more)
    )


def applied(kind: str, state: str, rules: dict[str, Any], caller: Caller, **row: Any) -> Situation:
    return Situation(
        caller, NOW, {**GOOD[kind], "state": state, **row}, "because", AROUND, rules=rules,
        stated_by=dict.fromkeys(rules, "city v3"), kind=kind,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "move", "state", "role"),
    [
        ("participant", "submit", "DRAFT", Role.REGISTRAR),
        ("resource", "submit", "DRAFT", Role.DATA_STEWARD),
        ("resource", "pass", "FORM_REVIEW", Role.REGISTRAR),
        ("authorisation", "submit", "DRAFT", Role.DEVELOPER),
        ("authorisation", "pass_first", "REVIEW1", Role.AGENCY_REVIEWER1),
        ("product", "submit", "DRAFT", Role.DEVELOPER),
        ("product", "register", "REG_REVIEW", Role.REGISTRAR),
    ],
)
def test_an_application_comes_with_the_papers_that_its_rules_ask_for(
    kind: str, move: str, state: str, role: Role
) -> None:
    rules = {f"{kind}.attachments": frozenset({"LICENCE", "TEST_REPORT", "RISK_ASSESSMENT"})}
    caller = person("somebody", role, participant="par_own")
    held = [{"kind": "TEST_REPORT", "sha256": "0" * 64}, {"kind": "QUALITY_REPORT"}]
    with pytest.raises(PapersMissing) as refusal:
        decide(MACHINES[kind], move, applied(kind, state, rules, caller, papers=held))
    assert refusal.value.facts["papers"] == "LICENCE, RISK_ASSESSMENT"
    assert (refusal.value.facts["rule"], refusal.value.facts["edition"]) == (
        f"{kind}.attachments", "city v3",
    )  # fmt: skip
    held += [{"kind": "LICENCE"}, {"kind": "RISK_ASSESSMENT"}]
    decide(MACHINES[kind], move, applied(kind, state, rules, caller, papers=held))


def test_where_no_rulebook_asks_for_papers_none_are_needed() -> None:
    guards.ATTACHED.check(applied("resource", "DRAFT", {}, APPROVER))


LAST = {
    "participant": ("admit", "SUBMITTED", Role.REGISTRAR),
    "resource": ("register", "PUBLICITY", Role.REG_APPROVER),
    "authorisation": ("pass_second", "REVIEW2", Role.AGENCY_REVIEWER2),
    "product": ("list", "LIST_REVIEW", Role.SUB_APPROVER),
}
each_kind = pytest.mark.parametrize("kind", LAST)


def under_review(kind: str, rules: dict[str, Any], **row: Any) -> Situation:
    """Everything but the last decision is done, by as many people as the machine asks."""
    _, state, role = LAST[kind]
    if kind != "participant":
        row = {"reviewed_by": "first", **row}
    return applied(kind, state, rules, person("last", role), submitted_by="party", **row)


@each_kind
def test_one_more_than_the_machine_asks_has_to_countersign(kind: str) -> None:
    move, machine = LAST[kind][0], MACHINES[kind]
    asked = 2 if kind == "participant" else 3
    rules = {f"{kind}.reviewers_min": asked}
    asked_of = under_review(kind, rules)
    with pytest.raises(TooFewReviewers) as refusal:
        decide(machine, move, asked_of)
    assert refusal.value.facts["count"] == asked - 1
    assert refusal.value.facts["needed"] == asked
    assert refusal.value.facts["edition"] == "city v3"

    other = replace(asked_of, caller=replace(asked_of.caller, subject="other"))
    signed = decide(machine, "countersign", other).values
    assert signed["state"] == asked_of.state
    assert signed["countersigned_by"] == ["other"]
    done = replace(asked_of, row={**asked_of.row, **signed})
    decide(machine, move, done)
    with pytest.raises(FourEyes):
        decide(machine, move, replace(done, caller=other.caller))


@each_kind
def test_a_countersignature_is_a_pair_of_eyes_of_its_own(kind: str) -> None:
    rules = {f"{kind}.reviewers_min": 5}
    asked = under_review(kind, rules, submitted_handler="h-1", countersigned_handlers=["h-2"])
    machine = MACHINES[kind]
    for again in ("party", *({"first"} if kind != "participant" else ())):
        with pytest.raises(FourEyes):
            caller = replace(asked.caller, subject=again)
            decide(machine, "countersign", replace(asked, caller=caller))
    for handler in ("h-1", "h-2"):
        with pytest.raises(SameHandler):
            caller = replace(asked.caller, subject="x", handler=handler)
            decide(machine, "countersign", replace(asked, caller=caller))


@each_kind
def test_a_role_that_the_rules_name_has_to_look_at_it(kind: str) -> None:
    move, machine = LAST[kind][0], MACHINES[kind]
    rules = {f"{kind}.reviewing_roles": frozenset({"supervisor"})}
    asked = under_review(kind, rules)
    with pytest.raises(ReviewerRoleMissing) as refusal:
        decide(machine, move, asked)
    assert refusal.value.facts["roles"] == "supervisor"
    with pytest.raises(NotAReviewer):
        other = replace(asked, caller=replace(asked.caller, subject="other"))
        decide(machine, "countersign", other)
    supervisor = replace(asked, caller=person("supervisor", Role.SUPERVISOR))
    signed = decide(machine, "countersign", supervisor).values
    assert signed["countersigned_roles"] == ["supervisor"]
    decide(machine, move, replace(asked, row={**asked.row, **signed}))


@each_kind
def test_nobody_countersigns_what_needs_it_not(kind: str) -> None:
    people = 1 if kind == "participant" else 2
    for rules in ({}, {f"{kind}.reviewers_min": people}):
        asked = under_review(kind, rules)
        with pytest.raises(NoCountersignature):
            other = replace(asked, caller=replace(asked.caller, subject="other"))
            decide(MACHINES[kind], "countersign", other)
        decide(MACHINES[kind], LAST[kind][0], asked)


def test_the_hub_registers_in_the_approvers_place_but_not_in_that_of_a_third() -> None:
    roles = {"resource.reviewing_roles": frozenset({"registrar", "reg_approver"})}
    asked = replace(under_review("resource", {**roles, "resource.reviewers_min": 2}))
    decide(MACHINES["resource"], "register", replace(asked, caller=SCHEDULER))
    three = under_review("resource", {**roles, "resource.reviewers_min": 3})
    with pytest.raises(TooFewReviewers):
        decide(MACHINES["resource"], "register", replace(three, caller=SCHEDULER))


def test_who_is_let_in_again_was_decided_about_before() -> None:
    rules = {"participant.reviewers_min": 2}
    asked = applied("participant", "FROZEN", rules, person("a", Role.REGISTRAR))
    decide(MACHINES["participant"], "admit", asked)
    with pytest.raises(TooFewReviewers):
        decide(MACHINES["participant"], "admit", replace(asked, row=GOOD["participant"]))


@given(
    kind=st.sampled_from(sorted(LAST)), people=st.integers(0, 5),
    named=st.sets(st.sampled_from(["registrar", "reg_approver", "supervisor"])),
    order=st.permutations(range(8)),
)  # fmt: skip
def test_whoever_comes_in_whichever_order_as_many_people_decide_as_the_rules_say(
    kind: str, people: int, named: set[str], order: list[int]
) -> None:
    """Eight people of all reviewing roles try the last move, and countersign where they may."""
    rules = {f"{kind}.reviewers_min": people, f"{kind}.reviewing_roles": frozenset(named)}
    asked, machine, last = under_review(kind, rules), MACHINES[kind], LAST[kind][0]
    everybody = [person(f"p{n}", *guards.REVIEWERS[kind]) for n in order]
    for caller in (*everybody, *everybody):
        asked = replace(asked, caller=caller)
        possible = [each.move.name for each in offers(machine, asked) if each.refusal is None]
        if last in possible:
            break
        if "countersign" in possible:
            signed = decide(machine, "countersign", asked).values
            asked = replace(asked, row={**asked.row, **signed})
    decide(machine, last, asked)
    signers = set(asked.row.get("countersigned_by") or ())
    first = {asked.row["reviewed_by"]} if "reviewed_by" in asked.row else set()
    assert asked.caller.subject not in signers | first
    assert len({*signers, *first, asked.caller.subject}) >= people


PERSONAL = [{"id": "res_1", "state": "AUTHORISABLE", "grade": 2, "personal": True}]
ROUTES = "authorisation.personal_routes"
BY_ROUTE = (
    ("scenario", "submit", "DRAFT", Role.DEVELOPER),
    ("scenario", "pass_second", "AGENCY_REVIEW", Role.AGENCY_REVIEWER2),
    ("authorisation", "submit", "DRAFT", Role.DEVELOPER),
    ("authorisation", "pass_second", "REVIEW2", Role.AGENCY_REVIEWER2),
)


def refusal_of(
    case: tuple[str, str, str, Role], resources: list[dict[str, Any]], *, allowed: set[str],
    scenario: str = "", **row: Any,
) -> DataSpaceError | None:  # fmt: skip
    kind, move, state, role = case
    caller = person("somebody", role, participant="par_own")
    asked = applied(kind, state, {ROUTES: frozenset(allowed)}, caller, **row)
    [approved] = AROUND["approved_scenario"]
    around = {
        "resources": resources, "approved_scenario": [{**approved, "personal_route": scenario}],
    }  # fmt: skip
    try:
        decide(MACHINES[kind], move, replace(asked, related={**AROUND, **around}))
    except DataSpaceError as refusal:
        return refusal
    return None


@pytest.mark.parametrize("case", BY_ROUTE, ids=lambda case: f"{case[0]}.{case[1]}")
def test_personal_information_goes_by_a_route_that_the_rules_allow(
    case: tuple[str, str, str, Role],
) -> None:
    both = {"CONSENT", "ANONYMISED"}
    missing = refusal_of(case, PERSONAL, allowed=both)
    assert isinstance(missing, PersonalRouteMissing)
    assert missing.facts["resources"] == "res_1"
    refused = refusal_of(case, PERSONAL, allowed={"ANONYMISED"}, personal_route="CONSENT")
    assert isinstance(refused, PersonalRouteRefused)
    assert (refused.facts["allowed"], refused.facts["edition"]) == ("ANONYMISED", "city v3")
    assert refusal_of(case, PERSONAL, allowed=both, personal_route="CONSENT") is None
    plain = [{**PERSONAL[0], "personal": None}]
    assert refusal_of(case, plain, allowed=set()) is None


def test_an_authorisation_goes_by_the_route_of_its_scenario() -> None:
    case, both = BY_ROUTE[2], {"CONSENT", "ANONYMISED"}
    assert refusal_of(case, PERSONAL, allowed=both, scenario="ANONYMISED") is None
    refused = refusal_of(case, PERSONAL, allowed={"CONSENT"}, scenario="ANONYMISED")
    assert isinstance(refused, PersonalRouteRefused)


@pytest.mark.parametrize(
    ("rules", "values", "code"),
    [
        ({}, {"grade": 1}, ""),
        ({"resource.grade_min": 2}, {"grade": 2}, ""),
        ({"resource.grade_min": 3}, {"grade": 2}, "resource.grade_below_floor"),
        ({"resource.quality_grade_min": "B"}, {"quality_grade": "A"}, ""),
        ({"resource.quality_grade_min": "B"}, {"quality_grade": "B"}, ""),
        (
            {"resource.quality_grade_min": "B"}, {"quality_grade": "C"},
            "resource.quality_below_floor",
        ),
        ({"resource.quality_grade_min": "D"}, {}, "resource.quality_below_floor"),
    ],
)  # fmt: skip
def test_what_is_registered_is_not_below_the_floors_that_the_rules_state(
    rules: dict[str, Any], values: dict[str, Any], code: str
) -> None:
    situation = Situation(ANYBODY, NOW, row={**GOOD["resource"], **values}, rules=rules)
    if not code:
        guards.ABOVE_FLOORS.check(situation)
        return
    with pytest.raises(DataSpaceError) as refusal:
        guards.ABOVE_FLOORS.check(situation)
    assert refusal.value.code == code


@pytest.mark.parametrize(("days", "open_"), [(60, True), (364, False), (366, True)])
def test_the_window_of_a_renewal_is_as_wide_as_the_rules_have_it(days: int, open_: bool) -> None:
    until = "2026-07-20T00:00:00.000Z" if days == 60 else "2027-06-01T00:00:00.000Z"
    row = {**GOOD["resource"], "valid_until": until}
    situation = Situation(ANYBODY, NOW, row=row, rules={"resource.renewal_days_max": days})
    if open_:
        guards.RENEWABLE.check(situation)
    else:
        with pytest.raises(DataSpaceError):
            guards.RENEWABLE.check(situation)
