"""Who can sign in and which programs may ask: two files that are read anew for every request.

Outside a demonstration the folder starts without people; they are added with `add_person`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dataspace.caller import Role
from dataspace.text import Text
from identity.issuer import folder as files
from identity.issuer.passwords import hashed

PEOPLE = "people.json"
CLIENTS = "clients.json"


@dataclass(frozen=True, slots=True)
class Organisation:
    """`alias` as in Keycloak, where it never changes; `participant` is the catalogue's id of it."""

    alias: str
    id: str
    participant: str
    name: Text


@dataclass(frozen=True, slots=True)
class Account:
    """What a token says of a person, or of a client that acts in its own name."""

    subject: str
    username: str
    name: Text
    roles: tuple[Role, ...]
    organisation: Organisation
    spaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    account: Account
    demo: bool = False
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Client:
    """A program. `redirect_paths` hold on any loopback port, `redirect_uris` as they stand.

    A path that ends in `/*` holds for everything below it. `jwks` are the keys that it signs its
    assertions with. A public client keeps no secret and must use PKCE.
    """

    client_id: str
    public: bool = False
    redirect_uris: tuple[str, ...] = ()
    redirect_paths: tuple[str, ...] = ()
    password_grant: bool = False
    jwks: Mapping[str, Any] = field(default_factory=dict)
    account: Account | None = None
    demo: bool = False
    secret: str = field(default="", repr=False)


class Directory:
    """Every method raises IdentityUnavailable when the files cannot be read or understood."""

    def __init__(self, folder: Path, *, demo: bool) -> None:
        self._folder = folder
        self._demo = demo

    def people(self) -> dict[str, Person]:
        """By user name; who belongs to a demonstration is there only while it is one."""
        path = self._folder / PEOPLE
        with files.available(path):
            found = [_person(entry) for entry in files.read_json(path, [])]
        return {p.account.username: p for p in found if self._demo or not p.demo}

    def person(self, username: str) -> Person | None:
        return self.people().get(username)

    def client(self, client_id: str) -> Client | None:
        path = self._folder / CLIENTS
        with files.available(path):
            found = [_client(entry) for entry in files.read_json(path, [])]
        there = (client for client in found if self._demo or not client.demo)
        return next((client for client in there if client.client_id == client_id), None)

    def add_person(self, person: Person, password: str) -> None:
        """Adds the person, or replaces the one of the same user name."""
        self._put(PEOPLE, _written_person(replace(person, password=hashed(password))))

    def add_client(self, client: Client, secret: str = "") -> None:
        """Adds the client, or replaces the one of the same id."""
        self._put(CLIENTS, _written_client(replace(client, secret=secret and hashed(secret))))

    def _put(self, name: str, entry: dict[str, Any]) -> None:
        key = next(iter(entry))
        with files.locked(self._folder):
            entries = files.read_json(self._folder / name, [])
            kept = [other for other in entries if other[key] != entry[key]]
            files.write_json(self._folder / name, [*kept, entry])


def _person(entry: Mapping[str, Any]) -> Person:
    return Person(_account(entry["account"]), entry["demo"], entry["password"])


def _written_person(person: Person) -> dict[str, Any]:
    return {
        "username": person.account.username,
        "account": _written_account(person.account),
        "demo": person.demo,
        "password": person.password,
    }


def _client(entry: Mapping[str, Any]) -> Client:
    return Client(
        client_id=entry["client_id"],
        public=entry["public"],
        redirect_uris=tuple(entry["redirect_uris"]),
        redirect_paths=tuple(entry["redirect_paths"]),
        password_grant=entry["password_grant"],
        jwks=entry["jwks"],
        account=_account(entry["account"]) if entry["account"] else None,
        demo=entry["demo"],
        secret=entry["secret"],
    )


def _written_client(client: Client) -> dict[str, Any]:
    return {
        "client_id": client.client_id,
        "public": client.public,
        "redirect_uris": list(client.redirect_uris),
        "redirect_paths": list(client.redirect_paths),
        "password_grant": client.password_grant,
        "jwks": dict(client.jwks),
        "account": _written_account(client.account) if client.account else None,
        "demo": client.demo,
        "secret": client.secret,
    }


def _account(entry: Mapping[str, Any]) -> Account:
    organisation = entry["organisation"]
    return Account(
        subject=entry["subject"],
        username=entry["username"],
        name=Text(**entry["name"]),
        roles=tuple(Role(role) for role in entry["roles"]),
        organisation=Organisation(**{**organisation, "name": Text(**organisation["name"])}),
        spaces=tuple(entry["spaces"]),
    )


def _written_account(account: Account) -> dict[str, Any]:
    organisation = account.organisation
    return {
        "subject": account.subject,
        "username": account.username,
        "name": {"en": account.name.en, "zh": account.name.zh},
        "roles": [role.value for role in account.roles],
        "organisation": {
            "alias": organisation.alias,
            "id": organisation.id,
            "participant": organisation.participant,
            "name": {"en": organisation.name.en, "zh": organisation.name.zh},
        },
        "spaces": list(account.spaces),
    }
