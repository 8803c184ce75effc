"""The embedded issuer keeps the contract of the Identity port."""

import json
from pathlib import Path

import pytest

from identity.embedded_identity import EmbeddedIdentity
from tests.clock import FrozenClock
from tests.contract.forging import Authority, rsa_key
from tests.contract.identity import IdentityContract

ISSUER = "http://127.0.0.1:8000/realms/city"


class TestEmbeddedIdentity(IdentityContract):
    @pytest.fixture
    async def identity(self, tmp_path: Path, clock: FrozenClock) -> EmbeddedIdentity:
        return await EmbeddedIdentity.open(tmp_path, issuer=ISSUER, clock=clock, demo=False)

    @pytest.fixture
    def authority(
        self, identity: EmbeddedIdentity, tmp_path: Path, clock: FrozenClock
    ) -> Authority:
        (file,) = tmp_path.rglob("keys/*.json")
        jwk = json.loads(file.read_text())["jwk"]

        async def replace_key() -> None:
            """A key is dropped once every token that it signed must have expired."""
            await identity.rotate_keys()
            clock.advance(seconds=400)
            await identity.rotate_keys()

        return Authority(ISSUER, "city-hub", jwk["kid"], rsa_key(jwk), replace_key)
