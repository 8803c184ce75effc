"""Guards on what authorisations rest on, and on how long they last (G-TERM)."""

from datetime import datetime

from dataspace.guards.entries import check_grade
from dataspace.guards.limits import AUTHORISATION_YEARS_MAX, GRADE_LISTABLE_MAX
from dataspace.machine import Guard, Situation
from dataspace.quantity import read_moment
from dataspace.refusals import NotAuthorisable, NotOver, TermInvalid
from dataspace.text import Text


def _resources_authorisable(situation: Situation) -> None:
    for resource in situation.related["resources"]:
        if resource.get("state") != "AUTHORISABLE":
            raise NotAuthorisable(resource=resource["id"])
        check_grade(GRADE_LISTABLE_MAX, resource)


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


RESOURCES_AUTHORISABLE = Guard(  # related: resources
    "G-RESOURCES",
    Text("Every resource is on the authorisable list", "所涉资源均在可授权清单内"),
    _resources_authorisable,
)
TERM = Guard("G-TERM", Text("The term ends within five years", "期限不超过五年"), _term)
OVER = Guard("G-OVER", Text("The term is over", "期限已届满"), _over)
