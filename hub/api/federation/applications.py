"""The places at which a node applies, asks how it stands, and acts in its own name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dataspace.federation.joining.application import key_set
from dataspace.lifecycles.access import NODE
from dataspace.quantity import read_moment
from dataspace.selection import Row
from dataspace.text import Language, Text
from hub.api.federation.sealed import application_in, statement_in, text_in
from hub.api.problems import language_of
from hub.api.wire import json_bytes
from hub.node import Node
from hub.operations.federation import applying, in_its_own_name
from hub.operations.federation.in_its_own_name import Known, known

AUDIENCE: Final = "city-hub"
APPLICATIONS: Final = "/federation/applications"
NODES: Final = "/federation/nodes"
WAITS_FOR: Final = {
    "APPLIED": Text("the city takes the application in", "城市平台受理申请"),
    "UNDER_REVIEW": Text("a second person decides", "第二人作出决定"),
    "EXPERT_REVIEW": Text("experts, and then a second person", "专家评审及第二人决定"),
    "CHANGING": Text("the city passes the change", "城市平台审批变更"),
    "EXITING": Text("the city deregisters the node", "城市平台办理注销"),
}
KEY_SETS: Final = ("public_keys", "signing_keys")


def application_routes(
    node: Node, told: Callable[[Any], Any], *, issuer: str, address: str
) -> list[BaseRoute]:
    desk = _Desk(node, issuer, address)
    return [
        Route(APPLICATIONS, told(desk.apply), methods=["POST"]),
        Route(APPLICATIONS + "/{id}", told(desk.standing), methods=["GET"]),
        Route(NODES + "/{id}/moves", told(desk.move), methods=["POST"]),
        Route(NODES + "/{id}/stop", told(desk.announce), methods=["POST"]),
        Route(NODES + "/{id}/keys", told(desk.renew), methods=["POST"]),
    ]


@dataclass(frozen=True)
class _Desk:
    node: Node
    issuer: str
    address: str

    async def apply(self, request: Request) -> Response:
        """Raises:  see `applying.apply` and `application_in`."""
        done = await applying.apply(self.node, await application_in(request, self.node))
        return await self._answer(request, done.id, status=201)

    async def standing(self, request: Request) -> Response:
        who, _ = await statement_in(request, self.node)
        return self._told(who, language_of(request))

    async def move(self, request: Request) -> Response:
        who, said = await statement_in(request, self.node)
        name, reason = text_in(said, "move"), text_in(said, "reason")
        await in_its_own_name.move(self.node, who, name, reason=reason, nonce=said["nonce"])
        return await self._answer(request, who.row["id"])

    async def announce(self, request: Request) -> Response:
        who, said = await statement_in(request, self.node)
        at, reason = read_moment(text_in(said, "stop_at")), text_in(said, "reason")
        await in_its_own_name.announce_stop(self.node, who, at, reason=reason, nonce=said["nonce"])
        return await self._answer(request, who.row["id"])

    async def renew(self, request: Request) -> Response:
        who, said = await statement_in(request, self.node)
        keys = {name: key_set(said, name) for name in KEY_SETS}
        await in_its_own_name.renew_keys(self.node, who, keys, nonce=said["nonce"])
        return await self._answer(request, who.row["id"])

    async def _answer(self, request: Request, id: str, *, status: int = 200) -> Response:
        return self._told(await known(self.node, id), language_of(request), status=status)

    def _told(self, who: Known, language: Language, *, status: int = 200) -> Response:
        """What the node waits for; once it is admitted also what it needs to take part."""
        state, task = NODE.by_code[who.row["state"]], who.task
        waits_for = WAITS_FOR.get(state.code)
        told = {
            "node": who.row["id"], "name": who.row["name"], "profile": who.row["profile"],
            "state": state.code, "state_text": state.text.to(language), "final": state.final,
            "since": task.get("since"), "due_at": task.get("due_at"),
            "waits_for": waits_for.to(language) if waits_for else None,
            "reason": who.row["decision_reason"], "stop_planned_at": who.row["stop_planned_at"],
            "still_open": _still_open(who),
            **(self._admitted(who.row) if who.row["identifier"] else {}),
        }  # fmt: skip
        headers = {"content-language": language, "cache-control": "no-store"}
        return Response(
            json_bytes(told), status_code=status, media_type="application/json", headers=headers
        )

    def _admitted(self, row: Row) -> dict[str, Any]:
        own = self.node.keys
        return {
            "identifier": row["identifier"], "client_id": row["id"], "issuer": self.issuer,
            "audience": AUDIENCE, "credential_until": row["credential_until"],
            "hub": {"address": self.address, "signing_keys": own.signing_jwks if own else None},
        }  # fmt: skip


def _still_open(who: Known) -> dict[str, list[str]] | None:
    """A few of what a leaving node has yet to close, by their names; None of one that stays."""
    if who.row["state"] != "EXITING":
        return None
    return {key: [str(row["name"]) for row in rows] for key, rows in who.live.items()}
