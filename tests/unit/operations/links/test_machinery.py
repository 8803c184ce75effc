"""Connectors and nodes from their application to their end (L1-b, L1-c)."""

from dataclasses import replace
from typing import Any

import pytest

from dataspace.accounts.port import Standing
from dataspace.caller import Caller, Role
from dataspace.guards.refusals import OtherMachinery, PartyNotAdmitted
from dataspace.refusals import NotYours, ReasonMissing, WrongState
from hub.node import Node
from hub.operations import nodes, participants
from tests.build import caller_for
from tests.unit.operations.city import ADMIN, BANK, CENTRE, SUPERVISOR
from tests.unit.operations.remembered_accounts import RememberedAccounts

pytestmark = pytest.mark.anyio

OPERATOR = caller_for(Role.ORG_ADMIN, participant=BANK)
SCHEDULER = caller_for(Role.SCHEDULER, participant="")
KEYS = '{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]}'


async def applied(node: Node, kind: str) -> str:
    values: dict[str, Any] = {"name": "N", "kind": kind, "operator": BANK, "public_keys": KEYS}
    id_ = (await nodes.enter(node, ADMIN, values)).id
    await moved(node, id_, (OPERATOR, "apply"))
    return id_


async def moved(node: Node, id_: str, *moves: tuple[Caller, str], reason: str = "") -> str:
    state = ""
    for caller, move in moves:
        done = await nodes.DESK.move(node, caller, id_, move, reason=reason)
        state = f"{done.values['state']} {done.values['status']}"
    return state


async def test_a_connector_is_registered_and_goes_on_and_offline_until_it_is_cut_off(
    node: Node,
) -> None:
    accounts = RememberedAccounts()
    node = replace(node, accounts=accounts)
    id_ = await applied(node, "CONNECTOR")
    assert accounts.programs[id_].standing is Standing.KEPT_OUT, "it has only applied"
    with pytest.raises(OtherMachinery):
        await moved(node, id_, (ADMIN, "take_in"))
    assert await moved(node, id_, (ADMIN, "register")) == "REGISTERED OFFLINE"
    assert accounts.programs[id_].standing is Standing.LET_IN
    assert await moved(node, id_, (SCHEDULER, "come_online")) == "ONLINE ONLINE"
    assert await moved(node, id_, (SCHEDULER, "go_offline")) == "OFFLINE OFFLINE"
    with pytest.raises(ReasonMissing):
        await moved(node, id_, (SUPERVISOR, "isolate"))
    assert await moved(node, id_, (SUPERVISOR, "isolate"), reason="Leak") == "ISOLATED ISOLATED"
    assert accounts.programs[id_].standing is Standing.KEPT_OUT
    assert await moved(node, id_, (ADMIN, "readmit"), reason="Mended") == "OFFLINE OFFLINE"
    assert await moved(node, id_, (ADMIN, "revoke"), reason="Replaced") == "REVOKED REVOKED"
    assert id_ not in accounts.programs


async def test_a_node_is_reviewed_with_experts_runs_stops_and_leaves(node: Node) -> None:
    id_ = await applied(node, "BUSINESS")
    with pytest.raises(OtherMachinery):
        await moved(node, id_, (ADMIN, "register"))
    await moved(node, id_, (ADMIN, "take_in"))
    await moved(node, id_, (ADMIN, "ask_experts"), reason="It widens the scope")
    assert await moved(node, id_, (ADMIN, "activate")) == "ACTIVE OFFLINE", "until its first beat"
    stranger = caller_for(Role.ORG_ADMIN, participant=CENTRE)
    with pytest.raises(NotYours):
        await moved(node, id_, (stranger, "stop"), reason="Works")
    for move, state in (("stop", "MAINTENANCE"), ("recover", "ACTIVE"), ("report_outage", "OUTAGE"),
                        ("recover", "ACTIVE"), ("change", "CHANGING")):  # fmt: skip
        assert (await moved(node, id_, (OPERATOR, move), reason="As told")).startswith(state)
    await moved(node, id_, (ADMIN, "refuse_change"), reason="That is another service")
    await moved(node, id_, (OPERATOR, "exit"), reason="Contracts drained, proofs attached")
    assert await moved(node, id_, (ADMIN, "deregister"), reason="Done") == "DEREGISTERED RETIRED"
    with pytest.raises(WrongState):
        await moved(node, id_, (OPERATOR, "exit"), reason="Again")


async def test_the_machinery_of_who_is_frozen_is_not_admitted(node: Node) -> None:
    id_ = await applied(node, "CONNECTOR")
    await participants.suspend(node, SUPERVISOR, BANK, reason="Breach")
    with pytest.raises(PartyNotAdmitted):
        await moved(node, id_, (ADMIN, "register"))
