"""A started server: its process, its addresses, its secrets, how it is awaited and ended."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dataspace.errors import Unavailable
from dataspace.text import Text

END_SECONDS_MAX = 20.0


class ServerDidNotStart(Unavailable):
    """A server ended early, or did not answer in time; its log says why."""

    code = "dev.server_did_not_start"
    title = Text(
        "{name} did not answer within {seconds} s; its log is {log}",
        "{name} 在 {seconds} 秒内未响应；日志见 {log}",
    )
    advice = Text("Read the last lines: {last_lines}", "请查看日志末尾：{last_lines}")


@dataclass(slots=True)
class Running:
    """`facts` are what a client needs: addresses, user names, passwords."""

    name: str
    pid: int
    folder: Path
    facts: Mapping[str, str] = field(repr=False)
    process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        if self.process is not None:
            return self.process.poll() is None
        stat = Path(f"/proc/{self.pid}/stat")
        return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"

    def stop(self) -> None:
        """Asks the server to end and waits until it has."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the server as a crash does: at once, with whatever it was doing."""
        for child in _below(self.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, how)
        until = time.monotonic() + END_SECONDS_MAX
        while self.alive and time.monotonic() < until:
            time.sleep(0.05)
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()


def launch(
    name: str,
    command: Sequence[str],
    *,
    folder: Path,
    facts: Mapping[str, str],
    environment: Mapping[str, str] | None = None,
    without: Collection[str] = (),
) -> Running:
    """Starts a server that ends when this process does; its output goes to `folder`/name.log.

    It sees this process's environment, `without` some of it, and what is given besides.
    """
    log = (folder / f"{name}.log").open("ab")
    inherited = {each: value for each, value in os.environ.items() if each not in without}
    process = subprocess.Popen(  # noqa: S603 - fixed commands of ours
        [sys.executable, "-m", "hub.dev.guardian", *command],
        stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=folder,
        env={**inherited, **(environment or {}), "PYTHONPATH": _source_folder()},
    )  # fmt: skip
    log.close()
    return Running(name, process.pid, folder, facts, process)


def wait_until(running: Running, answers: Callable[[], bool], *, seconds: float) -> None:
    """Returns when the server answers. Raises:  ServerDidNotStart, after ending it."""
    until = time.monotonic() + seconds
    while running.alive and time.monotonic() < until:
        with contextlib.suppress(OSError):
            if answers():
                return
        time.sleep(0.1)
    running.stop()
    log = running.folder / f"{running.name}.log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    raise ServerDidNotStart(
        name=running.name, seconds=seconds, log=str(log), last_lines=" | ".join(lines[-3:]),
        retry_after_seconds=5,
    )  # fmt: skip


def free_ports(count: int, *, below: int = 55_000) -> list[int]:
    """Ports that nobody listens on now, all different."""
    found: dict[int, socket.socket] = {}
    while len(found) < count:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        if port > below:
            listener.close()
            listener = socket.socket()
            port = 20_000 + secrets.randbelow(12_000)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
        found[port] = listener
    for listener in found.values():
        listener.close()
    return list(found)


def secret_of(folder: Path, name: str = "secret") -> str:
    """A secret of the server whose data lie in `folder`: random, kept with them."""
    kept = folder / name
    if not kept.exists():
        kept.touch(mode=0o600)
        # Hexadecimal: a tool would take one that begins with a hyphen for an option.
        kept.write_text(secrets.token_hex(24))
    return kept.read_text()


def _source_folder() -> str:
    return str(Path(__file__).parents[2])


def _below(pid: int) -> list[int]:
    """Children, and theirs, deepest last."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(entry.read_text().rpartition(")")[2].split()[1]) == pid:
                child = int(entry.parent.name)
                found += [child, *_below(child)]
    return found
