"""Samples: a file that shows what a resource holds, attached while it may still be changed.

Whoever sees a resource may read its sample, so a sample is reviewed with the resource: it is
attached before the submission. It is detached at any time, for a leak does not wait.

A file comes through the hub, or goes straight to the store and is attached afterwards. What was
sent there lies under a key that is made of who sent it, for which resource, and what it was to be:
so it is theirs alone to attach, nobody reads it before, and nothing about it has to be kept.
"""

import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from dataspace.caller import Caller
from dataspace.change import Act, Amend, Change, Create, Remove
from dataspace.errors import (
    AssetNotFound,
    AssetsUnavailable,
    AssetTooLarge,
    CatalogueUnavailable,
    ChangeSetDiffers,
    Conflict,
    DataSpaceError,
    MovedOn,
    NotFound,
    UploadDiffers,
)
from dataspace.identifiers import derived_id, new_id
from dataspace.ports import SIZE, AnnouncedFile, DirectUpload, compared
from dataspace.quantity import written
from dataspace.selection import Every, Page, Row, Selection, Where
from dataspace.text import Text
from dataspace.validation import MISSING, Problem
from dataspace.visibility import visible
from hub.node import Node
from hub.operations.mechanism.done import (
    Done,
    Request,
    carry_out,
    check_signed_in,
    earlier,
    once,
)
from hub.operations.mechanism.drafting import open_row
from hub.operations.mechanism.input import FieldsInvalid, accepted, check_whole
from hub.operations.mechanism.moving import after
from hub.operations.mechanism.sniffing import media_type, media_type_by_name, opened, plain_name
from hub.operations.resources import LIFECYCLE

SAMPLE_BYTES_MAX: Final = 20 * 1024 * 1024
LINK_SECONDS: Final = 300
UPLOAD_SECONDS: Final = 900
SAMPLES: Final = "samples/"
# What was sent straight to the store, until it is attached. The store's lifecycle clears it up.
UPLOADS: Final = "uploads/"
ANNOUNCED: Final = ("file_name", "bytes", "sha256")
_SHA256 = re.compile(r"[0-9a-f]{64}")
NOT_SHA256: Final = Text("64 hexadecimal digits are needed", "须为 64 位十六进制数")
EMPTY: Final = Text("an empty file shows nothing", "文件不得为空")


