"""Complaints in GraphQL: lodged, followed, handled; with names that nobody else reads."""

from typing import Any

import pytest

from dataspace.caller import ANYONE, Caller, Role
from hub.node import Node
from tests.build import BUREAU, caller_for
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import Asking, asking
from tests.unit.operations.city import APPROVER, REGISTRAR, SUPERVISOR, a_node
from tests.unit.operations.test_complaints import people

pytestmark = pytest.mark.anyio

CITIZEN = Caller("usr_citizen", "Citizen")
AUDITOR = caller_for(Role.AUDITOR)
LODGE = """mutation ($values: ComplaintValues!) { complaintLodge(input: {values: $values}) {
    object { id code state about channel complainantName }
    evidence { action } problems { code field } } }"""
OWN = """{ complaints { totalCount nodes {
    id code state matter detail answer outcome complainantName complainantContact complainedBy
    moves(mine: false) { name possible } tasks { nodes { awaited dueAt } } } } }"""
SEARCH = """query ($filter: ComplaintFilter) { complaints(filter: $filter) { totalCount } }"""
MY_TASKS = """{ myTasks { totalCount nodes { title awaited dueAt steps { move actor }
    complaint { id matter complainantContact moves { name } } } } }"""
VALUES = {
    "matter": "数据久未更新", "detail": "三月以来未更新", "complainantName": "王小明",
    "complainantContact": "13800000000",
}  # fmt: skip


@pytest.fixture
async def node(clock: FrozenClock) -> Node:
    return await a_node(DictionaryCatalogue(), clock)


@pytest.fixture
def ask(node: Node) -> Asking:
    return asking(node)


async def lodged(ask: Asking, caller: Caller = CITIZEN, **more: Any) -> str:
    done = (await ask.data(LODGE, {"values": {**VALUES, **more}}, caller=caller))["complaintLodge"]
    assert done["problems"] == []
    assert done["evidence"] == {"action": "complaint.lodge"}
    return str(done["object"]["id"])


async def moved(ask: Asking, caller: Caller, name: str, id_: str) -> Any:
    field = f"complaint{name[0].upper()}{name[1:]}"
    query = f"""mutation ($id: ID!) {{ {field}(input: {{id: $id, reason: "已核查 Checked"}}) {{
        object {{ id state }} problems {{ code }} }} }}"""
    return (await ask.data(query, {"id": id_}, caller=caller))[field]["object"]


async def own(ask: Asking, caller: Caller) -> list[Any]:
    nodes: list[Any] = (await ask.data(OWN, caller=caller))["complaints"]["nodes"]
    return nodes


async def test_a_person_lodges_a_complaint_and_follows_it_to_its_end(ask: Asking) -> None:
    id_ = await lodged(ask)
    [shown] = await own(ask, CITIZEN)
    assert (shown["state"], shown["complainantName"]) == ("LODGED", "王小明")
    assert [each["name"] for each in shown["moves"] if each["possible"]] == ["withdraw"]
    for caller, name in (
        (REGISTRAR, "accept"), (REGISTRAR, "take"), (REGISTRAR, "answerFounded"),
    ):  # fmt: skip
        await moved(ask, caller, name, id_)
    [task] = (await ask.data(MY_TASKS, caller=CITIZEN))["myTasks"]["nodes"]
    assert (task["awaited"], task["complaint"]["id"]) == ("confirm", id_)
    [shown] = await own(ask, CITIZEN)
    assert (shown["outcome"], shown["answer"]) == ("FOUNDED", "已核查 Checked")
    assert [e["name"] for e in shown["moves"] if e["possible"]] == ["confirm", "reopen"]
    assert (await moved(ask, CITIZEN, "confirm", id_))["state"] == "CLOSED"
    assert (await ask.data(MY_TASKS, caller=CITIZEN))["myTasks"]["totalCount"] == 0


async def test_name_and_contact_are_read_by_the_complainant_and_by_who_handles_it(
    ask: Asking,
) -> None:
    id_ = await lodged(ask)

    async def names(caller: Caller) -> list[Any]:
        return [each["complainantContact"] for each in await own(ask, caller)]

    assert await names(CITIZEN) == ["13800000000"]
    for staff in (REGISTRAR, APPROVER, SUPERVISOR):
        assert await names(staff) == [None], "not before they handle it"
    assert await names(AUDITOR) == await names(ANYONE) == []
    [task] = (await ask.data(MY_TASKS, caller=APPROVER))["myTasks"]["nodes"]
    assert task["steps"] == [{"move": "lodge", "actor": None}], "nor does the to-do say who it was"
    await moved(ask, APPROVER, "accept", id_)
    await moved(ask, REGISTRAR, "take", id_)
    assert await names(REGISTRAR) == ["13800000000"]
    assert await names(APPROVER) == await names(SUPERVISOR) == [None]
    [task] = (await ask.data(MY_TASKS, caller=REGISTRAR))["myTasks"]["nodes"]
    assert task["complaint"]["complainantContact"] == "13800000000"
    assert "王" not in task["title"]
    await moved(ask, APPROVER, "handBack", id_)
    assert await names(REGISTRAR) == [None], "who gave it up reads them no longer"


