"""Opening a realm's administration: what wiring needs, so that only it pays for the import."""

from collections.abc import Callable, Sequence
from typing import Self

from identity.administration import setting_up
from identity.administration.accounts import KeycloakAccounts
from identity.administration.comparison import Difference
from identity.administration.places import Part
from identity.administration.service import Service
from identity.administration.wanted import HUB, Surroundings, wanted


class Administration:
    """A realm beside what it must be."""

    def __init__(self, service: Service, parts: Sequence[Part]) -> None:
        self._service = service
        self._parts = parts

    @classmethod
    def of(cls, service: Service, around: Surroundings) -> Self:
        return cls(service, wanted(around))

    async def drift(self) -> list[Difference]:
        return await setting_up.drift(self._service, self._parts)

    async def set_up(self, tell: Callable[[Difference], None]) -> int:
        return await setting_up.set_up(self._service, self._parts, tell)

    async def ready(self) -> None:
        """Raises:  RealmDrifted, IdentityUnavailable, AdministrationRefused."""
        await setting_up.check(self._service, self._parts)

    async def close(self) -> None:
        await self._service.close()


def accounts_of(issuer: str, secret: str) -> KeycloakAccounts:
    return KeycloakAccounts(_as_hub(issuer, secret))


def administration_of(
    issuer: str, *, base: str, secret: str, administrator: tuple[str, str] | None = None
) -> Administration:
    """`base` is where the hub is reached; without an administrator the hub itself looks."""
    service = _as_hub(issuer, secret)
    if administrator is not None:
        address, _, realm = issuer.rpartition("/realms/")
        username, password = administrator
        service = Service.as_administrator(address, realm, username=username, password=password)
    return Administration.of(service, Surroundings(base, secret))


def _as_hub(issuer: str, secret: str) -> Service:
    address, _, realm = issuer.rpartition("/realms/")
    return Service.as_client(address, realm, client=HUB, secret=secret)
