"""Guards on products: what they rest on, their grade and their price (G-SCOPE, G-GRADE, G-PRICE)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from dataspace.federation.flow.feeds import ORIGIN
from dataspace.guards.refusals import NotReviewed, PriceTooHigh, Suspended
from dataspace.machine import Guard, Situation
from dataspace.quantity import read_moment
from dataspace.refusals import GradeTooLow, PriceNotFree, SourceNotGranted
from dataspace.text import Text


def _sources_granted(situation: Situation) -> None:
    row, related = situation.row, situation.related
    granted = _granted(related["authorisations"], owner=row.get("owner"), now=situation.now)
    missing = [each["id"] for each in related["resources"] if each["id"] not in granted]
    if missing or not (related["resources"] or related["source_products"]):
        raise SourceNotGranted(id=row.get("id", ""), resources=", ".join(missing) or "∅")
    gone = [each["id"] for each in related["source_products"] if each.get("state") != "LISTED"]
    # What another space withdrew stays here under its authorisation, and is no source any more.
    gone += [each["id"] for each in related["resources"] if each.get("state") == "CANCELLED"]
    if gone:
        raise SourceNotGranted(id=row.get("id", ""), resources=", ".join(gone))


def _granted(
    authorisations: Iterable[Mapping[str, Any]], *, owner: object, now: datetime
) -> set[str]:
    """The resources that the owner's authorisations cover now."""
    return {
        resource
        for each in authorisations
        if each.get("state") == "EFFECTIVE" and each.get("grantee") == owner
        if not each.get("valid_from") or read_moment(each["valid_from"]) <= now
        if not each.get("valid_until") or now < read_moment(each["valid_until"])
        for resource in each.get("resources") or ()
    }


def _grade_inherited(situation: Situation) -> None:
    related, grade = situation.related, situation.row.get("grade") or 0
    sources = (*related["resources"], *related["source_products"])
    needed = _highest(sources)
    lowered = _reviewed_grade(situation)
    if lowered is not None and grade >= lowered:
        # What another space graded is lowered by no review here.
        needed = _highest([each for each in sources if each.get(ORIGIN)])
    if grade < needed:
        raise GradeTooLow(id=situation.row.get("id", ""), grade=grade, needed=needed)


def _highest(sources: Iterable[Mapping[str, Any]]) -> int:
    return max((each.get("grade") or 1 for each in sources), default=1)


def _reviewed_grade(situation: Situation) -> int | None:
    """The lowest grade below that of the sources that a compliance review approved, if any did."""
    approved = [
        int(each["grade_proposed"])
        for each in situation.related.get("compliance_reviews", ())
        if each.get("state") == "PASSED" and each.get("grade_proposed") and each.get("grade_ground")
    ]
    return min(approved, default=None)


def _reviewed(situation: Situation) -> None:
    missing = [
        name
        for name in ("security_reviews", "compliance_reviews")
        if not any(each.get("state") == "PASSED" for each in situation.related.get(name, ()))
    ]
    if missing:
        raise NotReviewed(id=situation.row.get("id", ""), missing=", ".join(missing))


def _price_capped(situation: Situation) -> None:
    """The ceilings of the grants that it rests on, and of the rules in force for its unit."""
    row, price = situation.row, situation.row.get("price_fen") or 0
    ruled = situation.rule(f"product.price_fen_max.{str(row.get('price_unit')).lower()}", None)
    limits = [] if ruled is None else [ruled]
    limits += [
        each["price_cap_fen"]
        for each in situation.related["authorisations"]
        if each.get("price_cap_fen") is not None
    ]
    if limits and price > min(limits):
        raise PriceTooHigh(id=situation.row.get("id", ""), price_fen=price, limit_fen=min(limits))


def _not_suspended(situation: Situation) -> None:
    if situation.row.get("availability") == "SUSPENDED":
        raise Suspended(id=situation.row.get("id", ""))


def _welfare_is_free(situation: Situation) -> None:
    row = situation.row
    must = situation.rule("product.welfare_free", True)
    if must and row.get("use_kind") == "PUBLIC_WELFARE" and row.get("price_fen"):
        raise PriceNotFree(id=row.get("id", ""), price_fen=row["price_fen"])


SOURCES_GRANTED = Guard(  # related: authorisations, resources, source_products
    "G-SCOPE",
    Text("The owner is authorised for every source", "所有方对全部来源已获授权"),
    _sources_granted,
)
GRADE_INHERITED = Guard(  # related: resources, source_products
    "G-GRADE-DERIVED",
    Text("The grade is not below that of a source", "等级不低于来源等级"),
    _grade_inherited,
)
WELFARE_IS_FREE = Guard(
    "G-PRICE", Text("Free for public welfare", "公益用途免费"), _welfare_is_free
)
PRICE_CAPPED = Guard(  # related: authorisations
    "G-PRICE-CAP",
    Text("The price is at most the filed ceiling", "价格不高于备案上限"),
    _price_capped,
)
REVIEWED = Guard(  # related: security_reviews, compliance_reviews
    "G-REVIEWED",
    Text("Its security and compliance reviews have passed", "安全审查与合规审查均已通过"),
    _reviewed,
)
NOT_SUSPENDED = Guard("G-SUSPEND", Text("It is not suspended", "未被暂停"), _not_suspended)
