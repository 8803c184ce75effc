"""The processes of the demonstration: a node each, with a port that it keeps between starts."""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
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
# Of the settings that the environment names, those that are the city's alone.
CITYS_OWN: Final = (
    "CITYSPACE_GRAPH", "CITYSPACE_GRAPH_USER", "CITYSPACE_GRAPH_PASSWORD", "CITYSPACE_IDENTITY",
    "CITYSPACE_IDENTITY_SECRET", "CITYSPACE_IDENTITY_ADMIN", "CITYSPACE_IDENTITY_ADMIN_PASSWORD",
    "CITYSPACE_ASSETS", "CITYSPACE_ASSETS_KEY", "CITYSPACE_ASSETS_SECRET",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Served:
    """A node of the demonstration, running or not yet.

    `servers` are the settings of the servers that it has of its own; the city's own are the city's.
    """

    name: str
    data: Path
    port: int
    servers: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_city: bool = False
    running: Running | None = None

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """What its processes see."""
        hidden = () if self.is_city else CITYS_OWN
        seen = {name: value for name, value in os.environ.items() if name not in hidden}
        return {**seen, **self.servers}

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
def served(place: Served, *words: str) -> Iterator[Served]:
    """The node, answering; it ends with the block, or when this process is gone.

    Raises:  ServerDidNotStart.
    """
    data = place.data.absolute()
    data.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "hub.cli", "serve", "--json", "--data", str(data),
        "--port", str(place.port), *words,
    ]  # fmt: skip
    running = launch(
        place.name, command, folder=data, facts={}, environment=place.environ, without=CITYS_OWN
    )
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
