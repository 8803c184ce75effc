"""Servers built from Go modules, each in a process of its own: MinIO and the fault proxy.

MinIO's licence is the AGPL and its project is archived: it is a target to be tested against,
never a dependency.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.dev.cache import check_sha256, kept, run_tool
from hub.dev.process import Running, free_ports, launch, secret_of, wait_until

START_SECONDS_MAX = 30
WAYS = ("upstream", "downstream")


@dataclass(frozen=True, slots=True)
class GoProgram:
    """`sum` is the module's checksum as Go's own checksum database gives it."""

    name: str
    module: str
    version: str
    sum: str
    command: str

    def obtain(self) -> Path:
        """The binary."""
        folder = kept(f"{self.name}-{self.version}", self._build)
        return next(path for path in folder.iterdir() if path.name != "module.json")

    def _build(self, folder: Path) -> None:
        module = f"{self.module}@{self.version}"
        told = run_tool(self.name, ["go", "mod", "download", "-json", module], folder=folder)
        check_sha256(self.name, json.loads(told)["Sum"], expected=self.sum)
        command = ["go", "install", "-trimpath", "-ldflags", "-s -w"]
        package = f"{self.command}@{self.version}"
        run_tool(self.name, [*command, package], folder=folder, GOBIN=str(folder), CGO_ENABLED="0")


MINIO = GoProgram(
    "minio", "github.com/minio/minio", "v0.0.0-20260212201848-7aac2a2c5b7c",
    "h1:/qdoYujxF5MBLDMVLeiYJ/7fBa1HikX39Dvzb9Ji8pA=", "github.com/minio/minio",
)  # fmt: skip
TOXIPROXY = GoProgram(
    "toxiproxy", "github.com/Shopify/toxiproxy/v2", "v2.5.0",
    "h1:i4LPT+qrSlKNtQf5QliVjdP08GyAH8+BUIc9gT0eahc=",
    "github.com/Shopify/toxiproxy/v2/cmd/server",
)  # fmt: skip


def start_minio(folder: Path, *, port: int = 0) -> Running:
    """An S3 server whose objects lie in `folder`."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    ports = free_ports(2)
    port, password = port or ports[0], secret_of(folder)
    facts = {"address": f"http://127.0.0.1:{port}", "user": "cityspace", "password": password}
    environment = {
        "MINIO_ROOT_USER": facts["user"], "MINIO_ROOT_PASSWORD": password, "MINIO_UPDATE": "off",
        "MINIO_BROWSER": "off", "MINIO_CALLHOME_ENABLE": "off", "MINIO_CI_CD": "1",
    }  # fmt: skip
    command = [
        str(MINIO.obtain()), "server", "--quiet", "--address", f"127.0.0.1:{port}",
        "--console-address", f"127.0.0.1:{ports[1]}", str(data),
    ]  # fmt: skip
    running = launch("minio", command, folder=folder, facts=facts, environment=environment)
    ready = f"{facts['address']}/minio/health/ready"
    wait_until(running, lambda: _status(ready) == 200, seconds=START_SECONDS_MAX)
    return running


def start_toxiproxy(folder: Path) -> Running:
    """A proxy that delays, cuts and refuses connections as it is told through `Proxy`."""
    port = free_ports(1)[0]
    facts = {"address": f"http://127.0.0.1:{port}"}
    command = [str(TOXIPROXY.obtain()), "-host", "127.0.0.1", "-port", str(port)]
    running = launch("toxiproxy", command, folder=folder, facts=facts)
    wait_until(running, lambda: _status(f"{facts['address']}/version") == 200, seconds=10)
    return running


@dataclass(frozen=True, slots=True)
class Proxy:
    """One way through the fault proxy to a server, and what is done to it."""

    control: str
    name: str
    port: int

    @classmethod
    def to(cls, server: str, *, through: Running, name: str) -> "Proxy":
        """`server` is host:port."""
        proxy = cls(through.facts["address"], name, free_ports(1)[0])
        listen = f"127.0.0.1:{proxy.port}"
        proxy._tell("POST", "/proxies", {"name": name, "listen": listen, "upstream": server})
        return proxy

    def slow(self, milliseconds: int, *, jitter: int = 0) -> None:
        """Answers come later, by so much more or less at random."""
        self._toxic("latency", {"latency": milliseconds, "jitter": jitter})

    def hang(self, *, way: str = "downstream") -> None:
        """Takes connections and never answers; `upstream`: the server hears nothing of it."""
        self._toxic("timeout", {"timeout": 0}, way=way)

    def cut(self) -> None:
        """Nothing arrives any more, either way, and nobody is told so."""
        for way in WAYS:
            self.hang(way=way)

    def reset(self, *, of: float = 1.0, milliseconds: int = 0) -> None:
        """Breaks off that part of the connections, so long after they began."""
        self._toxic("reset_peer", {"timeout": milliseconds}, of=of)

    def slice(self, size: int) -> None:
        """Answers come in pieces of so many bytes."""
        self._toxic("slicer", {"average_size": size, "size_variation": size // 2, "delay": 1000})

    def break_after(self, size: int) -> None:
        """Each connection ends after so many bytes of the answer."""
        self._toxic("limit_data", {"bytes": size})

    def refuse(self) -> None:
        self._tell("POST", f"/proxies/{self.name}", {"enabled": False})

    def heal(self) -> None:
        self._tell("POST", "/reset", {})

    def _toxic(
        self, kind: str, attributes: Mapping[str, int], *, way: str = "downstream", of: float = 1.0
    ) -> None:
        toxic = {
            "name": f"{kind} {way}", "type": kind, "stream": way, "toxicity": of,
            "attributes": attributes,
        }  # fmt: skip
        self._tell("POST", f"/proxies/{self.name}/toxics", toxic)

    def _tell(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.control + path, method=method, data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "User-Agent": "cityspace"},
        )  # fmt: skip
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - loopback


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=3) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
