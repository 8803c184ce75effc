"""Enrolment that is cut short anywhere is completed: at the hub, and in the issuer's folder."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dataspace.evidence import Verifier
from hub.node import Node
from hub.operations import nodes
from hub.operations.accounts import errands
from hub.operations.accounts.outbox import FAILED, WAITING
from hub.operations.federation import applying
from identity.issuer.accounts import EmbeddedAccounts
from identity.issuer.directory import Directory
from tests.clock import FrozenClock
from tests.unit.federation.joined import SECOND_ADMIN, Applicant, a_city, a_code
from tests.unit.operations.city import ADMIN, BANK
from tests.unit.operations.remembered_accounts import Fate, FatedCatalogue, Killed

pytestmark = pytest.mark.anyio
Act = Callable[[Node, str], Awaitable[object]]


class FatedAccounts:
    """Accounts whose process may be killed just before and just after each word to them."""

    def __init__(self, accounts: EmbeddedAccounts, fate: Fate) -> None:
        self._accounts, self._fate = accounts, fate

    def __getattr__(self, name: str) -> Any:
        told = getattr(self._accounts, name)

        async def fated(*given: Any) -> Any:
            self._fate.step()
            answer = await told(*given)
            self._fate.step()
            return answer

        return fated


def _take_in(node: Node, id_: str) -> Awaitable[object]:
    return nodes.DESK.move(node, ADMIN, id_, "take_in", request_id="t")


def _activate(node: Node, id_: str) -> Awaitable[object]:
    return nodes.DESK.move(node, SECOND_ADMIN, id_, "activate", request_id="a")


def _isolate(node: Node, id_: str) -> Awaitable[object]:
    return nodes.DESK.move(node, ADMIN, id_, "isolate", reason="Leak", request_id="i")


def _reject(node: Node, id_: str) -> Awaitable[object]:
    return nodes.DESK.move(node, SECOND_ADMIN, id_, "reject", reason="No", request_id="r")


async def run(
    folder: Path, clock: FrozenClock, acts: tuple[Act, ...], *, kill_at: int = -1
) -> dict[str, Any]:
    """Applies, then acts; the last act is killed at a step, asked for again, and worked off."""
    folder.mkdir()
    fate = Fate()
    city = await a_city(clock)
    node = replace(
        city,
        catalogue=FatedCatalogue(city.catalogue, fate),  # type: ignore[arg-type]
        accounts=FatedAccounts(EmbeddedAccounts(folder / "identity"), fate),  # type: ignore[arg-type]
    )
    applies = Applicant.at(folder, clock).applies(await a_code(node))
    id_ = (await applying.apply(node, applies)).id
    for act in acts[:-1]:
        await act(node, id_)
    fate.steps, fate.kill_at = 0, kill_at
    with suppress(Killed):
        await acts[-1](node, id_)
    steps, fate.kill_at = fate.steps, -1
    await acts[-1](node, id_)
    worked = await errands.work_off(node, states=(WAITING, FAILED))
    verifier = Verifier()
    assert all(verifier.check(e) is None for e in await node.catalogue.changes_since(0, 1000))
    directory = Directory(folder / "identity", demo=False)
    client = directory.client(id_)
    return {
        "steps": steps, "waiting": (worked.waiting, worked.failed),
        "client": client and (client.account and client.account.organisation.participant),
        "known": directory.known_client(id_) is not None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("acts", "signs_in", "known"),
    [
        ((_take_in, _activate), True, True),
        ((_take_in, _activate, _isolate), False, True),
        ((_take_in, _reject), False, False),
    ],
    ids=["admitted", "cut off", "refused"],
)
async def test_a_kill_at_any_step_leaves_nothing_half_enrolled(
    tmp_path: Path, clock: FrozenClock, acts: tuple[Act, ...], signs_in: bool, known: bool
) -> None:
    whole = await run(tmp_path / "whole", clock, acts)
    assert (whole["client"] == BANK, whole["known"]) == (signs_in, known)
    assert whole["steps"] >= 4
    for kill_at in range(whole["steps"]):
        found = await run(tmp_path / str(kill_at), clock, acts, kill_at=kill_at)
        assert found["waiting"] == (0, 0), kill_at
        assert (found["client"] == BANK, found["known"]) == (signs_in, known), kill_at


async def test_an_application_that_was_killed_is_there_once_or_not_at_all(
    tmp_path: Path, clock: FrozenClock
) -> None:
    for kill_at in range(2):
        folder = tmp_path / str(kill_at)
        folder.mkdir()
        fate = Fate()
        city = await a_city(clock)
        applies = Applicant.at(folder, clock).applies(await a_code(city))
        node = replace(city, catalogue=FatedCatalogue(city.catalogue, fate))  # type: ignore[arg-type]
        fate.kill_at = kill_at
        with pytest.raises(Killed):
            await applying.apply(node, applies)
        fate.kill_at = -1
        first = await applying.apply(node, applies)
        assert await applying.apply(node, applies) == first
        log = await node.catalogue.changes_since(0, 1000)
        assert sum(each.evidence["action"] == "node.apply" for each in log) == 1
