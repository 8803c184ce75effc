"""Serving an application in this process, and a stop that lets requests in flight finish."""

import asyncio
import errno
import signal
import socket
from collections.abc import Callable
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server

from dataspace.errors import DataSpaceError
from dataspace.text import Text
from hub.logs import log
from hub.settings import PORT_DEFAULT, Settings


class PortTaken(DataSpaceError):
    """Something listens on the port, or this user may not."""

    status = 409
    code = "port.taken"
    title = Text(
        "Port {port} on {host} cannot be used: {why}", "无法使用 {host} 的端口 {port}：{why}"
    )
    advice = Text(
        "Name another port with --port, or leave it out and one is chosen.",
        "请用 --port 指定其他端口；不指定时将自动选择。",
    )


IN_USE = Text("something else listens there", "已被其他程序占用")
NOT_ALLOWED = Text("this user may not listen there", "当前用户无权监听")
NO_ADDRESS = Text("this machine does not have that address", "本机没有该地址")
WHY = {errno.EADDRINUSE: IN_USE, errno.EACCES: NOT_ALLOWED, errno.EADDRNOTAVAIL: NO_ADDRESS}


def choose_port(settings: Settings) -> int:
    """The port that was named; else 8000; else one that is free.

    The server's own socket may be shared with a server that is there already, so whether the
    port is free is tried with a plain one.

    Raises:  PortTaken when the port that was named cannot be used.
    """
    if settings.port:
        _listen(settings.host, settings.port)
        return settings.port
    try:
        return _listen(settings.host, PORT_DEFAULT)
    except PortTaken:
        return _listen(settings.host, 0)


async def serve(app: Any, settings: Settings, *, started: Callable[[], None]) -> None:
    """Serves until SIGTERM or SIGINT. `started` is called once requests are taken."""
    server = Server(
        app, address=settings.host, port=settings.port, interface=Interfaces.ASGI,
        websockets=False, log_enabled=False,
    )  # fmt: skip
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    serving = asyncio.create_task(server.serve())
    await _listening(settings)
    started()
    await asyncio.wait(
        {serving, stopping := asyncio.create_task(stop.wait())}, return_when="FIRST_COMPLETED"
    )
    stopping.cancel()
    server.stop()  # type: ignore[no-untyped-call]
    _, late = await asyncio.wait({serving}, timeout=settings.stop_seconds_max)
    if late:
        log().warning("stopped_late", seconds=settings.stop_seconds_max)
    else:
        serving.result()


async def _listening(settings: Settings) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection(settings.host, settings.port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return


def _listen(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            why = WHY.get(error.errno or 0, Text(str(error), str(error)))
            raise PortTaken(host=host, port=port, why=why) from error
        return int(probe.getsockname()[1])
