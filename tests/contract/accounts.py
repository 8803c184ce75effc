"""The contract of the Accounts port, on whoever keeps accounts that can be tried.

A subclass gives one fixture, `desk`: the accounts, and how somebody signs in with them.
"""

import json
import secrets
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

import pytest

from dataspace.accounts.port import (
    Accounts,
    Organisation,
    Person,
    Program,
    Standing,
    console_of,
)
from dataspace.caller import Caller, Role
from dataspace.errors import AccountRefused
from subspaces.keys import NodeKeys

LET_IN, KEPT_OUT, FORGOTTEN = Standing.LET_IN, Standing.KEPT_OUT, Standing.FORGOTTEN
PASSWORD = "Ein-Wort-fuer-heute-2026"


class AccountsDesk(ABC):
    """Accounts with the way in that belongs to them; `spaces_shown` whether tokens name spaces."""

    accounts: Accounts

    @abstractmethod
    async def program(self, client_id: str, keys: NodeKeys) -> Caller | None:
        """Who a token by client assertion speaks of; None when none is given."""

    @abstractmethod
    async def person(self, username: str) -> Caller | None:
        """The same of a person, who signs in with what they chose last."""

    @abstractmethod
    async def returns(self, client: str, address: str) -> bool:
        """Whether a person who signs in by the client is sent back to the address."""

    @abstractmethod
    async def let_choose(self, username: str) -> None:
        """The person chooses a password at their first sign-in, or anew."""


def an_organisation(**more: Any) -> Organisation:
    named = f"par_{secrets.token_hex(6)}"
    return Organisation(**{"id": named, "name": f"银行 {named}", "standing": LET_IN, **more})


def a_program(participant: str, keys: NodeKeys, **more: Any) -> Program:
    values = {
        "id": f"nod_{secrets.token_hex(6)}", "name": "节点 Node", "participant": participant,
        "public_keys": json.dumps(keys.assertion_jwks), "standing": LET_IN, **more,
    }  # fmt: skip
    return Program(**values)


def a_person(participant: str, **more: Any) -> Person:
    named = secrets.token_hex(4)
    values = {
        "id": f"mem_{named}", "username": f"li.{named}", "name": "李文 Li Wen",
        "roles": frozenset({Role.DATA_STEWARD}), "participant": participant, "standing": LET_IN,
        "handler": f"handler-{named}", **more,
    }  # fmt: skip
    return Person(**values)


