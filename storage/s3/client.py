"""An S3 store in our own words: the one file that speaks to the vendor's client.

Everything blocks, and is called in a worker thread. Nothing of the vendor gets out: no type, no
error. Every request has its time limit, and is tried again at most twice.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

from minio import Minio
from minio.commonconfig import REPLACE, CopySource
from minio.credentials.providers import AssumeRoleProvider
from minio.datatypes import PostPolicy
from minio.error import MinioException, S3Error
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ReadTimeoutError,
)

from dataspace.errors import AssetNotFound, AssetsUnavailable
from dataspace.parts.certificates import certificate_fault
from dataspace.ports import AnnouncedFile, DirectUpload, ListedAsset
from dataspace.text import Text
from storage.names import UNKNOWN_TYPE, disposition, media_type_of, safe_name
from storage.s3.checksums import NOTED, check_echo, checksum, md5, sums
from storage.s3.place import At, Place
from storage.s3.presigning import Signer
from storage.s3.refusals import (
    AssetsCertificateRefused,
    AssetsUnanswered,
    AssetsUnsupported,
    failed,
    refusal,
    unavailable,
)

CONNECT_SECONDS: Final = 2
READ_SECONDS: Final = 10
CONNECTIONS_MAX: Final = 32
PIECE_BYTES: Final = 256 * 1024
# What Amazon's signature allows at most: seven days.
LINK_SECONDS_MAX: Final = 604_800
ONCE: Final = {"If-None-Match": "*"}
SUM_ALGORITHM: Final = "x-amz-checksum-algorithm"
_ETAG = re.compile(r"<ETag>([^<]+)</ETag>")


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of an object without reading it."""

    bytes: int
    etag: str
    headers: Mapping[str, str]

    @property
    def sha256(self) -> str:
        """Empty when none was noted."""
        return self.headers.get(NOTED, "")


@dataclass(frozen=True, slots=True)
class Keys:
    """A key and a secret that the store takes; `token` only with those lent for a time."""

    key: str
    secret: str
    token: str = ""


class Body:
    """The bytes of an object as they come in."""

    def __init__(self, response: Any, key: str) -> None:
        self._response = response
        self._key = key

    def piece(self) -> bytes:
        """Empty at the end. Raises:  AssetsUnavailable, also when the end comes early."""
        with translated(self._key):
            return bytes(self._response.read(PIECE_BYTES))

    def close(self) -> None:
        self._response.close()
        self._response.release_conn()


