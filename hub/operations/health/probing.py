"""The probe call (探测调用): a product's output is read to its end, as a caller would."""

import asyncio
import hashlib
import time
from collections.abc import Mapping
from typing import Any, Final

from dataspace.errors import AssetNotFound, AssetsUnavailable
from dataspace.health.calls import Call
from hub.node import Node
from hub.operations.samples import key

PROBE_SECONDS_MAX: Final = 10


async def probe(node: Node, product: str, output: Mapping[str, Any]) -> Call:
    """What became of reading the output (an asset's `id`, `bytes` and `sha256`).

    It is read through the port that gives it to callers, to one byte more than it has at most, and
    for PROBE_SECONDS_MAX. Failures are codes of CallFailure.
    """
    at, began = node.clock.now(), time.perf_counter()
    failure = ""
    try:
        async with asyncio.timeout(PROBE_SECONDS_MAX):
            if not await _is_whole(node, output):
                failure = "DIFFERS"
    except TimeoutError:
        failure = "TOO_SLOW"
    except AssetNotFound:
        failure = "MISSING"
    except AssetsUnavailable:
        failure = "UNAVAILABLE"
    return Call(product, at, round((time.perf_counter() - began) * 1000), failure)


async def _is_whole(node: Node, output: Mapping[str, Any]) -> bool:
    """Whether it has the length and the SHA-256 that the catalogue says."""
    digest, size = hashlib.sha256(), 0
    async for chunk in await node.assets.read(key(output["id"]), end_byte=output["bytes"] + 1):
        digest.update(chunk)
        size += len(chunk)
    return (size, digest.hexdigest()) == (output["bytes"], output["sha256"])
