"""A sub-space operator joins a city: two processes, one code, two people, one node."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from subspaces.keys import NodeKeys
from tests.e2e.running_hub import RunningHub, cityspace, running_hub
from tests.live_realm import ASSERTION

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

OPERATOR = '{ participants(filter: {name: {eq: "城市数据交易所"}}) { nodes { id creditCode } } }'
ISSUE = """mutation($p: ID!) {
  invitationIssue(input: {values: {participant: $p, profile: "finance"}}) {
    code object { id state } problems { code }
  }
}"""
MOVE = "mutation($n: ID!) { %s(input: {id: $n}) { object { state identifier } } }"
NODE = "query($n: ID!) { nodes(filter: {id: {eq: $n}}) { nodes { state identifier name } } }"


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def asked(hub: RunningHub, token: str, query: str, **variables: str) -> dict[str, Any]:
    answer = httpx2.post(
        f"{hub.address}/graphql", json={"query": query, "variables": variables},
        headers={"authorization": f"Bearer {token}"}, timeout=30,
    )  # fmt: skip
    told: dict[str, Any] = answer.json()
    return told


def as_person(hub: RunningHub, person: str, query: str, **variables: str) -> dict[str, Any]:
    token = cityspace("token", "--person", person, "--data", str(hub.data)).stdout.strip()
    return asked(hub, token, query, **variables)


def node_command(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    done = cityspace("node", *words, "--data", str(folder), "--json")
    return done.returncode, json.loads(done.stdout or done.stderr)


def test_a_node_joins_with_a_code_and_is_known_to_the_city(tmp_path: Path) -> None:
    city, folder = tmp_path / "city", tmp_path / "finance"
    made = cityspace("seed", "--departments", "2", "--resources", "2", "--data", str(city))
    assert made.returncode == 0, made.stderr
    with running_hub(city) as hub:
        found = as_person(hub, "admin", OPERATOR)
        [operator] = found["data"]["participants"]["nodes"]
        issued = as_person(hub, "admin", ISSUE, p=operator["id"])["data"]["invitationIssue"]
        words = ("join", hub.address, "--profile", "finance", "--code")
        own = ("--credit-code", operator["creditCode"])

        exit_, told = node_command(folder, *words, issued["code"], "--credit-code", "9" * 18)
        assert (exit_, told["error"]["code"]) == (1, "application.operator_differs")
        exit_, told = node_command(folder, *words, issued["code"], *own)
        assert (exit_, told["state"]) == (0, "APPLIED")
        node = told["node"]
        again = node_command(folder, *words, issued["code"], *own)
        assert again == (exit_, told), "sent again, it is the same application"

        as_person(hub, "admin", MOVE % "nodeTakeIn", n=node)
        alone = as_person(hub, "admin", MOVE % "nodeActivate", n=node)
        assert alone["errors"][0]["extensions"]["code"] == "lifecycle.four_eyes"
        activated = as_person(hub, "admin2", MOVE % "nodeActivate", n=node)
        identifier = activated["data"]["nodeActivate"]["object"]["identifier"]

        exit_, told = node_command(folder, "status", "--wait")
        assert (exit_, told["state"], told["identifier"]) == (0, "ACTIVE", identifier)
        token = token_of(folder, told)
        seen = asked(hub, token, NODE, n=node)
        assert seen["data"]["nodes"]["nodes"][0]["identifier"] == identifier

        assert node_command(folder, "rotate-keys")[0] == 0
        assert token_of(folder, told)
        exit_, told = node_command(folder, "leave", "--reason", "合同已了结")
        assert (exit_, told["state"]) == (0, "EXITING")
        log = hub.log.read_text("utf-8")
    assert issued["code"] not in log
    assert issued["code"].replace("-", "") not in log


def token_of(folder: Path, told: dict[str, Any]) -> str:
    """A token at the city's issuer, for the node's client assertion."""
    keys = NodeKeys.open(folder, WallClock())
    answer = httpx2.post(
        f"{told['issuer']}/protocol/openid-connect/token",
        data={
            "grant_type": "client_credentials", "client_assertion_type": ASSERTION,
            "client_assertion": keys.assertion(told["client_id"], issuer=told["issuer"]),
        },
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])
