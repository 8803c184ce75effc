"""What an S3 store answers when it does not do what it is asked."""

from typing import Final

from dataspace.errors import AssetNotFound, AssetsFull, AssetsUnavailable
from dataspace.parts.certificates import ADVICE
from dataspace.text import Text

RETRY_AFTER_SECONDS: Final = 10
NOT_FOUND: Final = {"NoSuchKey", "NoSuchVersion", "NoSuchUpload"}
# Of a bucket's settings: there is none.
NOT_SET: Final = {
    "NoSuchLifecycleConfiguration", "ServerSideEncryptionConfigurationNotFoundError",
    "ObjectLockConfigurationNotFoundError", "NoSuchBucketPolicy", "NoSuchObjectLockConfiguration",
}  # fmt: skip
CHANGED: Final = {"PreconditionFailed", "ConditionalRequestConflict"}
REFUSED: Final = {
    "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken",
    "InvalidTokenId", "InvalidToken",
}  # fmt: skip
FULL: Final = {
    "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded",
    "InsufficientCapacity", "ServiceQuotaExceeded",
}  # fmt: skip
UNSUPPORTED: Final = {"NotImplemented", "MethodNotAllowed", "UnsupportedOperation"}

# What a disk says that fills up while a part is written; MinIO calls that an error of its own.
NO_SPACE: Final = "no space left on device"


class AssetsRefused(AssetsUnavailable):
    """The store does not know the key and the secret, or they may not do this."""

    code = "assets.credentials_refused"
    title = Text("The store of the files refuses us: {detail}", "文件存储拒绝访问：{detail}")
    advice = Text(
        "Check CITYSPACE_ASSETS_KEY and CITYSPACE_ASSETS_SECRET, and what they may do there"
        " (`cityspace assets policy`).",
        "请核对 CITYSPACE_ASSETS_KEY 与 CITYSPACE_ASSETS_SECRET 及其权限"
        "（`cityspace assets policy`）。",
    )


class AssetsCertificateRefused(AssetsUnavailable):
    """The store shows a certificate that does not hold; nothing was sent to it."""

    code = "assets.certificate_refused"
    title = Text(
        "The certificate of the store of the files does not hold: {detail}",
        "文件存储的证书无效：{detail}",
    )
    advice = ADVICE


class AssetsUnanswered(AssetsUnavailable):
    """What was to be stored or removed was sent, and the answer never came."""

    code = "assets.unanswered"
    title = Text(
        "The store of the files did not answer, and may have done it all the same: {detail}",
        "文件存储未应答，操作可能已经完成：{detail}",
    )
    advice = Text(
        "The file is there as it was or as it was to be, never in part. Sending it again is safe.",
        "文件要么保持原样，要么已按要求改动，不会只改一部分；可放心重试。",
    )


class AssetsNotSetUp(AssetsUnavailable):
    """A bucket is missing."""

    code = "assets.not_set_up"
    title = Text("The store has no bucket {bucket}", "文件存储中没有存储桶 {bucket}")
    advice = Text("Run `cityspace assets setup`.", "请运行 `cityspace assets setup`。")


class AssetsUnsupported(AssetsUnavailable):
    """The store does not do what was asked of it at all."""

    code = "assets.unsupported"
    title = Text("The store does not do this: {detail}", "文件存储不支持此操作：{detail}")
    advice = Text(
        "`cityspace check --assets` lists what the store can do, and what is lost.",
        "`cityspace check --assets` 列出该存储的能力与缺失的影响。",
    )


class ConditionFailed(Exception):
    """The object is there, or is another one than it was: never seen outside of the adapter."""


def refusal(code: str, status: int, *, key: str, bucket: str, said: str) -> Exception:
    """Our error for what a store answered with this code and status."""
    if code in CHANGED or status == 412:
        return ConditionFailed()
    if code in NOT_FOUND or code in NOT_SET:
        return AssetNotFound(kind="asset", id=key, key=key)
    if code == "NoSuchBucket":
        return failed(AssetsNotSetUp, code, bucket=bucket)
    if code in FULL or status == 507 or NO_SPACE in said:
        return failed(AssetsFull, code)
    if code in REFUSED or status in (401, 403):
        return failed(AssetsRefused, code)
    if code in UNSUPPORTED or status == 501:
        return failed(AssetsUnsupported, code)
    return unavailable(f"{code} {said}".strip())


def failed(
    kind: type[AssetsUnavailable | AssetsFull], detail: str | Text, **more: str
) -> AssetsUnavailable | AssetsFull:
    return kind(service="assets", detail=detail, retry_after_seconds=RETRY_AFTER_SECONDS, **more)


def unavailable(detail: str | Text) -> AssetsUnavailable | AssetsFull:
    return failed(AssetsUnavailable, detail)
