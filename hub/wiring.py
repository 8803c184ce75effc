"""The only file that names adapters: which one a URL means, and how each is opened."""

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
from dataspace.errors import Invalid, Unavailable
from dataspace.federation.meeting import Met
from dataspace.notices.delivery.port import Channel
from dataspace.ports import Assets, Catalogue, Clock
from dataspace.text import Text
from graph.connections import SQLITE_VERSION
from graph.sqlite_catalogue import SqliteCatalogue
from hub.data_folder import cursor_key, prepare, webhook_key
from hub.node import Books, Node
from hub.parts import ASSETS, CATALOGUE, IDENTITY, REALM
from hub.parts import Part as Named
from hub.scheduling.context import Workshop
from hub.setting_rules import KEYCLOAK, NEO4J_SCHEMES, calendar_in, is_loopback, variable
from hub.settings import Settings
from identity.embedded_identity import EmbeddedIdentity, check_allowed
from identity.issuer.demo import BUREAU, PEOPLE, Login
from identity.keycloak_identity import KeycloakIdentity
from identity.refusals import EmbeddedNotLoopback
from storage.checkpoint_key import CheckpointKey
from storage.folder_assets import FolderAssets
from storage.s3.place import SCHEMES as S3_SCHEMES
from storage.s3.place import Place
from storage.s3.policies import hub_policy
from subspaces.keys import NodeKeys

if TYPE_CHECKING:
    from identity.administration.opening import Administration
    from storage.s3.setup import Step
    from storage.s3_assets import S3Assets


Logins = Sequence[Login]


class AdapterUnknown(Invalid):
    """The URL's scheme names no adapter of this version."""

    code = "settings.adapter_unknown"
    title = Text("{name} has no adapter for {url}", "{name} 没有适配 {url} 的实现")
    advice = Text("This version knows: {known}.", "本版本支持：{known}。")


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
    """A node with the routes that its adapters serve, and the logins of a demo.

    `refresh` fetches a realm's keys, which a running node does by the minute.
    """

    node: Node
    routes: Sequence[BaseRoute]
    logins: Sequence[Login]
    cursor_key: bytes
    refresh: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class _Books:
    catalogue: Catalogue
    clock: Clock


@dataclass(frozen=True, slots=True)
class Part:
    """One port as this node has it: the adapter that its URL means, and how it is opened.

    `version` is that of what runs in this process; a server says its own when it is opened.
    """

    named: Named
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
                calendar=calendar_in(settings.calendar),
                accounts=accounts,
                denials=denials,
                channels=channels_of(settings),
                webhook_key=webhook_key(settings),
            ),
            [*identity.routes, *assets.routes],
            identity.logins(),
            cursor_key(settings),
            identity.refresh if isinstance(identity, KeycloakIdentity) else None,
        )


def channels_of(settings: Settings) -> dict[str, Channel]:
    """The ways out for notices that the settings name."""
    found: dict[str, Channel] = {}
    if settings.mail:
        from hub.channels.smtp import SmtpChannel

        found["EMAIL"] = SmtpChannel(
            settings.mail, settings.mail_from, settings.mail_user, settings.mail_password
        )
    if settings.webhooks != "off":
        # What calls takes a sixth of a second to import: only where it is needed.
        from hub.channels.webhook import WebhookChannel

        private = settings.webhooks == "private"
        plain = private and not settings.production
        found["WEBHOOK"] = WebhookChannel(private=private, plain=plain)
    return found


def open_meeting(settings: Settings) -> AbstractAsyncContextManager[Met]:
    """What a node meets others with; it takes a fifth of a second to import.

    Raises:  NodeKeysUnreadable, NoncesFull.
    """
    from subspaces.opening import opened

    keys, at = node_keys(settings), settings.address
    return opened(keys, settings.data, SystemClock(), address=at, hub=settings.hub)


@asynccontextmanager
async def open_books(settings: Settings) -> AsyncIterator[Books]:
    """The catalogue alone, for filling it. Raises:  what `open_node` raises of it."""
    prepare(settings.data)
    async with open_catalogue(settings) as catalogue:
        yield _Books(catalogue, SystemClock())


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


def workshop(settings: Settings) -> Workshop:
    """What jobs need beside the node; a backup is tried in an embedded catalogue of its own."""
    host = urlsplit(settings.address).hostname or settings.host
    file = settings.data / "checkpoint.key"
    key = CheckpointKey.of(host, secret=settings.checkpoint_key, file=file)
    return Workshop(settings.data, f"{host}/evidence", key, _scratch)


def node_keys(settings: Settings) -> NodeKeys:
    """Made the first time, in a folder that is prepared. Raises:  NodeKeysUnreadable."""
    return NodeKeys.open(settings.data, SystemClock(), secret=settings.node_key)


@asynccontextmanager
async def _scratch(path: Path) -> AsyncIterator[Catalogue]:
    catalogue = await SqliteCatalogue.open(path)
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
        denials=denials,
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


async def check_realm(settings: Settings) -> None:
    """Production does not run on a realm that differs from what it must be; one that is away is
    asked when it is back. Raises:  RealmDrifted, AdministrationRefused.
    """
    if not (settings.production and is_keycloak(settings)):
        return
    async with open_realm(settings) as realm:
        with suppress(Unavailable):
            await realm.ready()


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


def demo_logins() -> Logins:
    """Who works at the desks of the demo city; what their passwords are is not known here."""
    return [
        Login(
            each.username, "", each.name, each.roles,
            each.organisation.name, each.organisation.participant,
        )
        for each in PEOPLE
    ]  # fmt: skip


def is_keycloak(settings: Settings) -> bool:
    return settings.identity.startswith(KEYCLOAK)


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
    """Every part of a node with the adapter that its setting means."""
    graph = ("Neo4j", version("neo4j")) if _is_neo4j(settings) else ("SQLite", SQLITE_VERSION)
    s3 = _is_s3(settings)
    store, by = ("S3", "minio") if s3 else ("folder", "cityspace")
    identity = Part(IDENTITY, "embedded", version("joserfc"), open_identity)
    realm: tuple[Part, ...] = ()
    if is_keycloak(settings):
        identity = replace(identity, adapter="Keycloak")
        realm = (Part(REALM, "Keycloak", version("python-keycloak"), open_realm),)
    return (
        Part(CATALOGUE, *graph, open_catalogue),
        identity,
        *realm,
        Part(ASSETS, store, version(by), open_assets),
    )


def place_in(name: str, url: str, *known: str) -> str:
    """What follows the scheme, when the scheme is known. Raises:  AdapterUnknown."""
    scheme, _, place = url.partition(":")
    if scheme not in known:
        shown = url.split("@")[-1]
        raise AdapterUnknown(name=name, url=shown, known=", ".join(f"{k}:" for k in known))
    return place.removeprefix("//")
