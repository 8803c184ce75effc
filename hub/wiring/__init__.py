"""The only package that names adapters: which one a URL means, and how each is opened."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Protocol
from urllib.parse import urlsplit

from starlette.routing import BaseRoute

from dataspace.accounts.port import Denials
from dataspace.notices.delivery.port import Channel
from graph.connections import SQLITE_VERSION
from hub.data_folder import cursor_key, prepare, webhook_key
from hub.node import Node
from hub.parts import ASSETS, CATALOGUE, IDENTITY, REALM
from hub.parts import Part as Named
from hub.scheduling.context import Workshop
from hub.setting_rules import calendar_in
from hub.settings import Settings
from hub.wiring.catalogues import is_neo4j, open_books, open_catalogue, scratch
from hub.wiring.clock import SystemClock
from hub.wiring.identities import (
    Logins,
    check_realm,
    demo_logins,
    is_keycloak,
    open_accounts,
    open_identity,
    open_realm,
)
from hub.wiring.meetings import (
    certificate_held,
    content_of,
    hub_door,
    node_keys,
    open_meeting,
    profile_of,
    profiles,
    report_teller,
    unsealed,
)
from hub.wiring.stores import assets_policy, assets_steps, is_s3, open_assets
from identity.issuer.demo import BUREAU
from storage.checkpoint_key import CheckpointKey
from subspaces.recipes.tables.by_profile import recipes_of

__all__ = [
    "Logins", "Opened", "Part", "SystemClock", "assets_policy", "assets_steps", "certificate_held",
    "channels_of", "check_realm", "content_of", "demo_logins", "hub_door", "is_keycloak",
    "node_keys", "open_accounts", "open_assets", "open_books", "open_catalogue", "open_identity",
    "open_meeting", "open_node", "open_realm", "parts", "profile_of", "profiles", "workshop",
]  # fmt: skip


class Ready(Protocol):
    async def ready(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A node with the routes that its adapters serve, and the logins of a demo.

    `refresh` fetches the issuer's keys, which a running node does by the minute.
    """

    node: Node
    routes: Sequence[BaseRoute]
    logins: Logins
    cursor_key: bytes
    refresh: Callable[[], Awaitable[None]]


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
    keys = node_keys(settings)
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
                profile=profile_of(settings),
                profiles=frozenset(profiles.names()),
                recipes=recipes_of(profile_of(settings)),
                unseal=unsealed,
                keys=keys,
                node_bytes_max=settings.node_bytes_max,
            ),
            [*identity.routes, *assets.routes],
            identity.logins(),
            cursor_key(settings),
            identity.refresh,
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


def _bureau(settings: Settings) -> str:
    demo = "" if settings.production else BUREAU.participant
    return settings.bureau or demo


def workshop(settings: Settings) -> Workshop:
    """What jobs need beside the node; a backup is tried in an embedded catalogue of its own."""
    host = urlsplit(settings.address).hostname or settings.host
    file = settings.data / "checkpoint.key"
    key = CheckpointKey.of(host, secret=settings.checkpoint_key, file=file)
    return Workshop(
        settings.data, f"{host}/evidence", key, scratch, report_teller(settings)
    )


def parts(settings: Settings) -> tuple[Part, ...]:
    """Every part of a node with the adapter that its setting means."""
    graph = ("Neo4j", version("neo4j")) if is_neo4j(settings) else ("SQLite", SQLITE_VERSION)
    s3 = is_s3(settings)
    store, by = ("S3", "minio") if s3 else ("folder", "cityspace")
    identity = Part(IDENTITY, "embedded", version("joserfc"), open_identity)
    realm: tuple[Part, ...] = ()
    if is_keycloak(settings):
        identity = replace(identity, adapter="Keycloak")
    # A node that has joined a city asks its realm for keys and tokens, and administers nothing.
    if is_keycloak(settings) and settings.identity_secret:
        realm = (Part(REALM, "Keycloak", version("python-keycloak"), open_realm),)
    return (
        Part(CATALOGUE, *graph, open_catalogue),
        identity,
        *realm,
        Part(ASSETS, store, version(by), open_assets),
    )
