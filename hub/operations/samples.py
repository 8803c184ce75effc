"""Samples: a file that shows what a resource holds, attached while it may still be changed.

Whoever sees a resource may read its sample, so a sample is reviewed with the resource: it is
attached before the submission. It is detached at any time, for a leak does not wait.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from dataspace.caller import Caller
from dataspace.change import Act, Amend, Change, Create, Remove
from dataspace.errors import AssetNotFound, DataSpaceError, NotFound
from dataspace.identifiers import new_id
from dataspace.quantity import written
from dataspace.selection import Every, Page, Row, Selection, Where
from dataspace.visibility import visible
from hub.node import Node
from hub.operations.mechanism.done import Done, Request, carry_out, earlier, once
from hub.operations.mechanism.drafting import open_row
from hub.operations.mechanism.input import check_whole
from hub.operations.mechanism.moving import after
from hub.operations.mechanism.sniffing import media_type, opened, plain_name
from hub.operations.resources import LIFECYCLE

SAMPLE_BYTES_MAX: Final = 20 * 1024 * 1024
LINK_SECONDS: Final = 300
SAMPLES: Final = "samples/"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes in, not yet read."""

    file_name: str
    chunks: AsyncIterator[bytes]


async def attach(
    node: Node, caller: Caller, resource: str, upload: Upload, *, request_id: str = ""
) -> Done:
    """Stores the file and makes it the resource's sample, in place of one that is there.

    Raises:  NotFound, RoleMissing, NotYours, WrongState, MediaTypeRefused, AssetTooLarge,
             FieldsInvalid.
    """
    given = {"file_name": upload.file_name}
    request = Request(
        node, caller, "resource", "attach", resource, request_id=request_id, given=given
    )
    return await once(request, lambda: _attach(request, upload))


async def detach(
    node: Node, caller: Caller, resource: str, *, reason: str = "", request_id: str = ""
) -> Done:
    """Takes the sample off, and removes its file. Raises:  NotFound, RoleMissing, NotYours."""
    request = Request(node, caller, "resource", "detach", resource, reason, request_id)
    return await once(request, lambda: _detach(request))


async def link(node: Node, caller: Caller, asset: str) -> str:
    """An address that gives the file for LINK_SECONDS to whoever holds it.

    Raises:  NotFound, also for what the caller may not see.
    """
    where = Every((Where("id", "eq", asset), visible(caller)["asset"]))
    selection = Selection("asset", fields=("id", "file_name"), where=where, page=Page(1))
    if (row := (await node.catalogue.select(selection)).first) is None:
        raise NotFound(kind="asset", id=asset)
    return await node.assets.link(key(asset), seconds=LINK_SECONDS, file_name=row["file_name"])


def key(asset: str) -> str:
    return f"{SAMPLES}{asset}"


async def _attach(request: Request, upload: Upload) -> Done:
    """The file is stored first: a row whose file is missing would be worse than the reverse."""
    if request.request_id and (first := await earlier(request)):
        return first
    node = request.node
    row = await open_row(LIFECYCLE, request, states=LIFECYCLE.open_states)
    name = plain_name(upload.file_name)
    head, chunks = await opened(upload.chunks)
    media = media_type(name, head)
    asset = new_id("ast")
    stored = await node.assets.put(key(asset), chunks, bytes_max=SAMPLE_BYTES_MAX)
    values = {
        "file_name": name, "media_type": media, "bytes": stored.bytes, "sha256": stored.sha256,
        "keeper": row["provider"], "created_at": written(request.now),
    }  # fmt: skip
    try:
        check_whole("asset", values)
        done = await _put_in_place(request, row, asset=asset, values=values)
    except DataSpaceError:
        await node.assets.remove(key(asset))
        raise
    unneeded = row["sample"] if done.values.get("sample") == asset else asset
    await _remove_file(node, unneeded)
    return done


async def _put_in_place(request: Request, row: Row, *, asset: str, values: dict[str, Any]) -> Done:
    return await _change(
        request, row, sample=asset, first=(Create("asset", asset, values, _act(request, "keep")),)
    )


async def _detach(request: Request) -> Done:
    row = await open_row(LIFECYCLE, request, states=tuple(LIFECYCLE.machine.by_code))
    done = await _change(request, row, sample=None)
    await _remove_file(request.node, row["sample"])
    return done


async def _change(
    request: Request, row: Row, *, sample: str | None, first: tuple[Change, ...] = ()
) -> Done:
    """Another sample, or none, for the resource; the asset that was its sample goes."""
    values = {"sample": sample, "changed_at": written(request.now)}
    old = (Remove("asset", row["sample"], _act(request, "drop")),) if row["sample"] else ()
    amended = Amend("resource", request.id, values, request.act, version=row["version"])
    return await carry_out(
        request, request.id, changes=(*first, *old, amended), values=after(row, values)
    )


def _act(request: Request, verb: str) -> Act:
    return replace(request.act, action=f"asset.{verb}")


async def _remove_file(node: Node, asset: str | None) -> None:
    """What no row tells of any more. Raises:  AssetsUnavailable; the row is gone all the same."""
    if asset:
        with suppress(AssetNotFound):
            await node.assets.remove(key(asset))
