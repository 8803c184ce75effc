"""Brings a store to the state that the platform needs, and shows first what that would change.

    PREFIX-files      samples, papers and uploads; parts and uploads that were given up are removed
    PREFIX-evidence   versioned and locked: what is in it cannot be changed or removed

Nothing that is there already is touched, so it may be run again at any time. What a store does
not offer is told and left out.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element, fromstring

from dataspace.text import Language, Text
from storage.s3.client import S3
from storage.s3.place import EVIDENCE, PROBES, UPLOADS, Place
from storage.s3.refusals import AssetsUnsupported

UNFINISHED_DAYS: Final = 1
EVERYBODY: Final = ("*", {"AWS": "*"}, {"AWS": ["*"]})
NAMESPACE: Final = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is not yet as it should be; `apply` makes it so, unless not offered."""

    what: Text
    apply: Callable[[], bool]


def steps(s3: S3, place: Place, *, evidence_days: int) -> list[Step]:
    """What is missing, in the order in which it has to be done.

    Raises:  AssetsRefused, AssetsUnavailable.
    """
    missing = {bucket for bucket in (place.files, place.evidence) if not s3.has(bucket)}
    found = [_made(s3, bucket, locked=bucket == place.evidence) for bucket in sorted(missing)]
    for setting in _settings(place, evidence_days):
        kept = None if setting.bucket in missing else _kept(s3, setting)
        if kept is None or not setting.holds(kept):
            found.append(_set(s3, setting))
    found += [
        _closed(s3, bucket) for bucket in (place.files, place.evidence)
        if bucket not in missing and _open_to_all(s3, bucket)
    ]  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class _Setting:
    bucket: str
    what: str
    meaning: Text
    document: str
    holds: Callable[[Element], bool]


def _settings(place: Place, evidence_days: int) -> Iterator[_Setting]:
    yield _Setting(
        place.evidence, "versioning", _VERSIONING,
        f"<VersioningConfiguration {NAMESPACE}><Status>Enabled</Status></VersioningConfiguration>",
        lambda kept: _text(kept, "Status") == "Enabled",
    )  # fmt: skip
    yield _Setting(
        place.evidence, "object-lock", _named(_LOCK, days=evidence_days),
        f"<ObjectLockConfiguration {NAMESPACE}><ObjectLockEnabled>Enabled</ObjectLockEnabled>"
        "<Rule><DefaultRetention><Mode>COMPLIANCE</Mode>"
        f"<Days>{evidence_days}</Days></DefaultRetention></Rule></ObjectLockConfiguration>",
        lambda kept: _locked_days(kept) >= evidence_days,
    )  # fmt: skip
    for bucket in (place.files, place.evidence):
        yield _Setting(
            bucket, "encryption", _ENCRYPTION,
            f"<ServerSideEncryptionConfiguration {NAMESPACE}><Rule>"
            "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>"
            "</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>",
            lambda kept: _text(kept, "SSEAlgorithm") != "",
        )  # fmt: skip
    for bucket, rules in _lifecycles(place).items():
        yield _Setting(
            bucket, "lifecycle", _LIFECYCLE,
            f"<LifecycleConfiguration {NAMESPACE}>{''.join(rules.values())}"
            "</LifecycleConfiguration>",
            partial(_has_rules, frozenset(rules)),
        )  # fmt: skip


def _lifecycles(place: Place) -> dict[str, dict[str, str]]:
    days = UNFINISHED_DAYS
    return {
        place.files: {
            # MinIO removes parts by itself after a day and takes no rule that says only this;
            # the other half of the rule does nothing in a bucket without versions.
            "unfinished": _rule(
                "unfinished", "", "AbortIncompleteMultipartUpload",
                f"<DaysAfterInitiation>{days}</DaysAfterInitiation>",
                more="<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>"
                "</Expiration>",
            ),
            "uploads": _rule("uploads", UPLOADS, "Expiration", f"<Days>{days}</Days>"),
            "probes": _rule("probes", PROBES, "Expiration", f"<Days>{days}</Days>"),
        },
        place.evidence: {
            "probes": _rule("probes", f"{EVIDENCE}{PROBES}", "NoncurrentVersionExpiration",
                            f"<NoncurrentDays>{days}</NoncurrentDays>"),
        },
    }  # fmt: skip


