"""Where the parts of a realm lie in Keycloak's administration, and how each is read and written.

A part is data: its place, its name there and the values that are wanted. All are found, compared
and written by the same few lines.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from identity.administration.comparison import Difference, differences, merged
from identity.administration.service import Service


class Part(Protocol):
    """One part of what a realm must be."""

    async def differences(self, service: Service) -> list[Difference]: ...

    async def write(self, service: Service) -> None:
        """Makes it what is wanted, from whatever it is."""
        ...


@dataclass(frozen=True, slots=True)
class Realm:
    """The realm itself."""

    values: Mapping[str, Any]

    async def differences(self, service: Service) -> list[Difference]:
        found = await service.get("")
        if found is None:
            return [Difference(f"realm {service.realm}", "", None, dict(self.values))]
        return differences(f"realm {service.realm}", self.values, found)

    async def write(self, service: Service) -> None:
        if await service.get("") is None:
            await service.make_realm(self.values)
        else:
            await service.put("", self.values)


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON document at a path, such as the profile of users or the texts of a language."""

    what: str
    path: str
    values: Mapping[str, Any]
    adds: bool = False

    async def differences(self, service: Service) -> list[Difference]:
        return differences(self.what, self.values, await service.get(self.path) or {})

    async def write(self, service: Service) -> None:
        if self.adds:
            await service.post(self.path, self.values)
        else:
            await service.put(self.path, merged(self.values, await service.get(self.path) or {}))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list, told by the value of `key`; `parent` is the entry that it lies in.

    `rewrites` gives the path of a single entry where that is not its list's path and its id.
    """

    path: str
    key: str
    values: Mapping[str, Any]
    parent: "Entry | None" = None
    rewrites: str = ""
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.values[self.key])

    @property
    def what(self) -> str:
        within = f"{self.parent.what} / " if self.parent else ""
        return f"{within}{self.path.strip('/').partition('/')[0].rstrip('s')} {self.name}"

    async def find(self, service: Service) -> Mapping[str, Any] | None:
        """The entry with its id, or None."""
        place = await self.place(service)
        entries = await service.get(place, **self.query) if place is not None else None
        return next((each for each in entries or () if each.get(self.key) == self.name), None)

    async def place(self, service: Service) -> str | None:
        """The path of the list; None while there is nothing that it could lie in."""
        if self.parent is None:
            return self.path
        found = await self.parent.find(service)
        place = await self.parent.place(service)
        return f"{place}/{found['id']}{self.path}" if found and place else None

    async def differences(self, service: Service) -> list[Difference]:
        found = await self.find(service)
        if found is None:
            return [Difference(self.what, "", None, dict(self.values))]
        return differences(self.what, self.values, found)

    async def write(self, service: Service) -> None:
        place, found = await self.place(service), await self.find(service)
        if found is None:
            await service.post(str(place), self.values)
        else:
            one = f"{self.rewrites or place}/{found['id']}"
            await service.put(one, merged(self.values, found))


@dataclass(frozen=True, slots=True)
class Membership:
    """That exactly, or at least, these names belong to something.

    `belonging` reads the names that do; `join` and `part` change one of them.
    """

    what: str
    wanted: frozenset[str]
    belonging: Callable[[Service], Awaitable[frozenset[str]]]
    join: Callable[[Service, str], Awaitable[None]]
    part: Callable[[Service, str], Awaitable[None]] | None = None

    async def differences(self, service: Service) -> list[Difference]:
        found = await self.belonging(service)
        missing, spare = self.wanted - found, (found - self.wanted if self.part else frozenset())
        if not missing and not spare:
            return []
        return [Difference(self.what, "", sorted(found), sorted((found | missing) - spare))]

    async def write(self, service: Service) -> None:
        found = await self.belonging(service)
        for name in sorted(self.wanted - found):
            await self.join(service, name)
        if self.part is not None:
            for name in sorted(found - self.wanted):
                await self.part(service, name)
