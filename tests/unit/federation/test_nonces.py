"""A signed request is taken once: by all processes of a node, also after a restart, in bounds."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dataspace.federation.signing import NoncesFull, SignatureReplayed
from subspaces.nonces import SWEEP_EVERY, SharedNonces
from tests.clock import FrozenClock


@pytest.fixture
def nonces(tmp_path: Path, clock: FrozenClock) -> Iterator[SharedNonces]:
    opened = SharedNonces(tmp_path, clock, nonces_max=2 * SWEEP_EVERY)
    yield opened
    opened.close()


def test_a_nonce_is_taken_once_by_each_key(nonces: SharedNonces, clock: FrozenClock) -> None:
    until = clock.now() + timedelta(seconds=60)
    nonces.take("a", "1", until=until)
    nonces.take("b", "1", until=until)
    with pytest.raises(SignatureReplayed):
        nonces.take("a", "1", until=until)


def test_another_process_and_the_next_start_know_it(
    nonces: SharedNonces, tmp_path: Path, clock: FrozenClock
) -> None:
    nonces.take("a", "1", until=clock.now() + timedelta(seconds=60))
    beside = SharedNonces(tmp_path, clock)
    with pytest.raises(SignatureReplayed):
        beside.take("a", "1", until=clock.now() + timedelta(seconds=60))
    beside.close()


def test_what_could_not_come_again_is_forgotten_and_the_rest_is_bounded(
    nonces: SharedNonces, clock: FrozenClock
) -> None:
    def fill() -> None:
        until = clock.now() + timedelta(seconds=60)
        for number in range(4 * SWEEP_EVERY):
            nonces.take("a", f"{clock.now()} {number}", until=until)

    with pytest.raises(NoncesFull):
        fill()
    with pytest.raises(NoncesFull):
        nonces.take("a", "more", until=clock.now())
    clock.advance(seconds=61)
    nonces.take("a", "more", until=clock.now())
