"""The guards of the lifecycle, each a named rule with its facts in the refusal.

Names and sources follow the domain's list of common guards (G-4EYES, G-GRADE, G-TERM, G-PRICE);
the metadata that registration needs are those marked as mandatory in the government resource
catalogue (政务信息资源目录). `Situation.related` is documented beside each guard that reads it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from dataspace.machine import Guard, Situation
from dataspace.quantity import read_moment
from dataspace.refusals import (
    AuthorisabilityStated,
    FourEyes,
    GradeTooHigh,
    GradeTooLow,
    MetadataIncomplete,
    NotAuthorisable,
    NotOver,
    PriceNotFree,
    SourceNotGranted,
    StillInUse,
    TermInvalid,
)
from dataspace.text import Text

GRADE_LISTABLE_MAX = 3
GRADE_REGISTERED_MAX = 4
AUTHORISATION_YEARS_MAX = 5

MANDATORY = (
    "name", "summary", "provider", "format", "items", "share_type", "open_attribute",
    "update_cycle", "origin", "classification", "grade", "source_system", "update_mechanism",
    "quality_standard", "usage_method",
)  # fmt: skip


def _four_eyes(situation: Situation) -> None:
    row, subject = situation.row, situation.caller.subject
    if subject in {row.get(f) for f in ("submitted_by", "reviewed_by", "second_reviewed_by")}:
        raise FourEyes(subject=subject, id=row.get("id", ""))


def _complete(situation: Situation) -> None:
    row = situation.row
    missing = [name for name in MANDATORY if row.get(name) in (None, "", [], ())]
    missing += [
        condition
        for attribute, condition in (
            ("share_type", "share_condition"),
            ("open_attribute", "open_condition"),
        )
        if row.get(attribute) == "CONDITIONAL" and not row.get(condition)
    ]
    if row.get("authorisable") is False and not row.get("not_authorisable_reason"):
        missing.append("not_authorisable_reason")
    if missing:
        raise MetadataIncomplete(id=row.get("id", ""), fields=", ".join(missing))


def _grade_at_most(limit: int, row: Mapping[str, Any]) -> None:
    grade, classification = row.get("grade") or 0, row.get("classification") or "GENERAL"
    if row.get("secret") or grade > limit or classification != "GENERAL":
        raise GradeTooHigh(
            id=row.get("id", ""), grade=grade, classification=classification, limit=limit
        )


def _authorisable(situation: Situation) -> None:
    if not situation.row.get("authorisable"):
        raise NotAuthorisable(resource=situation.row.get("id", ""))


def _not_stated(situation: Situation) -> None:
    if situation.row.get("authorisable") is not None:
        raise AuthorisabilityStated(resource=situation.row.get("id", ""))


def _resources_authorisable(situation: Situation) -> None:
    for resource in situation.related["resources"]:
        if resource.get("state") != "AUTHORISABLE":
            raise NotAuthorisable(resource=resource["id"])
        _grade_at_most(GRADE_LISTABLE_MAX, resource)


def _term(situation: Situation) -> None:
    row = situation.row
    start = read_moment(row["valid_from"]) if row.get("valid_from") else situation.now
    end = read_moment(row["valid_until"]) if row.get("valid_until") else None
    if end is None or not max(start, situation.now) < end <= _years_after(start):
        raise TermInvalid(
            valid_from=start.isoformat(), valid_until=row.get("valid_until"),
            years=AUTHORISATION_YEARS_MAX,
        )  # fmt: skip


def _years_after(start: datetime) -> datetime:
    """The same day of the calendar when the longest term ends; 29 February ends on 1 March."""
    year = start.year + AUTHORISATION_YEARS_MAX
    try:
        return start.replace(year=year)
    except ValueError:
        return start.replace(year=year, month=3, day=1)


def _over(situation: Situation) -> None:
    end = situation.row.get("valid_until")
    if not end or read_moment(end) > situation.now:
        raise NotOver(id=situation.row.get("id", ""), valid_until=end)


def _sources_granted(situation: Situation) -> None:
    row, related = situation.row, situation.related
    granted = _granted(related["authorisations"], owner=row.get("owner"), now=situation.now)
    missing = [each["id"] for each in related["resources"] if each["id"] not in granted]
    if missing or not (related["resources"] or related["source_products"]):
        raise SourceNotGranted(id=row.get("id", ""), resources=", ".join(missing) or "∅")
    unlisted = [each["id"] for each in related["source_products"] if each.get("state") != "LISTED"]
    if unlisted:
        raise SourceNotGranted(id=row.get("id", ""), resources=", ".join(unlisted))


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
    needed = max((each.get("grade") or 1 for each in sources), default=1)
    if grade < needed:
        raise GradeTooLow(id=situation.row.get("id", ""), grade=grade, needed=needed)


def _welfare_is_free(situation: Situation) -> None:
    row = situation.row
    if row.get("use_kind") == "PUBLIC_WELFARE" and row.get("price_fen"):
        raise PriceNotFree(id=row.get("id", ""), price_fen=row["price_fen"])


def _unused(situation: Situation) -> None:
    if users := [each["id"] for each in situation.related["users"]]:
        raise StillInUse(id=situation.row.get("id", ""), users=", ".join(users))


FOUR_EYES = Guard(
    "G-4EYES",
    Text("Whoever submitted or reviewed it does not review it again", "提交人、已审核人不得再审核"),
    _four_eyes,
)
COMPLETE = Guard("G-COMPLETE", Text("Mandatory metadata are there", "必填元数据完整"), _complete)
REGISTRABLE = Guard(
    "G-GRADE",
    Text("Not classified, general data, grade 4 at most", "非涉密、一般数据、不高于 4 级"),
    lambda situation: _grade_at_most(GRADE_REGISTERED_MAX, situation.row),
)
LISTABLE = Guard(
    "G-GRADE-LIST",
    Text("General data of grade 3 at most", "一般数据、不高于 3 级"),
    lambda situation: _grade_at_most(GRADE_LISTABLE_MAX, situation.row),
)
AUTHORISABLE = Guard(
    "G-AUTHORISABLE", Text("Marked as authorisable", "标记为可授权"), _authorisable
)
NOT_STATED = Guard(
    "G-NOT-STATED",
    Text("Its provider has not said whether it may be authorised", "提供方未注明是否可授权"),
    _not_stated,
)
RESOURCES_AUTHORISABLE = Guard(  # related: resources
    "G-RESOURCES",
    Text("Every resource is on the authorisable list", "所涉资源均在可授权清单内"),
    _resources_authorisable,
)
TERM = Guard("G-TERM", Text("The term ends within five years", "期限不超过五年"), _term)
OVER = Guard("G-OVER", Text("The term is over", "期限已届满"), _over)
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
UNUSED = Guard(  # related: users, rows that rest on the object and are in force
    "G-DUE", Text("Nothing in force rests on it", "无有效对象依赖"), _unused
)
