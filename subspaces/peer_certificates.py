"""Certificates of X.509: those that other nodes show here, and the one that this node shows."""

import ssl
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from dataspace.federation.mutual_tls.certificates import (
    CertificateExpired,
    CertificateMissing,
    CertificateOfAnother,
    CertificateUnreadable,
    CertificateUntrusted,
    Held,
    Shown,
)
from dataspace.quantity import written

CERTIFICATE_FILE: Final = "tls.crt"
KEY_FILE: Final = "tls.key"
CHAIN_MAX: Final = 4
HEADER_CHARACTERS_MAX: Final = 16_384


class DemandedCertificates:
    """The Certificates port. The authorities are read again when their file changes."""

    def __init__(self, authorities: Path, ingress: Sequence[str]) -> None:
        """Raises:  CertificateUnreadable."""
        self._file, self._version = authorities, 0
        self._ingress = [ip_network(each) for each in ingress]
        self._store = self._read()

    def check(self, shown: Shown, name: str, *, now: datetime) -> None:
        if not shown.certificate or not self._is_ingress(shown.address):
            raise CertificateMissing(sender=name)
        certificate, chain = _read(shown)
        since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if not since <= now <= until:
            raise CertificateExpired(
                since=written(since), until=written(until), now=written(now)
            )  # fmt: skip
        self._check_chain(certificate, chain, now)
        names = _names(certificate)
        if name not in names:
            raise CertificateOfAnother(names=", ".join(names)[:400] or "—", needed=name)

    def _check_chain(
        self, certificate: x509.Certificate, chain: list[x509.Certificate], now: datetime
    ) -> None:
        if self._file.stat().st_mtime_ns != self._version:
            self._store = self._read()
        moment = now.astimezone(UTC).replace(tzinfo=None)
        verifier = PolicyBuilder().store(self._store).time(moment).build_client_verifier()
        try:
            verifier.verify(certificate, chain)
        except VerificationError as error:
            raise CertificateUntrusted(detail=str(error)[:200]) from error

    def _is_ingress(self, address: str) -> bool:
        try:
            sender = ip_address(address)
        except ValueError:
            return False
        return any(sender in network for network in self._ingress)

    def _read(self) -> Store:
        with _usable(self._file):
            self._version = self._file.stat().st_mtime_ns
            return Store(x509.load_pem_x509_certificates(self._file.read_bytes()))


class OwnCertificate:
    """What this node shows to those whom it asks; a renewed one is taken up by itself."""

    def __init__(self, folder: Path) -> None:
        """Raises:  CertificateUnreadable."""
        self._folder, self._version = folder, 0
        self.context = ssl.create_default_context()
        self.renew()

    @property
    def held(self) -> Held:
        """Raises:  CertificateUnreadable."""
        with _usable(self._folder):
            first, *_ = x509.load_pem_x509_certificates(self._certificate.read_bytes())
        return Held(_names(first), first.not_valid_before_utc, first.not_valid_after_utc)

    def renew(self) -> bool:
        """Whether it is another one than before; costs a look at the file.

        Raises:  CertificateUnreadable.
        """
        with _usable(self._folder):
            version = self._certificate.stat().st_mtime_ns
            if version == self._version:
                return False
            self.context.load_cert_chain(self._certificate, self._folder / KEY_FILE)
            self._version = version
            return True

    @property
    def _certificate(self) -> Path:
        return self._folder / CERTIFICATE_FILE


@contextmanager
def _usable(file: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise CertificateUnreadable(file=str(file), detail=str(error)[:200]) from error


def _read(shown: Shown) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """Byte sequences of structured fields (RFC 9440, 2): the certificate, and what leads to the
    authority. Raises:  CertificateUntrusted."""
    chain = [each for each in shown.chain.split(",") if each.strip()]
    if len(shown.certificate) + len(shown.chain) > HEADER_CHARACTERS_MAX or len(chain) > CHAIN_MAX:
        raise CertificateUntrusted(detail=f"> {HEADER_CHARACTERS_MAX}")
    try:
        return _certificate(shown.certificate), [_certificate(each) for each in chain]
    except (NotBase64, ValueError) as error:
        raise CertificateUntrusted(detail=str(error)[:200]) from error


def _certificate(member: str) -> x509.Certificate:
    """Raises:  ValueError."""
    said = member.strip()
    if len(said) < 2 or said[0] != ":" or said[-1] != ":":
        raise ValueError("RFC 9440")
    return x509.load_der_x509_certificate(b64decode(said[1:-1], validate=True))


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return tuple(found.value.get_values_for_type(x509.UniformResourceIdentifier))
