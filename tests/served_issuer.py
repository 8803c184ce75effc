"""The embedded issuer alone on a port of its own, for clients that need a real server."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import anyio
from starlette.applications import Starlette

from identity.embedded_identity import EmbeddedIdentity
from tests.sign_in import REALM

STARTING_SECONDS_MAX = 20


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def application() -> Starlette:
    """What the server's process runs; it finds its folder and address in the environment."""

    async def opened() -> EmbeddedIdentity:
        return await EmbeddedIdentity.open(
            Path(os.environ["ISSUER_FOLDER"]),
            issuer=os.environ["ISSUER_BASE"] + REALM,
            clock=SystemClock(),
            demo=True,
        )

    return Starlette(routes=anyio.run(opened).routes)


@contextmanager
def served(folder: Path, log: Path) -> Iterator[str]:
    """Its base address, while it runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--factory",
        "--host", "127.0.0.1", "--port", str(port), "tests.served_issuer:application",
    ]  # fmt: skip
    environment = {**os.environ, "ISSUER_FOLDER": str(folder), "ISSUER_BASE": base}
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        try:
            _wait(base, server, log)
            yield base
        finally:
            server.terminate()
            server.wait(timeout=10)


def _wait(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    address = f"{base}{REALM}/.well-known/openid-configuration"
    for _ in range(STARTING_SECONDS_MAX * 20):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                assert json.load(answer)["issuer"] == base + REALM
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"no answer within {STARTING_SECONDS_MAX} s: {log.read_text()}")
