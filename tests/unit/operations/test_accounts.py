"""Accounts: what the catalogue says comes to be at the identity service, whatever happens."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import anyio
import pytest

from dataspace.accounts.port import Denials, Occurrence, Standing
from dataspace.caller import Caller, Role
from dataspace.change import Amend, ChangeSet
from dataspace.errors import Unavailable
from dataspace.evidence import Verifier
from dataspace.refusals import ReasonMissing, RoleMissing
from dataspace.selection import Child, Page, Selection, Where
from hub.node import Node
from hub.operations import members, nodes, participants
from hub.operations.accounts import denials, errands, keeping, occurrences
from hub.operations.accounts.outbox import FAILED, WAITING
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.members import NotAdmitted
from hub.operations.participants import WithdrawnForGood
from tests.build import an_act
from tests.clock import FrozenClock
from tests.unit.operations.city import ADMIN, BANK, CENTRE, MARKET, REGISTRAR
from tests.unit.operations.remembered_accounts import (
    Fate,
    FatedCatalogue,
    Killed,
    RememberedAccounts,
)

pytestmark = pytest.mark.anyio

SECADMIN = Caller("sec", "安全管理员", frozenset({Role.SECADMIN}), MARKET)
LI = {"username": "li.wen", "name": "李文 Li Wen", "roles": ["data_steward"], "participant": BANK}
KEYS = '{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]}'


@pytest.fixture
def accounts() -> RememberedAccounts:
    return RememberedAccounts()


@pytest.fixture
async def node(node: Node, accounts: RememberedAccounts) -> Node:
    """Its participants are merely listed, and have no organisation at the service yet."""
    act = an_act("participant.listed")
    listed = [Amend("participant", each, {"state": None}, act) for each in (MARKET, BANK, CENTRE)]
    await node.catalogue.apply(ChangeSet("listed", tuple(listed)))
    return replace(node, accounts=accounts, denials=Denials())


async def errands_of(node: Node, kind: str, id_: str) -> list[tuple[str, str | None]]:
    below = Selection("errand", ("state", "last_error"), page=Page(50))
    selection = Selection(
        kind, where=Where("id", "eq", id_), children=(Child("e", "errands", below),)
    )
    row = (await node.catalogue.select(selection)).first
    assert row is not None
    return [(each["state"], each["last_error"]) for each in row["e"].rows]


async def test_a_participant_that_is_admitted_gets_an_organisation(
    node: Node, accounts: RememberedAccounts
) -> None:
    await participants.amend(node, ADMIN, BANK, {"short_name": "行"})
    assert accounts.organisations == {}, "it is merely listed"
    done = await participants.admit(node, REGISTRAR, BANK)
    assert done.values["standing"] == "ADMITTED"
    assert accounts.organisations[BANK].standing is Standing.LET_IN
    await participants.suspend(node, REGISTRAR, BANK, reason="违规")
    assert accounts.organisations[BANK].standing is Standing.KEPT_OUT
    await participants.admit(node, REGISTRAR, BANK)
    await participants.withdraw(node, REGISTRAR, BANK, reason="合并")
    assert accounts.organisations == {}
    with pytest.raises(WithdrawnForGood):
        await participants.admit(node, REGISTRAR, BANK)
    assert await errands_of(node, "participant", BANK) == [("DONE", None)] * 4


async def test_who_may_admit_and_that_an_ending_needs_a_reason(node: Node) -> None:
    with pytest.raises(RoleMissing):
        await participants.admit(node, SECADMIN, BANK)
    await participants.admit(node, ADMIN, BANK)
    with pytest.raises(ReasonMissing):
        await participants.suspend(node, ADMIN, BANK, reason=" ")


async def test_a_member_gets_an_account_and_is_known_by_its_subject(
    node: Node, accounts: RememberedAccounts
) -> None:
    with pytest.raises(NotAdmitted):
        await members.enter(node, SECADMIN, LI)
    await participants.admit(node, ADMIN, BANK)
    made = await members.enter(node, SECADMIN, LI)
    assert accounts.people[made.id].roles == {Role.DATA_STEWARD}
    found = Selection("member", ("subject",), where=Where("id", "eq", made.id))
    assert (await node.catalogue.select(found)).rows[0]["subject"] == "sub-li.wen"
    await members.amend(node, SECADMIN, made.id, {"status": "DISABLED"})
    assert accounts.people[made.id].standing is Standing.KEPT_OUT
    await members.amend(node, SECADMIN, made.id, {"status": "REMOVED"})
    assert accounts.people == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"roles": ["sysadmin", "auditor"]},
        {"roles": ["king"]},
        {"username": "Li Wen"},
        {"username": "ab"},
        {"subject": "forged"},
    ],
)
async def test_a_member_that_may_not_be_is_refused(node: Node, wrong: dict[str, object]) -> None:
    await participants.admit(node, ADMIN, BANK)
    with pytest.raises(FieldsInvalid):
        await members.enter(node, SECADMIN, {**LI, **wrong})


async def test_only_the_security_administrator_keeps_members(node: Node) -> None:
    await participants.admit(node, ADMIN, BANK)
    with pytest.raises(RoleMissing):
        await members.enter(node, ADMIN, LI)


async def test_a_node_signs_in_with_public_keys_only(
    node: Node, accounts: RememberedAccounts
) -> None:
    await participants.admit(node, ADMIN, BANK)
    made = await nodes.enter(node, ADMIN, {"name": "N", "kind": "BUSINESS", "operator": BANK})
    await nodes.amend(node, ADMIN, made.id, {"public_keys": KEYS})
    assert '"use": "sig"' in accounts.programs[made.id].public_keys
    for wrong in ("x", "[]", '{"keys": []}', '{"keys": [{"kty": "OKP", "x": "A", "d": "A"}]}',
                  '{"keys": ["x"]}', '{"keys": [{"kty": "oct", "k": "A"}]}'):  # fmt: skip
        with pytest.raises(FieldsInvalid):
            await nodes.amend(node, ADMIN, made.id, {"public_keys": wrong})
    await nodes.amend(node, ADMIN, made.id, {"status": "RETIRED"})
    assert accounts.programs == {}


async def test_with_a_service_that_is_down_acts_wait_and_say_so(
    node: Node, accounts: RememberedAccounts
) -> None:
    accounts.up = False
    await participants.admit(node, ADMIN, BANK)
    assert await errands_of(node, "participant", BANK) == [(WAITING, "service.unavailable")]
    for _ in range(3):
        worked = await errands.work_off(node)
        assert (worked.done, worked.waiting) == (0, 1)
        assert worked.unavailable is not None
    log = await node.catalogue.changes_since(0, 1000)
    of_errands = [each for each in log if each.kind == "errand"]
    assert len(of_errands) == 2, "waiting leaves no trail of records"
    accounts.up = True
    assert (await errands.work_off(node)).done == 1
    assert await errands_of(node, "participant", BANK) == [("DONE", None)]
    assert BANK in accounts.organisations


async def test_what_the_service_refuses_is_shown_and_tried_again_when_asked(
    node: Node, accounts: RememberedAccounts
) -> None:
    await participants.admit(node, ADMIN, BANK)
    kept = accounts.organisations.pop(BANK)
    made = await members.enter(node, SECADMIN, LI)
    assert await errands_of(node, "member", made.id) == [(FAILED, "accounts.refused")]
    assert (await errands.work_off(node)).done == 0
    accounts.organisations[BANK] = kept
    assert (await errands.work_off(node, states=(WAITING, FAILED))).done == 1


async def test_a_newer_word_is_never_undone_by_an_older_one(
    node: Node, accounts: RememberedAccounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process suspends while ours, slow, is telling that it was admitted."""
    accounts.up = False
    await participants.admit(node, ADMIN, BANK)
    accounts.up = True
    tell = accounts.settle_organisation

    async def overtaken(organisation: object) -> None:
        monkeypatch.setattr(accounts, "settle_organisation", tell)
        await participants.suspend(node, ADMIN, BANK, reason="急")
        await tell(organisation)  # type: ignore[arg-type]

    monkeypatch.setattr(accounts, "settle_organisation", overtaken)
    await errands.work_off(node)
    assert accounts.organisations[BANK].standing is Standing.KEPT_OUT
    assert (await errands.work_off(node)).waiting == 0


