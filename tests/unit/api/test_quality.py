"""Quality in GraphQL: measured, explained, put right, as a department and a user would."""

from typing import Any

import pytest

from dataspace.caller import ANYONE
from hub.node import Node
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import Asking, asking
from tests.unit.operations.city import REGISTRAR, STEWARD, a_node
from tests.unit.operations.test_objections import USER
from tests.unit.operations.test_quality import OTHER, POOR, a_draft, registered
from tests.unit.quality.enterprises import HEADINGS

ASSESS = """mutation ($id: ID!) { resourceAssessQuality(input: {id: $id}) {
    object { id qualityGrade } evidence { action } problems { code } } }"""
WHY = """query ($id: ID!) { resource(id: $id) { qualityGrade supplyStatus
    qualityRuns(first: 1, orderBy: STARTED_AT_DESC) { totalCount nodes {
        outcome score grade demandedGrade
        dimensions { dimension score measured notMeasured }
        findings { number kind dimension column considered failed score why }
        examples { finding row value } } }
    workOrders { nodes { id state cause detail department { name } } } } }"""
RULE = """mutation ($values: QualityRuleValues!) { qualityRuleEnter(input: {values: $values}) {
    object { id kind values } problems { code field message } } }"""
ANSWER = """mutation ($id: ID!) { workOrderAnswer(input: {id: $id, reason: "已重新导出"}) {
    object { state answer } evidence { action } problems { code } } }"""
PROPOSE = """mutation ($id: ID!) { metadataProposalPropose(input: {id: $id}) {
    object { id status openLines lines(first: 100) { number column field proposed basis } }
    problems { code } } }"""
ACCEPT = """mutation ($id: ID!, $lines: [Int!]!) {
    metadataProposalAccept(input: {id: $id, lines: $lines}) {
    object { openLines resource { itemCount items { name dataType personal } } }
    problems { code } } }"""
OBJECT = """mutation ($values: DataObjectionValues!) { dataObjectionFile(input: {values: $values}) {
    object { id state objector { id } department { id } } problems { code field } } }"""


@pytest.fixture
async def node(clock: FrozenClock) -> Node:
    return await a_node(DictionaryCatalogue(), clock)


@pytest.fixture
def ask(node: Node) -> Asking:
    return asking(node)


async def test_a_department_measures_sees_why_and_answers(node: Node, ask: Asking) -> None:
    id_ = await registered(node, await a_draft(node, POOR))
    done = await ask.data(ASSESS, {"id": id_}, caller=STEWARD)
    assert done["resourceAssessQuality"]["object"] == {"id": id_, "qualityGrade": "C"}
    assert done["resourceAssessQuality"]["evidence"] == {"action": "resource.assess_quality"}

    found = (await ask.data(WHY, {"id": id_}, caller=STEWARD))["resource"]
    [run] = found["qualityRuns"]["nodes"]
    assert (run["outcome"], run["grade"], run["demandedGrade"]) == ("MEASURED", "C", "B")
    empty = next(
        e for e in run["findings"] if e["kind"] == "NOT_NULL" and e["column"] == HEADINGS[1]
    )
    assert (empty["considered"], empty["failed"], empty["score"]) == (300, 300, 0)
    assert [e["row"] for e in run["examples"] if e["finding"] == empty["number"]] == [1, 2, 3, 4, 5]
    [order] = found["workOrders"]["nodes"]
    assert order["department"] == {"name": "市场监管局"}

    answered = await ask.data(ANSWER, {"id": order["id"]}, caller=STEWARD)
    assert answered["workOrderAnswer"]["object"] == {"state": "ANSWERED", "answer": "已重新导出"}
    assert answered["workOrderAnswer"]["evidence"] == {"action": "work_order.answer"}


async def test_everybody_sees_the_grade_and_only_those_concerned_see_rows(
    node: Node, ask: Asking
) -> None:
    id_ = await registered(node, await a_draft(node, POOR))
    await ask.data(ASSESS, {"id": id_}, caller=STEWARD)
    for caller in (ANYONE, OTHER):
        found = (await ask.data(WHY, {"id": id_}, caller=caller))["resource"]
        assert found["qualityGrade"] == "C"
        assert found["qualityRuns"] == {"totalCount": 0, "nodes": []}
        assert found["workOrders"]["nodes"] == []
    found = (await ask.data(WHY, {"id": id_}, caller=REGISTRAR))["resource"]
    assert found["qualityRuns"]["totalCount"] == 1


