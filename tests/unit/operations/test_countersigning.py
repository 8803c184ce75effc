"""Who is wanted to countersign is told, finds it in their work-list, and no longer than wanted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dataspace.caller import Caller
from dataspace.change import Amend, Create
from dataspace.quantity import written
from dataspace.selection import Every, Page, Selection, Where
from dataspace.visibility import told_to, visible
from hub.node import Node
from hub.operations import authorisations, participants, products, resources
from hub.operations.tasks import countersigning, finding, reminding
from hub.operations.tasks.listing import tasks_of
from hub.scheduling.works.tasks import REVIEWED
from tests.build import a_change_set, a_participant, an_act
from tests.clock import FrozenClock
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    APPROVER,
    DEVELOPER,
    LISTER,
    REGISTRAR,
    REVIEWER1,
    REVIEWER2,
    SUPERVISOR,
    a_drafted_product,
    an_application,
    an_authorisable_resource,
    an_authorisation,
    published,
    rule,
)

pytestmark = pytest.mark.anyio

ACTOR = "system:scheduler"
COLLEAGUE = replace(APPROVER, subject="usr_colleague")
SUPERVISED = "agency_reviewer1, agency_reviewer2, supervisor"


async def mine(node: Node, caller: Caller) -> list[str]:
    found = await node.catalogue.select(
        Selection("task", ("subject",), tasks_of(caller), page=Page(20))
    )
    return [row["subject"] for row in found.rows]


async def wanted(node: Node, id_: str) -> list[str]:
    asked = Selection("task", ("countersigners",), Where("subject", "eq", id_), page=Page(1))
    row = (await node.catalogue.select(asked)).first
    assert row is not None
    return list(row["countersigners"] or ())


async def told(node: Node, caller: Caller) -> list[str]:
    where = Every((told_to(caller), Where("code", "eq", "clock.wanted")))
    asked = Selection("notice", ("subject", "facts", "kind"), where, page=Page(20))
    rows = (await node.catalogue.select(asked)).rows
    assert all(row["kind"] == "TO_DO" for row in rows)
    return [row["subject"] for row in rows]


async def changed_rules(node: Node, clock: FrozenClock, **rules: Any) -> None:
    """Another edition of the city's rulebook, from now on."""
    clock.advance(minutes=1)
    values = {
        "takes_effect_at": written(clock.now()),
        "rules": [{"name": n.replace("__", "."), "value": v} for n, v in rules.items()],
    }
    change = Amend("rulebook", "rbk_city", values, an_act("rulebook.take_effect"))
    await node.catalogue.apply(a_change_set(change))
    clock.advance(minutes=1)


async def swept(node: Node) -> tuple[int, int]:
    return await countersigning.want_anew(node, ACTOR, REVIEWED, at=node.clock.now())


async def test_a_role_at_whose_desk_it_does_not_lie_is_told_and_finds_it(node: Node) -> None:
    source = await an_authorisable_resource(node)
    await rule(node, authorisation__reviewing_roles=SUPERVISED)
    id_ = await an_application(node, source)
    assert (await mine(node, SUPERVISOR), await told(node, SUPERVISOR)) == ([], [])
    await authorisations.pass_first(node, REVIEWER1, id_)
    assert await wanted(node, id_) == ["supervisor"]
    assert await mine(node, SUPERVISOR) == [id_] == await told(node, SUPERVISOR)
    assert await mine(node, REVIEWER2) == [id_], "and it lies where it lay"
    assert await told(node, REVIEWER2) == []
    seen = Every((visible(SUPERVISOR)["task"], Where("subject", "eq", id_)))
    assert len((await node.catalogue.select(Selection("task", where=seen, page=Page(1)))).rows) == 1
    await authorisations.countersign(node, SUPERVISOR, id_)
    assert (await wanted(node, id_), await mine(node, SUPERVISOR)) == ([], [])
    await authorisations.pass_second(node, REVIEWER2, id_)
    assert await mine(node, REVIEWER2) == []
    assert await told(node, SUPERVISOR) == [id_], "once"


