"""Participants, spaces, nodes and topic classes."""

from dataclasses import replace

import anyio
import pytest

from dataspace.caller import ANYONE, Role, RolesExclude
from dataspace.codes import TOPICS
from dataspace.errors import MovedOn, NotFound, NotSignedIn, NotUnique, ReferenceMissing
from dataspace.identifiers import check_infrastructure_identifier
from dataspace.refusals import RoleMissing
from dataspace.selection import Child, Page, Selection, Where
from hub.node import Node
from hub.operations import nodes, participants, spaces, topics
from hub.operations.mechanism.input import FieldsInvalid
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import ADMIN, BANK, CENTRE, MARKET, REGISTRAR, STEWARD

pytestmark = pytest.mark.anyio

FIRM = {"name": "电网公司", "kind": "ENTERPRISE", "credit_code": "91310000MA1TEXT059"}
SPACE = {"code": "finance", "name": "金融子空间", "kind": "SUBSPACE", "tier": "SUBSPACE"}
NODE = {"name": "金融节点", "kind": "BUSINESS", "operator": MARKET}


async def test_a_participant_is_entered_with_a_credit_code_that_checks(node: Node) -> None:
    for keeper in (ADMIN, REGISTRAR):
        done = await participants.enter(node, keeper, {**FIRM, "credit_code": None})
        assert done.values["name"] == "电网公司"
    done = await participants.enter(node, REGISTRAR, {**FIRM, "parent": MARKET})
    assert done.values["parent"] == MARKET

    with pytest.raises(FieldsInvalid) as refusal:
        await participants.enter(node, ADMIN, {**FIRM, "credit_code": "91310000MA1TEXT058"})
    assert [problem.path for problem in refusal.value.problems] == ["credit_code"]
    with pytest.raises(NotUnique):
        await participants.enter(node, ADMIN, {**FIRM, "name": "Another"})


async def test_only_its_keepers_enter_and_amend_a_participant(node: Node) -> None:
    with pytest.raises(RoleMissing):
        await participants.enter(node, STEWARD, FIRM)
    with pytest.raises(RoleMissing):
        await participants.amend(node, STEWARD, MARKET, {"short_name": "市监"})
    with pytest.raises(NotSignedIn):
        await participants.enter(node, ANYONE, FIRM)
    both = replace(ADMIN, roles=frozenset({Role.PLATFORM_ADMIN, Role.REGISTRAR}))
    with pytest.raises(RolesExclude):
        await participants.enter(node, both, FIRM)


async def test_a_participant_is_amended_as_it_was_read(node: Node) -> None:
    done = await participants.amend(node, ADMIN, MARKET, {"short_name": "市监"}, version=1)
    assert done.values["short_name"] == "市监"
    assert done.values["credit_code"] == "11310000MB2F303106"

    with pytest.raises(MovedOn):
        await participants.amend(node, ADMIN, MARKET, {"short_name": "市"}, version=1)
    with pytest.raises(NotFound):
        await participants.amend(node, ADMIN, "par_nowhere", {"short_name": "市"})
    with pytest.raises(ReferenceMissing):
        await participants.amend(node, ADMIN, MARKET, {"parent": "par_nowhere"})


async def test_a_participant_joins_and_leaves_a_space(node: Node) -> None:
    finance = (await spaces.enter(node, ADMIN, {**SPACE, "operator": CENTRE})).id
    energy = (await spaces.enter(node, ADMIN, {**SPACE, "code": "energy"})).id

    await participants.join(node, REGISTRAR, BANK, finance)
    done = await participants.join(node, REGISTRAR, BANK, energy, request_id="r1")
    assert done.values["spaces"] == sorted([finance, energy])
    assert await participants.join(node, REGISTRAR, BANK, energy, request_id="r1") == done
    left = await participants.leave(node, ADMIN, BANK, finance)
    assert left.values["spaces"] == [energy]
    with pytest.raises(ReferenceMissing):
        await participants.join(node, ADMIN, BANK, "spc_nowhere")
    with pytest.raises(RoleMissing):
        await participants.join(node, STEWARD, MARKET, finance)


