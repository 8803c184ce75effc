"""/disclosures: the monthly tables of what is registered, for everybody and without signing in."""

import re
from html import escape
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from dataspace.errors import NotFound
from dataspace.selection import PAGE_MAX, Every, Order, Page, Row, Selection, Where
from dataspace.text import Language, Text
from hub.api.documents.page import POLICY, framed
from hub.api.problems import language_of
from hub.node import Node

MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}")
FIELDS: Final = ("key", "business_time", "records", "bytes", "sha256")
LANGUAGES: Final[dict[str, Language]] = {"zh": "zh", "en": "en"}
HEADING: Final = Text("Disclosure of registrations", "登记信息披露")
HOW: Final = Text(
    "What is registered in this city's data space and open to everybody, as it stood on the first"
    " of each month. The tables are CSV in UTF-8.",
    "本市数据空间中对公众可见的登记事项，截至每月 1 日。表格为 UTF-8 编码的 CSV 文件。",
)
NONE: Final = Text("Nothing has been disclosed yet.", "尚无披露信息。")
FOOTER: Final = Text(
    "Whether a registration still holds is told by the page of its certificate.",
    "登记是否仍然有效，以证书核验页面为准。",
)
ROWS: Final = Text("rows", "条")


class DisclosureMissing(NotFound):
    code = "disclosure.missing"
    title = Text("Nothing was disclosed for {month}", "{month} 没有登记信息披露")
    advice = Text("See /disclosures for the months that there are.", "可用月份见 /disclosures。")


def disclosure_routes(node: Node, told: Any) -> list[BaseRoute]:
    desk = _Desk(node)
    return [
        Route("/disclosures", told(desk.listing), methods=["GET"]),
        Route("/disclosures/registrations-{month}.csv", told(desk.table), methods=["GET"]),
    ]


class _Desk:
    def __init__(self, node: Node) -> None:
        self.node = node

    async def listing(self, request: Request) -> Response:
        asked = request.query_params.get("language", "")
        language = LANGUAGES.get(asked) or language_of(request)
        rows = await self._there()
        body = "".join(_line(row, language) for row in rows) or f"<p>{_said(NONE, language)}</p>"
        page = framed(
            f'<p>{_said(HOW, language)}</p><section class="facts"><dl>{body}</dl></section>',
            language, path="/disclosures", heading=HEADING, footer=FOOTER,
        )  # fmt: skip
        headers = {"content-security-policy": POLICY, "content-language": language}
        return Response(page, headers=headers, media_type="text/html")

    async def table(self, request: Request) -> Response:
        """Raises:  DisclosureMissing, AssetsUnavailable."""
        month = str(request.path_params["month"])[:10]
        named = Where("key", "eq", f"disclosures/registrations-{month}")
        rows = await self._there(named) if MONTH.fullmatch(month) else []
        if not rows:
            raise DisclosureMissing(kind="job_file", id=month, month=month)
        chunks = await self.node.assets.read(rows[0]["key"])
        headers = {
            "content-disposition": f'attachment; filename="registrations-{month}.csv"',
            "content-length": str(rows[0]["bytes"]),
        }
        return StreamingResponse(chunks, headers=headers, media_type="text/csv; charset=utf-8")

    async def _there(self, *conditions: Where) -> list[Row]:
        """The newest first."""
        of = (Where("kind", "eq", "DISCLOSURE"), Where("removed_at", "is_null", True))
        order = Order("business_time", descending=True)
        asked = Selection(
            "job_file", FIELDS, Every((*of, *conditions)), order=order, page=Page(PAGE_MAX)
        )
        return (await self.node.catalogue.select(asked)).rows


def _line(row: Row, language: Language) -> str:
    month = row["key"].rpartition("/")[2].removeprefix("registrations-")
    name = f"registrations-{month}.csv"
    count = f"{row['records'] or 0:,} {_said(ROWS, language)}"
    link = f'<a href="/disclosures/{escape(name)}">{escape(name)}</a>'
    digest = f'<dt>SHA-256</dt><dd class="hash">{row["sha256"]}</dd>'
    return f"<dt>{escape(month)}</dt><dd>{link} · {count}</dd>{digest}"


def _said(text: Text, language: Language) -> str:
    return escape(text.to(language))
