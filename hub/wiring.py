"""The only file that names adapters: which one a URL means, and how each is opened."""

import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from starlette.routing import BaseRoute

from dataspace.accounts.port import Accounts, Denials
from dataspace.errors import DataSpaceError, Invalid, NotFound, Unavailable
from dataspace.ports import Catalogue
from dataspace.text import Text
from graph.connections import SQLITE_VERSION
from graph.sqlite_catalogue import SqliteCatalogue
from hub.node import Node
from hub.settings import KEYCLOAK, NEO4J_SCHEMES, Settings, is_loopback, variable
from identity.embedded_identity import EmbeddedIdentity, check_allowed
from identity.issuer.demo import BUREAU, Login
from identity.keycloak_identity import KeycloakIdentity
from identity.refusals import EmbeddedNotLoopback
from storage.folder_assets import FolderAssets

if TYPE_CHECKING:
    from identity.administration.opening import Administration

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


@dataclass(frozen=True, slots=True)
class Opened:
    """A node with the routes that its adapters serve, and the logins of a demo.

    `refresh` fetches a realm's keys, which a running node does by the minute.
    """

    node: Node
    routes: Sequence[BaseRoute]
    logins: Sequence[Login]
    cursor_key: bytes
    refresh: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One port as this node has it: the adapter that its URL means, and how it is opened.

    `version` is that of what runs in this process; a server says its own when it is opened.
    """

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
    denials = Denials()
    async with (
        open_identity(settings, denials) as identity,
        open_accounts(settings) as accounts,
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
                accounts=accounts,
                denials=denials,
            ),
            [*identity.routes, *assets.routes],
            identity.logins(),
            cursor_key(settings.data),
            identity.refresh if isinstance(identity, KeycloakIdentity) else None,
        )


def _bureau(settings: Settings) -> str:
    demo = "" if settings.production else BUREAU.participant
    return settings.bureau or demo


@asynccontextmanager
async def open_catalogue(settings: Settings) -> AsyncIterator[Catalogue]:
    place = place_in(variable("graph"), settings.graph_url, "sqlite", *NEO4J_SCHEMES)
    if _is_neo4j(settings):
        catalogue: Catalogue = await _neo4j_catalogue(settings)
    else:
        catalogue = await SqliteCatalogue.open(Path(place))
    try:
        yield catalogue
    finally:
        await catalogue.close()


def _is_neo4j(settings: Settings) -> bool:
    return settings.graph_url.partition(":")[0] in NEO4J_SCHEMES


async def _neo4j_catalogue(settings: Settings) -> Catalogue:
    # The vendor's driver takes a part of the time of a start: only where it is needed.
    from graph.neo4j_catalogue import DATABASE, Neo4jCatalogue

    place = urlsplit(settings.graph_url)
    return await Neo4jCatalogue.open(
        f"{place.scheme}://{place.netloc}",
        user=settings.graph_user,
        password=settings.graph_password,
        database=place.path.strip("/") or DATABASE,
    )


@asynccontextmanager
async def open_identity(
    settings: Settings, denials: Denials | None = None
) -> AsyncIterator[EmbeddedIdentity | KeycloakIdentity]:
    if is_keycloak(settings):
        address, _, realm = settings.issuer.rpartition("/realms/")
        yield await KeycloakIdentity.open(address, realm, SystemClock(), denials=denials)
        return
    place_in(variable("identity"), settings.identity, "embedded", f"{KEYCLOAK}https")
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
async def open_accounts(settings: Settings) -> AsyncIterator[Accounts | None]:
    """Nobody keeps accounts outside when the issuer is embedded."""
    if not is_keycloak(settings):
        yield None
        return
    # What administers Keycloak takes a second to import, which only its users spend.
    from identity.administration.opening import accounts_of

    accounts = accounts_of(settings.issuer, settings.identity_secret)
    try:
        yield accounts
    finally:
        await accounts.close()


@asynccontextmanager
async def open_realm(
    settings: Settings, *, as_administrator: bool = False
) -> AsyncIterator["Administration"]:
    """The realm beside what it must be: as the hub's own client sees it, which may look only,
    or as an administrator of the whole Keycloak."""
    from identity.administration.opening import administration_of

    administrator = (settings.identity_admin, settings.identity_admin_password)
    administration = administration_of(
        settings.issuer,
        base=settings.address,
        secret=settings.identity_secret,
        administrator=administrator if as_administrator else None,
    )
    try:
        yield administration
    finally:
        await administration.close()


def is_keycloak(settings: Settings) -> bool:
    return settings.identity.startswith(KEYCLOAK)


@asynccontextmanager
async def open_assets(settings: Settings) -> AsyncIterator[FolderAssets]:
    folder = place_in(variable("assets"), settings.assets_url, "folder")
    yield FolderAssets(Path(folder), clock=SystemClock(), base_url=settings.address)


def parts(settings: Settings) -> tuple[Part, ...]:
    """Every part of a node with the adapter that its setting means."""
    graph = ("Neo4j", version("neo4j")) if _is_neo4j(settings) else ("SQLite", SQLITE_VERSION)
    identity = Part(Text("Identity", "身份"), "embedded", version("joserfc"), open_identity)
    realm: tuple[Part, ...] = ()
    if is_keycloak(settings):
        identity = replace(identity, adapter="Keycloak")
        realm = (Part(Text("Realm", "身份域"), "Keycloak", version("python-keycloak"), open_realm),)
    return (
        Part(Text("Catalogue", "目录库"), *graph, open_catalogue),
        identity,
        *realm,
        Part(Text("Assets", "资产文件"), "folder", version("cityspace"), open_assets),
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
    """A mark in the data folder says nothing of a catalogue that lies elsewhere."""
    return not settings.graph and (settings.data / SEEDED_FILE).exists()


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
