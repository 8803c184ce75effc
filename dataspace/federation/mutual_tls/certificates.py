"""Certificates by which a node's connections are known (mutual TLS), beside its signatures.

TLS ends before the node, at its ingress, which hands on the certificate that a caller has shown
(RFC 9440). It counts only when it names the very node that signed the request, so that neither a
stolen key of the one kind nor of the other is enough (the idea of RFC 8705).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from dataspace.errors import Broken, Refused
from dataspace.federation.signing import origin
from dataspace.text import Text

HEADER: Final = "client-cert"
CHAIN_HEADER: Final = "client-cert-chain"
# As far ahead as J-L1-3 warns of what ends.
WARNED_DAYS: Final = (1, 7, 30)


class CertificateMissing(Refused):
    """The request came without a certificate, or not by way of an ingress that is trusted to have
    checked that its sender holds the key."""

    code = "certificate.missing"
    title = Text(
        "This node asks for a certificate, and {sender} has shown none",
        "本节点要求出示证书，{sender} 未出示",
    )
    advice = Text(
        "Set CITYSPACE_PEER_CERTIFICATE at the node that asks; at the one that is asked,"
        " CITYSPACE_INGRESS names who hands certificates on.",
        "请在请求方设置 CITYSPACE_PEER_CERTIFICATE；被请求方以 CITYSPACE_INGRESS"
        " 指明由谁转交证书。",
    )


class CertificateUntrusted(Refused):
    """None of the authorities that this node trusts stands behind the certificate."""

    code = "certificate.untrusted"
    title = Text("The certificate shown is not trusted: {detail}", "所出示的证书不受信任：{detail}")
    advice = Text(
        "Have it issued by the authority that the city names for its nodes.",
        "请由城市为节点指定的签发机构签发。",
    )


class CertificateExpired(Refused):
    """It is not valid at this moment, by the clock of the node that is asked."""

    code = "certificate.expired"
    title = Text(
        "The certificate shown holds from {since} to {until}, and it is {now}",
        "所出示证书的有效期为 {since} 至 {until}，当前时间为 {now}",
    )
    advice = Text(
        "Renew it; the node takes the new one up without a restart.",
        "请更换证书；节点无需重启即可启用新证书。",
    )


class CertificateOfAnother(Refused):
    """The certificate is somebody else's than the signature."""

    code = "certificate.of_another"
    title = Text(
        "The certificate shown is for {names}, and not for {needed}",
        "所出示的证书属于 {names}，而非 {needed}",
    )
    advice = Text(
        "Have one issued that names {needed} as a URI among its alternative names.",
        "请签发以 {needed} 为备用名称（URI）的证书。",
    )


class CertificateUnreadable(Broken):
    """A file of certificates that a setting names cannot be used."""

    code = "certificate.unreadable"
    title = Text("{file} cannot be used: {detail}", "无法使用 {file}：{detail}")
    advice = Text(
        "It is a certificate in PEM, or a folder with tls.crt and tls.key.",
        "应为 PEM 格式证书，或含 tls.crt 与 tls.key 的文件夹。",
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What came with a request: the two headers, "" where there is none, and the address that the
    connection came from."""

    certificate: str
    chain: str
    address: str


class Certificates(Protocol):
    """What a node demands of those who ask it.

    * `check` MUST believe no header that did not come from an ingress which is trusted.
    * It MUST refuse a certificate that no trusted authority stands behind, that is not valid now,
      or that does not name whoever it should be.
    """

    def check(self, shown: Shown, name: str, *, now: datetime) -> None:
        """Raises:  CertificateMissing, CertificateUntrusted, CertificateExpired,
        CertificateOfAnother."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """A node's own certificate: whom it names, and how long it holds."""

    names: tuple[str, ...]
    since: datetime
    until: datetime

    def days_left(self, now: datetime) -> int:
        """Whole days until it ends; below 0 when it has ended."""
        return (self.until - now) // timedelta(days=1)

    def warned(self, now: datetime) -> int | None:
        """The shortest of the terms of warning that it is within, in days; None before all."""
        left = self.until - now
        return next((days for days in WARNED_DAYS if left <= timedelta(days=days)), None)


def node_name(identifier: str) -> str:
    """How a certificate names a node: a URI among its alternative names."""
    return f"urn:cityspace:node:{identifier}"


def hub_name(address: str) -> str:
    """How a certificate names the hub, which every node knows by its address."""
    return origin(address)
