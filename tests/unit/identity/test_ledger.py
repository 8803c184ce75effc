"""What the issuer must not forget, shared by several processes, gone when it has had its time."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from identity.issuer.ledger import Ledger
from identity.refusals import IdentityUnavailable
from tests.clock import FrozenClock


@pytest.fixture
def ledger(tmp_path: Path, clock: FrozenClock) -> Ledger:
    ledger = Ledger(tmp_path / "state.sqlite", clock)
    ledger.open()
    return ledger


def test_a_note_holds_until_its_time(ledger: Ledger, clock: FrozenClock) -> None:
    ledger.put("code", "secret", {"who": "auditor"}, seconds=60)
    clock.advance(seconds=59)
    assert ledger.get("code", "secret") == {"who": "auditor"}
    clock.advance(seconds=1)
    assert ledger.get("code", "secret") is None


def test_kinds_do_not_mix(ledger: Ledger) -> None:
    ledger.put("code", "x", {}, seconds=60)
    assert ledger.get("refresh", "x") is None


def test_spending_says_how_often(ledger: Ledger) -> None:
    ledger.put("code", "x", {"a": 1}, seconds=60)
    notes = [ledger.spend("code", "x") for _ in range(3)]
    assert [note.times for note in notes if note] == [1, 2, 3]
    assert ledger.spend("code", "other") is None


def test_of_many_who_spend_at_the_same_moment_one_is_first(ledger: Ledger) -> None:
    ledger.put("code", "x", {}, seconds=60)
    with ThreadPoolExecutor(8) as pool:
        notes = list(pool.map(lambda _: ledger.spend("code", "x"), range(16)))
    assert sorted(note.times for note in notes if note) == list(range(1, 17))


def test_of_many_who_claim_at_the_same_moment_one_gets_it(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        claimed = list(pool.map(lambda _: ledger.claim("jti", "x", seconds=60), range(16)))
    assert sum(claimed) == 1


def test_a_count_starts_anew_after_its_time(ledger: Ledger, clock: FrozenClock) -> None:
    assert [ledger.count("name", "x", seconds=10) for _ in range(3)] == [1, 2, 3]
    ledger.uncount("name", "x")
    assert ledger.count("name", "x", seconds=10) == 3
    clock.advance(seconds=10)
    assert ledger.count("name", "x", seconds=10) == 1


def test_a_secret_is_made_once(ledger: Ledger, clock: FrozenClock) -> None:
    first = ledger.secret("form")
    clock.advance(days=3650)
    assert ledger.secret("form") == first
    assert len(first) > 40


def test_no_code_or_token_can_be_read_from_the_file(ledger: Ledger, tmp_path: Path) -> None:
    ledger.put("refresh", "a-very-secret-token", {}, seconds=60)
    assert b"a-very-secret-token" not in (tmp_path / "state.sqlite").read_bytes()


def test_what_has_had_its_time_leaves_the_file(
    ledger: Ledger, clock: FrozenClock, tmp_path: Path
) -> None:
    for n in range(50):
        ledger.put("code", str(n), {}, seconds=60)
    clock.advance(seconds=61)
    ledger.put("code", "last", {}, seconds=60)
    store = sqlite3.connect(tmp_path / "state.sqlite")
    assert store.execute("SELECT count(*) FROM note").fetchone() == (1,)
    store.close()


def test_the_file_is_for_its_owner_only(ledger: Ledger, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "state.sqlite").stat().st_mode) == 0o600


def test_a_damaged_file_is_said_so(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(IdentityUnavailable) as refused:
        ledger.get("code", "x")
    assert refused.value.code == "identity.unavailable"
