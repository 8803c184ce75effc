"""J-L2-7: what is registered, disclosed each month as a table that anybody may read (登记信息披露).

Its columns are those of provincial disclosure portals (domain reference, section 7.3): the
confirmation number, name, registrant and credit code, state, identifier, dates, and the number of
the certificate, whose page tells whether it still holds.
"""

import csv
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zoneinfo import ZoneInfo

from dataspace.caller import ANYONE
from dataspace.clocks.days import day_of
from dataspace.federation.flow.publishing import OWN
from dataspace.jobs.job import ZONE
from dataspace.jobs.tally import Tally
from dataspace.selection import Child, Every, Order, Page, Row, Selection, Where
from dataspace.text import Text
from dataspace.visibility import visible
from hub.node import Node
from hub.operations.mechanism.reading import ends, rows_of
from hub.scheduling.context import Context
from hub.scheduling.works import files
from hub.scheduling.works.files import Left
from hub.scheduling.works.watching.reading import every

KIND: Final = "DISCLOSURE"
FOLDER: Final = "disclosures/"
ROWS_MAX: Final = 10_000_000
PROPOSED: Final = Text("To be registered", "拟登记")
REGISTERED: Final = Text("Registered", "已登记")
STATES: Final[Mapping[str, Mapping[str, Text]]] = {
    "resource": {
        "PUBLICITY": PROPOSED, "OBJECTED": PROPOSED, "REGISTERED": REGISTERED,
        "AUTHORISABLE": REGISTERED, "EXPIRING": REGISTERED,
    },
    "product": dict.fromkeys(
        ("REGISTERED", "LIST_REVIEW", "LIST_FAILED", "LISTED", "DELIST_REVIEW", "DELISTED",
         "WITHDRAW_REVIEW", "WITHDRAW_FAILED"),
        REGISTERED,
    ),
}  # fmt: skip
OWNERS: Final = {"resource": "provider", "product": "owner"}
CODES: Final = {"resource": "registration_code", "product": "code"}
KINDS: Final = {
    "resource": Text("Public data resource", "公共数据资源"),
    "product": Text("Data product", "数据产品"),
}
Cell = Callable[[Row, str], Any]


def _both(text: Text) -> str:
    return f"{text.zh} {text.en}"


def _owner(row: Row, kind: str) -> Mapping[str, Any]:
    found = rows_of(row[OWNERS[kind]])
    return found[0] if found else {}


def _certificate(row: Row, kind: str) -> Any:
    found = rows_of(row["certificates"])
    return found[0]["code"] if found else None


COLUMNS: Final[Mapping[str, Cell]] = {
    "类别 kind": lambda row, kind: _both(KINDS[kind]),
    "登记编号 registration number": lambda row, kind: row.get(CODES[kind]),
    "名称 name": lambda row, kind: row["name"],
    "登记主体 registrant": lambda row, kind: _owner(row, kind).get("name"),
    "统一社会信用代码 credit code": lambda row, kind: _owner(row, kind).get("credit_code"),
    "登记状态 state": lambda row, kind: _both(STATES[kind][row["state"]]),
    "标识编码 identifier": lambda row, kind: row.get("identifier"),
    "登记时间 registered at": lambda row, kind: row.get("registered_at"),
    "有效期至 valid until": lambda row, kind: row.get("valid_until"),
    "证书编号 certificate": _certificate,
}


async def disclose(node: Node, context: Context) -> Tally:
    """Under the month of its time; done again for that month, it takes the place of the first."""
    tally = context.tally
    month = f"{day_of(context.at, ZoneInfo(ZONE)):%Y-%m}"
    with TemporaryDirectory(prefix="job-", dir=context.workshop.folder) as folder:
        path = Path(folder) / "registrations.csv"
        tally.considered = tally.done = await _write(node, context, path)
        left = Left(KIND, f"{FOLDER}registrations-{month}", {"records": tally.done})
        await files.keep(node, context, left, files.chunks_of(path))
    tally.remark = left.key
    return tally


async def count(node: Node, at: datetime) -> int:
    asked = [Selection(kind, where=_where(kind), rows=False, total=True) for kind in STATES]
    return sum([(await node.catalogue.select(each)).total or 0 for each in asked])


async def _write(node: Node, context: Context, path: Path) -> int:
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        async for kind, row in _registered(node):
            context.check()
            table.writerow([_plain(cell(row, kind)) for cell in COLUMNS.values()])
            written += 1
    return written


def _plain(value: Any) -> str:
    """A text that a spreadsheet would take for a formula is shown as the text that it is."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


async def _registered(node: Node) -> AsyncIterator[tuple[str, Row]]:
    last = Selection(
        "certificate", ("code",), order=Order("issued_at", descending=True), page=Page(1)
    )
    for kind in STATES:
        dates = ("registered_at", "valid_until") if kind == "resource" else ("registered_at",)
        asked = Selection(
            kind, ("id", "name", "state", "identifier", CODES[kind], *dates), _where(kind),
            children=(
                ends(OWNERS[kind], "participant", "name", "credit_code"),
                Child("certificates", "certificates", last),
            ),
        )  # fmt: skip
        async for row in every(node, asked, limit=ROWS_MAX):
            yield kind, row


def _where(kind: str) -> Every:
    """What everybody may see."""
    return Every((OWN, Where("state", "in", tuple(STATES[kind])), visible(ANYONE)[kind]))
