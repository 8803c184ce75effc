"""Files of resources and products: the sample of what one holds, the output of what one gives.

Whoever sees the object may read its file. The sample of a resource is reviewed with it: it is
attached before the submission. It is detached at any time, for a leak does not wait. What is
attached to which object, by whom and in which states, says its `Holder`.

A file comes through the hub, or goes straight to the store and is attached afterwards. What was
sent there lies under a key that is made of who sent it, for which object, and what it was to be:
so it is theirs alone to attach, nobody reads it before, and nothing about it has to be kept.
"""

import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from dataspace.caller import Caller, Role
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
from dataspace.machine import Guard
from dataspace.ports import SIZE, AnnouncedFile, DirectUpload, compared
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import EVERYTHING, Condition, Every, Page, Row, Selection, Where
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
from hub.operations.mechanism.lifecycle import Lifecycle
from hub.operations.mechanism.moving import after, situation_of
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
    """The store holds no file that this caller sent for this object, as it is announced."""

    code = "asset.upload_missing"
    title = Text("{file_name} has not been uploaded as announced", "{file_name} 尚未按申报上传")
    advice = Text(
        "Ask resourceUpload, or productUpload, for an address with the same values, send the file"
        " there, and attach it within the hour.",
        "请以相同内容调用 resourceUpload（产品为 productUpload）获取地址并上传，"
        "然后在一小时内挂接。",
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """What holds a file: objects of a lifecycle, in these `states`, by who has one of the `roles`
    of their party. Once they are not open to change any more the `guards` are asked too, and of
    drafts as well with `guards_drafts`."""

    lifecycle: Lifecycle
    states: tuple[str, ...]
    roles: frozenset[Role]
    guards: tuple[Guard, ...] = ()
    guards_drafts: bool = False

    @property
    def kind(self) -> str:
        return self.lifecycle.kind

    def request(
        self, node: Node, caller: Caller, id_: str, *, verb: str = "attach", **more: Any
    ) -> Request:
        return Request(node, caller, self.kind, verb, id_, **more)


RESOURCES: Final = Holder(LIFECYCLE, LIFECYCLE.open_states, LIFECYCLE.drafters)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes in, not yet read."""

    file_name: str
    chunks: AsyncIterator[bytes]


async def attach(
    node: Node, caller: Caller, id: str, upload: Upload, *,
    request_id: str = "", of: Holder = RESOURCES,
) -> Done:
    """Stores the file and makes it the object's own, in place of one that is there.

    Raises:  NotFound, RoleMissing, NotYours, WrongState, MediaTypeRefused, AssetTooLarge,
             FieldsInvalid, ChangeSetDiffers, and what the holder's guards raise.
    """
    given = {"file_name": upload.file_name}
    request = of.request(node, caller, id, request_id=request_id, given=given)
    return await once(request, lambda: _attach(of, request, upload))


async def direct_upload(
    node: Node, caller: Caller, id: str, values: Mapping[str, Any], *,
    form: bool = False, of: Holder = RESOURCES,
) -> DirectUpload:
    """How the caller sends the file that the values announce straight to the store.

    Nothing is changed by it, so it leaves no evidence; `attach_uploaded` does.

    Raises:  NotSignedIn, NotFound, RoleMissing, NotYours, WrongState, FieldsInvalid,
             MediaTypeRefused, AssetTooLarge.
    """
    check_signed_in(caller)
    request = of.request(node, caller, id)
    await opened_for(of, request)
    name, announced = _announced(node, values)
    upload_key = _upload_key(request, name, announced)
    return await node.assets.upload(upload_key, announced, seconds=UPLOAD_SECONDS, form=form)


async def attach_uploaded(
    node: Node, caller: Caller, id: str, values: Mapping[str, Any], *,
    request_id: str = "", of: Holder = RESOURCES,
) -> Done:
    """Makes what the caller sent to the store, as announced by the same values, the object's file.

    The file is read as the store holds it: that it is what was announced is not taken on trust.

    Raises:  NotFound, RoleMissing, NotYours, WrongState, FieldsInvalid, MediaTypeRefused,
             AssetTooLarge, UploadMissing, UploadDiffers, ChangeSetDiffers.
    """
    given = {"uploaded": dict(values)}
    request = of.request(node, caller, id, request_id=request_id, given=given)
    return await once(request, lambda: _attach_uploaded(of, request, values))


async def detach(
    node: Node, caller: Caller, id: str, *,
    reason: str = "", request_id: str = "", of: Holder = RESOURCES,
) -> Done:
    """Takes the file off in any state, and removes it. Raises:  NotFound, RoleMissing, NotYours."""
    request = of.request(node, caller, id, verb="detach", reason=reason, request_id=request_id)
    return await once(request, lambda: _detach(of, request))


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


async def opened_for(of: Holder, request: Request) -> tuple[Row, Condition]:
    """The object, if its file may be changed now, and what must go on holding of it."""
    row = await open_row(of.lifecycle, request, states=of.states, roles=of.roles)
    if row["state"] in of.lifecycle.open_states and not of.guards_drafts:
        return row, EVERYTHING
    situation = await situation_of(of.lifecycle, request)
    for guard in of.guards:
        guard.check(situation)
    known = of.lifecycle.holds
    return row, Every(tuple(known[g.name](situation) for g in of.guards if g.name in known))


async def _attach(of: Holder, request: Request, upload: Upload) -> Done:
    """The file is stored first: a row whose file is missing would be worse than the reverse."""
    if request.request_id and (first := await earlier(request)):
        await _check_same(request, first, upload)
        return first
    node = request.node
    row, holds = await opened_for(of, request)
    name = plain_name(upload.file_name)
    head, chunks = await opened(upload.chunks)
    media = media_type(name, head)
    asset = new_id("ast")
    stored = await node.assets.put(key(asset), chunks, bytes_max=bytes_max(node))
    values = {
        "file_name": name, "media_type": media, "bytes": stored.bytes, "sha256": stored.sha256,
    }  # fmt: skip
    return await made_its_file(request, row, asset=asset, values=values, holds=holds)


async def _attach_uploaded(of: Holder, request: Request, given: Mapping[str, Any]) -> Done:
    """What was uploaded may still be replaced, so it is copied first and the copy is judged."""
    if request.request_id and (first := await earlier(request)):
        return first
    row, holds = await opened_for(of, request)
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
    done = await made_its_file(request, row, asset=asset, values=values, holds=holds)
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


async def made_its_file(
    request: Request, row: Row, *, asset: str, values: Mapping[str, Any],
    holds: Condition = EVERYTHING, made_of: str = "",
) -> Done:
    """The stored file becomes the object's, whose owner keeps it, or is removed again; one of which
    the catalogue may have a row, its answer having been lost, stays, and is found as an orphan if
    it has none. What it was `made_of` stands in its evidence."""
    node, noun = request.node, RELATIONS.by_name[request.kind]
    whole = {**values, "keeper": row[noun.owner], "created_at": written(request.now)}
    try:
        check_whole("asset", whole)
        act = _act(request, "keep")
        kept = Create("asset", asset, whole, replace(act, reason=made_of or act.reason))
        done = await _change(request, row, sample=asset, first=(kept,), holds=holds)
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


async def _detach(of: Holder, request: Request) -> Done:
    if request.request_id and (first := await earlier(request)):
        return first
    states = tuple(of.lifecycle.machine.by_code)
    row = await open_row(of.lifecycle, request, states=states, roles=of.roles)
    done = await _change(request, row, sample=None)
    await _remove_file(request.node, row["sample"])
    return done


async def _change(
    request: Request, row: Row, *, sample: str | None, first: tuple[Change, ...] = (),
    holds: Condition = EVERYTHING,
) -> Done:
    """Another file, or none, for the object; the asset that was its own goes.

    Raises:  MovedOn, also when that asset has gone since the row was read.
    """
    values = {"sample": sample, "changed_at": written(request.now)}
    old = (Remove("asset", row["sample"], _act(request, "drop")),) if row["sample"] else ()
    version = row["version"]
    amended = Amend(request.kind, request.id, values, request.act, guard=holds, version=version)
    try:
        return await carry_out(
            request, request.id, changes=(*first, *old, amended), values=after(row, values)
        )
    except NotFound as error:
        raise MovedOn(kind=request.kind, id=request.id) from error


def _act(request: Request, verb: str) -> Act:
    return replace(request.act, action=f"asset.{verb}")


async def _remove_file(node: Node, asset: str | None) -> None:
    """What no row tells of any more. Raises:  AssetsUnavailable; the row is gone all the same."""
    if asset:
        with suppress(AssetNotFound):
            await node.assets.remove(key(asset))
