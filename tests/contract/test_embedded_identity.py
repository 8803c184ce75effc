"""The embedded issuer keeps the contract of the Identity port."""

import json
import shutil
from pathlib import Path

import pytest

from identity.embedded_identity import EmbeddedIdentity
from tests.clock import FrozenClock
from tests.contract.forging import Authority, rsa_key
from tests.contract.identity import IdentityContract

ISSUER = "http://127.0.0.1:8000/realms/city"


async def opened(folder: Path, clock: FrozenClock) -> EmbeddedIdentity:
    return await EmbeddedIdentity.open(folder, issuer=ISSUER, clock=clock, demo=False)


@pytest.fixture(scope="module")
async def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An issuer's folder as its first opening leaves it: a key takes long to make."""
    folder = tmp_path_factory.mktemp("made") / "identity"
    await opened(folder, FrozenClock())
    return folder


class TestEmbeddedIdentity(IdentityContract):
    @pytest.fixture
    def folder(self, made: Path, tmp_path: Path) -> Path:
        return Path(shutil.copytree(made, tmp_path / "identity"))

    @pytest.fixture
    async def identity(self, folder: Path, clock: FrozenClock) -> EmbeddedIdentity:
        return await opened(folder, clock)

    @pytest.fixture
    def authority(
        self, identity: EmbeddedIdentity, folder: Path, clock: FrozenClock
    ) -> Authority:
        (file,) = folder.rglob("keys/*.json")
        jwk = json.loads(file.read_text())["jwk"]

        async def replace_key() -> None:
            """A key is dropped once every token that it signed must have expired."""
            await identity.rotate_keys()
            clock.advance(seconds=400)
            await identity.rotate_keys()

        return Authority(ISSUER, "city-hub", jwk["kid"], rsa_key(jwk), replace_key)
