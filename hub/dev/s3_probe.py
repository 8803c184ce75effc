"""Whether an S3 server takes a first object, which some do only a while after they listen."""

import io
from typing import Final

from minio import Minio
from minio.error import MinioException
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

BUCKET: Final = "cityspace-probe"
SECONDS_MAX: Final = 3.0


def first_put_succeeds(facts: dict[str, str]) -> bool:
    client = Minio(
        facts["address"].partition("://")[2],
        access_key=facts["user"],
        secret_key=facts["password"],
        secure=facts["address"].startswith("https"),
        http_client=PoolManager(timeout=Timeout(SECONDS_MAX), retries=False),
    )
    try:
        if not client.bucket_exists(BUCKET):
            client.make_bucket(BUCKET)
        client.put_object(BUCKET, "probe", io.BytesIO(b"probe"), 5)
        client.remove_object(BUCKET, "probe")
        client.remove_bucket(BUCKET)
    except (MinioException, HTTPError, ValueError):
        return False
    return True
