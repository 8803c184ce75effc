"""Keys are made once, replaced without breaking anybody, and dropped after their time."""

import stat
from pathlib import Path

import pytest

from identity.embedded_identity import EmbeddedIdentity
from identity.issuer.keys import KEY_KEPT_SECONDS, KeyFolder
from identity.refusals import IdentityUnavailable, TokenKeyUnknown
from tests.clock import FrozenClock
from tests.unit.identity.conftest import opened


@pytest.fixture
def keys(folder: Path, clock: FrozenClock) -> KeyFolder:
    return KeyFolder(folder / "keys", clock)


def test_opening_again_keeps_the_key(keys: KeyFolder) -> None:
    assert keys.open().signing.kid == keys.open().signing.kid


def test_key_files_are_for_their_owner_only(folder: Path) -> None:
    (file,) = (folder / "keys").glob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "keys").stat().st_mode) == 0o700


def test_the_youngest_key_signs_also_when_the_clock_stands_still(keys: KeyFolder) -> None:
    made = [str(keys.rotate().signing.kid) for _ in range(3)]
    assert list(keys.ring().keys)[1:] == made


def test_the_youngest_key_signs_also_when_the_clock_went_back(
    keys: KeyFolder, clock: FrozenClock
) -> None:
    before = keys.ring().signing.kid
    clock.advance(days=-30)
    assert keys.rotate().signing.kid != before


def test_a_replaced_key_verifies_until_its_last_token_has_expired(
    keys: KeyFolder, clock: FrozenClock, folder: Path
) -> None:
    old = str(keys.ring().signing.kid)
    keys.rotate()
    clock.advance(seconds=KEY_KEPT_SECONDS - 1)
    assert old in keys.ring().keys
    clock.advance(seconds=2)
    assert old not in keys.ring().keys
    keys.rotate()
    assert not (folder / "keys" / f"{old}.json").exists()


async def test_rotation_breaks_no_token_that_is_out(
    identity: EmbeddedIdentity, clock: FrozenClock
) -> None:
    token = identity.issue("auditor")
    await identity.rotate_keys()
    clock.advance(seconds=299)
    assert (await identity.caller(token)).signed_in
    assert (await identity.caller(identity.issue("auditor"))).signed_in


async def test_another_process_learns_of_a_new_key_from_the_first_token(
    identity: EmbeddedIdentity, folder: Path, clock: FrozenClock
) -> None:
    other = await EmbeddedIdentity.open(
        folder, issuer="http://127.0.0.1:8000/realms/city", clock=clock, demo=True
    )
    await other.caller(identity.issue("auditor"))
    await identity.rotate_keys()
    assert (await other.caller(identity.issue("auditor"))).signed_in


async def test_a_key_that_was_taken_away_is_trusted_for_a_few_seconds_at_most(
    identity: EmbeddedIdentity, folder: Path, clock: FrozenClock
) -> None:
    token = identity.issue("auditor")
    await identity.caller(token)
    (file,) = (folder / "keys").glob("*.json")
    file.unlink()
    KeyFolder(folder / "keys", clock).open()
    clock.advance(seconds=6)
    with pytest.raises(TokenKeyUnknown):
        await identity.caller(token)


@pytest.mark.parametrize("damage", ["{", "{}", "[]", '{"created_at": 7, "jwk": {}}'])
@pytest.mark.parametrize("pattern", ["keys/*.json", "clients.json", "people.json"])
def test_a_file_that_is_damaged_is_said_so(
    folder: Path, clock: FrozenClock, pattern: str, damage: str
) -> None:
    (file,) = folder.glob(pattern)
    file.write_text(damage if pattern.startswith("keys") else f"[{damage}]")
    with pytest.raises(IdentityUnavailable) as refused:
        opened(folder, clock)
    assert "retry_after_seconds" in refused.value.facts
