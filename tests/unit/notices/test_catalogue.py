"""The catalogue of notices: whole, consistent with the machines, and filled without a gap."""

import json

import pytest

from dataspace.caller import HELD_BY_PEOPLE
from dataspace.clocks.escalation import StepKind
from dataspace.lifecycle import MACHINES
from dataspace.links import LINKS
from dataspace.notices.addressing import NOTHING, REASON_CHARACTERS_MAX, Group, facts, groups
from dataspace.notices.notice import FACTS, Clock, Kind, Notice, Trigger, to, to_person
from dataspace.notices.reading import words_of
from dataspace.notices.table import BY_CODE, BY_TRIGGER, CLOCKS, FOLLOWING, NOTICES, UNTOLD
from dataspace.notices.told.noting import NOTED
from dataspace.relations import RELATIONS
from dataspace.text import LANGUAGES

OF_MOVES = [each for each in NOTICES if each not in CLOCKS]


def test_every_notice_has_a_code_of_its_own() -> None:
    assert len(BY_CODE) == len(NOTICES) >= 54


def test_every_link_up_to_l5_and_operation_have_notices_of_both_kinds() -> None:
    found = {(each.link, each.kind) for each in OF_MOVES}
    links = (*(link.code for link in LINKS[:5]), "X2")
    assert found == {(link, kind) for link in links for kind in Kind}


def test_a_notice_is_triggered_by_a_move_by_what_follows_from_one_or_by_what_a_job_notes() -> None:
    assert [each.code for each in OF_MOVES if _events(each.trigger).count(True) != 1] == []


def _events(trigger: Trigger) -> list[bool]:
    noun, event = trigger.noun, trigger.move
    moves = MACHINES[noun].by_name if noun in MACHINES else ()
    known = (moves, FOLLOWING.get(noun, ()), NOTED.get(noun, ()))
    return [event in each for each in known]


def test_a_notice_goes_to_people() -> None:
    """The hub, when it moves something by itself, reads nothing."""
    assert [each.code for each in NOTICES if not each.to.roles <= HELD_BY_PEOPLE] == []


@pytest.mark.parametrize("kind", MACHINES)
def test_of_every_move_somebody_is_told_unless_it_is_said_that_nobody_need_be(kind: str) -> None:
    told = {each.move for each in BY_TRIGGER if each.noun == kind} - FOLLOWING.get(kind, set())
    assert set(MACHINES[kind].by_name) - told == UNTOLD[kind]
    assert told - set(MACHINES[kind].by_name) == NOTED.get(kind, frozenset())


def test_a_notice_names_facts_that_there_are() -> None:
    assert [each.code for each in NOTICES if not each.named <= FACTS] == []


def test_a_notice_of_a_noun_that_is_there_goes_to_somebody_whom_it_has() -> None:
    there = [each for each in NOTICES if each.trigger.noun in MACHINES.keys() & RELATIONS.by_name]
    assert there
    assert [each.code for each in there if not _has_addressee(each)] == []


def _has_addressee(notice: Notice) -> bool:
    noun = RELATIONS.by_name[notice.trigger.noun]
    edge, _, beyond = notice.to.party.partition(".")
    return (
        (not notice.to.person or notice.to.person in noun.by_name)
        and edge in {"", "id", *noun.edge_by_name}
        and (
            not beyond
            or beyond in RELATIONS.by_name[noun.edge_by_name[edge].target].edge_by_name
        )
    )


def test_a_move_that_waits_for_somebody_tells_those_who_may_act() -> None:
    """What is to be done is told to roles that the machine lets act on from there."""
    acting = {
        each: {role for move in machine.from_state(made.to) for role in move.roles}
        for each in NOTICES if each.kind is not Kind.SYSTEM
        if (machine := MACHINES.get(each.trigger.noun))
        and (made := machine.by_name.get(each.trigger.move))
    }  # fmt: skip
    assert acting
    assert [each.code for each, roles in acting.items() if not each.to.roles & roles] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_reads_without_a_gap_in_both_languages(language: str) -> None:
    told = {name: f"<{name}>" for name in FACTS} | {"until": "2029-05-31T16:00:00.000Z"}
    written = json.dumps(told)
    words = {each: words_of(each.code, written, language=language) for each in NOTICES}
    assert [each.code for each, said in words.items() if not said.title] == []
    texts = {each: said.title + said.body for each, said in words.items()}
    lacking = {
        each.code: missing for each, text in texts.items()
        if (missing := {name for name in each.named - {"until"} if f"<{name}>" not in text})
    }  # fmt: skip
    assert lacking == {}
    assert [each.code for each, text in texts.items() if "{" in text] == []
    assert [
        each.code for each, said in words.items()
        if "until" in each.named and "2029-06-01" not in said.body
    ] == []  # fmt: skip


def test_a_clock_has_a_notice_for_every_kind_of_step() -> None:
    assert {step.name.lower() for step in StepKind} == set(Clock) - {Clock.MOVED_ON, Clock.WANTED}
    assert {each.trigger.move for each in CLOCKS} == set(Clock)


def test_a_term_is_told_in_the_readers_language() -> None:
    told = {
        "object": "A",
        "term": {"en": "Formal review", "zh": "形式审核"},
        "due": "x",
        "days": "3",
    }
    words = words_of("clock.escalation", json.dumps(told), language="zh")
    assert words.title == "逾期督办：A 的形式审核"


def test_a_notice_of_a_later_version_is_told_by_its_code() -> None:
    assert words_of("contract.sign.party", "{}", language="en").title == "contract.sign.party"


def test_words_in_braces_that_somebody_wrote_are_words() -> None:
    told = json.dumps(facts({"name": "{reason}{0}"}, "{object!r} %s"))
    words = words_of("resource.return.provider", told, language="en")
    assert words.title == "A registration needs correction: {reason}{0}"
    assert "{object!r} %s" in words.body


def test_a_reason_of_any_length_fits() -> None:
    told = facts({"name": "A"}, "x" * 100_000)
    assert len(told["reason"]) == REASON_CHARACTERS_MAX + 1
    assert facts({}, "  ") == dict.fromkeys(("object", "number", "reason", "until"), NOTHING)


def test_a_group_is_made_for_every_participant_at_the_place() -> None:
    row = {"id": "par_1", "grantee": "par_2", "spaces": ["b", "a"], "submitted_by": "usr_1"}
    related = {"resources": [{"provider": "p2"}, {"provider": "p1"}, {"provider": "p2"}, {}]}
    assert groups(to(), row, {}) == (Group(),)
    assert groups(to(party="id"), row, {}) == (Group(party="par_1"),)
    assert groups(to(party="grantee"), row, {}) == (Group(party="par_2"),)
    assert groups(to(party="spaces"), row, {}) == (Group(party="a"), Group(party="b"))
    assert groups(to(party="resources.provider"), row, related) == (
        Group(party="p1"), Group(party="p2"),
    )  # fmt: skip
    assert groups(to_person("submitted_by"), row, {}) == (Group(person="usr_1"),)


def test_nobody_is_told_at_a_place_where_nobody_is() -> None:
    assert groups(to(party="grantee"), {}, {}) == ()
    assert groups(to_person("submitted_by"), {"submitted_by": None}, {}) == ()