Act = Callable[[Node, dict[str, str]], Awaitable[object]]


async def _enter_li(node: Node, ids: dict[str, str]) -> None:
    ids["li"] = (await members.enter(node, SECADMIN, LI, request_id="m1")).id


async def _enter_node(node: Node, ids: dict[str, str]) -> None:
    values = {"name": "N", "kind": "BUSINESS", "operator": BANK, "public_keys": KEYS}
    ids["node"] = (await nodes.enter(node, ADMIN, values, request_id="n1")).id


ACTS: tuple[Act, ...] = (
    lambda node, ids: participants.admit(node, ADMIN, BANK, request_id="p1"),
    _enter_li,
    _enter_node,
    lambda node, ids: members.amend(
        node, SECADMIN, ids["li"], {"status": "DISABLED"}, request_id="m2"
    ),
    lambda node, ids: nodes.amend(
        node, ADMIN, ids["node"], {"status": "ISOLATED"}, request_id="n2"
    ),
    lambda node, ids: members.amend(
        node, SECADMIN, ids["li"], {"status": "REMOVED"}, request_id="m3"
    ),
    lambda node, ids: nodes.amend(node, ADMIN, ids["node"], {"status": "RETIRED"}, request_id="n3"),
    lambda node, ids: participants.withdraw(node, ADMIN, BANK, reason="并", request_id="p2"),
)


@pytest.mark.parametrize("acts", range(1, len(ACTS) + 1))
async def test_a_kill_at_any_step_leaves_nothing_that_is_not_completed(
    node: Node, acts: int
) -> None:
    """Each act is killed at its every step, asked for again, and then worked off."""
    whole = await _run(node, acts, kill_at=-1)
    assert whole["steps"]
    for kill_at in range(int(str(whole["steps"]))):
        found = await _run(await _fresh(node), acts, kill_at=kill_at)
        assert found["told"] == whole["told"], kill_at
        assert found["waiting"] == 0


