"""What an S3 store answers, told in our words; nothing here needs a store."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from dataspace.errors import (
    AssetNotFound,
    AssetsFull,
    AssetsUnavailable,
    DataSpaceError,
)
from storage.s3.client import S3, Keys
from storage.s3.place import Place
from storage.s3.refusals import (
    AssetsNotSetUp,
    AssetsRefused,
    AssetsUnsupported,
    ConditionFailed,
    refusal,
)

KEYS = Keys("key", "not-to-be-seen")


class Answering(BaseHTTPRequestHandler):
    """Answers everything with the server's `status` and `body`, and counts."""

    server: "AnsweringServer"

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.asked += 1
        self.send_response(self.server.status)
        self.send_header("content-type", "application/xml")
        self.send_header("content-length", str(len(self.server.body)))
        for name, value in self.server.more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    do_PUT = do_POST = do_HEAD = answer  # noqa: N815 - http.server's names

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class AnsweringServer(ThreadingHTTPServer):
    status, body, asked = 200, b"", 0
    more: dict[str, str] = {}

    def code(self, status: int, code: str) -> None:
        self.status = status
        self.body = f"<Error><Code>{code}</Code><Message>so it is</Message></Error>".encode()


@pytest.fixture
def server() -> Iterator[AnsweringServer]:
    with AnsweringServer(("127.0.0.1", 0), Answering) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield serving
        serving.shutdown()


@pytest.fixture
def place(server: AnsweringServer) -> Place:
    return Place.of(f"s3+http://127.0.0.1:{server.server_port}/city")


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "NoSuchKey", AssetNotFound),
        (404, "NoSuchBucket", AssetsNotSetUp),
        (403, "AccessDenied", AssetsRefused),
        (403, "SignatureDoesNotMatch", AssetsRefused),
        (403, "InvalidAccessKeyId", AssetsRefused),
        (501, "NotImplemented", AssetsUnsupported),
        (507, "XMinioStorageFull", AssetsFull),
        (403, "QuotaExceeded", AssetsFull),
        (412, "PreconditionFailed", ConditionFailed),
        (409, "ConditionalRequestConflict", ConditionFailed),
        (400, "BadDigest", AssetsUnavailable),
        (503, "SlowDown", AssetsUnavailable),
        (500, "InternalError", AssetsUnavailable),
    ],
)
def test_every_answer_becomes_an_error_of_ours(
    server: AnsweringServer, place: Place, status: int, code: str, kind: type[Exception]
) -> None:
    server.code(status, code)
    with pytest.raises(kind) as caught:
        S3(place, KEYS).put(place.at("k"), b"x")
    assert type(caught.value) is kind
    assert server.asked == (3 if status in (500, 503) else 1)
    if isinstance(caught.value, DataSpaceError):
        for language in ("en", "zh"):
            said = caught.value.message(language)
            assert KEYS.secret not in said
            assert "‹" not in said


def test_an_answer_that_is_no_xml_is_an_error_of_ours(
    server: AnsweringServer, place: Place
) -> None:
    for status, body in ((400, b"<html>"), (404, b"gateway"), (502, b"")):
        server.status, server.body = status, body
        with pytest.raises((AssetsUnavailable, AssetNotFound)):
            S3(place, KEYS).put(place.at("k"), b"x")


def test_a_store_that_kept_other_bytes_is_not_believed(
    server: AnsweringServer, place: Place
) -> None:
    server.more = {"x-amz-checksum-sha256": "AAAA"}
    with pytest.raises(AssetsUnavailable):
        S3(place, KEYS).put(place.at("k"), b"x")


def test_parts_that_are_not_put_together_are_an_error_also_with_status_200(
    server: AnsweringServer, place: Place
) -> None:
    server.code(200, "InternalError")
    with pytest.raises(AssetsUnavailable):
        S3(place, KEYS).finish(place.at("k"), "upload", ["etag"])


def test_a_store_that_cannot_be_reached_says_so_soon() -> None:
    place = Place.of("s3+http://127.0.0.1:1/city")
    with pytest.raises(AssetsUnavailable) as caught:
        S3(place, KEYS).look(place.at("k"))
    assert "cannot be reached" in caught.value.message("en")
    assert "无法连接" in caught.value.message("zh")


def test_a_link_is_signed_without_asking_for_the_address_that_readers_use() -> None:
    place = Place.of("s3+http://127.0.0.1:1/city?public=https://files.city")
    link = urlsplit(S3(place, KEYS).link(place.at("k"), seconds=300, file_name="用水量/\n.csv"))
    asked = parse_qs(link.query)
    assert (link.scheme, link.netloc, link.path) == ("https", "files.city", "/city-files/k")
    assert asked["X-Amz-Expires"] == ["300"]
    assert asked["response-content-type"] == ["text/csv"]
    (disposition,) = asked["response-content-disposition"]
    assert disposition.startswith("attachment")
    assert disposition.endswith("filename*=UTF-8''%E7%94%A8%E6%B0%B4%E9%87%8F__.csv")
    assert KEYS.secret not in link.query


def test_a_disk_that_fills_up_is_a_full_store_whatever_the_store_calls_it() -> None:
    said = "We encountered an internal error.: cause(no space left on device)"
    refused = refusal("InternalError", 500, key="k", bucket="city", said=said)
    assert type(refused) is AssetsFull