async def test_two_spaces_that_are_joined_at_once_are_both_kept_or_one_is_refused(
    node: Node,
) -> None:
    finance = (await spaces.enter(node, ADMIN, SPACE)).id
    energy = (await spaces.enter(node, ADMIN, {**SPACE, "code": "energy"})).id
    slow, watch = watched(node)

    async def joined() -> None:
        await participants.join(node, ADMIN, BANK, energy)

    watch.after_select = joined
    with pytest.raises(MovedOn):
        await participants.join(slow, ADMIN, BANK, finance)


async def test_spaces_and_nodes_are_the_platform_administrators(node: Node) -> None:
    with pytest.raises(RoleMissing):
        await spaces.enter(node, REGISTRAR, SPACE)
    with pytest.raises(RoleMissing):
        await nodes.enter(node, REGISTRAR, NODE)
    made = await spaces.enter(node, ADMIN, SPACE)
    done = await spaces.amend(node, ADMIN, made.id, {"summary": "For banks"})
    assert done.values["summary"] == "For banks"


@pytest.mark.parametrize(
    ("kind", "digit"), [("REGIONAL", "2"), ("INDUSTRY", "3"), ("BUSINESS", "4"), ("CONNECTOR", "5")]
)
async def test_a_node_is_allotted_an_identifier_of_its_type(
    node: Node, kind: str, digit: str
) -> None:
    done = await nodes.enter(node, ADMIN, {**NODE, "kind": kind})

    check_infrastructure_identifier(done.values["identifier"])
    assert done.values["identifier"].startswith(f"{digit}11310000MB2F3031063100")
    assert done.values["status"] == "OFFLINE"


async def test_an_operator_without_a_credit_code_is_allotted_one_that_none_resembles(
    node: Node,
) -> None:
    first = await nodes.enter(node, ADMIN, {**NODE, "operator": BANK})
    second = await nodes.enter(node, ADMIN, {**NODE, "operator": BANK})

    check_infrastructure_identifier(first.values["identifier"])
    assert first.values["identifier"][1] == "Z"
    assert first.values["identifier"][1:19] == second.values["identifier"][1:19]
    assert first.values["identifier"][19:23] == "3101", "the operator's own region"


async def test_what_the_identifier_says_of_a_node_never_changes(node: Node) -> None:
    made = await nodes.enter(node, ADMIN, NODE)

    for fixed in ({"kind": "CONNECTOR"}, {"operator": BANK}, {"identifier": "4"}):
        with pytest.raises(FieldsInvalid):
            await nodes.amend(node, ADMIN, made.id, fixed)
    done = await nodes.amend(node, ADMIN, made.id, {"status": "ISOLATED"})
    assert done.values["identifier"] == made.values["identifier"]
    with pytest.raises(FieldsInvalid):
        await nodes.enter(node, ADMIN, {"name": "Nobody's"})
    with pytest.raises(NotFound):
        await nodes.enter(node, ADMIN, {**NODE, "operator": "par_nowhere"})


async def seeded(node: Node) -> int:
    return await topics.seed_topics(node.catalogue, node.clock, actor="cityspace")


async def test_the_topic_classes_are_seeded_once(node: Node) -> None:
    assert await seeded(node) == len(TOPICS)
    assert await seeded(node) == 0

    broader = Child("broader", "broader", Selection("topic", fields=("code",)))
    selection = Selection(
        "topic", fields=("code", "name"), where=Where("code", "eq", "C0200"), children=(broader,)
    )
    row = (await node.catalogue.select(selection)).rows[0]
    assert (row["name"], row["broader"]["code"]) == ("医疗卫生", "C0000")


async def test_two_that_seed_at_once_seed_once(node: Node) -> None:
    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(seeded, node)

    found = await node.catalogue.select(Selection("topic", page=Page(100), total=True))
    assert found.total == len(TOPICS)
