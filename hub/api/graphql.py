"""The GraphQL endpoint, as the draft *GraphQL over HTTP* says.

POST carries queries and mutations as JSON, GET carries queries, and a browser that asks GET for
a page gets the console. What is refused before GraphQL is a problem document of RFC 9457.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dataspace.accounts.port import console_of
from dataspace.errors import Invalid
from dataspace.text import Text
from hub.api.assets import upload_routes
from hub.api.caller import caller_of
from hub.api.console import console_page, console_routes
from hub.api.documents.disclosures import disclosure_routes
from hub.api.documents.routes import certificate_routes
from hub.api.errors_page import errors_routes
from hub.api.execution import Answer, Api, GraphQLRequest
from hub.api.federation.applications import application_routes
from hub.api.limits import BodyTooLarge, Limits
from hub.api.problems import language_of, problem_handler
from hub.api.reading.cursors import Cursors
from hub.api.reading.documents import Documents
from hub.api.wire import from_json, json_bytes
from hub.node import Node
from hub.watching.watch import Watch

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
Endpoint = Callable[[Request], Awaitable[Response]]


class NotARequest(Invalid):
    status = 400
    code = "request.not_graphql"
    title = Text("This is not a GraphQL request: {detail}", "这不是 GraphQL 请求：{detail}")
    advice = Text(
        "Send one object with query, and if need be variables and operationName.",
        "请发送一个对象，含 query，必要时含 variables 与 operationName。",
    )


class BatchesAbsent(Invalid):
    status = 400
    code = "request.batch"
    title = Text("Requests are not answered in batches", "不支持批量请求")
    advice = Text(
        "Put several root fields into one query, or send several requests.",
        "请在一个查询中写多个根字段，或分多次请求。",
    )


class MediaTypeUnknown(Invalid):
    status = 415
    code = "request.media_type"
    title = Text(
        "The body is {given}, not application/json", "请求体类型为 {given}，应为 application/json"
    )
    advice = Text(
        "Send JSON with Content-Type: application/json.",
        "请以 Content-Type: application/json 发送。",
    )


@dataclass(frozen=True)
class ApiOptions:
    """`cursor_key` is a secret that all processes of a node share; one that is made here lives as
    long as this process. `address` is where readers reach it; `product`, `city` and `environment`
    stand at the head of the console."""

    cursor_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    limits: Limits = field(default_factory=Limits)
    issuer: str = ""
    address: str = ""
    city: Text | None = None
    environment: Text | None = None
    watch: Watch = field(default_factory=Watch)
    product: Text | None = None

    @property
    def page(self) -> dict[str, Any]:
        """What of this the console's page is told."""
        named = {"product": self.product, "city": self.city, "environment": self.environment}
        texts = {name: {"en": text.en, "zh": text.zh} for name, text in named.items() if text}
        return {"issuer": self.issuer or None, **texts}


def api_routes(node: Node, options: ApiOptions) -> list[BaseRoute]:
    limits = options.limits
    api = Api(node, Cursors(options.cursor_key), limits, Documents(limits), options.watch)
    # A node that has joined a city has a client of its own there, which returns to its address.
    own = {"client": console_of(node.belonging.itself)} if node.belonging else {}
    page = console_page({**options.page, **own})
    return [
        Route("/graphql", told(partial(_get, api, page)), methods=["GET"]),
        Route("/graphql", told(partial(_post, api)), methods=["POST"]),
        *upload_routes(node, told),
        *console_routes(),
        *errors_routes(),
        *certificate_routes(node, told, address=options.address),
        *disclosure_routes(node, told),
        *application_routes(node, told, issuer=options.issuer, address=options.address),
    ]


def told(endpoint: Endpoint) -> Endpoint:
    """Refusals of an endpoint become problem documents."""

    @wraps(endpoint)
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Exception as error:
            return await problem_handler(request, error)

    return answered


async def _get(api: Api, page: Callable[[], Response], request: Request) -> Response:
    given = request.query_params
    if "query" not in given:
        if prefers_page(request.headers):
            return page()
        raise NotARequest(detail="query")
    asked = GraphQLRequest(
        given["query"],
        _object(from_json(given["variables"].encode()) if given.get("variables") else {}),
        given.get("operationName") or None,
        read_only=True,
    )
    return await _answered(api, asked, request)


async def _post(api: Api, request: Request) -> Response:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != JSON:
        raise MediaTypeUnknown(given=media_type or "—")
    body = from_json(await body_within(request, api.limits.body_bytes_max))
    if isinstance(body, list):
        raise BatchesAbsent()
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise NotARequest(detail="query")
    operation = body.get("operationName")
    if not isinstance(operation, str | None):
        raise NotARequest(detail="operationName")
    asked = GraphQLRequest(body["query"], _object(body.get("variables")), operation or None)
    return await _answered(api, asked, request)


async def _answered(api: Api, asked: GraphQLRequest, request: Request) -> Response:
    caller = await caller_of(request, api.node)
    language = language_of(request)
    answer = await api.answer(asked, caller, language)
    media_type = GRAPHQL_JSON if GRAPHQL_JSON in request.headers.get("accept", "") else JSON
    return Response(
        json_bytes(answer.body),
        status_code=_status(answer, media_type),
        media_type=media_type,
        headers={
            "content-language": language,
            "vary": "accept-language, accept, authorization, cityspace-on-behalf-of",
            "cache-control": "no-store",
        },
    )


def _status(answer: Answer, media_type: str) -> int:
    """The newer media type tells a refused request by its status; the older one is always 200."""
    if answer.executed or media_type == JSON:
        return 200
    status = int(answer.body["errors"][0]["extensions"]["status"])
    return 400 if status == Invalid.status else status


def prefers_page(headers: Headers) -> bool:
    """A browser's address line asks for HTML first; programs ask for JSON or for anything."""
    return headers.get("accept", "").lower().startswith(("text/html", "application/xhtml+xml"))


async def body_within(request: Request, bytes_max: int) -> bytes:
    """Raises:  BodyTooLarge as soon as it is passed."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > bytes_max:
        raise BodyTooLarge(what="body.bytes", limit=bytes_max, asked=int(announced))
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > bytes_max:
            raise BodyTooLarge(what="body.bytes", limit=bytes_max, asked=f"> {bytes_max}")
        chunks.append(chunk)
    return b"".join(chunks)


def _object(variables: Any) -> dict[str, Any]:
    if variables is None:
        return {}
    if not isinstance(variables, dict):
        raise NotARequest(detail="variables")
    return variables
