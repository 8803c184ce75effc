"""Real receivers on this machine: a mail server, and an HTTP server that answers as it is told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass
class MailServer:
    """Keeps what it is sent; an address that begins with "nobody" is none of its own."""

    messages: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0
    busy: bool = False
    knows_everybody: bool = False

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody") and not self.knows_everybody:
            return "550 5.1.1 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.busy:
            return "451 4.3.0 come back later"
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"

    def authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _how: Any, data: Any
    ) -> Any:
        self.logins.append((data.login.decode(), data.password.decode()))
        right = data.password == b"right"
        return AuthResult(success=right, handled=right)


@contextmanager
def mail_server(**more: Any) -> Iterator[MailServer]:
    """`more` is what aiosmtpd's controller takes, such as a TLS context."""
    kept = MailServer()
    if more.get("auth_required"):
        more["authenticator"] = kept.authenticate
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        kept.port = int(probe.getsockname()[1])
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port, **more)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


@dataclass
class Receiver:
    """`status` is what it answers; "hang" answers nothing until it is let go."""

    status: int | str = 204
    location: str = ""
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    address: str = ""
    go: threading.Event = field(default_factory=threading.Event)


@contextmanager
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            kept.calls.append(({k.lower(): v for k, v in self.headers.items()}, body))
            if kept.status == "hang":
                kept.go.wait(30)
                return
            self.send_response(int(kept.status))
            if kept.location:
                self.send_header("location", kept.location)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing to standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.address = f"http://127.0.0.1:{server.server_address[1]}/in"
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield kept
    finally:
        kept.go.set()
        server.shutdown()
        serving.join()
        server.server_close()
