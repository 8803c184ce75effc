"""Who says who somebody is: an issuer in the process, or a Keycloak realm."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from dataspace.accounts.port import Accounts, Denials
from dataspace.errors import Unavailable
from hub.setting_rules import KEYCLOAK, is_loopback, place_in, variable
from hub.settings import Settings
from hub.wiring.clock import SystemClock
from identity.issuer.demo import Login, desks
from identity.refusals import EmbeddedNotLoopback

# What checks signatures takes a tenth of a second to import, and what administers Keycloak a
# second: only commands that need them spend it.
if TYPE_CHECKING:
    from identity.administration.opening import Administration
    from identity.embedded_identity import EmbeddedIdentity
    from identity.keycloak_identity import KeycloakIdentity

Logins = Sequence[Login]


@asynccontextmanager
async def open_identity(
    settings: Settings, denials: Denials | None = None
) -> AsyncIterator["EmbeddedIdentity | KeycloakIdentity"]:
    if is_keycloak(settings):
        from identity.keycloak_identity import KeycloakIdentity

        address, _, realm = settings.issuer.rpartition("/realms/")
        yield await KeycloakIdentity.open(address, realm, SystemClock(), denials=denials)
        return
    from identity.embedded_identity import EmbeddedIdentity, check_allowed

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
    """The embedded issuer's folder keeps them itself; a sub-space's are kept by the city."""
    if not is_keycloak(settings):
        from identity.issuer.accounts import EmbeddedAccounts

        yield EmbeddedAccounts(settings.data / "identity")
        return
    if not settings.identity_secret:
        yield None
        return
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
    if not (settings.production and is_keycloak(settings) and settings.identity_secret):
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
    return desks()


def is_keycloak(settings: Settings) -> bool:
    return settings.identity.startswith(KEYCLOAK)
