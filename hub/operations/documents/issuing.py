"""A certificate in the change set of the move that it certifies: both, or neither."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from dataspace.change import Change, Create
from dataspace.documents.certificate import (
    HOLDERS,
    ISSUED_WITH,
    Issue,
    Kind,
    Party,
    content_of,
    number_of,
    sealed,
)
from dataspace.identifiers import CREDIT_ALPHABET
from dataspace.machine import Situation
from dataspace.selection import Row, Selection, Where
from hub.operations.mechanism.allotting import serial
from hub.operations.mechanism.done import Request

EVERYBODY: Final = "PUBLIC"


async def certificates_for(
    request: Request, situation: Situation, values: Mapping[str, Any]
) -> tuple[Change, ...]:
    """What a move issues; `values` are what it writes. Every attempt allots another number."""
    kind = ISSUED_WITH.get((request.kind, request.verb))
    if kind is None:
        return ()
    row = {**situation.row, **values, "id": request.id}
    holder = str(row[HOLDERS[kind]])
    issuer = str(row.get("grantor") or request.node.bureau)
    parties = await _parties(request, holder, issuer)
    number = number_of(kind, request.now, serial(CREDIT_ALPHABET))
    issue = Issue(
        kind, number, _party(issuer, parties), _party(holder, parties), request.now,
        request.change_set,
    )  # fmt: skip
    covered = situation.related["resources"] if kind is Kind.AUTHORISATION else ()
    return (_certificate(request, issue, row, covered),)


def _certificate(
    request: Request, issue: Issue, row: Mapping[str, Any], covered: Iterable[Row]
) -> Create:
    document = sealed(content_of(issue, row, resources=tuple(covered)))
    values = {
        "code": issue.number,
        "kind": issue.kind.value,
        "content": document.text,
        "sha256": document.sha256,
        "public": row.get("audience") == EVERYBODY,
        "issued_at": request.act.at,
        "valid_until": row.get("valid_until"),
        "holder": issue.holder.id,
        request.kind: request.id,
    }
    act = replace(request.act, action="certificate.issue")
    return Create("certificate", request.own_id("cer"), values, act)


async def _parties(request: Request, *ids: str) -> Mapping[str, Row]:
    where = Where("id", "in", sorted(set(ids) - {""}))
    fields = ("id", "name", "credit_code")
    found = await request.node.catalogue.select(Selection("participant", fields, where=where))
    return {row["id"]: row for row in found.rows}


def _party(id_: str, found: Mapping[str, Row]) -> Party:
    """A bureau that no setting names stands there without a name."""
    row = found.get(id_) or {}
    return Party(id_, row.get("name") or "", row.get("credit_code") or "")
