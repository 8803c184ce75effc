"""The one place where errors become answers: GraphQL errors, and RFC 9457 problem details.

What is not of the data space's own family is masked: its reader sees a log id, the log the rest.
"""

import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response

from dataspace.errors import DataSpaceError, Invalid, advice_for
from dataspace.text import Language, Text, preferred
from hub.api.schema.registry import camel
from hub.api.wire import json_bytes

LOG = logging.getLogger("cityspace.api")
OWN_NAMES = frozenset({"type", "title", "status", "detail", "instance", "code", "advice"})


class QueryUnreadable(Invalid):
    code = "query.syntax"
    title = Text("The query cannot be read: {detail}", "查询语句有语法错误：{detail}")
    advice = Text("Correct it at the place that is named.", "请按所示位置改正。")


class QueryInvalid(Invalid):
    code = "query.invalid"
    title = Text("The query does not fit the schema: {detail}", "查询与模式不符：{detail}")
    advice = Text(
        "Compare it with the schema; GraphiQL marks the place.",
        "请对照模式修改；GraphiQL 会标出位置。",
    )


def masked(error: BaseException) -> DataSpaceError:
    """The error itself when it is ours, and otherwise one that says only where to look."""
    if isinstance(error, DataSpaceError):
        return error
    log_id = secrets.token_hex(8)
    LOG.error("unexpected error %s", log_id, exc_info=error)
    return DataSpaceError(log_id=log_id)


def facts_of(error: DataSpaceError, language: Language) -> dict[str, Any]:
    """The error's facts under camelCase names, as JSON values; texts in one language."""
    found = {camel(name): _plain(value, language) for name, value in error.facts.items()}
    return {name: value for name, value in found.items() if name not in OWN_NAMES}


def _plain(value: object, language: Language) -> object:
    if isinstance(value, Text):
        return value.to(language)
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def extensions(error: DataSpaceError, language: Language) -> dict[str, Any]:
    return {
        "code": error.code,
        "status": error.status,
        "advice": advice_for(error, language),
        **facts_of(error, language),
    }


def graphql_error(error: GraphQLError, language: Language) -> dict[str, Any]:
    """One entry of the answer's `errors`."""
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):  # a variable that does not fit is wrapped
        cause = QueryInvalid(detail=error.message)
    ours = masked(cause)
    shown: dict[str, Any] = {"message": ours.message(language)}
    if error.locations:
        shown["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        shown["path"] = error.path
    return {**shown, "extensions": extensions(ours, language)}


def refusals(errors: Iterable[DataSpaceError], language: Language) -> list[dict[str, Any]]:
    """Entries for what was refused before execution."""
    return [
        {"message": each.message(language), "extensions": extensions(each, language)}
        for each in errors
    ]


class Rejected(Exception):
    """A document was refused as a whole; `errors` are entries of the answer, without language."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(str(errors[0]))
        self.errors = errors


def language_of(request: Request) -> Language:
    return preferred(request.headers.get("accept-language", ""))


def problem(
    error: DataSpaceError,
    language: Language,
    *,
    instance: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """RFC 9457: `type` is an address that explains the code."""
    body = {
        "type": f"/errors/{error.code}",
        "title": error.message(language),
        "status": error.status,
        "detail": advice_for(error, language),
        "code": error.code,
        **({"instance": instance} if instance else {}),
        **facts_of(error, language),
    }
    return Response(
        json_bytes(body),
        status_code=error.status,
        media_type="application/problem+json",
        headers={"content-language": language, **(headers or {})},
    )


async def problem_handler(request: Request, error: Exception) -> Response:
    """For Starlette's `exception_handlers`: serves every DataSpaceError, masks the rest."""
    ours = masked(error)
    return problem(
        ours,
        language_of(request),
        instance=request.headers.get("x-request-id", ""),
        headers=challenge(ours),
    )


def challenge(error: DataSpaceError) -> dict[str, str]:
    """RFC 6750: a 401 says how to sign in, and what was wrong with the token."""
    if error.status != 401:
        return {}
    wrong = "" if error.code == "identity.sign_in_required" else ', error="invalid_token"'
    return {"www-authenticate": f'Bearer realm="cityspace"{wrong}'}
