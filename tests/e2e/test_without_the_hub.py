"""The hub is killed under a node that has joined: what is asked of it waits, is shown, and is done
once and in order when the hub is back. Three processes: the hub, the node, the command."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running_hub import RunningHub, cityspace, free_port, running_hub
from tests.e2e.test_joining import ISSUE, MOVE, NODE, OPERATOR, as_person, asked, node_command

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]

ASK = """mutation {
  hubRequestAsk(input: {reason: "We move", values: {act: NODE_STOP}}) {
    object { id state act attempts lastError } problems { code message }
  }
}"""
QUEUE = "{ hubQueue(orderBy: PLACE_ASC) { nodes { id act state attempts object askedBy answer } } }"
ACTS = '{ history(id: "%s", orderBy: SEQUENCE_ASC, first: 100) { nodes { action } } }'
CAUGHT_UP_SECONDS_MAX = 180


def joined(hub: RunningHub, folder: Path) -> str:
    """The id of a node that was admitted."""
    [operator] = as_person(hub, "admin", OPERATOR)["data"]["participants"]["nodes"]
    issued = as_person(hub, "admin", ISSUE, p=operator["id"])["data"]["invitationIssue"]
    words = ("join", hub.address, "--profile", "finance", "--code", issued["code"])
    _, told = node_command(folder, *words, "--credit-code", operator["creditCode"])
    node: str = told["node"]
    as_person(hub, "admin", MOVE % "nodeTakeIn", n=node)
    as_person(hub, "admin2", MOVE % "nodeActivate", n=node)
    assert node_command(folder, "status")[1]["state"] == "ACTIVE"
    return node


def test_what_is_asked_while_the_hub_is_killed_is_done_once_when_it_is_back(
    tmp_path: Path,
) -> None:
    city, folder, port = tmp_path / "city", tmp_path / "finance", str(free_port())
    made = cityspace("seed", "--departments", "2", "--resources", "2", "--data", str(city))
    assert made.returncode == 0, made.stderr
    with running_hub(city, "--port", port) as hub:
        node = joined(hub, folder)
        token = cityspace("token", "--person", "admin", "--data", str(city)).stdout.strip()
        with running_hub(folder, environ={"CITYSPACE_JOBS": "on"}) as member:
            assert asked(member, token, QUEUE)["data"]["hubQueue"]["nodes"] == []
            hub.kill()
            answer = asked(member, token, ASK)
            made_now: dict[str, Any] = answer["data"]["hubRequestAsk"]["object"]
            assert (made_now["state"], made_now["lastError"]) == ("WAITING", "peer.unavailable")
            exit_, left = node_command(folder, "maintenance", "--over", "--reason", "It runs")
            assert (exit_, left["state"]) == (0, "WAITING")
            status = cityspace("node", "status", "--data", str(folder))
            assert status.returncode == 3
            assert made_now["id"] in status.stdout
            assert left["id"] in status.stdout

            with running_hub(city, "--port", port) as again:
                rows = caught_up(member, token)
                assert [row["act"] for row in rows] == ["NODE_STOP", "NODE_RECOVER"]
                assert [row["state"] for row in rows] == ["DONE", "DONE"]
                assert {row["object"] for row in rows} == {node}
                seen = as_person(again, "admin", NODE, n=node)
                assert seen["data"]["nodes"]["nodes"][0]["state"] == "ACTIVE"
                told = as_person(again, "auditor", ACTS % node)["data"]["history"]["nodes"]
                acts = [each["action"] for each in told]
                assert [acts.count(each) for each in ("node.stop", "node.recover")] == [1, 1]
                assert acts.index("node.stop") < acts.index("node.recover")


def caught_up(member: RunningHub, token: str) -> list[dict[str, Any]]:
    until = time.monotonic() + CAUGHT_UP_SECONDS_MAX
    while True:
        rows: list[dict[str, Any]] = asked(member, token, QUEUE)["data"]["hubQueue"]["nodes"]
        if all(row["state"] != "WAITING" for row in rows) or time.monotonic() > until:
            return rows
        time.sleep(1)
