"""Certificates as a city's own authority makes them, good and bad, and a proxy that shows them."""

import contextlib
import os
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

KEY_FILE: Final = "private.key"
CERTIFICATE_FILE: Final = "public.crt"
PIECE_BYTES: Final = 64 * 1024
IDLE_SECONDS_MAX: Final = 60.0


@dataclass(frozen=True, slots=True)
class Authority:
    """One that signs certificates; whoever trusts `file` trusts them."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    file: Path

    @classmethod
    def make(cls, folder: Path, name: str) -> "Authority":
        folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        own = _name(name)
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False,
            data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        certificate = (
            _builder(own, own, key, _days(-1, 30))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .sign(key, hashes.SHA256())
        )
        file = folder / f"{name}.pem"
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return cls(key, certificate, file)

    def certify(
        self, folder: Path, *, host: str = "127.0.0.1", first_day: int = -1, last_day: int = 30
    ) -> Path:
        """A folder with a key and the host's certificate, which holds between these days, counted
        from today."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(host), self.certificate.subject, key, _days(first_day, last_day))
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        signed = _for_a_server(builder, host).add_extension(issuer, critical=False)
        return _written(folder, key, signed.sign(self.key, hashes.SHA256()))


    def certify_caller(
        self, folder: Path, name: str, *, first_day: int = -1, last_day: int = 30
    ) -> Path:
        """As a node shows it to others: a folder with tls.crt and tls.key, for a URI."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(name)])
        valid = _days(first_day, last_day)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        signed = (
            _builder(_name("node"), self.certificate.subject, key, valid)
            .add_extension(names, critical=False)
            .add_extension(issuer, critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        return _written(folder, key, signed, names=("tls.crt", "tls.key"))


def self_signed(folder: Path) -> Path:
    """As `Authority.certify` gives it, by nobody but the server itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = _name("127.0.0.1")
    builder = _for_a_server(_builder(own, own, key, _days(-1, 30)), "127.0.0.1")
    return _written(folder, key, builder.sign(key, hashes.SHA256()))


@contextmanager
def trusting(authority: Authority) -> Iterator[None]:
    """As a hub's environment names an authority: the one way that all clients know."""
    before = os.environ.get("SSL_CERT_FILE")
    os.environ["SSL_CERT_FILE"] = str(authority.file)
    try:
        yield
    finally:
        os.environ.pop("SSL_CERT_FILE")
        if before is not None:
            os.environ["SSL_CERT_FILE"] = before


class TlsProxy:
    """Encrypted towards its callers, plain towards the server behind it; in threads of its own."""

    def __init__(self, server: str, certificate: Path) -> None:
        """`server` is host:port."""
        host, _, port = server.rpartition(":")
        self._server = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._onward: dict[socket.socket, socket.socket] = {}
        self.address = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self.show(certificate)

    def show(self, certificate: Path) -> None:
        """To whoever comes from now on; who is there already is sent away, and has gone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # A session that is taken up again would show no certificate.
        context.options |= ssl.OP_NO_TICKET
        context.num_tickets = 0
        context.load_cert_chain(certificate / CERTIFICATE_FILE, certificate / KEY_FILE)
        self._context = context
        self._send_away()

    @contextmanager
    def listening(self) -> Iterator[Self]:
        listening = threading.Thread(target=self._listen)
        listening.start()
        try:
            yield self
        finally:
            self._listener.shutdown(socket.SHUT_RDWR)
            listening.join()
            self._listener.close()

    def _listen(self) -> None:
        taking = []
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                taking.append(threading.Thread(target=self._take, args=(caller,)))
                taking[-1].start()
        self._send_away()
        for each in taking:
            each.join()

    def _send_away(self) -> None:
        there = dict(self._onward)
        for onward in there.values():
            with contextlib.suppress(OSError):
                onward.shutdown(socket.SHUT_RDWR)
        until = time.monotonic() + IDLE_SECONDS_MAX
        while there.keys() & self._onward.keys() and time.monotonic() < until:
            time.sleep(0.005)

    def _take(self, caller: socket.socket) -> None:
        # Whoever does not like the certificate goes away in the middle of the greeting.
        with caller, contextlib.suppress(OSError):
            caller.settimeout(IDLE_SECONDS_MAX)
            with (
                self._context.wrap_socket(caller, server_side=True) as encrypted,
                socket.create_connection(self._server, timeout=IDLE_SECONDS_MAX) as onward,
            ):
                self._onward[caller] = onward
                _carry(encrypted, onward)
        self._onward.pop(caller, None)


def _carry(one: socket.socket, other: socket.socket) -> None:
    """Both ways, until either ends."""
    to = {one: other, other: one}
    while ready := select.select([one, other], [], [], IDLE_SECONDS_MAX)[0]:
        for source in ready:
            piece = source.recv(PIECE_BYTES)
            if not piece:
                return
            to[source].sendall(piece)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _days(first: int, last: int) -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now + timedelta(days=first), now + timedelta(days=last)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    valid: tuple[datetime, datetime],
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _for_a_server(builder: x509.CertificateBuilder, host: str) -> x509.CertificateBuilder:
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
    return (
        builder.add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )


def _written(
    folder: Path,
    key: ec.EllipticCurvePrivateKey,
    signed: x509.Certificate,
    *,
    names: tuple[str, str] = (CERTIFICATE_FILE, KEY_FILE),
) -> Path:
    """The key first: whoever sees the next certificate has its key."""
    certificate_file, key_file = names
    folder.mkdir(parents=True, exist_ok=True)
    (folder / key_file).write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / key_file).chmod(0o600)
    (folder / certificate_file).write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    return folder
