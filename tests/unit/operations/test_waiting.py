"""What waits for whom."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from dataspace import guards
from dataspace.caller import ANYONE, Caller, Role
from dataspace.lifecycle import MACHINES
from dataspace.machine import NOWHERE
from dataspace.relations import RELATIONS
from dataspace.selection import Condition, Every, Selection, Where
from dataspace.visibility import visible
from hub.node import Node
from hub.operations import authorisations, products, resources
from hub.operations.links.desks import DESKS as ALL_DESKS
from tests.build import (
    BUREAU,
    a_case,
    a_change_set,
    a_product,
    a_resource,
    a_space,
    an_authorisation,
    caller_for,
)
from tests.unit.operations.city import (
    APPROVER,
    DEVELOPER,
    LISTER,
    MARKET,
    PEOPLE,
    PUBLICITY_DAYS,
    REGISTRAR,
    RESOURCE,
    REVIEWER1,
    REVIEWER2,
    STEWARD,
    an_application,
    an_authorisable_resource,
    pass_time,
)

pytestmark = pytest.mark.anyio

DESKS = {"resource": resources, "authorisation": authorisations, "product": products}


async def waiting(node: Node, kind: str, caller: Caller) -> list[str]:
    condition: Condition = DESKS[kind].waiting(caller)  # type: ignore[attr-defined]
    where = Every((condition, visible(caller)[kind]))
    found = await node.catalogue.select(Selection(kind, where=where))
    return [row["id"] for row in found.rows]


async def who_is_awaited(node: Node, kind: str) -> list[Caller]:
    return [caller for caller in PEOPLE if await waiting(node, kind, caller)]


async def test_a_resource_waits_for_one_desk_after_another(node: Node) -> None:
    id_ = (await resources.draft(node, STEWARD, RESOURCE)).id
    assert await who_is_awaited(node, "resource") == []
    steps: list[tuple[Callable[..., Awaitable[object]], Caller, Caller | None]] = [
        (resources.submit, STEWARD, REGISTRAR),
        (resources.take_in, REGISTRAR, REGISTRAR),
        (resources.return_, REGISTRAR, STEWARD),
        (resources.submit, STEWARD, REGISTRAR),
        (resources.take_in, REGISTRAR, REGISTRAR),
        (resources.pass_, REGISTRAR, APPROVER),
        (resources.register, APPROVER, None),
        (resources.offer, REGISTRAR, None),
    ]
    for verb, by, awaited in steps:
        await verb(node, by, id_, reason="Looked at it")
        pass_time(node, days=PUBLICITY_DAYS)
        assert await who_is_awaited(node, "resource") == ([awaited] if awaited else [])


async def test_an_application_does_not_wait_for_whoever_acted_on_it(node: Node) -> None:
    id_ = await an_application(node, await an_authorisable_resource(node))
    applicant = replace(REVIEWER1, subject=DEVELOPER.subject)
    assert await waiting(node, "authorisation", REVIEWER1) == [id_]
    assert await waiting(node, "authorisation", applicant) == []

    await authorisations.pass_first(node, REVIEWER1, id_)
    turned = replace(REVIEWER2, subject=REVIEWER1.subject)
    assert await waiting(node, "authorisation", REVIEWER2) == [id_]
    assert await waiting(node, "authorisation", turned) == []


async def test_nothing_waits_for_who_has_no_part_in_it(node: Node) -> None:
    await an_application(node, await an_authorisable_resource(node))

    for kind in DESKS:
        assert await waiting(node, kind, ANYONE) == []
        assert await waiting(node, kind, replace(STEWARD, participant="")) == []


async def test_what_is_awaited_is_a_move_of_the_machine() -> None:
    for kind, machine in MACHINES.items():
        for state, name in ALL_DESKS[kind].lifecycle.awaited.items():
            assert state in machine.by_name[name].sources


def _ends_of(kind: str) -> dict[str, Any]:
    """What it must refer to, of another organisation than whoever reviews it."""
    ends: dict[str, Any] = {}
    for edge in RELATIONS.by_name[kind].edges:
        if edge.must:
            first = MACHINES[edge.target].states[0].code if edge.target in MACHINES else ""
            id_ = MARKET if edge.target == "participant" else f"{edge.target}_{first}"
            ends[edge.name] = [id_] if edge.many else id_
    return ends


async def test_whoever_may_make_a_move_sees_what_it_is_made_from(node: Node) -> None:
    """In every state, for every role that is not held to a party of its own."""
    bank = caller_for(Role.DEVELOPER, participant="par_bank")
    rows = [a_space("space_")]
    for kind, machine in MACHINES.items():
        for state in machine.by_code:
            id_ = f"{kind}_{state}"
            match kind:
                case "resource":
                    rows.append(a_resource(id_, state=state, audience="SPACE", provider=MARKET))
                case "product":
                    rows.append(a_product(id_, state=state, audience="SPACE", owner=MARKET))
                case "authorisation":
                    more = {"state": state, "grantee": MARKET, "grantor": BUREAU}
                    resource = ["resource_DRAFT"]
                    rows.append(an_authorisation(id_, resources=resource, **more))
                case _:
                    rows.append(a_case(kind, id_, state=state, **_ends_of(kind)))
    await node.catalogue.apply(a_change_set(*rows))

    for kind, machine in MACHINES.items():
        for move in machine.moves:
            # A third party objects to what it sees: not to what is for a space's members.
            held = move.party or guards.THIRD_PARTY in move.guards
            for role in move.roles if not held else ():
                caller = caller_for(role, participant="par_centre")
                for state in move.sources:
                    where = Every((Where("id", "eq", f"{kind}_{state}"), visible(caller)[kind]))
                    found = await node.catalogue.select(Selection(kind, where=where))
                    assert found.rows or state == NOWHERE, f"{role} cannot see {kind} {state}"
    listing = {"product_LIST_REVIEW", "product_DELIST_REVIEW"}
    assert set(await waiting(node, "product", LISTER)) == listing
    assert await waiting(node, "product", bank) == []
