"""Who may do what in the store: the least that the hub works with, and what a node is lent."""

import json
from typing import Final

from storage.s3.place import EVIDENCE, Place

VERSION: Final = "2012-10-17"
LOOK: Final = (
    "s3:ListBucket", "s3:GetBucketLocation", "s3:GetBucketVersioning",
    "s3:GetBucketObjectLockConfiguration", "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
)  # fmt: skip
KEEP: Final = (
    "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)  # fmt: skip
# No deletion, and no bypass of a lock: not even the hub can take evidence back.
PROVE: Final = ("s3:GetObject", "s3:PutObject", "s3:PutObjectRetention", "s3:GetObjectRetention")


def hub_policy(place: Place) -> str:
    """For the key that the hub runs with; setting up takes more."""
    return _policy(
        (LOOK, [_bucket(place.files), _bucket(place.evidence)]),
        (KEEP, [_bucket(place.files) + "/*"]),
        (PROVE, [_bucket(place.evidence) + f"/{EVIDENCE}*"]),
    )


def folder_policy(place: Place, folder: str) -> str:
    """Reading and storing below one folder of the files, and nothing else."""
    return _policy(
        (("s3:GetObject", "s3:PutObject"), [f"{_bucket(place.files)}/{folder}/*"]),
    )


def _policy(*grants: tuple[tuple[str, ...], list[str]]) -> str:
    statements = [
        {"Effect": "Allow", "Action": list(actions), "Resource": resources}
        for actions, resources in grants
    ]
    return json.dumps({"Version": VERSION, "Statement": statements})


def _bucket(name: str) -> str:
    return f"arn:aws:s3:::{name}"
