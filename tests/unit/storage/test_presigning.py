"""Presigned addresses: Amazon's own example, the vendor's client, and what a signature fixes."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

from hypothesis import example, given
from hypothesis import strategies as st
from minio.credentials import Credentials
from minio.helpers import BaseURL
from minio.signer import presign_v4

from storage.s3.presigning import Signer

# Of "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)".
AMAZONS = Signer("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
MOMENT = datetime(2013, 5, 24, tzinfo=UTC)
FILE = "https://examplebucket.s3.amazonaws.com/test.txt"
HEADERS = {"Content-Length": "4", "Content-Type": "text/csv", "x-amz-checksum-sha256": "c3Vt"}


def signature(
    method: str = "PUT", url: str = FILE, headers: dict[str, str] = HEADERS, seconds: int = 60
) -> str:
    address = AMAZONS.address(method, url, headers=headers, at=MOMENT, seconds=seconds)
    return parse_qs(urlsplit(address).query)["X-Amz-Signature"][0]


def test_amazons_example_has_amazons_signature() -> None:
    assert AMAZONS.address("GET", FILE, headers={}, at=MOMENT, seconds=86_400) == (
        f"{FILE}?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )


@given(
    st.from_regex(r"\A[A-Za-z0-9_-]{1,9}(/[A-Za-z0-9_~ +%水-]{1,9}){0,3}\Z"),
    st.integers(0, 4 * 10**9).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.integers(1, 604_800),
    st.sampled_from(["", "lent/token+=="]),
)
@example("a", MOMENT, 1, "lent")
def test_where_only_the_host_is_signed_the_vendors_client_signs_the_same(
    name: str, moment: datetime, seconds: int, token: str
) -> None:
    signer = Signer("key", "secret/+", "cn-east-3", token)
    address = signer.address(
        "PUT", f"https://s3.city.example:9000/city-files/{name}",
        headers={}, at=moment, seconds=seconds,
    )  # fmt: skip
    base = BaseURL("https://s3.city.example:9000", "cn-east-3")
    lent = {"X-Amz-Security-Token": token} if token else {}
    url = base.build(
        method="PUT", region="cn-east-3", bucket_name="city-files", object_name=name,
        query_params=lent,
    )  # fmt: skip
    vendors = presign_v4(
        method="PUT", url=url, region="cn-east-3",
        credentials=Credentials("key", "secret/+"), date=moment, expires=seconds,
    )  # fmt: skip
    assert urlsplit(address).path == vendors.path
    assert parse_qs(urlsplit(address).query) == parse_qs(vendors.query)


def test_everything_that_is_signed_makes_another_signature() -> None:
    others = [
        signature(method="POST"),
        signature(url=FILE + "2"),
        signature(url=FILE.replace("examplebucket", "other")),
        signature(seconds=61),
        *(signature(headers={**HEADERS, name: "5"}) for name in HEADERS),
        *(signature(headers={k: v for k, v in HEADERS.items() if k != left}) for left in HEADERS),
    ]
    assert len({signature(), *others}) == len(others) + 1


def test_headers_are_the_same_in_whatever_order_and_case_they_come() -> None:
    turned = {name.upper(): f" {value} " for name, value in reversed(HEADERS.items())}
    assert signature(headers=turned) == signature()


def test_the_host_is_signed_as_clients_name_it() -> None:
    with_port = FILE.replace(".com/", ".com:443/")
    assert signature(url=with_port) == signature()
    assert signature(url=FILE.replace(".com/", ".com:80/")) != signature()


def test_a_moment_is_told_in_universal_time() -> None:
    shanghai = MOMENT.astimezone(timezone(timedelta(hours=8)))
    here = AMAZONS.address("PUT", FILE, headers=HEADERS, at=MOMENT, seconds=60)
    assert AMAZONS.address("PUT", FILE, headers=HEADERS, at=shanghai, seconds=60) == here
