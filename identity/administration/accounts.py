"""Participants as Keycloak organizations, members as users, nodes as clients with keys."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from dataspace.accounts.port import (
    Occurrence,
    Organisation,
    Person,
    Program,
    Standing,
    console_of,
)
from dataspace.caller import HELD_BY_PEOPLE, Role
from dataspace.errors import AccountRefused
from identity.administration.service import Service
from identity.administration.wanted import HANDLER, HUB, console_client

PARTICIPANT, MEMBER, SPACES = "participantId", "memberId", "spaces"
ROLES = frozenset(str(role) for role in HELD_BY_PEOPLE)
FIRST_PASSWORD = "UPDATE_PASSWORD"  # noqa: S105 - the name of what is asked of the person
SOURCES = {"LOGIN": "/events", "ADMIN": "/admin-events"}


class KeycloakAccounts:
    """The Accounts port. What is ours carries our id, and is found by it."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def settle_organisation(self, organisation: Organisation) -> None:
        found = await self._organisation(organisation.id)
        if organisation.standing is Standing.FORGOTTEN:
            if found:
                await self._service.delete(f"/organizations/{found['id']}")
            return
        alias = alias_of(organisation.id)
        values = {
            "name": f"{organisation.name} ({alias})"[:255],
            "alias": alias,
            "enabled": organisation.standing is Standing.LET_IN,
            "attributes": {PARTICIPANT: [organisation.id], SPACES: list(organisation.spaces)},
        }
        if found is None:
            await self._service.post("/organizations", values)
        else:
            await self._service.put(f"/organizations/{found['id']}", {**found, **values})

    async def settle_person(self, person: Person) -> str:
        found = await self._user(person.username)
        if found and found.get("attributes", {}).get(MEMBER) != [person.id]:
            raise AccountRefused(what=person.username, detail="the user name is somebody else's")
        if person.standing is Standing.FORGOTTEN:
            if found:
                await self._service.delete(f"/users/{found['id']}")
            return ""
        id_ = await self._write_user(person, found)
        if person.standing is Standing.KEPT_OUT:
            await self._service.post(f"/users/{id_}/logout", {})
            return id_
        await self._settle_roles(id_, person.roles)
        await self._join(person.participant, id_)
        return id_

    async def settle_program(self, program: Program) -> None:
        await self._settle_node(program)
        await self._settle_console(program)

    async def _settle_node(self, program: Program) -> None:
        found = await self._client(program.id)
        if program.standing is Standing.FORGOTTEN:
            if found:
                await self._service.delete(f"/clients/{found['id']}")
            return
        if found is None and not program.public_keys:
            return
        values = _client_of(program)
        if found is None:
            id_ = await self._service.post("/clients", values)
        else:
            id_ = found["id"]
            attributes = {**found.get("attributes", {}), **values["attributes"]}
            await self._service.put(
                f"/clients/{id_}", {**found, **values, "attributes": attributes}
            )
        if not values["enabled"]:
            return
        account = await self._service.get(f"/clients/{id_}/service-account-user")
        await self._join(program.participant, account["id"])

    async def _settle_console(self, program: Program) -> None:
        """There only while people may sign in at it; tokens that it gave end within minutes."""
        client = console_of(program.id)
        found = await self._client(client)
        if not program.has_console:
            if found:
                await self._service.delete(f"/clients/{found['id']}")
            return
        values = console_client(client, program.name, address=program.address.rstrip("/"))
        if found is None:
            await self._service.post("/clients", values)
        else:
            attributes = {**found.get("attributes", {}), **values["attributes"]}
            await self._service.put(
                f"/clients/{found['id']}", {**found, **values, "attributes": attributes}
            )

    async def set_password(self, username: str, password: str) -> None:
        found = await self._user(username)
        if found is None or MEMBER not in found.get("attributes", {}):
            raise AccountRefused(what=username, detail="no member has that user name")
        await self._service.put(
            f"/users/{found['id']}/reset-password",
            {"type": "password", "value": password, "temporary": True},
        )

    async def occurrences(
        self, source: str, *, since: datetime | None, skip: int, first: int
    ) -> Sequence[Occurrence]:
        query: dict[str, Any] = {"direction": "asc", "first": skip, "max": first}
        if since is not None:
            query["dateFrom"] = int(since.timestamp() * 1000)
        told = await self._service.get(SOURCES[source], **query)
        read = _sign_in if source == "LOGIN" else _administration
        return [read(each) for each in told or ()]

    async def close(self) -> None:
        await self._service.close()

    async def _organisation(self, participant: str) -> Mapping[str, Any] | None:
        query = {"q": f"{PARTICIPANT}:{participant}", "briefRepresentation": "false"}
        found = await self._service.get("/organizations", **query)
        return next((each for each in found or () if each["alias"] == alias_of(participant)), None)

    async def _user(self, username: str) -> Mapping[str, Any] | None:
        query = {"username": username, "exact": "true"}
        return next(iter(await self._service.get("/users", **query) or ()), None)

    async def _client(self, node: str) -> Mapping[str, Any] | None:
        return next(iter(await self._service.get("/clients", clientId=node) or ()), None)

    async def _write_user(self, person: Person, found: Mapping[str, Any] | None) -> str:
        values = {
            "username": person.username,
            "firstName": person.name,
            "lastName": "",
            "enabled": person.standing is Standing.LET_IN,
            "attributes": {
                MEMBER: [person.id], **({HANDLER: [person.handler]} if person.handler else {}),
            },
        }
        if found is None:
            return await self._service.post(
                "/users", {**values, "requiredActions": [FIRST_PASSWORD]}
            )
        await self._service.put(f"/users/{found['id']}", {**found, **values})
        return str(found["id"])

    async def _settle_roles(self, user: str, roles: frozenset[Role]) -> None:
        """Roles that are none of ours are left alone."""
        place = f"/users/{user}/role-mappings/realm"
        held = [each for each in await self._service.get(place) if each["name"] in ROLES]
        names = {each["name"] for each in held}
        free = await self._service.get(f"{place}/available") if roles - names else []
        if spare := [each for each in held if each["name"] not in roles]:
            await self._service.delete(place, spare)
        if missing := [each for each in free if each["name"] in roles - names]:
            await self._service.post(place, missing)

    async def _join(self, participant: str, user: str) -> None:
        """Raises:  AccountRefused while the participant has no organisation."""
        found = await self._organisation(participant)
        if found is None:
            raise AccountRefused(what=participant, detail="the participant is not admitted")
        place = f"/organizations/{found['id']}/members"
        if await self._service.get(f"{place}/{user}") is None:
            await self._service.post(place, user)


