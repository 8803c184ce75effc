"""Identifiers: the published vectors, and every single slip is detected."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.identifiers import (
    ALPHABET,
    CREDIT_ALPHABET,
    IdentifierInvalid,
    IdentifierType,
    check_character,
    check_infrastructure_identifier,
    credit_code_check_digit,
    derived_id,
    infrastructure_identifier,
    is_checked,
    is_credit_code,
    new_id,
)

CREDIT_CODES = (
    "91310000MA1TEXT01W", "12310000MB1TEXT027", "91310000MA1TEXT033", "91310000MA1TEXT046",
    "91310000MA1TEXT059", "91310000MA1TEXT06C", "91310000MA1TEXT07F",
)  # fmt: skip
IDENTIFIERS = {
    "291310000MA1TEXT01W310000000001Q": (IdentifierType.REGIONAL_NODE, "3100", "00000001"),
    "491310000MA1TEXT07F310000000002I": (IdentifierType.BUSINESS_NODE, "3100", "00000002"),
    "491310000MA1TEXT07F006600000002W": (IdentifierType.BUSINESS_NODE, "0066", "00000002"),
    "591310000MA1TEXT04631000000A001Q": (IdentifierType.CONNECTOR, "3100", "0000A001"),
    "691310000MA1TEXT059310000P000016": (IdentifierType.PRODUCT, "3100", "00P00001"),
    "712310000MB1TEXT027310000R00001B": (IdentifierType.RESOURCE, "3100", "00R00001"),
}
BODIES = st.text(ALPHABET, min_size=1, max_size=60)
CREDIT_BODIES = st.text(CREDIT_ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize(("identifier", "parts"), IDENTIFIERS.items())
def test_the_vectors_of_the_identifier_rule_hold(
    identifier: str, parts: tuple[IdentifierType, str, str]
) -> None:
    kind, place, serial = parts
    made = infrastructure_identifier(kind, subject=identifier[1:19], place=place, serial=serial)
    assert made == identifier
    assert is_checked(identifier)
    assert is_credit_code(identifier[1:19])
    check_infrastructure_identifier(identifier)


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_the_vectors_of_the_credit_code_hold(code: str) -> None:
    assert is_credit_code(code)
    assert credit_code_check_digit(code[:17]) == code[17]


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_every_changed_character_of_every_vector_is_detected(identifier: str) -> None:
    for at, written in enumerate(identifier):
        for other in ALPHABET.replace(written, ""):
            slipped = identifier[:at] + other + identifier[at + 1 :]
            assert not is_checked(slipped)
            with pytest.raises(IdentifierInvalid):
                check_infrastructure_identifier(slipped)


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_every_changed_character_of_every_credit_code_is_detected(code: str) -> None:
    for at, written in enumerate(code):
        for other in ALPHABET.replace(written, ""):
            assert not is_credit_code(code[:at] + other + code[at + 1 :])


@given(BODIES, st.data())
def test_any_single_changed_character_is_detected(body: str, data: st.DataObject) -> None:
    whole = body + check_character(body)
    assert is_checked(whole)
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.sampled_from(ALPHABET.replace(whole[at], "")))
    assert not is_checked(whole[:at] + other + whole[at + 1 :])


@given(BODIES, st.data())
def test_any_two_neighbours_that_change_places_are_detected(body: str, data: st.DataObject) -> None:
    whole = body + check_character(body)
    at = data.draw(st.integers(0, len(whole) - 2))
    first, second = whole[at : at + 2]
    assert is_checked(whole[:at] + second + first + whole[at + 2 :]) == (first == second)


@given(CREDIT_BODIES, st.data())
def test_any_single_changed_character_of_a_credit_code_is_detected(
    body: str, data: st.DataObject
) -> None:
    whole = body + credit_code_check_digit(body)
    assert is_credit_code(whole)
    at = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from(CREDIT_ALPHABET.replace(whole[at], "")))
    assert not is_credit_code(whole[:at] + other + whole[at + 1 :])


@given(st.text(max_size=70))
def test_any_text_is_judged_and_never_breaks_the_judge(text: str) -> None:
    assert is_checked(text) in (True, False)
    assert is_credit_code(text) in (True, False)
    if not text[:1].isdigit():
        with pytest.raises(IdentifierInvalid):
            check_infrastructure_identifier(text)


def test_an_extension_belongs_to_products_and_resources_only() -> None:
    for identifier in IDENTIFIERS:
        for extension in ("A", "36.5.沪/2026-1", "x" * 32):
            extended = f"{identifier}•{extension}"
            if identifier[0] in "67":
                check_infrastructure_identifier(extended)
            else:
                with pytest.raises(IdentifierInvalid):
                    check_infrastructure_identifier(extended)
    product = "691310000MA1TEXT059310000P000016"
    for wrong in ("•", "•" + "x" * 33):
        with pytest.raises(IdentifierInvalid):
            check_infrastructure_identifier(product + wrong)


def test_an_identifier_begins_with_the_type_of_what_it_names() -> None:
    for first in set(ALPHABET) - {kind.value for kind in IdentifierType}:
        body = first + "91310000MA1TEXT01W310000000001"
        with pytest.raises(IdentifierInvalid):
            check_infrastructure_identifier(body + check_character(body))


@pytest.mark.parametrize(
    "part", [{"subject": "9131"}, {"place": "310"}, {"serial": "1"}, {"serial": "0000000a"}]
)
def test_a_part_of_another_length_or_alphabet_is_refused(part: dict[str, str]) -> None:
    parts = {"subject": "91310000MA1TEXT01W", "place": "3100", "serial": "00000001", **part}
    with pytest.raises(IdentifierInvalid):
        infrastructure_identifier(IdentifierType.PRODUCT, **parts)


def test_an_identifier_of_our_own_is_opaque_and_never_the_same() -> None:
    made = {new_id("res") for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"res_[a-z2-7]{24}", each) for each in made)


@given(st.lists(st.text(max_size=10), min_size=1, max_size=3))
def test_the_same_parts_always_give_the_same_identifier(parts: list[str]) -> None:
    assert derived_id("par", *parts) == derived_id("par", *parts)
    assert derived_id("par", *parts) != derived_id("par", *parts, "more")


def test_an_identifier_that_was_derived_once_stays_what_it_is() -> None:
    """Imports find their rows by it again, so the rule can never change."""
    assert derived_id("par", "demo", "data-bureau") == "par_gicsuen5pkj4mnwmwod4cvla"
