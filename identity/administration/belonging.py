"""Which scopes belong to the realm and to a client, and which rights to a client's own account."""

from collections.abc import Iterable, Mapping
from typing import Any

from identity.administration.places import Entry, Membership
from identity.administration.service import Service

RIGHTS_OF = "realm-management"


def realm_scopes(names: frozenset[str]) -> Membership:
    """Every client that is made from now on puts these into its tokens."""

    async def belonging(service: Service) -> frozenset[str]:
        return _names(await service.get("/default-default-client-scopes"))

    async def join(service: Service, name: str) -> None:
        scope = await _scope(service, name)
        await service.delete(f"/default-optional-client-scopes/{scope}")
        await service.put(f"/default-default-client-scopes/{scope}")

    return Membership("scopes of every client", names, belonging, join)


def client_scopes(client: Entry, names: frozenset[str]) -> Membership:
    """This client puts these into its tokens, asked or not."""

    async def place(service: Service) -> str | None:
        found = await client.find(service)
        return f"/clients/{found['id']}" if found else None

    async def belonging(service: Service) -> frozenset[str]:
        at = await place(service)
        return _names(await service.get(f"{at}/default-client-scopes") if at else None)

    async def join(service: Service, name: str) -> None:
        at, scope = await place(service), await _scope(service, name)
        await service.delete(f"{at}/optional-client-scopes/{scope}")
        await service.put(f"{at}/default-client-scopes/{scope}")

    return Membership(f"scopes of {client.name}", names, belonging, join)


def service_roles(client: Entry, names: frozenset[str]) -> Membership:
    """The rights over the realm of the client's own account: these and no others."""

    async def place(service: Service) -> str | None:
        found = await client.find(service)
        account = found and await service.get(f"/clients/{found['id']}/service-account-user")
        rights = await Entry(
            "/clients", "clientId", {"clientId": RIGHTS_OF}, query={"clientId": RIGHTS_OF}
        ).find(service)
        if not account or not rights:
            return None
        return f"/users/{account['id']}/role-mappings/clients/{rights['id']}"

    async def belonging(service: Service) -> frozenset[str]:
        at = await place(service)
        return _names(await service.get(at) if at else None)

    async def join(service: Service, name: str) -> None:
        at = await place(service)
        free = await service.get(f"{at}/available")
        await service.post(str(at), [each for each in free if each["name"] == name])

    async def part(service: Service, name: str) -> None:
        at = await place(service)
        held = await service.get(str(at))
        await service.delete(str(at), [each for each in held if each["name"] == name])

    return Membership(f"rights of {client.name}", names, belonging, join, part)


async def _scope(service: Service, name: str) -> str:
    found = await Entry("/client-scopes", "name", {"name": name}).find(service)
    return str(found["id"]) if found else name


def _names(entries: Iterable[Mapping[str, Any]] | None) -> frozenset[str]:
    return frozenset(str(each["name"]) for each in entries or ())
