"""The processes of the demonstration: a node each, with a port that it keeps between starts."""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from hub.data_folder import prepare
from hub.dev.process import Running, free_ports, launch, wait_until
from hub.serving import choose_port
from hub.settings import Settings

# A city of twelve thousand resources is made up the first time.
START_SECONDS_MAX: Final = 600
HOST: Final = "127.0.0.1"
PORTS_FILE: Final = "ports.json"
# Of the servers that the environment names, the city alone uses these.
CITYS_OWN: Final = (
    "CITYSPACE_GRAPH", "CITYSPACE_GRAPH_USER", "CITYSPACE_GRAPH_PASSWORD", "CITYSPACE_IDENTITY",
    "CITYSPACE_IDENTITY_SECRET", "CITYSPACE_IDENTITY_ADMIN", "CITYSPACE_IDENTITY_ADMIN_PASSWORD",
    "CITYSPACE_ASSETS", "CITYSPACE_ASSETS_KEY", "CITYSPACE_ASSETS_SECRET",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Served:
    """A node of the demonstration, running or not yet."""

    name: str
    data: Path
    port: int
    running: Running | None = None

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        return self.data / f"{self.name}.log"

    @property
    def alive(self) -> bool:
        return self.running is not None and self.running.alive

    @property
    def told(self) -> Mapping[str, Any]:
        """What it said of itself at its last start."""
        lines = self.log.read_text("utf-8", errors="replace").splitlines()
        said = (line for line in reversed(lines) if line.startswith('{"address"'))
        return dict(json.loads(next(said)))


def ports_of(settings: Settings, names: Sequence[str]) -> Mapping[str, int]:
    """The same as at the last start: nodes know each other by their addresses.

    Raises:  PortTaken when somebody else listens on one of them now.
    """
    prepare(settings.data)
    file = settings.data / PORTS_FILE
    known: dict[str, int] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    if settings.port:
        known[names[0]] = settings.port
    ports: dict[str, int] = {}
    for name in names:
        ports[name] = _free(settings, known.get(name, 0), taken=set(ports.values()))
    file.write_text(json.dumps(ports), "utf-8")
    return ports


def _free(settings: Settings, port: int, *, taken: set[int]) -> int:
    """8000 is for the first that asks, when nobody has it."""
    chosen = choose_port(replace(settings, host=HOST, port=port))
    return free_ports(1)[0] if chosen in taken else chosen


@contextmanager
def served(name: str, data: Path, port: int, *words: str, own: bool = True) -> Iterator[Served]:
    """The node, answering; it ends with the block, or when this process is gone.

    Only with its `own` servers does it use those that the environment names.

    Raises:  ServerDidNotStart.
    """
    data.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "hub.cli", "serve", "--json", "--data", str(data.absolute()),
        "--port", str(port), *words,
    ]  # fmt: skip
    place = Served(name, data, port)
    without = () if own else CITYS_OWN
    running = launch(name, command, folder=data.absolute(), facts={}, without=without)
    try:
        wait_until(running, lambda: _ready(place), seconds=START_SECONDS_MAX)
        yield replace(place, running=running)
    finally:
        running.stop()


def _ready(place: Served) -> bool:
    try:
        with urllib.request.urlopen(f"{place.address}/health/ready", timeout=3) as answer:  # noqa: S310 - loopback
            return int(answer.status) == 200
    except urllib.error.HTTPError:
        return False
