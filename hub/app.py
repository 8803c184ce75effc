"""The web application of a node: the table of its routes, and what stands before them."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from dataspace.errors import DataSpaceError, NotFound
from dataspace.federation.profile import Profile
from dataspace.text import Text, preferred
from hub.api.federation.card import card_of
from hub.api.federation.changes import NOBODY, Stirring, changes_routes
from hub.api.federation.live import live_routes
from hub.api.federation.requests import request_routes
from hub.api.federation.routes import HEARTBEATS, meeting_routes
from hub.api.graphql import ApiOptions, api_routes
from hub.api.health import health_routes
from hub.api.limits import Limits
from hub.api.metrics import Access, Sources, metrics_routes
from hub.api.problems import problem, problem_handler
from hub.logs import request_id
from hub.middleware import Addressed, Bounded, Guarded, Masked, Scope, Watched, header
from hub.node import Node
from hub.settings import Settings
from hub.watching.parts import watched
from hub.watching.watch import Tracer, Watch

ASSETS = "/assets/"
DEMONSTRATION = Text("Demonstration", "演示环境")


class RouteUnknown(NotFound):
    code = "route.unknown"
    title = Text("Nothing is served at {path}", "{path} 处没有可访问的内容")
    advice = Text("The catalogue is asked at /graphql.", "目录查询入口为 /graphql。")


class MethodWrong(DataSpaceError):
    """The place exists and is used another way."""

    status = 405
    code = "route.method_wrong"
    title = Text("{path} does not take {method}", "{path} 不支持 {method}")
    advice = Text("Use one of the methods in the Allow header.", "请使用 Allow 头中列出的方法。")


def application(
    node: Node,
    routes: Sequence[BaseRoute],
    settings: Settings,
    *,
    options: ApiOptions,
    stirring: Stirring = NOBODY,
) -> Starlette:
    """`routes` are those that the node's adapters serve; `stirring` hears of those followed.

    What is asked in order to watch the node is not itself among what is watched.
    """
    watch, access = options.watch, Access(settings.metrics_token)
    sources = Sources(node, settings.data, seconds_max=settings.ready_seconds_max)
    return Starlette(
        routes=[
            *api_routes(watched(node, watch), options),
            *health_routes(node, seconds_max=settings.ready_seconds_max),
            *metrics_routes(watch.meter, sources, access),
            *_meeting_routes(node, settings, stirring),
            *routes,
        ],
        middleware=[
            Middleware(Watched, watch=watch, quiet=(HEARTBEATS,)),
            Middleware(Guarded, secure=settings.address.startswith("https:")),
            Middleware(Masked, answer=_problem),
            Middleware(Addressed, hosts=settings.hosts, except_for=access.open_to_any_host),
            Middleware(Bounded, bytes_max=settings.request_bytes_max, except_under=(ASSETS,)),
        ],
        exception_handlers={HTTPException: _http_problem, DataSpaceError: problem_handler},
    )


def _meeting_routes(
    node: Node, settings: Settings, stirring: Stirring
) -> Sequence[BaseRoute]:
    if node.meeting is None:
        return ()
    own = version("cityspace")
    door, routes = meeting_routes(node, card_of(settings, version=own), there=stirring.there)
    return [
        *routes, *changes_routes(node, door, stirring), *live_routes(node, door, own),
        *request_routes(node, door),
    ]  # fmt: skip


def options_for(
    settings: Settings,
    *,
    cursor_key: bytes,
    tracer: Tracer | None = None,
    profile: Profile | None = None,
) -> ApiOptions:
    """The words at the head of the console are the profile's, unless a setting names the city."""
    limits = Limits(
        body_bytes_max=settings.request_bytes_max, seconds_max=settings.request_seconds_max
    )
    environment = DEMONSTRATION if settings.is_demonstration else None
    words = profile.wording if profile else None
    return ApiOptions(
        cursor_key, limits, settings.issuer, settings.address,
        settings.city or (words.space if words else None), environment, Watch(tracer),
        words.product if words else None,
    )  # fmt: skip


async def _http_problem(request: Request, error: Exception) -> Response:
    """Starlette's own refusals in our one shape."""
    assert isinstance(error, HTTPException)
    path, method = request.url.path, request.method
    if error.status_code == 404:
        return _problem(request.scope, RouteUnknown(path=path))
    if error.status_code == 405:
        return _problem(request.scope, MethodWrong(path=path, method=method), error.headers)
    return Response(status_code=error.status_code, headers=error.headers)


def _problem(
    scope: Scope, error: DataSpaceError, headers: Mapping[str, str] | None = None
) -> Response:
    language = preferred(header(scope, b"accept-language"))
    return problem(error, language, instance=request_id(), headers=headers)
