"""Work-lists in GraphQL: my to-dos with their objects and history, and many decisions at once."""

from hub.node import Node
from hub.operations import resources
from tests.build import a_change_set, a_participant
from tests.unit.api.asking import asking
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import MARKET, REGISTRAR, RESOURCE, STEWARD

MINE = """query Mine {
  myTasks(first: 20) {
    totalCount
    nodes {
      kind link title since dueAt awaited roles
      steps { move state at actor reason }
      resource { id name state grade moves { name label possible needsReason } }
    }
  }
}"""
DECIDE = """mutation Decide($decisions: [DecisionInput!]!) {
  taskDecide(input: {decisions: $decisions}) {
    problems { message }
    results { id move done state sequence code message advice }
  }
}"""


async def submitted(node: Node, count: int) -> list[str]:
    await node.catalogue.apply(a_change_set(a_participant(MARKET)))
    made = [
        (
            await resources.draft(node, STEWARD, {**RESOURCE, "name": f"登记 {n}", "code": f"T{n}"})
        ).id
        for n in range(count)
    ]
    for id_ in made:
        await resources.submit(node, STEWARD, id_)
    return made


async def test_a_work_list_with_objects_moves_and_history_is_one_statement(node: Node) -> None:
    made = await submitted(node, 3)
    counted, watch = watched(node)
    found = (await asking(counted).data(MINE, caller=REGISTRAR))["myTasks"]
    assert watch.selects == 1
    assert found["totalCount"] == 3
    assert {each["resource"]["id"] for each in found["nodes"]} == set(made)
    [first, *_] = found["nodes"]
    assert (first["link"], first["awaited"]) == ("L2", "take_in")
    assert [step["move"] for step in first["steps"]] == ["submit"]
    assert [move["name"] for move in first["resource"]["moves"] if move["possible"]] == ["take_in"]
    assert (await asking(node).data(MINE, caller=STEWARD))["myTasks"]["totalCount"] == 0
    assert (await asking(node).data(MINE))["myTasks"]["totalCount"] == 0, "anonymous readers"


async def test_many_are_decided_at_once_and_each_is_answered_for(node: Node) -> None:
    first, second = await submitted(node, 2)
    decisions = [
        {"id": first, "move": "take_in"},
        {"id": second, "move": "pass", "reason": "Looks well"},
        {"id": first, "move": "return", "reason": "摘要不完整"},
    ]
    found = await asking(node).data(DECIDE, {"decisions": decisions}, caller=REGISTRAR)
    results = found["taskDecide"]["results"]
    assert [each["done"] for each in results] == [True, False, True]
    assert [each["state"] for each in results] == ["FORM_REVIEW", None, "RETURNED"]
    assert results[1]["code"] == "lifecycle.wrong_state"
    assert results[1]["message"]
    assert results[0]["sequence"] < results[2]["sequence"]


async def test_more_than_a_hundred_decisions_are_refused_as_a_whole(node: Node) -> None:
    [first] = await submitted(node, 1)
    decisions = [{"id": first, "move": "take_in"}] * 101
    body = await asking(node).body(DECIDE, {"decisions": decisions}, caller=REGISTRAR)
    [problem] = body["data"]["taskDecide"]["problems"]
    assert "101" in problem["message"]
    state = await asking(node).data(
        "query($id: ID!) { resource(id: $id) { state } }", {"id": first}, caller=REGISTRAR
    )
    assert state == {"resource": {"state": "SUBMITTED"}}
