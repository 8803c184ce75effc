"""The Accounts port on the embedded issuer's own folder: what the catalogue says is settled in
its directory, so that a node, or a person, of a small city needs no server to sign in.

A demonstration's own people and programs are nobody's to change: their names are taken.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from anyio.to_thread import run_sync

from dataspace.accounts.port import (
    Occurrence,
    Organisation,
    Person,
    Program,
    Standing,
    console_of,
)
from dataspace.errors import AccountRefused
from dataspace.identifiers import derived_id
from dataspace.text import Text
from identity.issuer import directory as kept
from identity.issuer import folder as files
from identity.issuer.directory import CLIENTS, PEOPLE, Account, Client, Directory
from identity.issuer.passwords import hashed

TAKEN = "the name is somebody else's"
NOT_ADMITTED = "the participant is not admitted"


class EmbeddedAccounts:
    """What is ours carries our id, and is found by it. Several processes may share the folder."""

    def __init__(self, folder: Path) -> None:
        files.prepare(folder)
        # All of it, a demonstration's too: what is taken is taken.
        self._directory = Directory(folder, demo=True)

    async def settle_organisation(self, organisation: Organisation) -> None:
        await run_sync(self._settle_organisation, organisation)

    async def settle_person(self, person: Person) -> str:
        """Raises:  AccountRefused, IdentityUnavailable."""
        return await run_sync(self._settle_person, person)

    async def settle_program(self, program: Program) -> None:
        """Raises:  AccountRefused, IdentityUnavailable."""
        await run_sync(self._settle_program, program)

    async def set_password(self, username: str, password: str) -> None:
        """It is good for one sign-in; there is no page here to choose another. Raises:
        AccountRefused."""
        await run_sync(self._set_password, username, password)

    async def occurrences(
        self, source: str, *, since: datetime | None, skip: int, first: int
    ) -> Sequence[Occurrence]:
        """The embedded issuer keeps no log of its own."""
        return ()

    async def close(self) -> None:
        """Nothing stays open."""

    def _settle_organisation(self, organisation: Organisation) -> None:
        told = {
            "name": organisation.name,
            "enabled": organisation.standing is Standing.LET_IN,
            "spaces": list(organisation.spaces),
        }
        gone = organisation.standing is Standing.FORGOTTEN
        self._directory.put_organisation(organisation.id, None if gone else told)

    def _settle_person(self, person: Person) -> str:
        found = self._directory.people().get(person.username)
        if found is not None and found.member != person.id:
            raise AccountRefused(what=person.username, detail=TAKEN)
        if person.standing is Standing.FORGOTTEN:
            self._directory.remove(PEOPLE, person.username)
            return ""
        subject = derived_id("per", "member", person.id)
        account = self._account(
            Account(
                subject, person.username, Text(person.name, person.name),
                tuple(sorted(person.roles)), _nowhere(person.participant), handler=person.handler,
            ),
            person.standing,
        )  # fmt: skip
        before = found or kept.Person(account, member=person.id)
        let_in = person.standing is Standing.LET_IN
        self._directory.keep_person(replace(before, account=account, enabled=let_in))
        return subject

    def _settle_program(self, program: Program) -> None:
        self._settle_node(program)
        self._settle_console(program)

    def _settle_console(self, program: Program) -> None:
        client = console_of(program.id)
        if not program.has_console:
            self._directory.remove(CLIENTS, client)
            return
        places = (f"{program.address.rstrip('/')}/graphql",)
        self._directory.keep_client(
            Client(client, public=True, redirect_uris=places, settled=True)
        )

    def _settle_node(self, program: Program) -> None:
        found = self._directory.known_client(program.id)
        if found is not None and not found.settled:
            raise AccountRefused(what=program.id, detail=TAKEN)
        if program.standing is Standing.FORGOTTEN:
            self._directory.remove(CLIENTS, program.id)
            return
        if found is None and not program.public_keys:
            return
        let_in = program.standing is Standing.LET_IN and bool(program.public_keys)
        name = f"service-account-{program.id}".lower()
        account = self._account(
            Account(
                derived_id("per", "program", program.id), name, Text(program.name, program.name),
                (), _nowhere(program.participant),
            ),
            Standing.LET_IN if let_in else Standing.KEPT_OUT,
        )  # fmt: skip
        keys = json.loads(program.public_keys or '{"keys": []}')
        self._directory.keep_client(
            Client(program.id, jwks=keys, account=account, settled=True, enabled=let_in)
        )

    def _account(self, account: Account, standing: Standing) -> Account:
        """With its organisation, which must be there for whoever is let in.

        Raises:  AccountRefused.
        """
        participant = account.organisation.participant
        told = self._directory.organisation(participant)
        if told is None and standing is Standing.LET_IN:
            raise AccountRefused(what=participant, detail=NOT_ADMITTED)
        name = str(told["name"]) if told else participant
        organisation = replace(account.organisation, name=Text(name, name))
        return replace(account, organisation=organisation)

    def _set_password(self, username: str, password: str) -> None:
        found = self._directory.people().get(username)
        if found is None or not found.member:
            raise AccountRefused(what=username, detail="no member has that user name")
        self._directory.keep_person(replace(found, password=hashed(password), once=True))


def _nowhere(participant: str) -> kept.Organisation:
    """An organisation by its participant, with the alias that Keycloak has too."""
    alias = participant.replace("_", "-").lower()
    return kept.Organisation(
        alias, derived_id("org", participant), participant, Text(participant, participant)
    )
