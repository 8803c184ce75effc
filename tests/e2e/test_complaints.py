"""A complaint from a running hub's front door to its end, through a kill and a start again."""

import json
from pathlib import Path

import pytest

from tests.e2e.running_hub import cityspace, running_hub
from tests.e2e.speaking import Speaker, Told, sign_in

pytestmark = pytest.mark.slow

MINE = "{ myTasks { nodes { awaited complaint { id } } } }"
SEEN = "{ complaints { nodes { id state code complainantContact answer } } }"
A_RESOURCE = "{ resources(first: 1, filter: {state: {eq: \"REGISTERED\"}}) { nodes { id } } }"
JOB = ("job", "run", "J-X-6", "--json")


def seen(speaker: Speaker) -> dict[str, str | None]:
    """By state what the speaker reads of the complainant's contact."""
    nodes = speaker.ask(SEEN)["complaints"]["nodes"]
    return {each["state"]: each["complainantContact"] for each in nodes}


def awaited(speaker: Speaker) -> list[str]:
    nodes = speaker.ask(MINE)["myTasks"]["nodes"]
    return [each["awaited"] for each in nodes if each["complaint"]]


def test_a_complaint_is_lodged_handled_through_a_power_cut_and_confirmed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    size = ("--departments", "2", "--resources", "20", "--seed", "7")
    seeded = cityspace("seed", "--data", str(data), *size)
    assert seeded.returncode == 0, seeded.stderr
    with running_hub(data) as hub:
        developer, registrar, approver, reviewer = (
            sign_in(hub, name) for name in ("developer", "registrar", "approver", "reviewer1")
        )
        about = developer.ask(A_RESOURCE)["resources"]["nodes"][0]["id"]
        values = {
            "resource": about, "matter": "久未更新 Stale", "detail": "三月以来未更新",
            "complainantContact": "13800000000",
        }  # fmt: skip
        given = {"values": values, "requestId": "once"}
        id_ = developer.do("complaintLodge", given)["id"]
        assert developer.do("complaintLodge", given)["id"] == id_, "asked twice, lodged once"
        assert (seen(developer), seen(reviewer), seen(Speaker(hub))) == (
            {"LODGED": "13800000000"}, {}, {},
        )  # fmt: skip
        assert awaited(registrar) == awaited(approver) == ["accept"]
        with pytest.raises(Told) as refused:
            reviewer.do("complaintAccept", {"id": id_})
        assert refused.value.code == "catalogue.not_found"
        registrar.do("complaintAccept", {"id": id_})
        registrar.do("complaintTake", {"id": id_})
        hub.kill()

    due = cityspace(*JOB, "--dry-run", "--data", str(data))
    assert due.returncode == 0, due.stderr
    assert json.loads(due.stdout)["considered"] == 0, "nothing is late, nothing is answered"
    with running_hub(data) as hub:
        developer, registrar, approver = (
            sign_in(hub, name) for name in ("developer", "registrar", "approver")
        )
        assert (awaited(registrar), awaited(approver)) == (["answer_founded"], [])
        assert (seen(registrar), seen(approver)) == (
            {"HANDLING": "13800000000"}, {"HANDLING": None},
        )  # fmt: skip
        with pytest.raises(Told) as refused:
            approver.do("complaintAnswerFounded", {"id": id_, "reason": "已更新"})
        assert refused.value.code == "lifecycle.not_in_person"
        registrar.do("complaintAnswerFounded", {"id": id_, "reason": "已更新 Updated"})
        assert awaited(developer) == ["confirm"]
        developer.do("complaintConfirm", {"id": id_})
        assert awaited(developer) == awaited(registrar) == []
        assert hub.stop() == 0

    ran = cityspace(*JOB, "--data", str(data))
    assert ran.returncode == 0, ran.stderr
    [run] = json.loads(ran.stdout)
    assert (run["state"], run["considered"]) == ("DONE", 0)
    verified = cityspace("evidence", "verify", "--data", str(data))
    assert verified.returncode == 0, verified.stderr
