"""What stands before a node in a city: it ends TLS, asks callers for a certificate, and hands on
what they showed in the header of RFC 9440, as `ssl_verify_client optional_no_ca` does of nginx.

Whose certificate it is, and whether it holds, is for the node to judge.
"""

import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from tests.tls import CERTIFICATE_FILE, KEY_FILE

NO_CHECK_TIME: Final = 0x200000  # X509_V_FLAG_NO_CHECK_TIME
OWN_HEADERS: Final = ("client-cert", "client-cert-chain", "connection", "transfer-encoding")


@contextmanager
def ingress(to_port: int, certificate: Path, *, asks_for: list[Path]) -> Iterator[str]:
    """Its https address. `asks_for` are files of authorities whose certificates callers may show;
    who shows none comes through as well."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def log_message(self, *_: Any) -> None:
            return

        def _pass(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {n: v for n, v in self.headers.items() if n.lower() not in OWN_HEADERS}
            if shown := self.connection.getpeercert(binary_form=True):
                headers["client-cert"] = f":{b64encode(shown).decode()}:"
            inner = HTTPConnection("127.0.0.1", to_port, timeout=30)
            try:
                inner.request(self.command, self.path, content, headers)
                answer = inner.getresponse()
                body = answer.read()
            except OSError:
                self.send_error(502)
                return
            finally:
                inner.close()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", *OWN_HEADERS):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _pass  # noqa: N815 - as the library calls them

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / CERTIFICATE_FILE, certificate / KEY_FILE)
    context.verify_mode = ssl.CERT_OPTIONAL
    context.verify_flags |= NO_CHECK_TIME
    for each in asks_for:
        context.load_verify_locations(each)
    server = _Server(("127.0.0.1", 0), Handler)
    server.context = context
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    """Greets each caller in a thread of its own, so that none keeps the others waiting."""

    daemon_threads = True
    block_on_close = False
    context: ssl.SSLContext

    def finish_request(self, request: Any, client_address: Any) -> None:
        try:
            with self.context.wrap_socket(request, server_side=True) as encrypted:
                self.RequestHandlerClass(encrypted, client_address, self)
        except OSError:
            return
