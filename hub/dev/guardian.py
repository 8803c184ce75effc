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
import time

GRACE_SECONDS = 15.0


def main(command: list[str]) -> int:
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: _end(server))
    threading.Thread(target=_watch, args=(server,), daemon=True).start()
    return server.wait()


def _watch(server: subprocess.Popen[bytes]) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """Asks the group to end; waits, and kills what is left of it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        while server.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        os.killpg(server.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