class AccountsContract:
    @pytest.fixture
    async def bank(self, desk: AccountsDesk) -> Any:
        """An organisation that is there; it is taken out again."""
        bank = an_organisation()
        await desk.accounts.settle_organisation(bank)
        yield bank
        await desk.accounts.settle_organisation(replace(bank, standing=FORGOTTEN))

    async def test_a_program_signs_in_for_its_organisation(
        self, desk: AccountsDesk, bank: Organisation, keys: NodeKeys
    ) -> None:
        program = a_program(bank.id, keys)
        assert await desk.program(program.id, keys) is None
        for _ in range(2):
            await desk.accounts.settle_program(program)
        caller = await desk.program(program.id, keys)
        assert caller is not None
        assert (caller.client, caller.participant) == (program.id, bank.id)
        assert caller.roles == frozenset()
        await desk.accounts.settle_program(replace(program, standing=FORGOTTEN))

    async def test_a_program_that_is_kept_out_gets_nothing_until_it_is_let_in(
        self, desk: AccountsDesk, bank: Organisation, keys: NodeKeys
    ) -> None:
        program = a_program(bank.id, keys)
        for standing, signs_in in ((LET_IN, True), (KEPT_OUT, False), (LET_IN, True)):
            await desk.accounts.settle_program(replace(program, standing=standing))
            assert (await desk.program(program.id, keys) is not None) is signs_in
        for _ in range(2):
            await desk.accounts.settle_program(replace(program, standing=FORGOTTEN))
        assert await desk.program(program.id, keys) is None

    async def test_people_sign_in_at_the_console_of_a_node_that_is_let_in_and_nowhere_else(
        self, desk: AccountsDesk, bank: Organisation, keys: NodeKeys
    ) -> None:
        here, there = "https://finance.example.org", "https://moved.example.org"
        program = a_program(bank.id, keys, address=f"{here}/")
        console = console_of(program.id)

        async def returns() -> tuple[bool, bool]:
            return (
                await desk.returns(console, f"{here}/graphql"),
                await desk.returns(console, f"{there}/graphql"),
            )

        assert await returns() == (False, False)
        for _ in range(2):
            await desk.accounts.settle_program(program)
            assert await returns() == (True, False)
        await desk.accounts.settle_program(replace(program, address=there))
        assert await returns() == (False, True)
        await desk.accounts.settle_program(replace(program, address=""))
        assert await returns() == (False, False)
        for standing in (KEPT_OUT, FORGOTTEN):
            await desk.accounts.settle_program(program)
            await desk.accounts.settle_program(replace(program, standing=standing))
            assert await returns() == (False, False), standing

    async def test_only_the_keys_that_are_on_record_sign_a_program_in(
        self, desk: AccountsDesk, bank: Organisation, keys: NodeKeys, other_keys: NodeKeys
    ) -> None:
        program = a_program(bank.id, keys)
        await desk.accounts.settle_program(program)
        assert await desk.program(program.id, other_keys) is None
        changed = a_program(bank.id, other_keys, id=program.id)
        await desk.accounts.settle_program(changed)
        assert await desk.program(program.id, other_keys) is not None
        assert await desk.program(program.id, keys) is None
        await desk.accounts.settle_program(replace(program, public_keys=""))
        assert await desk.program(program.id, other_keys) is None
        await desk.accounts.settle_program(replace(program, standing=FORGOTTEN))

    async def test_nobody_is_let_in_for_an_organisation_that_is_not_there(
        self, desk: AccountsDesk, keys: NodeKeys
    ) -> None:
        program, person = a_program("par_nowhere", keys), a_person("par_nowhere")
        with pytest.raises(AccountRefused):
            await desk.accounts.settle_program(program)
        with pytest.raises(AccountRefused):
            await desk.accounts.settle_person(person)
        await desk.accounts.settle_program(replace(program, standing=FORGOTTEN))
        await desk.accounts.settle_person(replace(person, standing=FORGOTTEN))

    async def test_a_person_has_the_roles_that_were_said_last_under_one_subject(
        self, desk: AccountsDesk, bank: Organisation
    ) -> None:
        person = a_person(bank.id)
        subject = await desk.accounts.settle_person(person)
        await desk.let_choose(person.username)
        caller = await desk.person(person.username)
        assert caller is not None
        assert (caller.subject, caller.participant) == (subject, bank.id)
        assert (caller.roles, caller.handler) == (person.roles, person.handler)
        changed = replace(person, roles=frozenset({Role.DEVELOPER}))
        assert await desk.accounts.settle_person(changed) == subject
        await desk.let_choose(person.username)
        again = await desk.person(person.username)
        assert again is not None
        assert again.roles == {Role.DEVELOPER}
        assert await desk.accounts.settle_person(replace(person, standing=FORGOTTEN)) == ""
        assert await desk.person(person.username) is None

    async def test_a_person_that_is_kept_out_is_let_in_again_as_the_same(
        self, desk: AccountsDesk, bank: Organisation
    ) -> None:
        person = a_person(bank.id)
        subject = await desk.accounts.settle_person(person)
        await desk.let_choose(person.username)
        kept_out = replace(person, standing=KEPT_OUT)
        assert await desk.accounts.settle_person(kept_out) == subject
        assert await desk.person(person.username) is None
        assert await desk.accounts.settle_person(person) == subject
        await desk.let_choose(person.username)
        assert await desk.person(person.username) is not None
        await desk.accounts.settle_person(replace(person, standing=FORGOTTEN))

    async def test_a_name_that_is_somebody_elses_is_refused_untouched(
        self, desk: AccountsDesk, bank: Organisation
    ) -> None:
        person = a_person(bank.id)
        await desk.accounts.settle_person(person)
        await desk.let_choose(person.username)
        for standing in (LET_IN, FORGOTTEN):
            other = replace(person, id="mem_other", standing=standing)
            with pytest.raises(AccountRefused):
                await desk.accounts.settle_person(other)
        assert await desk.person(person.username) is not None
        await desk.accounts.settle_person(replace(person, standing=FORGOTTEN))

    async def test_an_organisation_that_is_kept_out_takes_all_its_own_along(
        self, desk: AccountsDesk, bank: Organisation, keys: NodeKeys
    ) -> None:
        program = a_program(bank.id, keys)
        await desk.accounts.settle_program(program)
        await desk.accounts.settle_organisation(replace(bank, standing=KEPT_OUT))
        assert await desk.program(program.id, keys) is None
        await desk.accounts.settle_organisation(bank)
        assert await desk.program(program.id, keys) is not None
        await desk.accounts.settle_program(replace(program, standing=FORGOTTEN))

    async def test_whoever_has_no_account_gets_no_password(self, desk: AccountsDesk) -> None:
        with pytest.raises(AccountRefused):
            await desk.accounts.set_password("nobody.at.all", PASSWORD)