async def test_a_rule_that_lacks_something_is_a_problem_and_not_an_error(
    node: Node, ask: Asking
) -> None:
    id_ = await a_draft(node)
    values: dict[str, Any] = {"resource": id_, "kind": "CODE_TABLE", "column": HEADINGS[10]}
    refused = (await ask.data(RULE, {"values": values}, caller=STEWARD))["qualityRuleEnter"]
    assert [each["code"] for each in refused["problems"]] == ["quality_rule.incomplete"]
    values["values"] = ["存续"]
    entered = (await ask.data(RULE, {"values": values}, caller=STEWARD))["qualityRuleEnter"]
    assert entered["object"]["values"] == ["存续"]


async def test_proposed_lines_are_taken_in(node: Node, ask: Asking) -> None:
    id_ = await a_draft(node)
    made = (await ask.data(PROPOSE, {"id": id_}, caller=STEWARD))["metadataProposalPropose"]
    lines = made["object"]["lines"]
    assert made["object"]["openLines"] == len(lines)
    chosen = [each["number"] for each in lines if each["column"] == HEADINGS[4]]
    taken = await ask.data(ACCEPT, {"id": made["object"]["id"], "lines": chosen}, caller=STEWARD)
    resource = taken["metadataProposalAccept"]["object"]["resource"]
    assert resource["itemCount"] == 5
    assert {"name": HEADINGS[4], "dataType": "TEXT", "personal": True} in resource["items"]


async def test_a_user_objects_and_sees_their_own_objection(node: Node, ask: Asking) -> None:
    id_ = await registered(node, await a_draft(node))
    values = {"resource": id_, "title": "有误", "detail": "应为 500 万元"}
    filed = (await ask.data(OBJECT, {"values": values}, caller=USER))["dataObjectionFile"]
    assert filed["object"]["state"] == "FILED"
    assert filed["object"]["objector"] == {"id": USER.participant}
    counted = "{ dataObjections { totalCount } }"
    for caller, count in ((USER, 1), (STEWARD, 1), (REGISTRAR, 1), (ANYONE, 0)):
        assert (await ask.data(counted, caller=caller))["dataObjections"]["totalCount"] == count


async def test_one_is_looked_up_by_what_is_unique(node: Node, ask: Asking) -> None:
    id_ = await a_draft(node, POOR)
    await ask.data(ASSESS, {"id": id_}, caller=STEWARD)
    query = f'{{ workOrder(openKey: "{id_}:QUALITY") {{ state }} }}'
    assert (await ask.data(query, caller=STEWARD))["workOrder"] == {"state": "OPEN"}


async def test_an_order_and_an_objection_stand_in_my_list_with_what_may_be_done(
    node: Node, ask: Asking
) -> None:
    id_ = await registered(node, await a_draft(node, POOR))
    await ask.data(ASSESS, {"id": id_}, caller=STEWARD)
    values = {"title": "注册资本有误", "detail": "应为 500 万元", "resource": id_}
    await ask.data(OBJECT, {"values": values}, caller=USER)
    listed = """{ myTasks(first: 20) { nodes { kind link dueAt awaited
        workOrder { title moves { name possible } }
        dataObjection { title moves { name possible } } } } }"""
    found = (await ask.data(listed, caller=STEWARD))["myTasks"]["nodes"]
    assert {each["kind"]: each["awaited"] for each in found} == {
        "WORK_ORDER": "answer", "DATA_OBJECTION": "accept",
    }  # fmt: skip
    for each in found:
        about = each["workOrder"] or each["dataObjection"]
        possible = {move["name"] for move in about["moves"] if move["possible"]}
        assert each["awaited"] in possible
        assert (each["link"], each["dueAt"]) == ("L2", "2026-06-08T16:00:00.000Z")
