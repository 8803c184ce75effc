"""The only file that names adapters: which one a URL means, and how each is opened."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph.sqlite_catalogue import SqliteCatalogue
from identity.embedded_identity import EmbeddedIdentity
from starlette.routing import BaseRoute
from storage.folder_assets import FolderAssets

from dataspace.errors import DataSpaceError, Invalid, Unavailable
from dataspace.text import Text
from hub.node import Node
from hub.settings import Settings, is_loopback

LAYOUT = 1
LAYOUT_FILE = "cityspace.json"


class AdapterUnknown(Invalid):
    """The URL's scheme names no adapter of this version."""

    code = "settings.adapter_unknown"
    title = Text("{name} has no adapter for {url}", "{name} 没有适配 {url} 的实现")
    advice = Text("This version knows: {known}.", "本版本支持：{known}。")


class FolderNotWritable(Unavailable):
    code = "data.not_writable"
    title = Text(
        "The data folder {folder} cannot be written: {detail}",
        "无法写入数据文件夹 {folder}：{detail}",
    )
    advice = Text(
        "Give this user the right to write there, or name another folder with --data.",
        "请授予当前用户写入权限，或用 --data 指定其他文件夹。",
    )


class FolderTooNew(DataSpaceError):
    """A later version has laid the folder out; this one would damage it."""

    status = 409
    code = "data.too_new"
    title = Text(
        "The data folder {folder} has layout {found}; this version knows {known}",
        "数据文件夹 {folder} 的布局版本为 {found}；本版本仅支持 {known}",
    )
    advice = Text(
        "Run the later version, or another folder.", "请使用较新的版本，或改用其他文件夹。"
    )


class IssuerNeedsLoopback(DataSpaceError):
    """Everybody knows the demo passwords; they must not be reachable from another machine."""

    status = 409
    code = "identity.loopback_only"
    title = Text(
        "The embedded issuer serves this machine only, and {host} is open to others",
        "内置签发方仅供本机使用，而 {host} 对外开放",
    )
    advice = Text(
        "Listen on 127.0.0.1, or name a real issuer in CITYSPACE_IDENTITY.",
        "请监听 127.0.0.1，或在 CITYSPACE_IDENTITY 中指定正式的签发方。",
    )


class SystemClock:
    """The machine's clock: the one place that reads the time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Opened:
    """A node with the routes that its adapters serve, and the logins of a demo."""

    node: Node
    routes: Sequence[BaseRoute]
    logins: Sequence[Any]


@asynccontextmanager
async def open_node(settings: Settings) -> AsyncIterator[Opened]:
    """Opens every adapter that the settings name, and closes them in reverse.

    Raises:  AdapterUnknown, FolderNotWritable, FolderTooNew, IssuerNeedsLoopback, and what an
    adapter says of itself.
    """
    places = [
        place_in("graph", settings.graph_url, "sqlite"),
        place_in("identity", settings.identity, "embedded"),
        place_in("assets", settings.assets_url, "folder"),
    ]
    if not is_loopback(settings.host):
        raise IssuerNeedsLoopback(host=settings.host)
    prepare(settings.data)
    clock = SystemClock()
    identity = await EmbeddedIdentity.open(
        settings.data / "identity",
        issuer=settings.issuer,
        clock=clock,
        demo=not settings.production,
    )
    assets = FolderAssets(Path(places[2]), clock=clock, base_url=settings.address)
    catalogue = await SqliteCatalogue.open(Path(places[0]))
    try:
        yield Opened(
            Node(catalogue, identity, assets, clock),
            [*identity.routes, *assets.routes],
            identity.logins(),
        )
    finally:
        await catalogue.close()


def place_in(name: str, url: str, *known: str) -> str:
    """What follows the scheme, when the scheme is known. Raises:  AdapterUnknown."""
    scheme, _, place = url.partition(":")
    if scheme not in known:
        shown = url.split("@")[-1]
        raise AdapterUnknown(
            name=f"CITYSPACE_{name.upper()}", url=shown, known=", ".join(f"{k}:" for k in known)
        )
    return place.removeprefix("//")


def prepare(folder: Path) -> None:
    """Makes the data folder, readable by its owner only, and marks its layout.

    Raises:  FolderNotWritable, FolderTooNew.
    """
    mark = folder / LAYOUT_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not mark.exists():
            mark.write_text(json.dumps({"layout": LAYOUT}) + "\n", encoding="utf-8")
        found = json.loads(mark.read_text(encoding="utf-8")).get("layout")
    except (OSError, ValueError, AttributeError) as error:
        raise FolderNotWritable(folder=str(folder), detail=str(error)) from error
    if found != LAYOUT:
        raise FolderTooNew(folder=str(folder), found=found, known=LAYOUT)
    writable(folder)


def writable(folder: Path) -> None:
    """An old folder may have changed hands; a file written now tells better than its mode."""
    probe = folder / ".writable"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FolderNotWritable(folder=str(folder), detail=error.strerror or "") from error
