"""Logical spaces and their members in GraphQL."""

import pytest

from dataspace.caller import Role
from hub.node import Node
from hub.operations import spaces
from tests.build import caller_for
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import Asking
from tests.unit.operations.city import ADMIN, BANK, CENTRE, a_node

OPERATOR = caller_for(Role.ORG_ADMIN, participant=CENTRE)


@pytest.fixture
async def node(clock: FrozenClock) -> Node:
    return await a_node(DictionaryCatalogue(), clock)


async def test_a_member_is_let_in_with_a_role_and_the_space_is_closed(
    ask: Asking, node: Node
) -> None:
    values = {"code": "loans", "name": "信贷 Loans", "kind": "LOGICAL", "tier": "SUBSPACE"}
    space = (await spaces.enter(node, ADMIN, {**values, "operator": CENTRE})).id
    joining = """mutation ($i: ParticipantJoinInput!) { participantJoin(input: $i) {
        object { memberships { space role } } evidence { action reason } } }"""
    given = {"id": BANK, "space": space, "role": "PROVIDER", "reason": "By contract"}
    joined = (await ask.data(joining, {"i": given}, caller=OPERATOR))["participantJoin"]
    assert joined["object"]["memberships"] == [{"space": space, "role": "PROVIDER"}]
    assert joined["evidence"] == {"action": "participant.join", "reason": "By contract"}

    closing = """mutation ($i: SpaceCloseInput!) { spaceClose(input: $i) {
        object { closeReason } evidence { sequence action } } }"""
    given = {"id": space, "reason": "The pilot is over"}
    closed = (await ask.data(closing, {"i": given}, caller=OPERATOR))["spaceClose"]
    assert closed["object"] == {"closeReason": "The pilot is over"}
    assert closed["evidence"]["action"] == "space.close"
    history = "query ($at: Int!, $id: ID!) { space(at: $at, id: $id) { name closedAt } }"
    before = {"at": closed["evidence"]["sequence"] - 1, "id": space}
    told = await ask.data(history, before, caller=OPERATOR)
    assert told["space"] == {"name": "信贷 Loans", "closedAt": None}
