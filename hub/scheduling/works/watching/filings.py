"""J-L3-5: operation without its filings (备案缺漏): told of, or suspended where rules say so."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from dataspace.guards.chain import missing_filings
from dataspace.jobs.tally import Tally
from dataspace.nouns.codes import FILING_KIND
from dataspace.selection import Every, Row, Selection, Where
from hub.node import Node
from hub.operations import authorisations
from hub.operations.jobs.remarks import remark
from hub.operations.links.reach import REACH, spaces_of
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.reading import ends, flat, rows_of
from hub.operations.rulebooks.ruling import rules_everywhere
from hub.scheduling.context import Context
from hub.scheduling.works.watching.reading import every

RULE: Final = "authorisation.unfiled_suspended"
MISSING: Final = "Not on file 未备案："
LIVE: Final = Every((Where("state", "eq", "EFFECTIVE"), Where("right_kind", "eq", "OPERATING")))
# Of the agreement, down to the plan and up to the list: an operator may have filed much else.
FILED: Final = ("kind", "state")
FILINGS: Final = ends(
    "filings", "filing", *FILED,
    children=(
        ends("rests_on", "filing", *FILED, children=(ends("rests_on", "filing", *FILED),)),
        ends("followed_by", "filing", *FILED),
    ),
)  # fmt: skip
GRANTS: Final = Selection(
    "authorisation", ("id", "code", "title", "valid_until"), LIVE,
    children=(
        ends("grantor", "participant"), ends("grantee", "participant"),
        ends("agreement", "agreement", children=(FILINGS,)), *REACH,
    ),
)  # fmt: skip


async def look(node: Node, context: Context) -> Tally:
    """Each operation is told of once for what it lacks, and again when it lacks something else; it
    is suspended where a space that its authorisation reaches into says so."""
    ruling = await rules_everywhere(node.catalogue, at=context.at)

    async def act(row: Row) -> bool:
        missing = _missing(row)
        if not missing:
            return False
        reason = f"{MISSING}{', '.join(_said(each) for each in missing)}"
        if ruling.rule(RULE, spaces_of(row)):
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
    found = rows_of(row["agreement"])
    id_ = found[0]["id"] if found else ""
    filings = [each for agreement in found for filing in rows_of(agreement["filings"])
               for each in _chain(filing, id_)]  # fmt: skip
    return missing_filings(id_, filings)


def _chain(filing: Row, agreement: str) -> Iterator[dict[str, Any]]:
    """The filing of an agreement, what it rests on down to the plan, and what rests on it."""
    yield {**_plain(filing), "agreement": agreement}
    for operator in rows_of(filing["rests_on"]):
        yield _plain(operator)
        yield from map(_plain, rows_of(operator["rests_on"]))
    for following in rows_of(filing["followed_by"]):
        yield {**_plain(following), "rests_on": filing["id"]}


def _plain(row: Row) -> dict[str, Any]:
    beneath = rows_of(row.get("rests_on"))
    kept = {name: row[name] for name in ("id", *FILED)}
    return {**kept, "rests_on": beneath[0]["id"] if beneath else None}


def _said(kind: str) -> str:
    text = FILING_KIND.codes[kind].text
    return f"{text.en} {text.zh}"