async def _run(node: Node, acts: int, *, kill_at: int) -> dict[str, object]:
    """The last act is killed; those before it are not."""
    fate, ids = Fate(), dict[str, str]()
    accounts = RememberedAccounts(fate)
    node = replace(node, catalogue=FatedCatalogue(node.catalogue, fate), accounts=accounts)
    for act in ACTS[: acts - 1]:
        await act(node, ids)
    fate.steps, fate.kill_at = 0, kill_at
    with suppress(Killed):
        await ACTS[acts - 1](node, ids)
    steps = fate.steps
    fate.kill_at = -1
    await ACTS[acts - 1](node, ids)
    worked = await errands.work_off(node)
    verifier = Verifier()
    for recorded in await node.catalogue.changes_since(0, 1000):
        assert verifier.check(recorded) is None
    told = {type(each).__name__: _standing(each) for each in accounts.everything.values()}
    return {"steps": steps, "told": told, "waiting": worked.waiting}


def _standing(told: object) -> Standing:
    return told.standing  # type: ignore[attr-defined,no-any-return]


async def _fresh(node: Node) -> Node:
    from tests.contract.dictionary_catalogue import DictionaryCatalogue
    from tests.unit.operations.city import a_node

    return await a_node(DictionaryCatalogue(), node.clock, admitted=False)  # type: ignore[arg-type]


async def test_everything_can_be_told_anew(node: Node, accounts: RememberedAccounts) -> None:
    await participants.admit(node, ADMIN, BANK)
    made = await members.enter(node, SECADMIN, LI)
    accounts.organisations.clear()
    accounts.people.clear()
    assert await errands.settle_everything(node) >= 2
    assert set(accounts.organisations) == {BANK}
    assert set(accounts.people) == {made.id}


async def test_who_is_shut_out_is_known_within_one_turn(
    node: Node, accounts: RememberedAccounts
) -> None:
    await participants.admit(node, ADMIN, BANK)
    made = await members.enter(node, SECADMIN, LI)
    li = Caller("sub-li.wen", participant=BANK)
    await denials.renew(node)
    assert not node.denials.cover(li)
    accounts.up = False
    await members.amend(node, SECADMIN, made.id, {"status": "DISABLED"})
    await denials.renew(node)
    assert node.denials.cover(li), "also while the service is down"
    await members.amend(node, SECADMIN, made.id, {"status": "ACTIVE"})
    await denials.renew(node)
    assert not node.denials.cover(li)
    await participants.suspend(node, ADMIN, BANK, reason="急")
    await denials.renew(node)
    assert node.denials.cover(li)


async def test_reports_are_taken_in_once_page_by_page(
    node: Node, accounts: RememberedAccounts, clock: FrozenClock
) -> None:
    accounts.events = [
        Occurrence(f"e{at}", clock.now() + timedelta(seconds=at), "LOGIN", "LOGIN", actor="s")
        for at in range(250)
    ]
    accounts.events.append(Occurrence("a1", clock.now(), "ADMIN", "CREATE USER", target="x" * 999))
    accounts.events.append(Occurrence("own", clock.now(), "LOGIN", "CLIENT_LOGIN", routine=True))
    assert await occurrences.take_in(node) == 251
    assert await occurrences.take_in(node) == 0
    late = clock.now() + timedelta(seconds=249 - 30)
    accounts.events.append(Occurrence("late", late, "LOGIN", "LOGIN_ERROR", error="x"))
    assert await occurrences.take_in(node) == 1
    since, _ = accounts.asked[-1]
    assert since is not None
    log = await node.catalogue.changes_since(0, 1000)
    assert sum(each.kind == "occurrence" for each in log) == 252


async def test_two_processes_never_take_one_report_in_twice(
    node: Node, accounts: RememberedAccounts, clock: FrozenClock
) -> None:
    accounts.events = [Occurrence("e", clock.now(), "LOGIN", "LOGIN")]
    told = await accounts.occurrences("LOGIN", since=None, skip=0, first=100)
    assert await occurrences._keep(node, told) == 1
    assert await occurrences._keep(node, told) == 0


async def test_a_node_turns_on_whatever_breaks(
    node: Node, accounts: RememberedAccounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "TURN_SECONDS", 0)
    accounts.up = False
    await participants.admit(node, ADMIN, BANK)
    broken: list[tuple[str, type[Exception]]] = []

    async def refresh() -> None:
        raise KeyError("a mistake of ours")

    def report(what: str, error: Exception) -> None:
        broken.append((what, type(error)))
        accounts.up = len(broken) > 3

    turning = asyncio.create_task(keeping.keep(node, report, refresh=refresh))
    with anyio.fail_after(5):
        while await errands_of(node, "participant", BANK) != [("DONE", None)]:
            await asyncio.sleep(0.01)
    turning.cancel()
    assert {("keys", KeyError), ("errands", Unavailable)} <= set(broken)
