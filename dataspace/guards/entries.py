"""Guards on what a department registers (G-GRADE, one item one source, renewal).

The metadata that registration needs are those marked as mandatory in the government resource
catalogue (政务信息资源目录).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dataspace.guards.limits import (
    GRADE_LISTABLE_MAX,
    GRADE_REGISTERED_MAX,
    MANDATORY,
    REGISTRATION_RENEWAL_DAYS,
)
from dataspace.guards.refusals import ItemListedAlready, NotInWindow, OtherList
from dataspace.machine import Guard, Situation
from dataspace.quantity import read_moment
from dataspace.refusals import (
    AuthorisabilityStated,
    GradeTooHigh,
    MetadataIncomplete,
    NotAuthorisable,
)
from dataspace.text import Text


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


def check_grade(limit: int, row: Mapping[str, Any]) -> None:
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


def _one_source(situation: Situation) -> None:
    """What was looked up is already what others have on record for the same item."""
    for other in situation.related.get("same_source", ()):
        raise ItemListedAlready(
            id=situation.row.get("id", ""), existing=other["id"], provider=other["provider"]
        )


def _renewable(situation: Situation) -> None:
    end = situation.row.get("valid_until")
    days = situation.rule("resource.renewal_days_max", REGISTRATION_RENEWAL_DAYS)
    if not end or situation.now < read_moment(end) - timedelta(days=days):
        raise NotInWindow(id=situation.row.get("id", ""), valid_until=end, days=days)


def _was_listed(situation: Situation) -> None:
    if not situation.row.get("was_authorisable"):
        raise OtherList(id=situation.row.get("id", ""), state="REGISTERED")


def _was_not_listed(situation: Situation) -> None:
    if situation.row.get("was_authorisable"):
        raise OtherList(id=situation.row.get("id", ""), state="AUTHORISABLE")


COMPLETE = Guard("G-COMPLETE", Text("Mandatory metadata are there", "必填元数据完整"), _complete)
REGISTRABLE = Guard(
    "G-GRADE",
    Text(
        "Not classified, general data, of a grade that is registered (4 at most by default)",
        "非涉密、一般数据、不高于可登记的最高分级（默认 4 级）",
    ),
    lambda situation: check_grade(
        situation.rule("resource.grade_max", GRADE_REGISTERED_MAX), situation.row
    ),
)
LISTABLE = Guard(
    "G-GRADE-LIST",
    Text(
        "General data of a grade that is listed (3 at most by default)",
        "一般数据、不高于可上架的最高分级（默认 3 级）",
    ),
    lambda situation: check_grade(
        situation.rule("product.grade_max", GRADE_LISTABLE_MAX), situation.row
    ),
)
OFFERABLE = Guard(
    "G-GRADE-OFFER",
    Text(
        "General data of a grade that is authorised (3 at most by default)",
        "一般数据、不高于可授权的最高分级（默认 3 级）",
    ),
    lambda situation: check_grade(
        situation.rule("authorisation.grade_max", GRADE_LISTABLE_MAX), situation.row
    ),
)
AUTHORISABLE = Guard(
    "G-AUTHORISABLE", Text("Marked as authorisable", "标记为可授权"), _authorisable
)
NOT_STATED = Guard(
    "G-NOT-STATED",
    Text("Its provider has not said whether it may be authorised", "提供方未注明是否可授权"),
    _not_stated,
)
ONE_SOURCE = Guard(  # related: same_source, what others have on record for the same item
    "G-ONE-SOURCE",
    Text(
        "No other department has it on record (one item, one source)",
        "未由其他部门登记（一数一源）",
    ),
    _one_source,
)
RENEWABLE = Guard(
    "G-WINDOW", Text("Within the last days of its validity", "处于续期窗口内"), _renewable
)
WAS_LISTED = Guard(
    "G-WAS-LISTED", Text("It was on the authorisable list", "续期前在可授权清单内"), _was_listed
)
WAS_NOT_LISTED = Guard(
    "G-WAS-NOT-LISTED",
    Text("It was not on the authorisable list", "续期前不在可授权清单内"),
    _was_not_listed,
)
