"""Guards on who takes part: identity papers, and who still acts for them (L1)."""

from dataspace.guards.refusals import HandlersThere, IdentityIncomplete
from dataspace.identifiers import is_credit_code
from dataspace.machine import Guard, Situation
from dataspace.text import Text


def _identified(situation: Situation) -> None:
    row = situation.row
    missing = [name for name in ("name", "kind", "credit_code", "contact") if not row.get(name)]
    if row.get("credit_code") and not is_credit_code(row["credit_code"]):
        missing.append("credit_code (GB 32100)")
    if missing:
        raise IdentityIncomplete(id=row.get("id", ""), fields=", ".join(missing))


def _handlers_gone(situation: Situation) -> None:
    if people := [each["id"] for each in situation.related["people"]]:
        raise HandlersThere(id=situation.row.get("id", ""), people=", ".join(people))


IDENTIFIED = Guard(
    "G-IDENTITY", Text("Its identity can be checked", "身份信息完整且校验通过"), _identified
)
HANDLERS_GONE = Guard(  # related: people, those who still act for it
    "G-HANDLERS", Text("Its handlers were removed first", "经办人均已移除"), _handlers_gone
)
