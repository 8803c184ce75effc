"""Documents: what they say, that they are sealed, and that the present row decides if they hold."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dataspace.documents.certificate import (
    HOLDERS,
    PREFIXES,
    SAID,
    Issue,
    Kind,
    Party,
    content_of,
    number_of,
    sealed,
    sha256_of,
)
from dataspace.documents.codes import CERTIFICATE_KIND
from dataspace.documents.occasions import ISSUED_WITH
from dataspace.documents.standing import (
    EXPIRED,
    HOLDS,
    PENDING,
    SAYS,
    SUSPENDED,
    VOID,
    Standing,
    Subject,
    shown_standing,
    standing,
)
from dataspace.documents.words import FACTS, day, lines_of
from dataspace.lifecycle import MACHINES
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from hub.api.documents.printing import printed

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = written(NOW + timedelta(days=365))
ISSUE = Issue(
    Kind.RESOURCE_REGISTRATION, "ZYDJ-2026-ABCDEFGH", Party("par_bureau", "数据局"),
    Party("par_water", "水务局", "11310000MB2F303106"), NOW, "chs_1",
)  # fmt: skip
ROW = {"id": "res_1", "name": "用水量", "identifier": "7…", "state": "REGISTERED", "grade": 2,
       "valid_until": LATER, "registration_code": "reg_secret"}  # fmt: skip
CERTIFICATE = {"content": (SEALED := sealed(content_of(ISSUE, ROW))).text,
               "sha256": SEALED.sha256, "valid_until": LATER}  # fmt: skip


def now_is(state: str, kind: str = "resource", **row: object) -> Standing:
    return standing(CERTIFICATE, Subject(kind, {"state": state, **row}), now=NOW)


def test_every_kind_is_a_code_with_a_prefix() -> None:
    assert set(Kind) == set(CERTIFICATE_KIND.codes) == set(PREFIXES)
    assert len(set(PREFIXES.values())) == len(PREFIXES)


def about_of(noun: str, move: str) -> str:
    """The kind of what the document of a move is about."""
    way = ISSUED_WITH[noun, move].about
    return RELATIONS.ways[noun][way].end if way else noun


@pytest.mark.parametrize(("noun", "move"), ISSUED_WITH)
def test_what_is_issued_is_issued_with_a_move_and_says_what_the_noun_has(
    noun: str, move: str
) -> None:
    occasion = ISSUED_WITH[noun, move]
    kind, about = occasion.kind, RELATIONS.by_name[about_of(noun, move)]
    assert move in MACHINES[noun].by_name
    assert HOLDERS[kind] in about.edge_by_name
    assert not occasion.renews or occasion.renews in about.edge_by_name
    assert "certificates" in RELATIONS.ways[about.name]
    assert set(SAID.get(kind, ())) <= set(about.by_name)
    assert {name for name, _, _ in FACTS[kind]} <= set(about.by_name)
    assert kind is Kind.AGREEMENT or {name for name, _, _ in FACTS[kind]} <= set(SAID[kind])


@pytest.mark.parametrize("kind", MACHINES)
def test_of_every_state_after_the_issue_it_is_said_what_becomes_of_the_certificate(
    kind: str,
) -> None:
    machine = MACHINES[kind]
    own = {move for (noun, move), each in ISSUED_WITH.items() if noun == kind and not each.about}
    reached = {machine.by_name[move].to for move in own}
    while more := {move.to for move in machine.moves if reached & set(move.sources)} - reached:
        reached |= more
    tables = (HOLDS, PENDING, SUSPENDED, EXPIRED, VOID)
    said = [table.get(kind, frozenset()) for table in tables]
    assert set().union(*said) == reached
    assert sum(map(len, said)) == len(reached), "a state says one thing"


def test_a_certificate_holds_while_its_row_does() -> None:
    assert now_is("REGISTERED") is now_is("AUTHORISABLE") is Standing.VALID
    assert now_is("CANCELLED") is Standing.REVOKED
    assert now_is("EFFECTIVE", "authorisation") is Standing.VALID
    assert now_is("SUSPENDED", "authorisation") is Standing.SUSPENDED
    assert now_is("REVOKED", "authorisation") is Standing.REVOKED
    assert now_is("EXPIRED", "authorisation") is Standing.EXPIRED
    assert now_is("WITHDRAWN", "product") is Standing.REVOKED


def test_an_end_that_has_passed_ends_it_before_any_job_notes_it() -> None:
    subject = Subject("authorisation", {"state": "EFFECTIVE"})
    end = NOW + timedelta(days=365)
    assert standing(CERTIFICATE, subject, now=end - timedelta(seconds=1)) is Standing.VALID
    assert standing(CERTIFICATE, subject, now=end) is Standing.EXPIRED
    assert now_is("EFFECTIVE", "authorisation", valid_until=written(NOW)) is Standing.EXPIRED


def test_a_void_one_is_revoked_also_when_its_term_is_over() -> None:
    subject = Subject("resource", {"state": "CANCELLED"})
    assert standing(CERTIFICATE, subject, now=NOW + timedelta(days=999)) is Standing.REVOKED


def test_one_that_was_replaced_holds_no_longer() -> None:
    replaced = Subject("resource", {"state": "REGISTERED"}, {"code": "ZYDJ-2026-BCDEFGHJ"})
    assert standing(CERTIFICATE, replaced, now=NOW) is Standing.REPLACED


def test_one_whose_renewal_begins_later_holds_until_then() -> None:
    start = NOW + timedelta(days=30)
    renewed = Subject("authorisation", {"state": "EFFECTIVE"}, {"valid_from": written(start)})
    assert standing(CERTIFICATE, renewed, now=start - timedelta(seconds=1)) is Standing.VALID
    assert standing(CERTIFICATE, renewed, now=start) is Standing.REPLACED
    revoked = Subject("authorisation", {"state": "REVOKED"}, {"valid_from": written(start)})
    assert standing(CERTIFICATE, revoked, now=start) is Standing.REVOKED


def test_an_agreement_is_in_force_once_it_is_signed_by_both_verified_and_archived() -> None:
    for state in ("LOCKED", "GRANTEE_SIGNED", "GRANTOR_SIGNED", "SIGNED", "VERIFIED"):
        assert now_is(state, "agreement") is Standing.PENDING
    assert now_is("ARCHIVED", "agreement") is Standing.VALID
    assert now_is("ARCHIVED", "agreement", valid_until=written(NOW)) is Standing.EXPIRED
    for state in ("DRAFT", "SETTLED", "VOID", "TERMINATED"):
        assert now_is(state, "agreement") is Standing.REVOKED


def test_what_cannot_be_told_is_unknown_and_never_valid() -> None:
    assert standing(None, None, now=NOW) is Standing.UNKNOWN
    assert standing(CERTIFICATE, None, now=NOW) is Standing.UNKNOWN
    assert now_is("A_STATE_OF_A_LATER_VERSION") is Standing.UNKNOWN


@given(some.integers(0, len(CERTIFICATE["content"]) - 1), some.characters(codec="utf-8"))
def test_a_kept_content_of_which_one_character_is_another_is_altered(
    at: int, character: str
) -> None:
    text = CERTIFICATE["content"]
    forged = text[:at] + character + text[at + 1 :]
    found = standing(
        {**CERTIFICATE, "content": forged}, Subject("resource", ROW), now=NOW
    )  # fmt: skip
    assert found is (Standing.VALID if forged == text else Standing.ALTERED)


def test_a_file_that_is_shown_is_compared_with_what_was_issued() -> None:
    genuine = frozenset({"aa", "bb"})
    assert shown_standing(Standing.VALID, shown="", genuine=genuine) is Standing.VALID
    assert shown_standing(Standing.VALID, shown="AA", genuine=genuine) is Standing.VALID
    assert shown_standing(Standing.VALID, shown="cc", genuine=genuine) is Standing.ALTERED
    assert shown_standing(Standing.REVOKED, shown="bb", genuine=genuine) is Standing.REVOKED
    assert shown_standing(Standing.UNKNOWN, shown="aa", genuine=genuine) is Standing.UNKNOWN


def test_the_content_has_every_field_of_a_registration_certificate() -> None:
    content = json.loads(SEALED.text)
    assert content["number"] == "ZYDJ-2026-ABCDEFGH"
    assert content["subject"]["name"] == "用水量"
    assert content["holder"] == {
        "id": "par_water", "name": "水务局", "credit_code": "11310000MB2F303106",
    }  # fmt: skip
    assert (content["data_mode"], content["state"]) == ("PUBLIC", "REGISTERED")
    assert content["verification"] == "/certificates/ZYDJ-2026-ABCDEFGH"
    assert content["issuer"]["name"] == "数据局"
    assert sha256_of(SEALED.text) == SEALED.sha256


def test_the_query_code_is_in_no_certificate() -> None:
    assert "reg_secret" not in SEALED.text


def test_the_same_facts_are_the_same_bytes_in_whatever_order_they_come() -> None:
    turned = dict(reversed(list(content_of(ISSUE, ROW).items())))
    assert sealed(turned) == SEALED


def test_a_number_has_the_year_of_the_citys_calendar() -> None:
    eve = datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert number_of(Kind.AUTHORISATION, eve, "X") == "SQZS-2027-X"


def test_a_document_reads_in_both_languages() -> None:
    lines = {line.label.zh: line.value.zh for line in lines_of(content_of(ISSUE, ROW))}
    assert lines["登记主体"] == "水务局"
    assert lines["统一社会信用代码"] == "11310000MB2F303106"
    assert lines["登记机构"] == "数据局"
    assert lines["有效期至"] == "2027年6月1日"
    english = {line.label.en: line.value.en for line in lines_of(content_of(ISSUE, ROW))}
    assert english["Valid until"] == "2027-06-01"
    assert day("2026-05-31T16:00:00.000Z").zh == "2026年6月1日"


def test_every_standing_says_what_it_means() -> None:
    assert set(SAYS) == set(Standing)


def test_a_grant_over_very_much_is_printed_all_the_same() -> None:
    resources = tuple({"id": f"res_{n}", "name": "用水量" * 60} for n in range(100))
    row = {
        "id": "aut_1",
        "title": "A",
        "code": "SQ-1",
        "purpose": "长" * 4000,
        "state": "EFFECTIVE",
    }
    issue = replace(ISSUE, kind=Kind.AUTHORISATION)
    content = content_of(issue, row, resources=resources)
    assert printed(content, address="https://data.city.example").startswith(b"%PDF-")
