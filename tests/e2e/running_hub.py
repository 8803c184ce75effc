"""A hub as its users meet it: `cityspace serve` in a process of its own, on a free port.

with running_hub(tmp_path / "data") as hub:
    urlopen(f"{hub.address}/health/live")
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

COMMAND = (sys.executable, "-m", "hub.cli")
ROOT = Path(__file__).parents[2]
# Nothing happens there by itself, unless a test is about that.
QUIET = {"CITYSPACE_LOG_FORMAT": "json", "CITYSPACE_JOBS": "off"}


@dataclass(frozen=True)
class RunningHub:
    """`told` is what `serve --json` says at its start; `log` the file of its log lines."""

    process: subprocess.Popen[str]
    address: str
    told: Mapping[str, Any]
    data: Path
    log: Path
    ready_after_seconds: float

    def stop(self, *, seconds: float = 10) -> int:
        """Asks it to stop, as an orchestrator does, and gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self) -> None:
        """As a power cut: nothing is asked and nothing can be finished."""
        self.process.kill()
        self.process.wait()

    def password_of(self, username: str) -> str:
        return next(
            each["password"] for each in self.told["logins"] if each["username"] == username
        )


@contextmanager
def running_hub(
    data: Path, *flags: str, environ: Mapping[str, str] | None = None, seconds: float = 60
) -> Iterator[RunningHub]:
    """`seconds` is how long the start may take, filling an empty folder included."""
    log = data.parent / f"{data.name}.log"
    began = time.monotonic()
    with log.open("a", encoding="utf-8") as lines:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--json", "--data", str(data), "--port", str(free_port()), *flags],
            stdout=subprocess.PIPE, stderr=lines, text=True, encoding="utf-8", cwd=ROOT,
            env={**os.environ, **QUIET, **(environ or {})},
        )  # fmt: skip
    try:
        told = json.loads(_first_line(process, log))
        _wait_until_ready(told["address"], until=began + seconds)
        took = time.monotonic() - began
        yield RunningHub(process, told["address"], told, data, log, took)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        assert process.stdout is not None
        process.stdout.close()


def cityspace(
    *words: str, environ: Mapping[str, str] | None = None, seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """One command of `cityspace`, run to its end."""
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, encoding="utf-8", cwd=ROOT,
        env={**os.environ, **(environ or {})}, timeout=seconds, check=False,
    )  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _first_line(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.wait(10)
        raise AssertionError(f"serve ended with {process.returncode}:\n{log.read_text('utf-8')}")
    return line


def _wait_until_ready(address: str, *, until: float) -> None:
    while True:
        try:
            with urlopen(f"{address}/health/ready", timeout=5):
                return
        except (URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