async def test_a_colleague_of_whoever_decides_is_wanted_where_people_lack(node: Node) -> None:
    await rule(node, resource__reviewers_min="4")
    id_ = await published(node)
    assert await wanted(node, id_) == ["reg_approver", "registrar"]
    assert await mine(node, REGISTRAR) == [], "who reviewed it does not countersign it"
    other = replace(REGISTRAR, subject="usr_other")
    assert await mine(node, other) == [id_] == await told(node, other)
    await resources.countersign(node, other, id_)
    assert await wanted(node, id_) == ["reg_approver", "registrar"], "one more"
    assert (await mine(node, other), await told(node, other)) == ([], [id_])
    await resources.countersign(node, COLLEAGUE, id_)
    assert await wanted(node, id_) == []
    assert await mine(node, COLLEAGUE) == []
    assert await mine(node, APPROVER) == [id_]


async def test_admission_and_listing_tell_whom_they_want_too(node: Node) -> None:
    await node.catalogue.apply(a_change_set(
        a_participant("par_new", credit_code="91310000MA1FL0000N", contact="x", state="DRAFT"),
    ))  # fmt: skip
    source = await an_authorisable_resource(node)
    grant = await an_authorisation(node, source)
    draft = await a_drafted_product(node, resources=[source], authorisations=[grant])
    await rule(
        node, participant__reviewing_roles="supervisor", product__reviewing_roles="supervisor"
    )
    await participants.DESK.move(node, REGISTRAR, "par_new", "submit")
    for mover, name in (
        (DEVELOPER, "submit"), (REGISTRAR, "register"), (DEVELOPER, "request_listing"),
    ):  # fmt: skip
        await products.move(node, mover, draft, name)
    assert sorted(await mine(node, SUPERVISOR)) == sorted(["par_new", draft])
    await products.countersign(node, SUPERVISOR, draft)
    await products.list_(node, LISTER, draft)
    assert await mine(node, SUPERVISOR) == ["par_new"]


async def test_whom_rules_no_longer_want_finds_it_no_longer(
    node: Node, clock: FrozenClock
) -> None:
    source = await an_authorisable_resource(node)
    await rule(node, authorisation__reviewing_roles=SUPERVISED)
    id_ = await an_application(node, source)
    await authorisations.pass_first(node, REVIEWER1, id_)
    assert await swept(node) == (0, 0), "the rules have not changed since"
    await changed_rules(node, clock, authorisation__reviewing_roles="agency_reviewer1")
    assert await countersigning.count(node, REVIEWED, at=clock.now()) == 1
    assert await swept(node) == (1, 1)
    assert (await wanted(node, id_), await mine(node, SUPERVISOR)) == ([], [])
    assert await swept(node) == (0, 0), "asked once for a change"


async def test_whom_rules_want_from_now_on_is_told_of_what_waits_already(
    node: Node, clock: FrozenClock
) -> None:
    source = await an_authorisable_resource(node)
    await rule(node, authorisation__reviewing_roles="agency_reviewer1, agency_reviewer2")
    ids = [await an_application(node, source) for _ in range(2)]
    for id_ in ids:
        await authorisations.pass_first(node, REVIEWER1, id_)
    await changed_rules(node, clock, authorisation__reviewing_roles=SUPERVISED)
    assert await countersigning.want_anew(
        node, ACTOR, REVIEWED, at=clock.now() - timedelta(days=1)
    ) == (0, 0), "not before it takes effect"
    limited = await countersigning.want_anew(node, ACTOR, REVIEWED, at=clock.now(), limit=1)
    assert limited == (1, 1)
    assert await swept(node) == (1, 1), "the next sweep goes on behind the last"
    assert sorted(await mine(node, SUPERVISOR)) == sorted(ids)
    assert sorted(await told(node, SUPERVISOR)) == sorted(ids)


