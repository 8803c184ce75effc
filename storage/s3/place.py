"""Where an S3 store is: `s3+https://host[:port]/prefix`, and what its buckets are called."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from dataspace.errors import Invalid
from dataspace.text import Text

SCHEMES: Final = ("s3+https", "s3+http")
REGION_DEFAULT: Final = "us-east-1"
EVIDENCE: Final = "evidence/"
UPLOADS: Final = "uploads/"
# What an ability is tried on; the lifecycle removes what is left of it.
PROBES: Final = "probes/"
_PREFIX = re.compile(r"[a-z0-9][a-z0-9-]{1,40}[a-z0-9]")


class AssetsAddressInvalid(Invalid):
    """The address of the store cannot be read; it is not shown, for it might hold a password."""

    code = "assets.address_invalid"
    title = Text("The address of the assets does not hold: {why}", "资产存储地址有误：{why}")
    advice = Text(
        "It reads s3+https://HOST[:PORT]/PREFIX[?region=…&public=https://…].",
        "格式为 s3+https://主机[:端口]/前缀[?region=…&public=https://…]。",
    )


@dataclass(frozen=True, slots=True)
class At:
    """An object: the bucket and its name there."""

    bucket: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """`public` is the address that readers use, when it is not the one that the hub uses."""

    endpoint: str
    secure: bool
    prefix: str
    region: str = REGION_DEFAULT
    public: str = ""

    @classmethod
    def of(cls, url: str) -> "Place":
        """Raises:  AssetsAddressInvalid."""
        try:
            parts = urlsplit(url)
            port, asked = parts.port, parse_qs(parts.query, strict_parsing=bool(parts.query))
        except ValueError as error:
            raise AssetsAddressInvalid(why=_NOT_READABLE) from error
        prefix = parts.path.strip("/")
        if not parts.hostname:
            raise AssetsAddressInvalid(why=_NO_HOST)
        if parts.username is not None or parts.password is not None:
            raise AssetsAddressInvalid(why=_PASSWORD)
        if not _PREFIX.fullmatch(prefix):
            raise AssetsAddressInvalid(why=_NO_PREFIX)
        if unknown := sorted(set(asked) - {"region", "public"}):
            raise AssetsAddressInvalid(why=_unknown(unknown[0]))
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return cls(
            f"{host}:{port}" if port else host,
            parts.scheme == "s3+https",
            prefix,
            asked.get("region", [REGION_DEFAULT])[0],
            asked.get("public", [""])[0].rstrip("/"),
        )

    @property
    def address(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.endpoint}"

    @property
    def outside(self) -> str:
        """The address by which readers and uploaders reach the store."""
        return self.public or self.address

    @property
    def files(self) -> str:
        """The bucket of samples, papers and uploads."""
        return f"{self.prefix}-files"

    @property
    def evidence(self) -> str:
        """The bucket of what must stay as it was: versioned and locked."""
        return f"{self.prefix}-evidence"

    def at(self, key: str) -> At:
        return At(self.evidence if key.startswith(EVIDENCE) else self.files, key)


def _unknown(name: str) -> Text:
    return Text(f"it has no part {name}", f"不支持参数 {name}")


_NOT_READABLE = Text("that is no URL", "不是网址")
_NO_HOST = Text("it names no host", "未指明主机")
_NO_PREFIX = Text(
    "its path is a prefix of 3 to 42 of a-z, 0-9 and -",
    "路径须为 3 至 42 位的前缀（a-z、0-9、-）",
)
_PASSWORD = Text(
    "a password stands in it; use CITYSPACE_ASSETS_KEY and CITYSPACE_ASSETS_SECRET",
    "其中含口令；请改用 CITYSPACE_ASSETS_KEY 与 CITYSPACE_ASSETS_SECRET",
)