def alias_of(participant: str) -> str:
    """It can never be changed, so it is made of what never changes."""
    return participant.replace("_", "-").lower()


def _client_of(program: Program) -> dict[str, Any]:
    """It signs in with its own keys (private_key_jwt) and no person signs in through it."""
    let_in = program.standing is Standing.LET_IN and bool(program.public_keys)
    return {
        "clientId": program.id,
        "name": program.name,
        "enabled": let_in,
        "protocol": "openid-connect",
        "publicClient": False,
        "serviceAccountsEnabled": True,
        "standardFlowEnabled": False,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "clientAuthenticatorType": "client-jwt",
        "attributes": {
            "use.jwks.string": "true",
            "jwks.string": program.public_keys or json.dumps({"keys": []}),
        },
    }


def _sign_in(event: Mapping[str, Any]) -> Occurrence:
    return Occurrence(
        str(event["id"]), _moment(event), "LOGIN", str(event["type"]),
        actor=event.get("userId") or "", client=event.get("clientId") or "",
        address=event.get("ipAddress") or "",
        target=(event.get("details") or {}).get("username") or "",
        error=event.get("error") or "",
        routine=event["type"] == "CLIENT_LOGIN" and event.get("clientId") == HUB,
    )  # fmt: skip


def _administration(event: Mapping[str, Any]) -> Occurrence:
    by = event.get("authDetails") or {}
    return Occurrence(
        str(event["id"]), _moment(event), "ADMIN",
        f"{event['operationType']} {event['resourceType']}",
        actor=by.get("userId") or "", client=by.get("clientId") or "",
        address=by.get("ipAddress") or "", target=event.get("resourcePath") or "",
        error=event.get("error") or "",
    )  # fmt: skip


def _moment(event: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(event["time"] / 1000, UTC)