async def test_a_to_do_from_before_is_asked_about_too_and_one_that_is_lost_comes_back_whole(
    node: Node, clock: FrozenClock
) -> None:
    """As an upgrade finds to-dos that were written before anybody was told."""
    source = await an_authorisable_resource(node)
    await rule(node, authorisation__reviewing_roles=SUPERVISED)
    id_ = await an_application(node, source)
    await authorisations.pass_first(node, REVIEWER1, id_)
    asked = Selection("task", ("id",), Where("subject", "eq", id_), page=Page(1))
    row = (await node.catalogue.select(asked)).first
    assert row is not None
    old = {"desk": "agency_reviewer2", "countersigners": [], "ruled_at": None}
    await node.catalogue.apply(a_change_set(Amend("task", row["id"], old, an_act("task.old"))))
    assert await mine(node, SUPERVISOR) == []
    assert await swept(node) == (1, 1)
    assert await mine(node, SUPERVISOR) == [id_]
    lost = {"status": "DONE", "desk": None, "countersigners": []}
    await node.catalogue.apply(a_change_set(Amend("task", row["id"], lost, an_act("task.lose"))))
    found = await finding.find(node, ACTOR, [authorisations.DESK.lifecycle], at=clock.now())
    assert (found, await wanted(node, id_)) == (1, ["supervisor"])


async def test_where_the_rules_ask_for_no_more_nobody_is_told(node: Node) -> None:
    id_ = await published(node)
    assert await wanted(node, id_) == []
    assert await mine(node, SUPERVISOR) == await told(node, SUPERVISOR) == []
    assert await swept(node) == (0, 0)


async def test_what_is_late_is_late_at_whoever_is_wanted_too(
    node: Node, clock: FrozenClock
) -> None:
    source = await an_authorisable_resource(node)
    await rule(node, authorisation__reviewing_roles=SUPERVISED)
    id_ = await an_application(node, source)
    await authorisations.pass_first(node, REVIEWER1, id_)
    clock.advance(days=5)
    await reminding.remind(node, ACTOR, at=clock.now())
    where = Every((Where("subject", "eq", id_), Where("code", "eq", "clock.reminder")))
    asked = Selection("notice", ("roles",), where, page=Page(9))
    roles = [row["roles"] for row in (await node.catalogue.select(asked)).rows]
    assert roles
    assert all(each == ["agency_reviewer2", "supervisor"] for each in roles)


async def test_a_move_takes_no_more_statements_for_it(node: Node) -> None:
    source = await an_authorisable_resource(node)
    await rule(node, authorisation__reviewing_roles=SUPERVISED)
    id_ = await an_application(node, source)
    counted, watch = watched(node)
    await authorisations.pass_first(counted, REVIEWER1, id_)
    assert (watch.selects, watch.applies) == (2, 1)


async def test_whoever_has_none_of_the_roles_is_wanted_nowhere(node: Node) -> None:
    source = await an_authorisable_resource(node)
    await rule(node, authorisation__reviewing_roles=SUPERVISED)
    await authorisations.pass_first(node, REVIEWER1, await an_application(node, source))
    for caller in (DEVELOPER, Caller("usr_bare"), Caller()):
        assert await mine(node, caller) == []


async def test_the_rules_of_many_spaces_are_read_at_once_and_each_object_has_its_own(
    node: Node, clock: FrozenClock
) -> None:
    await rule(node, resource__reviewers_min="2")
    act = an_act("space.enter")
    ids = [await published(node, name=f"R{number}", source_system=f"S{number}") for number in "abc"]
    for number, id_ in enumerate(ids):
        space, states = f"spc_{number}", {"resource.reviewers_min": f"{number + 2}"}
        given = {"code": space, "name": space, "kind": "SUBSPACE", "tier": "SUBSPACE",
                 "part_of": "spc_city"}  # fmt: skip
        book = {
            "title": space, "status": "DECIDED", "edition": 1, "tier": "SUBSPACE", "space": space,
            "takes_effect_at": written(clock.now()),
            "rules": [{"name": name, "value": value} for name, value in states.items()],
        }  # fmt: skip
        await node.catalogue.apply(a_change_set(
            Create("space", space, given, act), Create("rulebook", f"rbk_{number}", book, act),
            Amend("resource", id_, {"space": space}, an_act("resource.correct")),
        ))  # fmt: skip
    clock.advance(minutes=1)
    counted, watch = watched(node)
    assert (await swept(counted))[0] == len(ids)
    assert watch.selects == 2 + len(REVIEWED), "whether they changed, all of them, and who waits"
    found = [await wanted(node, id_) for id_ in ids]
    assert found == [[], ["reg_approver", "registrar"], ["reg_approver", "registrar"]]
