"""The agreement of authorised operation as a document: the locked snapshot, and who signed it.

A document is issued of what was locked, at each signature, and when the agreement is filed; every
one says what the one before said, and more.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from dataspace.documents.certificate import VERIFICATION, Issue, sha256_of
from dataspace.documents.elements import (
    CLAUSES,
    LICENCE_CONDITIONS,
    Clause,
    agreed,
    sha256_of_elements,
)
from dataspace.guards.papers import NOT_AS_LOCKED
from dataspace.guards.refusals import SignatureBroken
from dataspace.notices.reading import CITY_ZONE
from dataspace.nouns.filings import AGREEMENT
from dataspace.quantity import Money, read_moment, written
from dataspace.shape import Field, Type
from dataspace.text import Text

PARTIES: Final = ("grantor", "grantee")
# In words: a print in which the signs for a box are missing must not read as its opposite.
TICKED: Final = Text("applies", "适用")
OPEN: Final = Text("does not apply", "不适用")
YES: Final = Text("yes", "是")
NO: Final = Text("no", "否")
# An amount is kept in fen and printed in yuan, so that its name on paper has no unit.
AMOUNTS: Final[Mapping[str, Text]] = {
    "price_cap_fen": Text("Ceiling of the price of one unit", "最高单价"),
    "penalty_fen": Text("Penalty of a breach", "违约金"),
}


def agreement_content(issue: Issue, row: Mapping[str, Any]) -> dict[str, Any]:
    """`row` is the agreement as the move leaves it, with all lines of its lists.

    Raises:  SignatureBroken when its elements are not those that were locked.
    """
    elements = agreed(row)
    if sha256_of_elements(elements) != row.get("locked_sha256"):
        raise SignatureBroken(id=row.get("id", ""), why=NOT_AS_LOCKED)
    return {
        "form": "agreement/1",
        "subject": {"id": row["id"], "code": row["code"], "title": row["title"]},
        "issuer": issue.issuer.content,
        "holder": issue.holder.content,
        "elements": elements,
        "elements_sha256": row["locked_sha256"],
        "locked_at": row["locked_at"],
        "signatures": list(_signatures(row)),
        "state": row["state"],
        "valid_until": row["valid_until"],
        **_issued(issue),
    }


def filed_content(
    issue: Issue, signed: Mapping[str, Any], *, filing_code: str, locked_sha256: str
) -> dict[str, Any]:
    """What both signed, under the number that it is filed; `signed` is the document of it.

    Raises:  SignatureBroken when the document is not what was locked.
    """
    content = json.loads(signed["content"])
    kept = sha256_of(signed["content"]) == signed["sha256"]
    own = sha256_of_elements(content.get("elements") or {})
    if not kept or {own, content.get("elements_sha256")} != {locked_sha256}:
        raise SignatureBroken(id=content["subject"]["id"], why=NOT_AS_LOCKED)
    return {**content, "filing_code": filing_code, "state": "FILED", **_issued(issue)}


def clauses(content: Mapping[str, Any]) -> tuple[tuple[Text, Text], ...]:
    """Heading and text of every clause, in the order of the agreement."""
    return tuple((each.text, _said(each, content)) for each in CLAUSES)


def _issued(issue: Issue) -> dict[str, Any]:
    return {
        "number": issue.number,
        "issued_at": written(issue.at),
        "change_set": issue.change_set,
        "verification": f"{VERIFICATION}{issue.number}",
    }


def _signatures(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for party in PARTIES:
        if by := row.get(f"{party}_signed_by"):
            yield {"party": party, "by": by, "at": row[f"{party}_signed_at"]}


def _said(clause: Clause, content: Mapping[str, Any]) -> Text:
    elements = content["elements"]
    if set(clause.names) == set(LICENCE_CONDITIONS):
        lines = [_box(name, elements) for name in clause.names]
    else:
        alone = len(clause.names) == 1
        lines = [
            _element(name, content, alone=alone) for name in clause.names if name in elements
        ]
    return Text("\n".join(line.en for line in lines), "\n".join(line.zh for line in lines))


def _box(name: str, elements: Mapping[str, Any]) -> Text:
    known, box = AGREEMENT.by_name[name].text, TICKED if elements.get(name) else OPEN
    return Text(f"{known.en}: {box.en}", f"{known.zh}：{box.zh}")


def _element(name: str, content: Mapping[str, Any], *, alone: bool) -> Text:
    """What an element says, under its name unless it is all that its clause says."""
    value = content["elements"][name]
    if name in AGREEMENT.edge_by_name:
        return _labelled(AGREEMENT.edge_by_name[name].text, _party(name, content))
    if name in AGREEMENT.part_by_name:
        return _lines(name, value)
    field = AGREEMENT.by_name[name]
    label = AMOUNTS.get(name, field.text)
    return _value(field, value) if alone else _labelled(label, _value(field, value))


def _party(name: str, content: Mapping[str, Any]) -> Text:
    party = content["issuer" if name == "grantor" else "holder"]
    called, code = party.get("name") or party["id"], party.get("credit_code")
    return Text(f"{called} ({code})", f"{called}（{code}）") if code else Text(called, called)


def _lines(name: str, rows: list[Mapping[str, Any]]) -> Text:
    part = AGREEMENT.part_by_name[name]
    told = []
    for number, row in enumerate(rows, start=1):
        cells = [
            _labelled(field.text, _value(field, row[field.name]))
            for field in part.fields
            if field.name in row
        ]
        told.append(Text(
            f"({number}) " + "; ".join(cell.en for cell in cells),
            f"（{number}）" + "；".join(cell.zh for cell in cells),
        ))  # fmt: skip
    return Text("\n".join(each.en for each in told), "\n".join(each.zh for each in told))


def _labelled(label: Text, said: Text) -> Text:
    return Text(f"{label.en}: {said.en}", f"{label.zh}：{said.zh}")


def _value(field: Field, value: Any) -> Text:
    if field.type is Type.CODE and field.table and value in field.table:
        return field.table.codes[value].text
    if field.type is Type.MOMENT:
        local = read_moment(value).astimezone(CITY_ZONE)
        return Text(local.date().isoformat(), f"{local.year}年{local.month}月{local.day}日")
    if field.type is Type.FLAG:
        return YES if value else NO
    if field.name in AMOUNTS:
        yuan = str(Money(value)).removeprefix("¥")
        return Text(f"{yuan} yuan", f"{yuan} 元")
    return Text(str(value), str(value))
