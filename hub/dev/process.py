"""A started server: its process, its addresses, its secrets, how it is awaited and ended."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dataspace.errors import Unavailable
from dataspace.text import Text

END_SECONDS_MAX = 20.0
PORT_FILE = "port"
# Between the look whether a port is free and the server that takes it, nobody else is given it.
_given_out: set[int] = set()
_giving_out = threading.Lock()


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
    """Ports that nobody listens on now, all different, and none that was given out before."""
    with _giving_out:
        return [_free_port(below) for _ in range(count)]


def _free_port(below: int) -> int:
    """The system's own choice, unless that is too high or was given out."""
    port = 0
    while not 0 < port <= below or port in _given_out:
        chosen = 20_000 + secrets.randbelow(12_000) if port else 0
        with socket.socket() as listener:
            port = int(listener.getsockname()[1]) if _bound(listener, chosen) else below + 1
    _given_out.add(port)
    return port


def port_of(folder: Path) -> int:
    """The port of the server whose data lie in `folder`: kept with them, unless it was taken.

    A realm's tokens name it, and so does whoever was told the address.
    """
    kept = folder / PORT_FILE
    known = int(kept.read_text()) if kept.exists() else 0
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port = known if known and _bound(probe, known) else 0
    port = port or free_ports(1)[0]
    _given_out.add(port)
    kept.write_text(str(port))
    return port


def _bound(listener: socket.socket, port: int) -> bool:
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


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
