"""A presigned address that fixes the headers of the request: AWS Signature Version 4, in its query.

The vendor's client signs no header but the host in an address, so that whoever holds one for PUT
may store whatever they like. What is signed here has to be sent exactly so: another length, type or
SHA-256 makes another signature, and the store refuses it before it keeps anything.

Source: Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters (AWS Signature
Version 4)"; its example is a test of this file.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlsplit

ALGORITHM: Final = "AWS4-HMAC-SHA256"
# The body is not hashed into the signature: its SHA-256 is among the headers, where it is wanted.
PAYLOAD: Final = "UNSIGNED-PAYLOAD"
# Clients leave these out of the host that they name.
PORTS: Final = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Signer:
    """Keys of an S3 store and the region that their signatures are for; `token` of lent keys."""

    key: str
    secret: str
    region: str
    token: str = ""

    def address(
        self, method: str, url: str, *, headers: Mapping[str, str], at: datetime, seconds: int
    ) -> str:
        """The URL with a signature that holds for `seconds` after `at`, for these headers only.

        `url` has neither query nor fragment, and its path is not yet quoted. The client sends the
        headers as they are given here, and sets the host from the address.
        """
        place = urlsplit(url)
        moment = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{moment[:8]}/{self.region}/s3/aws4_request"
        host = place.netloc.removesuffix(PORTS[place.scheme])
        signed = {"host": host} | {k.lower(): v.strip() for k, v in headers.items()}
        names = ";".join(sorted(signed))
        query = {
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": f"{self.key}/{scope}",
            "X-Amz-Date": moment,
            "X-Amz-Expires": str(seconds),
            "X-Amz-SignedHeaders": names,
        } | ({"X-Amz-Security-Token": self.token} if self.token else {})
        path, asked = quote(place.path, safe="/~"), _query(query)
        lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
        request = "\n".join((method, path, asked, lines, names, PAYLOAD))
        digest = hashlib.sha256(request.encode()).hexdigest()
        signature = self._sign("\n".join((ALGORITHM, moment, scope, digest)), day=moment[:8])
        return f"{place.scheme}://{place.netloc}{path}?{asked}&X-Amz-Signature={signature}"

    def _sign(self, text: str, *, day: str) -> str:
        key = f"AWS4{self.secret}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, text.encode(), "sha256").hex()


def _query(given: Mapping[str, str]) -> str:
    """In the order of its names, everything quoted but what RFC 3986 leaves unreserved."""
    return "&".join(f"{name}={quote(given[name], safe='~')}" for name in sorted(given))
