"""Who can sign in and which programs may ask: three files that are read anew for every request.

Outside a demonstration the folder starts without people; they are added with `add_person`, or
settled as the catalogue says by `identity.issuer.accounts`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from dataspace.caller import Role
from dataspace.text import Text
from identity.issuer import folder as files
from identity.issuer.passwords import hashed

PEOPLE = "people.json"
CLIENTS = "clients.json"
ORGANISATIONS = "organisations.json"


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
    handler: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """`member` is the id of whoever was settled from the catalogue; a password that is for `once`
    is gone with the first sign-in."""

    account: Account
    demo: bool = False
    password: str = field(default="", repr=False)
    member: str = ""
    enabled: bool = True
    once: bool = False


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
    settled: bool = False
    enabled: bool = True


Let = TypeVar("Let", Person, Client)


class Directory:
    """Every method raises IdentityUnavailable when the files cannot be read or understood."""

    def __init__(self, folder: Path, *, demo: bool) -> None:
        self._folder = folder
        self._demo = demo

    def people(self) -> dict[str, Person]:
        """By user name; who belongs to a demonstration is there only while it is one."""
        found = (person for person in self._everybody() if self._demo or not person.demo)
        return {person.account.username: person for person in found}

    def person(self, username: str) -> Person | None:
        """Whoever may sign in by this name now."""
        person = self.people().get(username)
        return self._let_in(person, person.account, person.enabled) if person else None

    def client(self, client_id: str) -> Client | None:
        """The program that may ask by this name now."""
        client = self.known_client(client_id)
        return self._let_in(client, client.account, client.enabled) if client else None

    def known_client(self, client_id: str) -> Client | None:
        """The program of this name, kept out or not."""
        path = self._folder / CLIENTS
        with files.available(path):
            found = [_client(entry) for entry in files.read_json(path, [])]
        there = (client for client in found if self._demo or not client.demo)
        return next((client for client in there if client.client_id == client_id), None)

    def organisation(self, participant: str) -> Mapping[str, Any] | None:
        """What was settled of a participant: its `name`, `enabled` and its `spaces`."""
        found: Mapping[str, Any] = files.read_json(self._folder / ORGANISATIONS, {})
        return found.get(participant)

    def put_organisation(self, participant: str, told: Mapping[str, Any] | None) -> None:
        """None forgets it."""
        with files.locked(self._folder):
            found = files.read_json(self._folder / ORGANISATIONS, {})
            kept = {name: value for name, value in found.items() if name != participant}
            more = {participant: dict(told)} if told else {}
            files.write_json(self._folder / ORGANISATIONS, kept | more)

    def spend_password(self, username: str) -> bool:
        """Takes a password for one sign-in away; whether it was still there."""
        with self._changing(PEOPLE) as entries:
            for entry in entries:
                if entry["username"] == username and entry.get("once") and entry["password"]:
                    entry["password"] = ""
                    return True
        return False

    def add_person(self, person: Person, password: str) -> None:
        """Adds the person, or replaces the one of the same user name."""
        self._put(PEOPLE, _written_person(replace(person, password=hashed(password))))

    def add_client(self, client: Client, secret: str = "") -> None:
        """Adds the client, or replaces the one of the same id."""
        self._put(CLIENTS, _written_client(replace(client, secret=secret and hashed(secret))))

    def keep_person(self, person: Person) -> None:
        """As it is, its password's hash and all."""
        self._put(PEOPLE, _written_person(person))

    def keep_client(self, client: Client) -> None:
        self._put(CLIENTS, _written_client(client))

    def remove(self, name: str, username_or_id: str) -> None:
        """Takes an entry out of a file."""
        with self._changing(name) as entries:
            entries[:] = [each for each in entries if next(iter(each.values())) != username_or_id]

    def _everybody(self) -> list[Person]:
        path = self._folder / PEOPLE
        with files.available(path):
            return [_person(entry) for entry in files.read_json(path, [])]

    def _let_in(self, whom: Let, account: Account | None, enabled: bool) -> Let | None:
        """Nobody acts for an organisation that is kept out; one that was never settled is the
        demonstration's own."""
        if account is None or not enabled:
            return whom if enabled else None
        told = self.organisation(account.organisation.participant)
        if told is None:
            return whom
        current = replace(account, spaces=tuple(told["spaces"]))
        return replace(whom, account=current) if told["enabled"] else None

    def _put(self, name: str, entry: dict[str, Any]) -> None:
        key = next(iter(entry))
        with self._changing(name) as entries:
            entries[:] = [*(each for each in entries if each[key] != entry[key]), entry]

    @contextmanager
    def _changing(self, name: str) -> Iterator[list[dict[str, Any]]]:
        with files.locked(self._folder):
            entries = files.read_json(self._folder / name, [])
            before = json.dumps(entries)
            yield entries
            if json.dumps(entries) != before:
                files.write_json(self._folder / name, entries)


def _person(entry: Mapping[str, Any]) -> Person:
    return Person(
        _account(entry["account"]), entry["demo"], entry["password"],
        entry.get("member", ""), entry.get("enabled", True), entry.get("once", False),
    )  # fmt: skip


def _written_person(person: Person) -> dict[str, Any]:
    return {
        "username": person.account.username,
        "account": _written_account(person.account),
        "demo": person.demo,
        "password": person.password,
        "member": person.member,
        "enabled": person.enabled,
        "once": person.once,
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
        settled=entry.get("settled", False),
        enabled=entry.get("enabled", True),
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
        "settled": client.settled,
        "enabled": client.enabled,
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
        handler=entry.get("handler", ""),
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
        "handler": account.handler,
    }