async def test_who_complained_is_found_by_no_filter_and_no_search(ask: Asking) -> None:
    await lodged(ask)

    async def found(caller: Caller, filter_: dict[str, Any]) -> int:
        answer = await ask.data(SEARCH, {"filter": filter_}, caller=caller)
        return int(answer["complaints"]["totalCount"])

    by_person = {"complainedBy": {"eq": "usr_citizen"}}
    assert [await found(each, by_person) for each in (CITIZEN, REGISTRAR, ANYONE)] == [1, 0, 0]
    assert await found(REGISTRAR, {"submittedBy": {"isNull": False}}) == 0
    query = """{ complaints(search: "王小明") { totalCount } }"""
    assert (await ask.data(query, caller=REGISTRAR))["complaints"]["totalCount"] == 0


async def test_who_called_is_known_to_who_entered_it_and_to_the_handler(ask: Asking) -> None:
    id_ = await lodged(ask, REGISTRAR, channel="TELEPHONE")
    await moved(ask, APPROVER, "accept", id_)
    await moved(ask, APPROVER, "take", id_)
    other = caller_for(Role.REGISTRAR, subject="usr_other")
    names = [[each["complainantName"] for each in await own(ask, c)] for c in (REGISTRAR, APPROVER)]
    assert names == [["王小明"], ["王小明"]]
    assert [each["complainantName"] for each in await own(ask, other)] == [None]


async def test_what_lacks_is_told_field_by_field(ask: Asking) -> None:
    given = {"values": {"matter": "x", "detail": "y", "channel": "LETTER"}}
    done = (await ask.data(LODGE, given, caller=REGISTRAR))["complaintLodge"]
    assert done["object"] is None
    assert [each["field"] for each in done["problems"]] == [
        ["values", "complainantName"], ["values", "complainantContact"],
    ]  # fmt: skip
    assert await ask.code(LODGE, {"values": VALUES}) == "identity.sign_in_required"
    given = {"values": {**VALUES, "channel": "TELEPHONE"}}
    assert await ask.code(LODGE, given, caller=CITIZEN) == "lifecycle.role_missing"


async def test_evidence_of_a_complaint_is_for_oversight_and_whoever_acted(ask: Asking) -> None:
    id_ = await lodged(ask)
    await moved(ask, REGISTRAR, "accept", id_)
    query = """query ($id: ID!) { history(id: $id) { nodes { action actor } } }"""

    async def acts(caller: Caller) -> list[str]:
        answer = await ask.data(query, {"id": id_}, caller=caller)
        return sorted(each["action"] for each in answer["history"]["nodes"])

    assert await acts(CITIZEN) == ["complaint.lodge"]
    assert await acts(REGISTRAR) == ["complaint.accept"]
    assert await acts(APPROVER) == await acts(ANYONE) == []
    assert await acts(SUPERVISOR) == ["complaint.accept", "complaint.lodge"]


async def test_a_person_is_told_what_they_may_do(ask: Asking) -> None:
    query = "{ me { may { kind move ownOnly } } }"
    may = (await ask.data(query, caller=CITIZEN))["me"]["may"]
    assert {(each["move"], each["ownOnly"]) for each in may if each["kind"] == "complaint"} >= {
        ("lodge", True), ("confirm", True), ("reopen", True), ("withdraw", True),
    }  # fmt: skip


async def test_it_is_assigned_in_one_request_and_not_in_bulk(ask: Asking, node: Node) -> None:
    await people(node, zhao=BUREAU)
    id_ = await lodged(ask)
    await moved(ask, REGISTRAR, "accept", id_)
    query = """mutation ($input: ComplaintAssignInput!) { complaintAssign(input: $input) {
        object { state handledBy } evidence { action } problems { code } } }"""
    bulk = """mutation ($id: ID!) { taskDecide(input: {decisions: [
        {id: $id, move: "assign", reason: "x"}]}) { results { code } } }"""
    given = {"id": id_, "member": "mem_zhao", "reason": "Yours"}
    decided = (await ask.data(bulk, {"id": id_}, caller=REGISTRAR))["taskDecide"]["results"]
    assert [each["code"] for each in decided] == ["complaint.not_assignable"]
    done = (await ask.data(query, {"input": given}, caller=REGISTRAR))["complaintAssign"]
    assert done["object"] == {"state": "HANDLING", "handledBy": "usr_zhao"}
    assert done["evidence"] == {"action": "complaint.assign"}
