"""Keeps a set of servers up for as long as it runs, and writes down where they are.

    python -m hub.dev.keeper FOLDER NAME …

`FOLDER/servers.json` (readable by its owner only) appears when all of them answer. The keeper
ends them on SIGTERM; should it be killed, their guardians end them.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from dataspace.errors import DataSpaceError, Invalid
from dataspace.text import Text
from hub.dev import (
    go_binaries,
    keycloak_server,
    kubernetes_server,
    neo4j_server,
    seaweedfs_server,
)
from hub.dev.process import Running

STARTERS: Final[Mapping[str, Callable[[Path], Running]]] = {
    "neo4j": neo4j_server.start,
    "keycloak": keycloak_server.start,
    "minio": go_binaries.start_minio,
    "seaweedfs": seaweedfs_server.start,
    "kubernetes": kubernetes_server.start,
}
# What they are started from, and the fault proxy: downloads and builds, made once and kept.
OBTAINED: Final[Mapping[str, Callable[[], Path]]] = {
    "neo4j": neo4j_server.obtain,
    "keycloak": keycloak_server.obtain,
    "minio": go_binaries.MINIO.obtain,
    "seaweedfs": seaweedfs_server.obtain,
    "toxiproxy": go_binaries.TOXIPROXY.obtain,
    "kubernetes": kubernetes_server.obtain,
}
# What is built the first time has its own limit; on a busy machine it takes most of an hour.
START_SECONDS_MAX: Final = 3600.0
# Which settings put a hub on a server, made of the server's facts.
SETTINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "neo4j": {
        "CITYSPACE_GRAPH": "{address}",
        "CITYSPACE_GRAPH_USER": "{user}",
        "CITYSPACE_GRAPH_PASSWORD": "{password}",
    },
    "keycloak": {
        "CITYSPACE_IDENTITY": "keycloak+{address}/realms/city",
        "CITYSPACE_IDENTITY_SECRET": "{hub_secret}",
        "CITYSPACE_IDENTITY_ADMIN": "{user}",
        "CITYSPACE_IDENTITY_ADMIN_PASSWORD": "{password}",
    },
    "seaweedfs": {
        "CITYSPACE_ASSETS": "s3+{address}/city",
        "CITYSPACE_ASSETS_KEY": "{user}",
        "CITYSPACE_ASSETS_SECRET": "{password}",
    },
}


class ServerUnknown(Invalid):
    """A server of that name is not among those that can be started."""

    code = "dev.server_unknown"
    title = Text("There is no server {name}", "没有名为 {name} 的服务")
    advice = Text("Choose among {names}.", "可选：{names}。")


def servers_up(folder: Path) -> Mapping[str, Mapping[str, str]]:
    """Name to facts of the servers that a keeper keeps in `folder`; empty when it keeps none."""
    with contextlib.suppress(OSError, ValueError):
        state = json.loads((folder / "servers.json").read_text())
        if Path(f"/proc/{state['keeper']}").exists():
            return dict(state["servers"])
    return {}


def environment(up: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The settings of a hub that uses the servers that are up, as far as it can."""
    return {
        name: form.format_map(up[server])
        for server, wanted in SETTINGS.items()
        if server in up
        for name, form in wanted.items()
    }


def start(folder: Path, *names: str) -> Mapping[str, Mapping[str, str]]:
    """Starts a keeper that outlives this process; its servers' facts when all of them answer.

    Raises:  ServerUnknown, and what the servers' own starts raise, by the keeper's last words.
    """
    check_names(*names)
    if not (up := servers_up(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "servers.json").unlink(missing_ok=True)
        with (folder / "keeper.log").open("wb") as log:
            keeper = subprocess.Popen(  # noqa: S603 - this module itself
                [sys.executable, "-m", "hub.dev.keeper", str(folder), *names],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + START_SECONDS_MAX
        while keeper.poll() is None and time.monotonic() < until:
            if up := servers_up(folder):
                return up
            time.sleep(0.2)
        keeper.terminate()
        raise DataSpaceError(log_id=str(folder / "keeper.log"))
    return up


def stop(folder: Path) -> bool:
    """Ends what `start` started; whether there was anything to end."""
    if not servers_up(folder):
        return False
    keeper = int(json.loads((folder / "servers.json").read_text())["keeper"])
    os.kill(keeper, signal.SIGTERM)
    while (folder / "servers.json").exists() and Path(f"/proc/{keeper}").exists():
        time.sleep(0.1)
    return True


@contextlib.contextmanager
def kept_up(folder: Path, *names: str) -> Iterator[dict[str, Running]]:
    """The servers, up for the time of the block."""
    check_names(*names)
    running: dict[str, Running] = {}
    try:
        for name in names:
            own = folder / name
            own.mkdir(parents=True, exist_ok=True)
            running[name] = STARTERS[name](own)
        yield running
    finally:
        for each in running.values():
            each.stop()


def check_names(*names: str) -> None:
    """Raises:  ServerUnknown."""
    for name in names:
        if name not in STARTERS:
            raise ServerUnknown(name=name, names=", ".join(STARTERS))


def main(folder: Path, *names: str) -> int:
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    state = folder / "servers.json"
    with kept_up(folder, *names) as running:
        written = state.with_suffix(".part")
        written.touch(mode=0o600)
        facts = {name: dict(each.facts) for name, each in running.items()}
        written.write_text(json.dumps({"keeper": os.getpid(), "servers": facts}))
        written.rename(state)
        ended.wait()
    state.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
