import json
import shutil
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

import anyio
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from identity import signatures
from identity.embedded_identity import EmbeddedIdentity
from identity.issuer import keys
from tests.clock import FrozenClock
from tests.sign_in import BASE, REALM

ISSUER = BASE + REALM


def opened(folder: Path, clock: FrozenClock, *, demo: bool = True) -> EmbeddedIdentity:
    return anyio.run(partial(EmbeddedIdentity.open, folder, issuer=ISSUER, clock=clock, demo=demo))


@pytest.fixture(scope="package", autouse=True)
def keys_are_examined_once() -> Iterator[None]:
    """Reading a private key examines it, which takes longer than most tests of what it signs."""
    read = cache(lambda text: signatures.read_key(json.loads(text)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "read_key", lambda jwk: read(json.dumps(jwk, sort_keys=True)))
        yield


@pytest.fixture(scope="session")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration's folder as its first opening leaves it; made once, copied for each test."""
    folder = tmp_path_factory.mktemp("identity") / "made"
    opened(folder, FrozenClock())
    return folder


@pytest.fixture
def folder(made_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_folder, tmp_path / "identity"))


@pytest.fixture
def identity(folder: Path, clock: FrozenClock) -> EmbeddedIdentity:
    return opened(folder, clock)


@pytest.fixture
def http(identity: EmbeddedIdentity) -> Iterator[TestClient]:
    """A browser on this machine, without a page."""
    app = Starlette(routes=identity.routes)
    with TestClient(app, base_url=BASE, client=("127.0.0.1", 50000)) as client:
        yield client


@pytest.fixture
def hub_secret(folder: Path) -> str:
    """The secret of the confidential client `city-hub`."""
    shown = json.loads((folder / "logins.json").read_text("utf-8"))
    return str(shown["clients"]["city-hub"])
