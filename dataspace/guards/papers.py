"""Guards on filings and agreements (L3-a, section 7): order, completeness, signatures."""

from collections.abc import Mapping
from typing import Any, Final

from dataspace.documents.elements import blanks, elements_sha256
from dataspace.guards.limits import AGREEMENT_YEARS_MAX, EQUAL_SHARES
from dataspace.guards.refusals import (
    ElementsMissing,
    LetterMissing,
    NothingToFollow,
    SharesUneven,
    SignatureBroken,
    WrongRoute,
)
from dataspace.guards.terms import check_term
from dataspace.machine import Guard, Situation
from dataspace.text import Text

NOT_AS_LOCKED: Final = "it is not what was locked"
BY_AGENCY: Final = ("AGREEMENT", "PRODUCT_LIST")
# What each kind of filing follows, and the state that it must be in (7.1).
PRECEDES: Final[Mapping[str, tuple[str, str]]] = {
    "PLAN": ("JOINT_REVIEW", "PASSED"),
    "OPERATOR": ("PLAN", "FILED"),
    "AGREEMENT": ("OPERATOR", "FILED"),
    "PRODUCT_LIST": ("AGREEMENT", "FILED"),
}


def _elements_whole(situation: Situation) -> None:
    row = situation.row
    if missing := blanks(row):
        raise ElementsMissing(id=row.get("id", ""), fields=", ".join(missing))
    total = sum(each.get("percent") or 0 for each in row["shares"])
    if total != EQUAL_SHARES:
        raise SharesUneven(id=row.get("id", ""), sum=total, whole=EQUAL_SHARES)
    check_term(row, situation.now, years=AGREEMENT_YEARS_MAX)


def _signed(situation: Situation) -> None:
    row = situation.row
    signers = [row.get("grantor_signed_by"), row.get("grantee_signed_by")]
    if not all(signers):
        why = "a signature is missing"
    elif signers[0] == signers[1]:
        why = "one person signed for both"
    elif row.get("locked_sha256") != elements_sha256(row):
        why = NOT_AS_LOCKED
    else:
        return
    raise SignatureBroken(id=row.get("id", ""), why=why)


def _as_locked(situation: Situation) -> None:
    row = situation.row
    if row.get("locked_sha256") != elements_sha256(row):
        raise SignatureBroken(id=row.get("id", ""), why=NOT_AS_LOCKED)


def _letter(situation: Situation) -> None:
    if not situation.row.get("confidentiality_sha256"):
        raise LetterMissing(id=situation.row.get("id", ""))


def _kind_is(*kinds: str, route: str) -> Any:
    def check(situation: Situation) -> None:
        kind = situation.row.get("kind")
        if kind not in kinds:
            raise WrongRoute(id=situation.row.get("id", ""), kind=kind, route=route)

    return check


def _follows(situation: Situation) -> None:
    row, related = situation.row, situation.related
    if row.get("kind") == "AGREEMENT":
        _named(situation, related.get("agreement"), needed=("agreement", "ARCHIVED"))
    if needed := PRECEDES.get(str(row.get("kind"))):
        before = related.get("rests_on") or []
        right = [each for each in before if each.get("kind") == needed[0]]
        _named(situation, right, needed=needed)


def _named(situation: Situation, found: Any, *, needed: tuple[str, str]) -> None:
    first = found[0] if found else {"id": "∅", "state": "∅"}
    if first.get("state") != needed[1]:
        raise NothingToFollow(
            id=situation.row.get("id", ""), needed=" ".join(needed), found=first["id"],
            state=first.get("state"),
        )  # fmt: skip


ELEMENTS_WHOLE = Guard(
    "G-ELEMENTS", Text("No element of the agreement is blank", "协议要素齐全"), _elements_whole
)
SIGNED = Guard(
    "G-SIGN",
    Text("Both signed what was locked, each for itself", "双方已签署锁定文本"),
    _signed,
)
AS_LOCKED = Guard(
    "G-AS-LOCKED", Text("What is signed is what was locked", "所签即所锁定的文本"), _as_locked
)
LETTER = Guard(
    "G-LETTER", Text("The letter of confidentiality is there", "保密承诺函已附"), _letter
)
FILED_DIRECTLY = Guard(
    "G-ROUTE-CITY",
    Text("Of a kind that is filed with the bureau directly", "属直接报市级备案的事项"),
    _kind_is("AGENCY", "JOINT_REVIEW", "PLAN", "OPERATOR", route="the agency confirms it first"),
)
FILED_BY_AGENCY = Guard(
    "G-ROUTE-AGENCY",
    Text("Of a kind that the implementing agency confirms first", "属须实施机构先行确认的事项"),
    _kind_is(*BY_AGENCY, route="it goes to the bureau directly"),
)
JOINT = Guard(
    "G-JOINT", Text("A joint review", "联审事项"), _kind_is("JOINT_REVIEW", route="it is filed")
)
NOT_JOINT = Guard(
    "G-FILING",
    Text("A filing, no joint review", "备案事项"),
    _kind_is("AGENCY", "PLAN", "OPERATOR", *BY_AGENCY, route="it passes or fails"),
)
FOLLOWS = Guard(  # related: rests_on, agreement
    "G-FOLLOWS", Text("What comes before it is done", "前置事项已完成"), _follows
)
