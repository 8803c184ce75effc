"""How often a password may be guessed, and that nothing tells who exists."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from identity.issuer import passwords
from identity.issuer.attempts import FAILURES_PER_ADDRESS_MAX, Attempts, TooManyAttempts
from identity.issuer.ledger import Ledger
from tests.clock import FrozenClock


@pytest.fixture
def attempts(tmp_path: Path, clock: FrozenClock) -> Attempts:
    ledger = Ledger(tmp_path / "state.sqlite", clock)
    ledger.open()
    return Attempts(ledger)


def allowed(attempts: Attempts, name: str, address: str = "127.0.0.1") -> bool:
    try:
        attempts.begin(name, address)
    except TooManyAttempts:
        return False
    return True


def test_a_name_has_five_failures(attempts: Attempts) -> None:
    assert [allowed(attempts, "admin") for _ in range(6)] == [True] * 5 + [False]


def test_many_guesses_at_the_same_moment_have_no_more(attempts: Attempts) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: allowed(attempts, "admin"), range(16))) == 5


def test_an_address_has_fifty_failures_over_all_names(
    attempts: Attempts, clock: FrozenClock
) -> None:
    tried = [allowed(attempts, f"name-{n}") for n in range(FAILURES_PER_ADDRESS_MAX + 1)]
    assert tried == [True] * FAILURES_PER_ADDRESS_MAX + [False]
    assert allowed(attempts, "name-x", "::1")
    clock.advance(seconds=300)
    assert allowed(attempts, "name-y")


def test_whoever_signs_in_starts_anew(attempts: Attempts) -> None:
    for _ in range(2 * FAILURES_PER_ADDRESS_MAX):
        attempts.begin("admin", "127.0.0.1")
        attempts.succeeded("admin", "127.0.0.1")


def test_a_hash_holds_for_its_password_only() -> None:
    stored = passwords.hashed("correct horse")
    assert passwords.matches("correct horse", stored)
    assert not passwords.matches("correct horse ", stored)
    assert "horse" not in stored


def test_the_same_password_never_looks_the_same() -> None:
    assert passwords.hashed("x") != passwords.hashed("x")


def test_for_whom_nobody_knows_the_same_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[int] = []
    derive = passwords.hashlib.scrypt

    def counted(*args: object, **more: object) -> bytes:
        worked.append(1)
        return bytes(derive(*args, **more))  # type: ignore[arg-type]

    monkeypatch.setattr(passwords.hashlib, "scrypt", counted)
    assert not passwords.matches("x", "")
    assert worked == [1]


@pytest.mark.parametrize("password", ["", "x" * 201, "\ud800", "密码"])
def test_odd_passwords_are_only_wrong(password: str) -> None:
    assert not passwords.matches(password, passwords.hashed("right"))
