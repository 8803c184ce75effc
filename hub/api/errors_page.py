"""/errors and /errors/<code>: what every refusal means and what to do, in both languages."""

from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dataspace.errors import DataSpaceError, NotFound, every_error
from dataspace.text import Text
from hub.api.problems import language_of, problem

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


class ErrorCodeUnknown(NotFound):
    code = "error_code.unknown"
    title = Text("There is no error with the code {code_asked}", "没有代码为 {code_asked} 的错误")
    advice = Text("/errors lists them all.", "/errors 列出全部错误。")


def errors_routes() -> list[BaseRoute]:
    return [Route("/errors", _list), Route("/errors/{code}", _one)]


def known_errors() -> dict[str, type[DataSpaceError]]:
    """By code; a class that only narrows another's facts keeps the first one's page."""
    found: dict[str, type[DataSpaceError]] = {}
    for error in every_error():
        found.setdefault(error.code, error)
    return found


async def _list(_request: Request) -> Response:
    rows = "".join(
        f'<tr><td><a href="/errors/{code}">{code}</a><td>{error.status}'
        f"<td>{escape(error.title.en)}<td>{escape(error.title.zh)}"
        for code, error in sorted(known_errors().items())
    )
    return _page("Errors · 错误", f"<h1>Errors · 错误</h1><table>{rows}</table>")


async def _one(request: Request) -> Response:
    code = request.path_params["code"]
    error = known_errors().get(code)
    if error is None:
        return problem(ErrorCodeUnknown(code_asked=code[:80]), language_of(request))
    texts = (("en", error.title.en, error.advice.en), ("zh", error.title.zh, error.advice.zh))
    body = "".join(
        f'<section lang="{language}"><h2>{escape(title)}</h2><p>{escape(advice)}</p></section>'
        for language, title, advice in texts
    )
    return _page(code, f"<h1><code>{code}</code></h1><p>HTTP {error.status}</p>{body}")


def _page(title: str, body: str) -> Response:
    html = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>body{{font:16px/1.6 system-ui,sans-serif;"
        "max-width:60rem;margin:2rem auto;padding:0 1rem}td{padding:.2rem 1rem .2rem 0;"
        "vertical-align:top}</style>"
        f'{body}<p><a href="/errors">/errors</a></html>'
    )
    return Response(
        html,
        media_type="text/html",
        headers={"content-security-policy": POLICY, "cache-control": "no-cache"},
    )
