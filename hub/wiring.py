"""The only file that names adapters: which one a URL means, and how each is opened."""

import json
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from starlette.routing import BaseRoute

from dataspace.errors import DataSpaceError, Invalid, NotFound, Unavailable
from dataspace.ports import Assets
from dataspace.text import Text
from graph.connections import SQLITE_VERSION
from graph.sqlite_catalogue import SqliteCatalogue
from hub.node import Node
from hub.settings import Settings, is_loopback, variable
from identity.embedded_identity import EmbeddedIdentity, check_allowed
from identity.issuer.demo import BUREAU, Login
from identity.refusals import EmbeddedNotLoopback
from storage.folder_assets import FolderAssets
from storage.s3.place import SCHEMES as S3_SCHEMES
from storage.s3.place import Place
from storage.s3.policies import hub_policy

if TYPE_CHECKING:
    from storage.s3.setup import Step
    from storage.s3_assets import S3Assets

LAYOUT = 1
LAYOUT_FILE = "cityspace.json"
ADDRESS_FILE = "address"
CURSOR_KEY_FILE = "cursor.key"
SEEDED_FILE = "seeded"
CURSOR_KEY_BYTES = 32


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


class NodeMissing(NotFound):
    code = "data.missing"
    title = Text("There is no node in {folder}", "{folder} 中没有节点数据")
    advice = Text(
        "Name its folder with --data; `cityspace serve` makes one.",
        "请用 --data 指定数据文件夹；`cityspace serve` 会新建。",
    )


class Ready(Protocol):
    async def ready(self) -> None: ...


class SystemClock:
    """The machine's clock: the one place that reads the time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ServedAssets(Assets, Protocol):
    """Assets with the routes that serve their links, if any."""

    @property
    def routes(self) -> Sequence[BaseRoute]: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A node with the routes that its adapters serve, and the logins of a demo."""

    node: Node
    routes: Sequence[BaseRoute]
    logins: Sequence[Login]
    cursor_key: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """One port as this node has it: the adapter that its URL means, and how it is opened."""

    name: Text
    adapter: str
    version: str
    open: Callable[[Settings], AbstractAsyncContextManager[Ready]]


@asynccontextmanager
async def open_node(settings: Settings) -> AsyncIterator[Opened]:
    """Opens every adapter that the settings name, and closes them in reverse.

    Raises:  AdapterUnknown, FolderNotWritable, FolderTooNew, EmbeddedInProduction,
    EmbeddedNotLoopback, and what an adapter says of itself.
    """
    prepare(settings.data)
    async with (
        open_identity(settings) as identity,
        open_assets(settings) as assets,
        open_catalogue(settings) as catalogue,
    ):
        yield Opened(
            Node(
                catalogue,
                identity,
                assets,
                SystemClock(),
                bureau=_bureau(settings),
                region=settings.region,
            ),
            [*identity.routes, *assets.routes],
            identity.logins(),
            cursor_key(settings.data),
        )


def _bureau(settings: Settings) -> str:
    demo = "" if settings.production else BUREAU.participant
    return settings.bureau or demo


@asynccontextmanager
async def open_catalogue(settings: Settings) -> AsyncIterator[SqliteCatalogue]:
    catalogue = await SqliteCatalogue.open(
        Path(place_in(variable("graph"), settings.graph_url, "sqlite"))
    )
    try:
        yield catalogue
    finally:
        await catalogue.close()


@asynccontextmanager
async def open_identity(settings: Settings) -> AsyncIterator[EmbeddedIdentity]:
    place_in(variable("identity"), settings.identity, "embedded")
    check_allowed(settings.issuer, settings.environment)
    if not is_loopback(settings.host):
        raise EmbeddedNotLoopback(address=settings.host)
    yield await EmbeddedIdentity.open(
        settings.data / "identity",
        issuer=settings.issuer,
        clock=SystemClock(),
        demo=not settings.production,
    )