class S3:
    """Every method raises AssetsUnavailable and its kinds."""

    def __init__(self, place: Place, keys: Keys) -> None:
        self._place = place
        self._keys = keys
        self._http = _connections(read=1, status=2)
        self._client = self._opened(place.endpoint, secure=place.secure)
        # What is to be done once only is not tried again: the second try would meet the first.
        self._once = self._opened(place.endpoint, secure=place.secure)
        self._once._http = _connections(read=0, status=0)
        self._signer = self._client
        if place.public:
            seen = urlsplit(place.public)
            self._signer = self._opened(seen.netloc, secure=seen.scheme == "https")

    def put(self, at: At, content: bytes, *, once: bool = False) -> None:
        """The whole object in one request. Raises:  ConditionFailed."""
        digest = hashlib.sha256(content)
        headers = {NOTED: digest.hexdigest(), **checksum(digest.digest())}
        answered = self.send(at, content, {**headers, **(ONCE if once else {})})
        check_echo(answered, digest.digest())

    def send(self, at: At, content: bytes, headers: Mapping[str, str]) -> Mapping[str, str]:
        """Stores the object with these headers; those of the answer. Raises:  ConditionFailed."""
        client = self._once if ONCE.keys() <= headers.keys() else self._client
        with translated(at.name, changes=True):
            done = client._put_object(at.bucket, at.name, content, _typed(headers))
        return done.http_headers

    def begin(self, at: At) -> str:
        """The id of an upload in parts."""
        with translated(at.name):
            return self._client._create_multipart_upload(at.bucket, at.name, _typed({}))

    def put_part(self, at: At, upload: str, content: bytes, *, number: int) -> str:
        """The part's ETag. The store compares its SHA-256."""
        digest = hashlib.sha256(content).digest()
        with translated(at.name):
            query: Any = {"partNumber": str(number), "uploadId": upload}
            done = self._client._put_object(
                at.bucket, at.name, content, dict(checksum(digest)), query_params=query
            )
        check_echo(done.http_headers, digest)
        return str(done.etag)

    def finish(self, at: At, upload: str, etags: Sequence[str], *, once: bool = False) -> str:
        """Makes the object of its parts; its ETag. Raises:  ConditionFailed."""
        parts = "".join(
            f'<Part><PartNumber>{number}</PartNumber><ETag>"{etag}"</ETag></Part>'
            for number, etag in enumerate(etags, 1)
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        headers = {"Content-Type": "application/xml", **(ONCE if once else {})}
        with translated(at.name, changes=True):
            done = self._client._execute(
                "POST", at.bucket, at.name, body=body, headers=dict(headers),
                query_params={"uploadId": upload},
            )  # fmt: skip
        # The answer begins before the work is done: an error may come with the status 200.
        etag = _ETAG.search(done.data.decode("utf-8", "replace"))
        if etag is None:
            raise unavailable(_UNFINISHED)
        return unescape(etag[1]).strip('"')

    def give_up(self, at: At, upload: str) -> None:
        with translated(at.name):
            self._client._abort_multipart_upload(at.bucket, at.name, upload)

    def note(self, at: At, sha256: str, *, etag: str) -> None:
        """Writes the hash beside the object, unless that is another one by now."""
        source = CopySource(at.bucket, at.name, match_etag=etag)
        with translated(at.name):
            self._client.copy_object(
                at.bucket, at.name, source,
                metadata={NOTED: sha256}, metadata_directive=REPLACE,
            )  # fmt: skip

    def copy(self, at: At, to: At) -> None:
        """With its type and what is noted beside it."""
        with translated(at.name, changes=True):
            self._client.copy_object(to.bucket, to.name, CopySource(at.bucket, at.name))

    def look(self, at: At) -> Looked:
        """Raises:  AssetNotFound."""
        with translated(at.name):
            found = self._client.stat_object(at.bucket, at.name)
        return Looked(found.size or 0, found.etag or "", found.metadata or {})

    def open(self, at: At, etag: str, *, start_byte: int, end_byte: int) -> Body:
        """A part that is not empty, of the object as it was. Raises:  ConditionFailed."""
        with translated(at.name):
            response = self._client.get_object(
                at.bucket, at.name, offset=start_byte, length=end_byte - start_byte,
                request_headers={"If-Match": f'"{etag}"'},
            )  # fmt: skip
        return Body(response, at.name)

    def remove(self, at: At, version: str | None = None) -> None:
        """Silent when there is nothing."""
        with translated(at.name, changes=True):
            self._client.remove_object(at.bucket, at.name, version_id=version)

    def link(self, at: At, *, seconds: int, file_name: str) -> str:
        """Signed here: nothing is asked of the store."""
        name = safe_name(file_name)
        return self._signer.presigned_get_object(
            at.bucket, at.name,
            expires=timedelta(seconds=_within(seconds)),
            response_headers={
                "response-content-disposition": disposition(name),
                "response-content-type": media_type_of(name),
                "response-cache-control": "private, no-store",
            },
        )  # fmt: skip

    def upload_link(
        self, at: At, announced: AnnouncedFile, *, now: datetime, seconds: int, address: str = ""
    ) -> DirectUpload:
        """Signed here, with all that the file is: nothing is asked of the store."""
        headers = {"Content-Type": announced.media_type, **sums(announced)}
        length = {"Content-Length": str(announced.bytes)}
        url = f"{address or self._place.outside}/{at.bucket}/{at.name}"
        keys = self._keys
        signed = Signer(keys.key, keys.secret, self._place.region, keys.token).address(
            "PUT", url, headers=headers | length, at=now, seconds=_within(seconds)
        )
        return DirectUpload("PUT", signed, headers=headers)

    def upload_form(
        self, at: At, announced: AnnouncedFile, *, now: datetime, seconds: int, address: str = ""
    ) -> DirectUpload:
        """Its policy says all that the file is; signed here: nothing is asked of the store."""
        policy = PostPolicy(at.bucket, now.astimezone(UTC) + timedelta(seconds=_within(seconds)))
        policy.add_content_length_range_condition(announced.bytes, announced.bytes)
        fields = {
            "key": at.name, "Content-Type": announced.media_type,
            SUM_ALGORITHM: "SHA256", **sums(announced),
        }  # fmt: skip
        for name, value in fields.items():
            policy.add_equals_condition(name, value)
        fields |= self._signer.presigned_post_policy(policy)
        return DirectUpload("POST", f"{address or self._place.outside}/{at.bucket}", fields=fields)

    def follow(self, upload: DirectUpload, content: bytes, media_type: str) -> int:
        """Sends a file as whoever holds the upload does; the status of the answer."""
        typed = {"Content-Type": media_type}
        sent: Any = {"body": content, "headers": {**upload.headers, **typed}}
        if upload.fields:
            form = {**upload.fields, **typed, "file": ("file", content, media_type)}
            sent = {"fields": list(form.items())}
        with translated():
            answer = self._http.request(upload.method, upload.address, **sent)
        return int(answer.status)

    def listing(self, bucket: str, under: str) -> Iterator[ListedAsset]:
        """Asks for the next thousand when it gets there."""
        with translated():
            for each in self._client.list_objects(bucket, prefix=under, recursive=True):
                stored_at = each.last_modified or datetime.fromtimestamp(0, UTC)
                yield ListedAsset(str(each.object_name), each.size or 0, stored_at)

    def has(self, bucket: str) -> bool:
        with translated():
            return bool(self._client.bucket_exists(bucket))

    def make(self, bucket: str, *, locked: bool) -> None:
        with translated():
            self._client.make_bucket(bucket, object_lock=locked)

    def configuration(self, bucket: str, what: str) -> bytes:
        """One of the bucket's settings as the store keeps it; empty when it has none."""
        try:
            with translated():
                found = self._client._execute("GET", bucket, query_params={what: ""})
        except AssetNotFound:
            return b""
        return bytes(found.data)

    def configure(self, bucket: str, what: str, document: bytes) -> None:
        """An empty document takes the setting away."""
        headers: Any = {"Content-MD5": md5(document)} if document else {}
        with translated():
            self._client._execute(
                "PUT" if document else "DELETE", bucket,
                body=document or None, headers=headers, query_params={what: ""},
            )  # fmt: skip

    def lent(self, policy: str, *, seconds: int) -> Keys:
        """Keys for a time, which may do what ours may and the policy allows.

        Raises:  AssetsUnsupported.
        """
        provider = AssumeRoleProvider(
            sts_endpoint=self._place.address, access_key=self._keys.key,
            secret_key=self._keys.secret, duration_seconds=seconds, policy=policy,
            region=self._place.region, http_client=self._http,
        )  # fmt: skip
        try:
            with translated():
                found = provider.retrieve()
        except ValueError as error:
            raise failed(AssetsUnsupported, "AssumeRole") from error
        return Keys(found.access_key, found.secret_key, found.session_token or "")

    def _opened(self, endpoint: str, *, secure: bool) -> Minio:
        return Minio(
            endpoint, self._keys.key, self._keys.secret, self._keys.token or None,
            secure=secure, region=self._place.region, http_client=self._http,
        )  # fmt: skip


def _connections(*, read: int, status: int) -> PoolManager:
    """How often is tried again what was not answered, and what was answered with a failure."""
    return PoolManager(
        maxsize=CONNECTIONS_MAX,
        timeout=Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        retries=Retry(
            connect=2, read=read, status=status, other=0, redirect=0, backoff_factor=0.2,
            status_forcelist=(500, 502, 503, 504), raise_on_status=False,
        ),
    )  # fmt: skip


@contextmanager
def translated(key: str = "", *, changes: bool = False) -> Iterator[None]:
    """Raises:  AssetNotFound, AssetsFull, AssetsUnavailable and its kinds, ConditionFailed."""
    try:
        yield
    except S3Error as error:
        bucket, said = error.bucket_name or "", error.message or ""
        refused = refusal(
            error.code or "", error.response.status, key=key, bucket=bucket, said=said
        )
        raise refused from error
    except (MinioException, HTTPError, OSError, ParseError, UnicodeDecodeError) as error:
        if fault := certificate_fault(error):
            raise failed(AssetsCertificateRefused, fault) from error
        why = _why(error)
        unanswered = changes and why not in (_NO_CONNECTION, _NOT_REACHED)
        raise failed(AssetsUnanswered if unanswered else AssetsUnavailable, why) from error


def _why(error: Exception) -> str | Text:
    if isinstance(error, MaxRetryError) and error.reason is not None:
        return _why(error.reason)
    if isinstance(error, ConnectTimeoutError) and not isinstance(error, NewConnectionError):
        return _NO_CONNECTION
    if isinstance(error, ReadTimeoutError):
        return _NO_ANSWER
    if isinstance(error, NewConnectionError | ConnectionRefusedError):
        return _NOT_REACHED
    return type(error).__name__


def _typed(headers: Mapping[str, str]) -> dict[str, Any]:
    return {"Content-Type": UNKNOWN_TYPE, **headers}


def _within(seconds: int) -> int:
    return max(1, min(seconds, LINK_SECONDS_MAX))


_NO_CONNECTION = Text(
    f"no connection within {CONNECT_SECONDS} s", f"{CONNECT_SECONDS} 秒内未能建立连接"
)
_NO_ANSWER = Text(f"no answer within {READ_SECONDS} s", f"{READ_SECONDS} 秒内无应答")
_NOT_REACHED = Text("it cannot be reached", "无法连接")
_UNFINISHED = Text("the parts were not put together", "分段未能合并")
