"""J-L3-5: operation without its filings (备案缺漏): told of, or suspended where rules say so."""

from datetime import datetime
from typing import Any, Final

from dataspace.guards.chain import missing_filings
from dataspace.jobs.tally import Tally
from dataspace.nouns.codes import FILING_KIND
from dataspace.selection import Child, Every, Page, Row, Selection, Where
from hub.node import Node
from hub.operations import authorisations
from hub.operations.jobs.remarks import remark
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.reading import EDGE_COUNT_MAX, ends, flat, rows_of
from hub.operations.rulebooks.ruling import in_force
from hub.scheduling.context import Context
from hub.scheduling.works.watching.reading import every

RULE: Final = "authorisation.unfiled_suspended"
MISSING: Final = "Not on file 未备案："
LIVE: Final = Every((Where("state", "eq", "EFFECTIVE"), Where("right_kind", "eq", "OPERATING")))
FILINGS: Final = Child(
    "filings", "filings",
    Selection(
        "filing", ("id", "kind", "state"), Where("state", "eq", "FILED"),
        page=Page(EDGE_COUNT_MAX),
        children=(ends("rests_on", "filing"), ends("agreement", "agreement")),
    ),
)  # fmt: skip
GRANTS: Final = Selection(
    "authorisation", ("id", "code", "title", "valid_until"), LIVE,
    children=(
        ends("grantor", "participant"), ends("agreement", "agreement"),
        ends("grantee", "participant", children=(FILINGS,)),
    ),
)  # fmt: skip


async def look(node: Node, context: Context) -> Tally:
    """Each operation is told of once for what it lacks, and again when it lacks something else."""
    city = await in_force(node.catalogue, None, at=context.at)
    suspends = bool(city.rules.get(RULE, False))

    async def act(row: Row) -> bool:
        missing = _missing(row)
        if not missing:
            return False
        reason = f"{MISSING}{', '.join(_said(each) for each in missing)}"
        if suspends:
            await authorisations.suspend(
                node, context.caller, row["id"], reason=reason,
                request_id=context.request(row["id"]),
            )  # fmt: skip
            return True
        key = f"{context.job.code}/{row['id']}/{'+'.join(missing)}"
        request = Request(
            node, context.caller, "authorisation", "filings_missing", row["id"], reason, key
        )
        return await remark(request, holds=Where("state", "eq", "EFFECTIVE"), row=flat(row))

    return await context.each(every(node, GRANTS, limit=context.job.limit), act)


async def count(node: Node, at: datetime) -> int:
    found = await node.catalogue.select(Selection(GRANTS.kind, where=LIVE, rows=False, total=True))
    return found.total or 0


def _missing(row: Row) -> tuple[str, ...]:
    agreements, grantees = rows_of(row["agreement"]), rows_of(row["grantee"])
    filings = [_filing(each) for grantee in grantees for each in rows_of(grantee["filings"])]
    return missing_filings(agreements[0]["id"] if agreements else "", filings)


def _filing(row: Row) -> dict[str, Any]:
    ended = {
        name: [each["id"] for each in rows_of(row[name])] for name in ("rests_on", "agreement")
    }
    return {**row, **{name: ids[0] if ids else None for name, ids in ended.items()}}


def _said(kind: str) -> str:
    text = FILING_KIND.codes[kind].text
    return f"{text.en} {text.zh}"
