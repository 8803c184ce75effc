"""Inviting, applying and admitting: each once, with evidence, and refused by its own code."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dataspace.errors import DataSpaceError
from dataspace.evidence import Verifier
from dataspace.federation.joining.invitations import read_code
from dataspace.identifiers import check_infrastructure_identifier
from dataspace.refusals import FourEyes, RoleMissing
from dataspace.rulebooks.city import CITY_RULES
from dataspace.selection import Page, Selection, Where
from hub.node import Node
from hub.operations import nodes, participants
from hub.operations.federation import applying, in_its_own_name, inviting
from hub.operations.mechanism.reading import flat, whole
from tests.build import a_change_set, a_row
from tests.clock import FrozenClock
from tests.made_catalogue import a_catalogue
from tests.unit.federation.joined import (
    INVITED,
    OPERATOR,
    SECOND_ADMIN,
    Applicant,
    a_city,
    a_code,
    rules_of,
)
from tests.unit.operations.city import ADMIN, BANK, CENTRE, REGISTRAR, SUPERVISOR

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["dictionary", "sqlite"])
async def node(
    request: pytest.FixtureRequest, tmp_path: Path, clock: FrozenClock
) -> AsyncIterator[Node]:
    if request.param == "dictionary":
        yield await a_city(clock)
        return
    catalogue = await a_catalogue(tmp_path / "catalogue.sqlite")
    yield await a_city(clock, catalogue)
    await catalogue.close()


@pytest.fixture
def applicant(tmp_path: Path, clock: FrozenClock) -> Applicant:
    (tmp_path / "keys").mkdir()
    return Applicant.at(tmp_path / "keys", clock)


async def the(node: Node, kind: str, id_: str = "") -> dict[str, Any]:
    where = Where("id", "eq", id_) if id_ else Where("id", "ne", "")
    row = (await node.catalogue.select(whole(kind, where, whole_parts=True))).first
    assert row is not None
    return flat(row)


async def refusal(doing: Any) -> str:
    with pytest.raises(DataSpaceError) as caught:
        await doing
    return caught.value.code


def other_secret(code: str) -> str:
    """A well written code of the same invitation with another secret."""
    known = read_code(code)
    moved = known.secret[1:] + known.secret[:1]
    secret = moved if moved != known.secret else known.secret[::-1]
    return replace(known, secret=secret).written


async def test_a_code_is_shown_once_and_kept_nowhere(node: Node) -> None:
    issued = await inviting.issue(node, ADMIN, INVITED, request_id="i1")
    assert issued.code is not None
    row = await the(node, "invitation", issued.done.id)
    assert (row["state"], row["code"]) == ("OPEN", issued.code.public)
    log = await node.catalogue.changes_since(0, 1000)
    assert issued.code.secret not in repr(log)
    again = await inviting.issue(node, ADMIN, INVITED, request_id="i1")
    assert (again.done.id, again.code) == (issued.done.id, None)


async def test_only_the_platform_invites_and_only_who_is_admitted(node: Node) -> None:
    with pytest.raises(RoleMissing):
        await inviting.issue(node, REGISTRAR, INVITED)
    unknown = inviting.issue(node, ADMIN, {**INVITED, "profile": "moon"})
    assert await refusal(unknown) == "application.profile_unknown"
    await participants.suspend(node, SUPERVISOR, BANK, reason="Breach")
    assert await refusal(inviting.issue(node, ADMIN, INVITED)) == "participant.not_admitted"


async def test_an_application_is_one_change_set_that_uses_the_invitation(
    node: Node, applicant: Applicant
) -> None:
    code = await a_code(node)
    before = len(await node.catalogue.changes_since(0, 1000))
    done = await applying.apply(node, applicant.applies(code))
    log = (await node.catalogue.changes_since(0, 1000))[before:]
    assert len({each.evidence["change_set"] for each in log}) == 1
    assert [each.evidence["action"] for each in log] == [
        "task.open", "notice.tell", "invitation.use", "node.apply",
    ]  # fmt: skip
    invitation = await the(node, "invitation")
    assert {each.evidence["actor"] for each in log} == {invitation["id"]}
    assert (invitation["state"], invitation["node"]) == ("USED", done.id)
    row = await the(node, "node", done.id)
    assert (row["state"], row["status"], row["operator"]) == ("APPLIED", "ISOLATED", BANK)
    assert row["identifier"] is None
    assert row["submitted_by"] == invitation["id"]
    task = await the(node, "task")
    assert (task["awaited"], task["term"]) == ("reject", "node.admission")
    verifier = Verifier()
    assert [verifier.check(each) for each in await node.catalogue.changes_since(0, 1000)].count(
        None
    ) == before + len(log)


async def test_the_same_application_sent_again_is_one(node: Node, applicant: Applicant) -> None:
    code = await a_code(node)
    first = await applying.apply(node, applicant.applies(code))
    assert await applying.apply(node, applicant.applies(code)) == first
    other = applicant.applies(code, name="Another")
    assert await refusal(applying.apply(node, other)) == "catalogue.change_set_differs"


async def test_many_that_apply_at_once_with_one_code_are_one_node(
    node: Node, tmp_path: Path, clock: FrozenClock
) -> None:
    code = await a_code(node)
    several = []
    for number in range(4):
        folder = tmp_path / f"node-{number}"
        folder.mkdir()
        several.append(Applicant.at(folder, clock).applies(code))
    outcomes = await asyncio.gather(
        *(refusal_or_id(applying.apply(node, each)) for each in several for _ in range(2))
    )
    nodes_made = {each for each in outcomes if each.startswith("nod_")}
    assert len(nodes_made) == 1
    assert set(outcomes) - nodes_made == {"invitation.used"}
    assert outcomes.count(nodes_made.pop()) == 2


async def refusal_or_id(doing: Any) -> str:
    try:
        return str((await doing).id)
    except DataSpaceError as error:
        return error.code


async def test_five_wrong_tries_void_it_however_many_come_at_once(
    node: Node, applicant: Applicant
) -> None:
    code = await a_code(node)
    wrong = applicant.applies(other_secret(code))
    outcomes = await asyncio.gather(
        *(refusal_or_id(applying.apply(node, wrong)) for _ in range(20))
    )
    assert sorted(set(outcomes)) == ["invitation.void", "invitation.wrong"]
    assert outcomes.count("invitation.wrong") == 5
    row = await the(node, "invitation")
    assert (row["state"], row["wrong_tries"]) == ("VOID", 5)
    log = await node.catalogue.changes_since(0, 1000)
    tried = [each.evidence["action"] for each in log if each.evidence["actor"] == "invitation"]
    assert tried == ["invitation.try_wrongly"] * 4 + ["invitation.void"]
    assert await refusal(applying.apply(node, applicant.applies(code))) == "invitation.void"


async def test_a_typing_mistake_and_an_unknown_code_count_as_no_try(
    node: Node, applicant: Applicant
) -> None:
    code = await a_code(node)
    typed = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert await refusal(applying.apply(node, applicant.applies(typed))) == "invitation.mistyped"
    known = read_code(code)
    elsewhere = replace(known, public=known.public[::-1]).written
    if elsewhere != code:
        doing = applying.apply(node, applicant.applies(elsewhere))
        assert await refusal(doing) == "invitation.wrong"
    assert (await the(node, "invitation"))["wrong_tries"] == 0


async def test_a_code_that_is_over_or_taken_back_opens_nothing(
    node: Node, applicant: Applicant, clock: FrozenClock
) -> None:
    issued = await inviting.issue(node, ADMIN, INVITED)
    assert issued.code is not None
    await inviting.revoke(node, ADMIN, issued.done.id, reason="Lost")
    doing = applying.apply(node, applicant.applies(issued.code.written))
    assert await refusal(doing) == "invitation.revoked"
    assert await refusal(inviting.revoke(node, ADMIN, issued.done.id)) == "invitation.closed"
    code = await a_code(node)
    clock.advance(hours=24)
    assert await refusal(applying.apply(node, applicant.applies(code))) == "invitation.expired"


async def test_whoever_was_not_invited_is_refused_without_a_try(
    node: Node, applicant: Applicant
) -> None:
    code = await a_code(node)
    for more, reason in (
        ({"credit_code": "91310000MA1FL0001X"}, "application.operator_differs"),
        ({"profile": "energy"}, "application.profile_differs"),
        ({"profile": "moon"}, "application.profile_unknown"),
        ({"name": "x" * 900}, "input.fields_invalid"),
    ):
        assert await refusal(applying.apply(node, applicant.applies(code, **more))) == reason
    row = await the(node, "invitation")
    assert (row["state"], row["wrong_tries"]) == ("OPEN", 0)


async def a_city_space(node: Node) -> None:
    from dataspace.rulebooks.adopting import written_rules

    lines = [{"name": name, "value": value} for name, value in written_rules(CITY_RULES)]
    await node.catalogue.apply(
        a_change_set(
            a_row("space", "spc_city", {
                "code": "city", "name": "城市", "kind": "CITY", "tier": "CITY",
            }),
            a_row("rulebook", "rbk_city", {
                "title": "城市规则册", "status": "DECIDED", "edition": 1, "tier": "CITY",
                "takes_effect_at": "2020-01-01T00:00:00.000Z", "space": "spc_city", "rules": lines,
            }),
        )
    )  # fmt: skip


async def test_a_rulebook_that_loosens_is_refused_with_what_loosens_what(
    node: Node, applicant: Applicant
) -> None:
    await a_city_space(node)
    code = await a_code(node)
    loose = applicant.applies(code, rules=rules_of(use__log_days_min="90"))
    with pytest.raises(DataSpaceError) as caught:
        await applying.apply(node, loose)
    assert caught.value.code == "rulebook.loosens"
    assert "use.log_days_min 90" in caught.value.message("en")
    assert "180" in caught.value.message("zh")
    tight = applicant.applies(code, rules=rules_of(use__log_days_min="365"))
    row = await the(node, "node", (await applying.apply(node, tight)).id)
    assert row["own_rules"] == [{"name": "use.log_days_min", "value": "365"}]


async def admitted(node: Node, id_: str) -> dict[str, Any]:
    await nodes.DESK.move(node, ADMIN, id_, "take_in")
    await nodes.DESK.move(node, SECOND_ADMIN, id_, "activate")
    return await the(node, "node", id_)


async def test_two_people_admit_it_and_it_gets_its_identifier_then(
    node: Node, applicant: Applicant
) -> None:
    id_ = (await applying.apply(node, applicant.applies(await a_code(node)))).id
    await nodes.DESK.move(node, ADMIN, id_, "take_in")
    with pytest.raises(FourEyes):
        await nodes.DESK.move(node, ADMIN, id_, "activate")
    await nodes.DESK.move(node, SECOND_ADMIN, id_, "activate")
    row = await the(node, "node", id_)
    check_infrastructure_identifier(row["identifier"])
    assert row["identifier"][:19] == "3" + (await the(node, "participant", BANK))["credit_code"]
    assert row["credential_until"].startswith(str(node.clock.now().year + 1))


async def test_what_became_too_loose_while_it_waited_is_not_admitted(
    node: Node, applicant: Applicant
) -> None:
    tight = applicant.applies(await a_code(node), rules=rules_of(use__log_days_min="90"))
    id_ = (await applying.apply(node, tight)).id
    await a_city_space(node)
    await nodes.DESK.move(node, ADMIN, id_, "take_in")
    doing = nodes.DESK.move(node, SECOND_ADMIN, id_, "activate")
    assert await refusal(doing) == "node.own_rules_loosen"
    await nodes.DESK.move(node, SECOND_ADMIN, id_, "reject", reason="Tighten your rules")


async def test_a_node_acts_on_itself_and_its_keys_follow(
    node: Node, applicant: Applicant, clock: FrozenClock
) -> None:
    id_ = (await applying.apply(node, applicant.applies(await a_code(node)))).id
    await admitted(node, id_)
    who = await in_its_own_name.known(node, id_)
    at = clock.now() + timedelta(days=20)
    await in_its_own_name.announce_stop(node, who, at, reason="Works", nonce="a" * 16)
    late = in_its_own_name.announce_stop(
        node, await in_its_own_name.known(node, id_), clock.now(), reason="Works", nonce="b" * 16
    )
    assert await refusal(late) == "node.stop_in_the_past"
    applicant.keys.prepare()
    keys = {"signing_keys": applicant.applies("x").signing_keys}
    who = await in_its_own_name.known(node, id_)
    await in_its_own_name.renew_keys(node, who, keys, nonce="c" * 16)
    row = await the(node, "node", id_)
    assert row["signing_keys"].count('"kid"') == 2
    for move, state in (("stop", "MAINTENANCE"), ("recover", "ACTIVE"), ("exit", "EXITING")):
        who = await in_its_own_name.known(node, id_)
        nonce = f"{move}-{'n' * 16}"
        done = await in_its_own_name.move(node, who, move, reason="As told", nonce=nonce)
        assert done.values["state"] == state
        assert await in_its_own_name.move(node, who, move, reason="As told", nonce=nonce) == done
    refused = in_its_own_name.move(node, who, "activate", reason="x", nonce="d" * 16)
    assert await refusal(refused) == "lifecycle.move_unknown"
    log = await node.catalogue.changes_since(0, 1000)
    assert {each.evidence["actor"] for each in log if each.evidence["action"] == "node.stop"} == {
        id_
    }


async def test_who_sees_invitations(node: Node) -> None:
    from dataspace.visibility import visible

    await a_code(node)
    stranger = replace(OPERATOR, participant=CENTRE)
    for caller, sees in ((ADMIN, 1), (SUPERVISOR, 1), (OPERATOR, 1), (stranger, 0), (REGISTRAR, 0)):
        where = visible(caller)["invitation"]
        found = await node.catalogue.select(Selection("invitation", where=where, page=Page(5)))
        assert len(found.rows) == sees, caller.subject


async def test_a_node_for_a_space_is_measured_by_what_stands_above_that_space(
    node: Node, applicant: Applicant
) -> None:
    await a_city_space(node)
    finance = {"code": "finance", "name": "金融", "kind": "SUBSPACE", "tier": "SUBSPACE"}
    await node.catalogue.apply(
        a_change_set(a_row("space", "spc_finance", {**finance, "part_of": "spc_city"}))
    )
    code = await a_code(node, space="spc_finance")
    loose = applicant.applies(code, rules=rules_of(use__log_days_min="90"))
    assert await refusal(applying.apply(node, loose)) == "rulebook.loosens"
    tight = applicant.applies(code, rules=rules_of(use__log_days_min="365"))
    id_ = (await applying.apply(node, tight)).id
    assert (await the(node, "node", id_))["space"] == "spc_finance"
    assert (await admitted(node, id_))["state"] == "ACTIVE"


async def test_whoever_was_frozen_after_the_invitation_does_not_join(
    node: Node, applicant: Applicant
) -> None:
    code = await a_code(node)
    await participants.suspend(node, SUPERVISOR, BANK, reason="Breach")
    assert await refusal(applying.apply(node, applicant.applies(code))) == (
        "participant.not_admitted"
    )
    assert (await the(node, "invitation"))["state"] == "OPEN"


async def test_a_connector_joins_the_same_way(node: Node, applicant: Applicant) -> None:
    code = await a_code(node, kind="CONNECTOR")
    id_ = (await applying.apply(node, applicant.applies(code))).id
    await nodes.DESK.move(node, ADMIN, id_, "register")
    row = await the(node, "node", id_)
    assert (row["state"], row["identifier"][0]) == ("REGISTERED", "5")
