"""A document in the change set of the move that it certifies: both, or neither."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from dataspace.change import Change, Create
from dataspace.documents.agreement import agreement_content, filed_content
from dataspace.documents.certificate import Issue, Kind, Party, content_of, number_of, sealed
from dataspace.guards.changes import as_it_will_be
from dataspace.identifiers import CREDIT_ALPHABET
from dataspace.machine import Situation
from dataspace.quantity import read_moment
from dataspace.selection import Row
from hub.operations.documents.beside import Papers
from hub.operations.mechanism.allotting import serial
from hub.operations.mechanism.done import Request

EVERYBODY: Final = "PUBLIC"
PAPERS: Final = "papers"
"""The name in a situation of what was read for the document, whole."""


def certificates_for(
    request: Request, situation: Situation, values: Mapping[str, Any]
) -> tuple[Change, ...]:
    """What a move issues; `values` are what it writes. Every attempt allots another number.

    Raises:  SignatureBroken for an agreement that is not what was locked.
    """
    papers: Papers | None = situation.related.get(PAPERS)
    if papers is None:
        return ()
    row = _about(request, situation, values, papers)
    kind = papers.occasion.kind
    number = number_of(kind, request.now, serial(CREDIT_ALPHABET))
    issue = Issue(
        kind, number, _issuer(request, papers), _party(papers.holder), request.now,
        request.change_set,
    )  # fmt: skip
    if papers.occasion.kind is Kind.AGREEMENT and papers.occasion.about:
        return _filed(request, issue, situation=situation, row=row, papers=papers)
    if kind is Kind.AGREEMENT:
        content = agreement_content(issue, row)
    else:
        covered: Sequence[Row] = situation.related.get("resources", ())
        of_grant = kind is Kind.AUTHORISATION
        content = content_of(issue, row, resources=tuple(covered) if of_grant else ())
    return (_certificate(request, issue, content, row=row, papers=papers),)


def _about(
    request: Request, situation: Situation, values: Mapping[str, Any], papers: Papers
) -> Row:
    """What the document is about as the move leaves it."""
    if request.kind in ("resource_change", "product_change"):
        return {**as_it_will_be(situation).row}
    return {**situation.row, **values, "id": request.id}


def _filed(
    request: Request, issue: Issue, *, situation: Situation, row: Row, papers: Papers
) -> tuple[Change, ...]:
    """An agreement that came in signed has no document here that could be filed."""
    if papers.former is None or situation.row["kind"] != "AGREEMENT":
        return ()
    [agreement] = situation.related["agreement"]
    content = filed_content(
        issue, papers.former,
        filing_code=row["code"], locked_sha256=agreement["locked_sha256"],
    )  # fmt: skip
    return (_certificate(request, issue, content, row=agreement, papers=papers),)


def _certificate(
    request: Request, issue: Issue, content: Mapping[str, Any], *, row: Row, papers: Papers
) -> Create:
    document = sealed(content)
    values = {
        "code": issue.number,
        "kind": issue.kind.value,
        "content": document.text,
        "sha256": document.sha256,
        "public": row.get("audience") == EVERYBODY,
        "issued_at": request.act.at,
        "valid_from": _later(row.get("valid_from"), issue),
        "valid_until": row.get("valid_until"),
        "holder": issue.holder.id,
        papers.kind: papers.about,
        "replaces": papers.former["id"] if papers.former else None,
    }
    act = replace(request.act, action="certificate.issue")
    return Create("certificate", request.own_id("cer"), values, act)


def _later(start: str | None, issue: Issue) -> str | None:
    return start if start and read_moment(start) > issue.at else None


def _issuer(request: Request, papers: Papers) -> Party:
    """Whoever grants, or else the bureau; one that no setting names stands there without a name."""
    return _party(papers.issuer or {"id": request.node.bureau})


def _party(row: Row) -> Party:
    return Party(row["id"], row.get("name") or "", row.get("credit_code") or "")
