"""A city of a dozen resources behind the console, for the browser: real pages, real sign-in.

The schema is small but follows the hub's conventions (connections, filters, both languages), so
that the page is seen as it will be, without the whole hub behind it. The process answers on the
port that it is given and keeps its people in a folder.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import graphene
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import console
from dataspace.errors import DataSpaceError
from dataspace.text import Language, Text, preferred
from identity.embedded_identity import EmbeddedIdentity

DEPARTMENT = Text("Market Regulation Bureau", "市市场监管局")
RESOURCES = (
    "企业登记基本信息", "企业年报公示信息", "行政处罚信息", "食品经营许可", "特种设备登记",
    "公交线路与站点", "公交实时位置", "停车场泊位", "出租车经营许可",
    "医疗机构名录", "药店名录", "疫苗接种点",
)  # fmt: skip


def schema_in(language: Language) -> graphene.Schema:
    def say(en: str, zh: str) -> str:
        return Text(en, zh).to(language)

    class Participant(graphene.ObjectType):
        class Meta:
            description = say("An organisation or department", "机构或部门")

        id = graphene.ID(required=True, description=say("Identifier", "编号"))
        name = graphene.String(description=say("Name", "名称"))
        short_name = graphene.String(description=say("Short name", "简称"))

    class Resource(graphene.ObjectType):
        class Meta:
            description = say("Public data resource", "公共数据资源")

        id = graphene.ID(required=True, description=say("Identifier", "编号"))
        name = graphene.String(description=say("Name", "数据资源名称"))
        state = graphene.String(description=say("State", "状态"))
        data_changed_at = graphene.String(description=say("When the data changed", "数据更新时间"))
        provider = graphene.Field(Participant, description=say("Provider", "信息资源提供方"))

    class ResourceEdge(graphene.ObjectType):
        node = graphene.Field(Resource)

    class ResourceConnection(graphene.ObjectType):
        total_count = graphene.Int(description=say("How many rows there are", "总行数"))
        edges = graphene.List(ResourceEdge)
        nodes = graphene.List(Resource)

    class Me(graphene.ObjectType):
        class Meta:
            description = say("Who is asking", "当前用户")

        name = graphene.String(description=say("Name", "姓名"))
        roles = graphene.List(graphene.String, description=say("Roles", "角色"))
        participant = graphene.Field(Participant, description=say("Organisation", "所属机构"))

    class Query(graphene.ObjectType):
        class Meta:
            description = say("What can be asked", "可以查询的内容")

        me = graphene.Field(Me, description=say("Who I am", "我是谁"))
        node = graphene.Field(Participant, id=graphene.ID(required=True))
        resources = graphene.Field(
            ResourceConnection,
            first=graphene.Int(default_value=20, description=say("So many", "取前多少个")),
            description=say("Public data resources", "公共数据资源"),
        )

        def resolve_me(self, info: Any) -> dict[str, Any] | None:
            caller = info.context
            if caller is None:
                return None
            return {
                "name": caller.name,
                "roles": sorted(caller.roles),
                "participant": participant(caller.participant, language),
            }

        def resolve_node(self, info: Any, id: str) -> dict[str, Any]:
            return participant(id, language)

        def resolve_resources(self, info: Any, first: int) -> dict[str, Any]:
            nodes = resources(language)
            return {
                "total_count": len(nodes),
                "nodes": nodes[:first],
                "edges": [{"node": node} for node in nodes[:first]],
            }

    return graphene.Schema(query=Query)


def participant(id: str, language: Language) -> dict[str, Any]:
    return {"id": id, "name": DEPARTMENT.to(language), "short_name": None}


def resources(language: Language) -> list[dict[str, Any]]:
    return [
        {
            "id": f"res_{at:04}",
            "name": name,
            "state": "REGISTERED",
            "data_changed_at": f"2026-05-{at + 1:02}T08:00:00.000Z",
            "provider": participant("par_1", language),
        }
        for at, name in enumerate(RESOURCES)
    ]


class Guarded:
    """Puts the page's policy on every answer."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def with_policy(message: Any) -> None:
            if message["type"] == "http.response.start":
                policy = console.content_security_policy(None).encode()
                message["headers"] = [*message["headers"], (b"content-security-policy", policy)]
            await send(message)

        await self.app(scope, receive, with_policy if scope["path"] == "/graphql" else send)


def application(identity: EmbeddedIdentity, base: str) -> Starlette:
    schemas: dict[Language, graphene.Schema] = {"en": schema_in("en"), "zh": schema_in("zh")}
    page = console.page(
        {
            "city": {"en": "Harbour City", "zh": "滨海市"},
            "environment": {"en": "Demonstration", "zh": "演示环境"},
            "issuer": f"{base}/realms/city",
            "people": [
                {
                    "username": login.username,
                    "name": {"en": login.name.en, "zh": login.name.zh},
                    "roles": [str(role) for role in login.roles],
                }
                for login in identity.logins()
            ],
        }
    )

    async def show(request: Request) -> Response:
        return HTMLResponse(page)

    async def answer(request: Request) -> Response:
        language = preferred(request.headers.get("accept-language", ""))
        caller = None
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme == "Bearer":
            try:
                caller = await identity.caller(token)
            except DataSpaceError as error:
                return JSONResponse({"title": error.message(language)}, error.status)
        asked = await request.json()
        found = await schemas[language].execute_async(
            asked["query"],
            variables=asked.get("variables"),
            operation_name=asked.get("operationName"),
            context=caller,
        )
        return JSONResponse(found.formatted)

    return Starlette(
        routes=[
            Route("/graphql", show),
            Route("/graphql", answer, methods=["POST"]),
            Mount("/console", StaticFiles(directory=console.BUILT)),
            *identity.routes,
        ],
        middleware=[Middleware(Guarded)],
    )


class WallClock:
    """The machine's time: a browser's session ages by it."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@contextlib.asynccontextmanager
async def served(port: int, folder: Path) -> AsyncIterator[Server]:
    base = f"http://127.0.0.1:{port}"
    identity = await EmbeddedIdentity.open(
        folder, issuer=f"{base}/realms/city", clock=WallClock(), demo=True
    )
    yield Server(application(identity, base), port=port, interface=Interfaces.ASGINL)


async def main(port: int, folder: Path) -> None:
    async with served(port, folder) as server:
        await server.serve()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