class UploadMissing(Conflict):
    """The store holds no file that this caller sent for this resource, as it is announced."""

    code = "asset.upload_missing"
    title = Text("{file_name} has not been uploaded as announced", "{file_name} 尚未按申报上传")
    advice = Text(
        "Ask resourceUpload for an address with the same values, send the file there, and attach it"
        " within the hour.",
        "请以相同内容调用 resourceUpload 获取地址并上传文件，然后在一小时内挂接。",
    )


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
             FieldsInvalid, ChangeSetDiffers.
    """
    given = {"file_name": upload.file_name}
    request = Request(
        node, caller, "resource", "attach", resource, request_id=request_id, given=given
    )
    return await once(request, lambda: _attach(request, upload))


async def direct_upload(
    node: Node, caller: Caller, resource: str, values: Mapping[str, Any], *, form: bool = False
) -> DirectUpload:
    """How the caller sends the file that the values announce straight to the store.

    Nothing is changed by it, so it leaves no evidence; `attach_uploaded` does.

    Raises:  NotSignedIn, NotFound, RoleMissing, NotYours, WrongState, FieldsInvalid,
             MediaTypeRefused, AssetTooLarge.
    """
    check_signed_in(caller)
    request = Request(node, caller, "resource", "attach", resource)
    await open_row(LIFECYCLE, request, states=LIFECYCLE.open_states)
    name, announced = _announced(node, values)
    upload_key = _upload_key(request, name, announced)
    return await node.assets.upload(upload_key, announced, seconds=UPLOAD_SECONDS, form=form)


async def attach_uploaded(
    node: Node, caller: Caller, resource: str, values: Mapping[str, Any], *, request_id: str = ""
) -> Done:
    """Makes what the caller sent to the store, as announced by the same values, the sample.

    The file is read as the store holds it: that it is what was announced is not taken on trust.

    Raises:  NotFound, RoleMissing, NotYours, WrongState, FieldsInvalid, MediaTypeRefused,
             AssetTooLarge, UploadMissing, UploadDiffers, ChangeSetDiffers.
    """
    given = {"uploaded": dict(values)}
    request = Request(
        node, caller, "resource", "attach", resource, request_id=request_id, given=given
    )
    return await once(request, lambda: _attach_uploaded(request, values))


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


def bytes_max(node: Node) -> int:
    """The largest sample that the node takes: its profile may set less than the platform."""
    own = node.profile.limits.sample_bytes_max if node.profile else SAMPLE_BYTES_MAX
    return min(own, SAMPLE_BYTES_MAX)


def key(asset: str) -> str:
    return f"{SAMPLES}{asset}"


async def _attach(request: Request, upload: Upload) -> Done:
    """The file is stored first: a row whose file is missing would be worse than the reverse."""
    if request.request_id and (first := await earlier(request)):
        await _check_same(request, first, upload)
        return first
    node = request.node
    row = await open_row(LIFECYCLE, request, states=LIFECYCLE.open_states)
    name = plain_name(upload.file_name)
    head, chunks = await opened(upload.chunks)
    media = media_type(name, head)
    asset = new_id("ast")
    stored = await node.assets.put(key(asset), chunks, bytes_max=bytes_max(node))
    values = {
        "file_name": name, "media_type": media, "bytes": stored.bytes, "sha256": stored.sha256,
    }  # fmt: skip
    return await _made_the_sample(request, row, asset=asset, values=values)


async def _attach_uploaded(request: Request, given: Mapping[str, Any]) -> Done:
    """What was uploaded may still be replaced, so it is copied first and the copy is judged."""
    if request.request_id and (first := await earlier(request)):
        return first
    row = await open_row(LIFECYCLE, request, states=LIFECYCLE.open_states)
    name, announced = _announced(request.node, given)
    assets, uploaded = request.node.assets, _upload_key(request, name, announced)
    asset = new_id("ast")
    try:
        if await assets.size(uploaded) != announced.bytes:
            raise UploadDiffers(what=SIZE)
        await assets.copy(uploaded, key(asset))
    except AssetNotFound as error:
        raise UploadMissing(file_name=name) from error
    try:
        media = await _judged(request.node, asset, name=name, announced=announced)
    except DataSpaceError:
        await assets.remove(key(asset))
        raise
    values = {
        "file_name": name, "media_type": media,
        "bytes": announced.bytes, "sha256": announced.sha256,
    }  # fmt: skip
    done = await _made_the_sample(request, row, asset=asset, values=values)
    with suppress(AssetNotFound, AssetsUnavailable):
        await assets.remove(uploaded)
    return done


async def _judged(node: Node, asset: str, *, name: str, announced: AnnouncedFile) -> str:
    """What the file truly is, all of it being read. Raises:  UploadDiffers, MediaTypeRefused."""
    head, chunks = await opened(compared(announced, await node.assets.read(key(asset))))
    async for _ in chunks:
        continue
    return media_type(name, head)


def _announced(node: Node, values: Mapping[str, Any]) -> tuple[str, AnnouncedFile]:
    """The file's plain name, and what it is to be.

    Raises:  FieldsInvalid, MediaTypeRefused, AssetTooLarge.
    """
    given = accepted("asset", values, fields=ANNOUNCED)
    found = [Problem(each, MISSING) for each in ANNOUNCED if given.get(each) in (None, "")]
    if not found and given["bytes"] < 1:
        found.append(Problem("bytes", EMPTY))
    if not found and not _SHA256.fullmatch(given["sha256"].lower()):
        found.append(Problem("sha256", NOT_SHA256))
    if found:
        raise FieldsInvalid("asset", found)
    if given["bytes"] > bytes_max(node):
        raise AssetTooLarge(limit=bytes_max(node))
    name = plain_name(given["file_name"])
    media = media_type_by_name(name)
    return name, AnnouncedFile(given["bytes"], given["sha256"].lower(), media)


def _upload_key(request: Request, name: str, announced: AnnouncedFile) -> str:
    parts = request.caller.subject, request.id, name, str(announced.bytes), announced.sha256
    return UPLOADS + derived_id("upl", *parts)


async def _made_the_sample(
    request: Request, row: Row, *, asset: str, values: Mapping[str, Any]
) -> Done:
    """The stored file becomes the sample, or is removed again; one of which the catalogue may have
    a row, its answer having been lost, stays, and is found as an orphan if it has none."""
    node = request.node
    whole = {**values, "keeper": row["provider"], "created_at": written(request.now)}
    try:
        check_whole("asset", whole)
        done = await _put_in_place(request, row, asset=asset, values=whole)
    except CatalogueUnavailable:
        raise
    except DataSpaceError:
        await node.assets.remove(key(asset))
        raise
    unneeded = row["sample"] if done.values.get("sample") == asset else asset
    await _remove_file(node, unneeded)
    return done


async def _check_same(request: Request, first: Done, upload: Upload) -> None:
    """As long as the first file is there, the repeated one is it. Raises:  ChangeSetDiffers."""
    where = Where("id", "eq", first.values["sample"])
    selection = Selection("asset", fields=("sha256",), where=where, page=Page(1))
    kept = (await request.node.catalogue.select(selection)).first
    digest = hashlib.sha256()
    async for chunk in upload.chunks:
        digest.update(chunk)
    if kept is not None and kept["sha256"] != digest.hexdigest():
        raise ChangeSetDiffers(id=request.change_set)


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
    """Another sample, or none, for the resource; the asset that was its sample goes.

    Raises:  MovedOn, also when that asset has gone since the row was read.
    """
    values = {"sample": sample, "changed_at": written(request.now)}
    old = (Remove("asset", row["sample"], _act(request, "drop")),) if row["sample"] else ()
    amended = Amend("resource", request.id, values, request.act, version=row["version"])
    try:
        return await carry_out(
            request, request.id, changes=(*first, *old, amended), values=after(row, values)
        )
    except NotFound as error:
        raise MovedOn(kind="resource", id=request.id) from error


def _act(request: Request, verb: str) -> Act:
    return replace(request.act, action=f"asset.{verb}")


async def _remove_file(node: Node, asset: str | None) -> None:
    """What no row tells of any more. Raises:  AssetsUnavailable; the row is gone all the same."""
    if asset:
        with suppress(AssetNotFound):
            await node.assets.remove(key(asset))
