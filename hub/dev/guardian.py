"""Runs a server and ends it, children included, as soon as whoever started it is gone.

    python -m hub.dev.guardian COMMAND …

Its standard input is a pipe that the starter holds open. When the pipe closes, however the
starter died, the whole process group is asked to end, and killed after a grace period.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

GRACE_SECONDS = 15.0


def main(command: list[str]) -> int:
    ending = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    for wait in (_until_left_alone, server.wait):
        threading.Thread(target=_then, args=(wait, ending), daemon=True).start()
    ending.wait()
    return _end(server)


def _then(wait: Callable[[], object], ending: threading.Event) -> None:
    wait()
    ending.set()


def _until_left_alone() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass


def _end(server: subprocess.Popen[bytes]) -> int:
    """Asks the group to end; waits, and kills what is left of it."""
    _tell(server, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(GRACE_SECONDS)
    _tell(server, signal.SIGKILL)
    return server.wait()


def _tell(server: subprocess.Popen[bytes], how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(server.pid, how)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
