"""The places at which a node applies and acts: what is forged, late or for elsewhere is refused."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from dataspace.federation.joining.statements import APPLICATION, STATEMENT, made
from hub.api.federation.applications import application_routes
from hub.api.graphql import told
from hub.node import Node
from hub.operations import nodes
from subspaces.keys import NodeKeys
from tests.build import a_change_set, a_product
from tests.clock import FrozenClock
from tests.unit.federation.joined import SECOND_ADMIN, a_city, a_code, said
from tests.unit.operations.city import ADMIN, BANK

pytestmark = pytest.mark.anyio
HUB = "http://hub.example"
NONCE = "n" * 20


@dataclass
class Hub:
    node: Node
    http: httpx2.AsyncClient
    clock: FrozenClock
    keys: NodeKeys

    def sealed(self, values: dict[str, Any], path: str, **more: Any) -> str:
        """`skew` seconds off, to another `hub`, by other `keys`, as another `kind`."""
        now = self.clock.now() + timedelta(seconds=more.get("skew", 0))
        payload = made(values, to=more.get("hub", HUB) + path, now=now, nonce=NONCE)
        return more.get("keys", self.keys).seal(payload, kind=more.get("kind", STATEMENT))

    def application(self, code: str, **more: Any) -> str:
        path = "/federation/applications"
        issuer = more.pop("proof_for", HUB + path)
        prover = more.pop("prover", self.keys)
        values = said(self.keys, code, **more.pop("values", {}))
        values |= {"key_proof": prover.assertion(self.keys.signing_kid, issuer=issuer)}
        return self.sealed(values, path, **{"kind": APPLICATION, **more})

    async def post(self, path: str, sealed: Any) -> httpx2.Response:
        return await self.http.post(path, json={"sealed": sealed})

    async def apply(self, code: str, **more: Any) -> httpx2.Response:
        return await self.post("/federation/applications", self.application(code, **more))

    async def joined(self) -> str:
        answer = await self.apply(await a_code(self.node))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["node"])

    async def standing(self, id_: str, **more: Any) -> httpx2.Response:
        path = f"/federation/applications/{id_}"
        return await self.http.get(
            path, headers={"cityspace-statement": self.sealed({}, path, **more)}
        )


@pytest.fixture
def other_keys(tmp_path: Path, clock: FrozenClock) -> NodeKeys:
    return NodeKeys.open(tmp_path, clock, secret="o" * 32)


@pytest.fixture
async def hub(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[Hub]:
    node = await a_city(clock)
    routes = application_routes(node, told, issuer=f"{HUB}/realms/city", address=HUB)
    transport = httpx2.ASGITransport(app=Starlette(routes=routes))
    async with httpx2.AsyncClient(transport=transport, base_url=HUB) as http:
        yield Hub(node, http, clock, NodeKeys.open(tmp_path, clock, secret="k" * 32))


async def test_an_applicant_is_told_what_it_waits_for_and_then_what_it_needs(hub: Hub) -> None:
    id_ = await hub.joined()
    answer = (await hub.standing(id_)).json()
    assert (answer["state"], answer["due_at"]) == ("APPLIED", "2026-06-08T16:00:00.000Z")
    assert answer["since"] == "2026-06-01T12:00:00.000Z"
    assert "identifier" not in answer
    await nodes.DESK.move(hub.node, ADMIN, id_, "take_in")
    await nodes.DESK.move(hub.node, SECOND_ADMIN, id_, "activate")
    answer = (await hub.standing(id_)).json()
    assert (answer["client_id"], len(answer["identifier"])) == (id_, 32)
    assert (answer["issuer"], answer["audience"]) == (f"{HUB}/realms/city", "city-hub")


async def test_in_chinese_too(hub: Hub) -> None:
    hub.http.headers["accept-language"] = "zh-CN"
    answer = (await hub.standing(await hub.joined())).json()
    assert answer["waits_for"] == "城市平台受理申请"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"skew": 61}, 403, "node.clock_differs"),
        ({"skew": -61}, 403, "node.clock_differs"),
        ({"hub": "http://elsewhere.example"}, 403, "node.addressed_elsewhere"),
        ({"kind": STATEMENT}, 401, "node.proof_missing"),
        ({"keys": "other"}, 401, "node.proof_missing"),
        ({"prover": "other"}, 401, "node.proof_missing"),
        ({"proof_for": "http://elsewhere.example"}, 401, "node.proof_missing"),
        ({"values": {"address": "ftp://x"}}, 422, "application.unreadable"),
        ({"values": {"rules": [1]}}, 422, "application.unreadable"),
        ({"values": {"purpose": ""}}, 422, "application.unreadable"),
        ({"values": {"name": 7}}, 422, "application.unreadable"),
    ],
)
async def test_an_application_that_does_not_hold_is_refused_and_uses_nothing(
    hub: Hub, other_keys: NodeKeys, more: dict[str, Any], status: int, code: str
) -> None:
    named = {k: other_keys if v == "other" else v for k, v in more.items()}
    invitation = await a_code(hub.node)
    answer = await hub.apply(invitation, **named)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await hub.apply(invitation)).status_code == 201


async def test_a_clock_that_is_wrong_is_told_by_how_much(hub: Hub) -> None:
    answer = await hub.apply(await a_code(hub.node), skew=600)
    assert answer.json()["seconds"] == 600
    assert answer.json()["hubTime"] == "2026-06-01T12:00:00.000Z"
    assert (await hub.apply(await a_code(hub.node), skew=59)).status_code == 201


@pytest.mark.parametrize(
    "sealed", ["", "x", "a.b.c", "e30.e30.e30", 7, None, "x" * 300_000, "e30.W10.e30"]
)
async def test_what_is_no_seal_is_refused(hub: Hub, sealed: Any) -> None:
    answer = await hub.post("/federation/applications", sealed)
    assert answer.status_code in (401, 422)
    answer = await hub.http.post("/federation/applications", content=b"{")
    assert answer.json()["code"] == "request.not_json"


async def test_a_private_key_that_was_sent_is_refused_and_not_repeated(hub: Hub) -> None:
    keys = json.loads(json.dumps(hub.keys.assertion_jwks))
    keys["keys"][0]["d"] = "secret-scalar"
    answer = await hub.apply(await a_code(hub.node), values={"public_keys": keys})
    assert answer.json()["code"] in ("input.fields_invalid", "node.proof_missing")
    assert "secret-scalar" not in answer.text


async def test_only_the_nodes_own_key_speaks_for_it(hub: Hub, other_keys: NodeKeys) -> None:
    id_ = await hub.joined()
    assert (await hub.standing(id_, keys=other_keys)).json()["code"] == "node.proof_missing"
    assert (await hub.standing("nod_nowhere")).status_code == 404
    answer = await hub.http.get(f"/federation/applications/{id_}")
    assert answer.json()["code"] == "node.proof_missing"
    path = f"/federation/nodes/{id_}/moves"
    stolen = hub.sealed({"move": "exit", "reason": "x"}, f"/federation/applications/{id_}")
    assert (await hub.post(path, stolen)).json()["code"] == "node.addressed_elsewhere"


async def test_a_node_moves_announces_and_changes_keys(hub: Hub, other_keys: NodeKeys) -> None:
    id_ = await hub.joined()
    moves = f"/federation/nodes/{id_}/moves"
    early = await hub.post(moves, hub.sealed({"move": "stop", "reason": "Works"}, moves))
    assert early.json()["code"] == "lifecycle.wrong_state"
    await nodes.DESK.move(hub.node, ADMIN, id_, "take_in")
    await nodes.DESK.move(hub.node, SECOND_ADMIN, id_, "activate")
    stop = f"/federation/nodes/{id_}/stop"
    at = "2026-07-01T00:00:00.000Z"
    answer = await hub.post(stop, hub.sealed({"stop_at": at, "reason": "Works"}, stop))
    assert answer.json()["stop_planned_at"] == at
    keys = f"/federation/nodes/{id_}/keys"
    values = {"public_keys": other_keys.assertion_jwks, "signing_keys": other_keys.signing_jwks}
    assert (await hub.post(keys, hub.sealed(values, keys))).status_code == 200
    assert (await hub.standing(id_)).json()["code"] == "node.proof_missing"
    assert (await hub.standing(id_, keys=other_keys)).status_code == 200
    stopped = hub.sealed({"move": "stop", "reason": "Works"}, moves, keys=other_keys)
    for _ in range(2):
        assert (await hub.post(moves, stopped)).json()["state"] == "MAINTENANCE"
    nothing = hub.sealed({"move": 7, "reason": "x"}, moves, keys=other_keys)
    assert (await hub.post(moves, nothing)).json()["code"] == "application.unreadable"


async def test_a_node_that_leaves_is_told_what_is_still_open(hub: Hub) -> None:
    id_ = await hub.joined()
    await nodes.DESK.move(hub.node, ADMIN, id_, "take_in")
    await nodes.DESK.move(hub.node, SECOND_ADMIN, id_, "activate")
    listed = a_product("prd_1", owner=BANK, origin_node=id_, name="画像 Profile")
    await hub.node.catalogue.apply(a_change_set(listed))
    assert (await hub.standing(id_)).json()["still_open"] is None, "it stays"
    moves = f"/federation/nodes/{id_}/moves"
    answer = await hub.post(moves, hub.sealed({"move": "exit", "reason": "Sold"}, moves))
    assert answer.json()["still_open"] == {"listed": ["画像 Profile"], "granted": []}