def _rule(name: str, prefix: str, action: str, content: str, *, more: str = "") -> str:
    return (
        f"<Rule><ID>{name}</ID><Status>Enabled</Status>"
        f"<Filter><Prefix>{prefix}</Prefix></Filter><{action}>{content}</{action}>{more}</Rule>"
    )


def _made(s3: S3, bucket: str, *, locked: bool) -> Step:
    def apply() -> bool:
        s3.make(bucket, locked=locked)
        return True

    return Step(_named(_BUCKET_LOCKED if locked else _BUCKET, bucket=bucket), apply)


def _set(s3: S3, setting: _Setting) -> Step:
    def apply() -> bool:
        try:
            s3.configure(setting.bucket, setting.what, setting.document.encode())
        except AssetsUnsupported:
            return False
        return True

    return Step(_named(_OF, bucket=setting.bucket, what=setting.meaning), apply)


def _closed(s3: S3, bucket: str) -> Step:
    def apply() -> bool:
        s3.configure(bucket, "policy", b"")
        return True

    return Step(_named(_CLOSED, bucket=bucket), apply)


def _kept(s3: S3, setting: _Setting) -> Element | None:
    try:
        document = s3.configuration(setting.bucket, setting.what)
    except AssetsUnsupported:
        return None
    return fromstring(document) if document else None  # noqa: S314 - the store's own answer


def _open_to_all(s3: S3, bucket: str) -> bool:
    """Whether the bucket's policy lets in whoever asks."""
    try:
        policy = s3.configuration(bucket, "policy")
    except AssetsUnsupported:
        return False
    statements = json.loads(policy)["Statement"] if policy else []
    return any(
        each.get("Effect") == "Allow"
        and each.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        for each in statements
    )


def _locked_days(kept: Element) -> int:
    years, days = _text(kept, "Years"), _text(kept, "Days")
    return int(days or 0) + 365 * int(years or 0) if _text(kept, "Mode") == "COMPLIANCE" else 0


def _has_rules(names: frozenset[str], kept: Element) -> bool:
    return names <= {each.text or "" for each in kept.iter() if each.tag.rpartition("}")[2] == "ID"}


def _text(kept: Element, name: str) -> str:
    """Of the first element of that name, in whatever namespace; empty when there is none."""
    found = (each.text for each in kept.iter() if each.tag.rpartition("}")[2] == name)
    return next(found, "") or ""


def _named(text: Text, **facts: object) -> Text:
    def said(language: Language) -> str:
        values = {k: v.to(language) if isinstance(v, Text) else v for k, v in facts.items()}
        return text.to(language).format(**values)

    return Text(said("en"), said("zh"))


_BUCKET = Text("make the bucket {bucket}", "新建存储桶 {bucket}")
_BUCKET_LOCKED = Text(
    "make the bucket {bucket}, in which objects can be locked", "新建可锁定对象的存储桶 {bucket}"
)
_OF = Text("{what}, in {bucket}", "存储桶 {bucket}：{what}")
_VERSIONING = Text("keep every version", "保留全部版本")
_LOCK = Text(
    "let nobody change or remove a file for {days} days, not even an administrator",
    "{days} 天内任何人（含管理员）不得改动或删除文件",
)
_ENCRYPTION = Text("encrypt what lies on the disks", "对落盘内容加密")
_LIFECYCLE = Text(
    f"remove uploads that were given up after {UNFINISHED_DAYS} day",
    f"{UNFINISHED_DAYS} 天后清除未完成的上传",
)
_CLOSED = Text("let in nobody without a key, in {bucket}", "存储桶 {bucket}：禁止匿名访问")
