"""Keeps a set of servers up for as long as it runs, and writes down where they are.

    python -m hub.dev.keeper FOLDER NAME …

A name is that of a server (`neo4j`), or of one more for a sub-space of the demonstration, which
shares none with its city (`neo4j-finance`). They start beside one another.

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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from dataspace.errors import DataSpaceError, Invalid, Unavailable
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
# What a sub-space has of its own; people it knows by the Keycloak of its city.
STARTERS_OF_A_SPACE: Final[Mapping[str, Callable[[Path], Running]]] = {
    "neo4j": neo4j_server.start_small,
    "seaweedfs": seaweedfs_server.start,
}
# What they are started from, and the fault proxy: downloads and builds, made once and kept.
OBTAINED: Final[Mapping[str, Callable[[], Path]]] = {
    "neo4j": neo4j_server.prepare,
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
        "CITYSPACE_ASSETS": "s3+{address}/{whose}",
        "CITYSPACE_ASSETS_KEY": "{user}",
        "CITYSPACE_ASSETS_SECRET": "{password}",
    },
}


CITY: Final = "city"
# The sub-spaces of the demonstration.
SPACES: Final = ("finance", "energy")


class ServerUnknown(Invalid):
    """A server of that name is not among those that can be started."""

    code = "dev.server_unknown"
    title = Text("There is no server {name}", "没有名为 {name} 的服务")
    advice = Text("Choose among {names}.", "可选：{names}。")


class ServersNotUp(Unavailable):
    """Servers that are needed are not kept in the folder."""

    code = "dev.servers_not_up"
    title = Text("{names} do not run in {folder}", "{folder} 中未运行：{names}")
    advice = Text(
        "Start them: `cityspace dev servers start demo --folder {folder}`.",
        "请先启动：`cityspace dev servers start demo --folder {folder}`。",
    )


def names_for(*spaces: str) -> list[str]:
    """The servers of a city, and of each of these sub-spaces of it."""
    own = [f"{server}-{space}" for space in spaces for server in STARTERS_OF_A_SPACE]
    return [*SETTINGS, *own]


def obtain(name: str) -> Path:
    """What a server is started from. Raises:  ServerUnknown, DownloadFailed, ChecksumDiffers."""
    server = name.partition("-")[0]
    if server not in OBTAINED:
        raise ServerUnknown(name=name, names=", ".join(OBTAINED))
    return OBTAINED[server]()


def servers_up(folder: Path) -> Mapping[str, Mapping[str, str]]:
    """Name to facts of the servers that a keeper keeps in `folder`; empty when it keeps none."""
    with contextlib.suppress(OSError, ValueError):
        state = json.loads((folder / "servers.json").read_text())
        if Path(f"/proc/{state['keeper']}").exists():
            return dict(state["servers"])
    return {}


def environment(up: Mapping[str, Mapping[str, str]], whose: str = CITY) -> dict[str, str]:
    """The settings of a hub, or of a sub-space's node, on those servers of its that are up."""
    suffix = "" if whose == CITY else f"-{whose}"
    return {
        name: form.format_map({**up[server + suffix], "whose": whose})
        for server, wanted in SETTINGS.items()
        if server + suffix in up
        for name, form in wanted.items()
    }


def environments(folder: Path, *spaces: str) -> Mapping[str, Mapping[str, str]]:
    """The settings of a city and of each of its sub-spaces, on servers that are kept there.

    Raises:  ServersNotUp.
    """
    up = servers_up(folder)
    if lacking := [name for name in names_for(*spaces) if name not in up]:
        raise ServersNotUp(names=", ".join(lacking), folder=str(folder), retry_after_seconds=30)
    return {whose: environment(up, whose) for whose in (CITY, *spaces)}


def start(folder: Path, *names: str) -> Mapping[str, Mapping[str, str]]:
    """Starts a keeper that outlives this process; its servers' facts when all of them answer.

    One that keeps only some of them is ended first: their data stay, and their addresses.

    Raises:  ServerUnknown, and what the servers' own starts raise, by the keeper's last words.
    """
    check_names(*names)
    up = servers_up(folder)
    if up and not up.keys() >= set(names):
        names = (*up, *(name for name in names if name not in up))
        stop(folder)
        up = {}
    if not up:
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
    with ThreadPoolExecutor(len(names) or 1) as at_once:
        starting = {name: at_once.submit(_start_one, folder / name, name) for name in names}
    started = {name: each.result() for name, each in starting.items() if not each.exception()}
    try:
        yield {name: started.get(name) or each.result() for name, each in starting.items()}
    finally:
        with ThreadPoolExecutor(len(names) or 1) as at_once:
            list(at_once.map(Running.stop, started.values()))


def _start_one(folder: Path, name: str) -> Running:
    folder.mkdir(parents=True, exist_ok=True)
    return _starter(name)(folder)


def _starter(name: str) -> Callable[[Path], Running]:
    """Raises:  ServerUnknown."""
    server, _, space = name.partition("-")
    known = STARTERS_OF_A_SPACE if space else STARTERS
    if server not in known or space == CITY:
        names = [*STARTERS, *(f"{each}-SPACE" for each in STARTERS_OF_A_SPACE)]
        raise ServerUnknown(name=name, names=", ".join(names))
    return known[server]


def check_names(*names: str) -> None:
    """Raises:  ServerUnknown."""
    for name in names:
        _starter(name)


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
