"""The form of an invitation's code, and what is left of it when it is kept."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.errors import DataSpaceError
from dataspace.federation.joining.invitations import (
    CODE_LETTERS,
    LETTERS,
    InvitationCode,
    judge,
    random_code,
    read_code,
    tried_wrongly,
)
from dataspace.federation.joining.refusals import InvitationMistyped
from dataspace.quantity import written
from tests.clock import FrozenClock

CODE = InvitationCode("ABCDEFGH", "23456789ABCDEFG")


def test_a_code_is_read_as_people_type_it() -> None:
    code = random_code()
    for typed in (code.written, code.written.lower(), f" {code.written.replace('-', ' ')}\n"):
        assert read_code(typed) == code


def test_no_letter_is_mistaken_for_another() -> None:
    assert not set("01OIL") & set(LETTERS)
    assert len(set(LETTERS)) == 31


@given(st.integers(0, CODE_LETTERS - 1), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_always_noticed(place: int, letter: str) -> None:
    code = CODE.written.replace("-", "")
    typed = code[:place] + letter + code[place + 1 :]
    if typed != code:
        with pytest.raises(InvitationMistyped):
            read_code(typed)


@given(st.integers(0, CODE_LETTERS - 2))
def test_two_letters_that_changed_places_are_always_noticed(place: int) -> None:
    code = CODE.written.replace("-", "")
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if typed != code:
        with pytest.raises(InvitationMistyped):
            read_code(typed)


@pytest.mark.parametrize("typed", ["", "ABCD", "x" * 200, "0" * CODE_LETTERS, "邀请码"])
def test_what_is_no_code_is_mistyped(typed: str) -> None:
    with pytest.raises(InvitationMistyped):
        read_code(typed)


def test_the_secret_is_in_nothing_that_is_kept_or_shown() -> None:
    assert CODE.secret not in repr(CODE)
    assert CODE.secret not in CODE.hashed
    assert CODE.hashed != InvitationCode("BCDEFGHA", CODE.secret).hashed


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"state": "VOID"}, "invitation.void"),
        ({"state": "REVOKED"}, "invitation.revoked"),
        ({"state": "EXPIRED"}, "invitation.expired"),
        ({"hours": 0}, "invitation.expired"),
        ({"secret_hash": "0" * 64}, "invitation.wrong"),
        ({"state": "USED", "secret_hash": "0" * 64}, "invitation.wrong"),
        ({}, ""),
        ({"state": "USED", "hours": -9}, ""),
    ],
)
def test_a_code_opens_what_is_open_or_what_it_opened(
    clock: FrozenClock, more: dict[str, Any], refusal: str
) -> None:
    hours = more.pop("hours", 24)
    row = {
        "state": "OPEN", "valid_until": written(clock.now() + timedelta(hours=hours)),
        "secret_hash": CODE.hashed, "tries_max": 5, **more,
    }  # fmt: skip
    found = ""
    try:
        judge(row, CODE, clock.now())
    except DataSpaceError as error:
        found = error.code
    assert found == refusal


def test_the_fifth_wrong_try_voids_it() -> None:
    row: dict[str, Any] = {"state": "OPEN", "wrong_tries": None, "tries_max": 5}
    states = []
    for _ in range(5):
        row |= tried_wrongly(row)
        states.append(row["state"])
    assert states == ["OPEN"] * 4 + ["VOID"]