@asynccontextmanager
async def open_assets(settings: Settings) -> AsyncIterator[ServedAssets]:
    folder = place_in(variable("assets"), settings.assets_url, "folder", *S3_SCHEMES)
    if _is_s3(settings):
        yield _s3_assets(settings)
    else:
        yield FolderAssets(Path(folder), clock=SystemClock(), base_url=settings.address)


def assets_steps(settings: Settings, *, evidence_days: int) -> "Sequence[Step]":
    """What the store of the files lacks; a folder lacks nothing.

    Raises:  AdapterUnknown, AssetsAddressInvalid, AssetsUnavailable.
    """
    place_in(variable("assets"), settings.assets_url, "folder", *S3_SCHEMES)
    if not _is_s3(settings):
        return ()
    from storage.s3.setup import steps

    assets = _s3_assets(settings)
    return steps(assets.s3, assets.place, evidence_days=evidence_days)


def assets_policy(settings: Settings) -> str:
    """What the hub's key must be allowed in the S3 store, as JSON. Raises:  AdapterUnknown."""
    place_in(variable("assets"), settings.assets_url, *S3_SCHEMES)
    return hub_policy(Place.of(settings.assets_url))


def _is_s3(settings: Settings) -> bool:
    return settings.assets_url.partition(":")[0] in S3_SCHEMES


def _s3_assets(settings: Settings) -> "S3Assets":
    # The vendor's client takes a third of the time of a start: only where it is needed.
    from storage.s3.client import Keys
    from storage.s3_assets import S3Assets

    place = Place.of(settings.assets_url)
    return S3Assets(place, Keys(settings.assets_key, settings.assets_secret), clock=SystemClock())


def parts(settings: Settings) -> tuple[Part, ...]:
    """Every port with the adapter that its setting means."""
    s3 = _is_s3(settings)
    store, by = ("S3", "minio") if s3 else ("folder", "cityspace")
    return (
        Part(Text("Catalogue", "目录库"), "SQLite", SQLITE_VERSION, open_catalogue),
        Part(Text("Identity", "身份"), "embedded", version("joserfc"), open_identity),
        Part(Text("Assets", "资产文件"), store, version(by), open_assets),
    )


def check_there(settings: Settings) -> None:
    """A command that only reads must not make an empty node. Raises:  NodeMissing."""
    if not (settings.data / LAYOUT_FILE).exists():
        raise NodeMissing(folder=str(settings.data))


def remember_address(settings: Settings) -> None:
    """Notes where the node is served, for commands that speak of it from outside."""
    (settings.data / ADDRESS_FILE).write_text(settings.address + "\n", encoding="utf-8")


def mark_seeded(settings: Settings) -> None:
    """Notes that the demo city is whole, so that a start need not look for what is missing."""
    (settings.data / SEEDED_FILE).touch()


def is_seeded(settings: Settings) -> bool:
    return (settings.data / SEEDED_FILE).exists()


def served_at(settings: Settings) -> Settings:
    """The settings of the node as it was last served, unless an address is given anyway."""
    noted = settings.data / ADDRESS_FILE
    if settings.base_url or settings.port or not noted.exists():
        return settings
    return replace(settings, base_url=noted.read_text("utf-8").strip())


def cursor_key(folder: Path) -> bytes:
    """The secret that signs cursors; kept, so that they outlive a start and hold everywhere."""
    kept = folder / CURSOR_KEY_FILE
    if not kept.exists():
        made = folder / f".{CURSOR_KEY_FILE}.{secrets.token_hex(4)}"
        made.touch(mode=0o600)
        made.write_bytes(secrets.token_bytes(CURSOR_KEY_BYTES))
        # Of two processes that start at once, the first one's key stays.
        with suppress(FileExistsError):
            kept.hardlink_to(made)
        made.unlink()
    return kept.read_bytes()


def place_in(name: str, url: str, *known: str) -> str:
    """What follows the scheme, when the scheme is known. Raises:  AdapterUnknown."""
    scheme, _, place = url.partition(":")
    if scheme not in known:
        shown = url.split("@")[-1]
        raise AdapterUnknown(name=name, url=shown, known=", ".join(f"{k}:" for k in known))
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
