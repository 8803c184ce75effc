"""Which addresses a notice may be sent to, as far as their writing tells.

Where a name leads to is only known when it is called, and is looked at then.
"""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from dataspace.text import Text

EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,190}$)"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
PORTS: Final = range(1, 65536)
NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")

NEEDED = Text("this channel needs an address", "该渠道须填写地址")
NO_EMAIL = Text("that is no e-mail address", "不是电子邮箱地址")
NO_HTTPS = Text(
    "an address such as https://host/path is needed, without a password in it",
    "须为形如 https://主机/路径 的地址，且不含密码",
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def problem_of_email(value: str | None, *, needed: bool) -> Text | None:
    if not value:
        return NEEDED if needed else None
    return None if EMAIL.fullmatch(value) else NO_EMAIL


def problem_of_webhook(value: str | None, *, needed: bool) -> Text | None:
    """Plain HTTP is for a receiver on this machine, which the sender decides about."""
    if not value:
        return NEEDED if needed else None
    try:
        place = urlsplit(value)
        holds = place.scheme in ("https", "http") and bool(place.hostname)
        holds = holds and (place.port is None or place.port in PORTS)
    except ValueError:
        return NO_HTTPS
    plain = value.isascii() and value.isprintable() and " " not in value
    return None if holds and plain and "@" not in place.netloc else NO_HTTPS


def is_public(address: Address) -> bool:
    """Whether it is one that anybody on the internet may call: no private, loopback, link-local,
    shared, reserved or multicast address, also when an IPv4 address is written as an IPv6 one.
    """
    inner = _inner(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast


def _inner(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, 6to4, or by NAT64 (RFC 6052)."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
