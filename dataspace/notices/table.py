"""The catalogue of notices: all of them, by what triggers them.

Dimensions follow the catalogue of a comparable platform (54 templates by stage, kind, recipient
and trigger), as the end of section 13 of the domain reference tells; the words are ours.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from dataspace.notices.notice import Clock, Kind, Notice, Recipient, Trigger
from dataspace.notices.told import (
    admission,
    complaints,
    developing,
    granting,
    joined,
    listing,
    noting,
    quality,
    spaces,
    supply,
)
from dataspace.text import Text

# Steps of the escalation chains of `dataspace.clocks.terms`, whose chain says to whom they go; and
# what is said at the desk where a to-do lay that the sweep for what waits unseen has closed; and to
# the roles whose countersignature the rules want.
CLOCKS: Final = (
    Notice(
        "clock.reminder", "X", Kind.TO_DO, Trigger("", Clock.REMINDER), Recipient(),
        Text("{term} of {object}: due on {due}", "{object} 的{term}：{due} 到期"),
        Text("{object} waits: {term}, last day {due}, {days} days from it.",
             "{object} 待办：{term}，最后一日为 {due}，相距 {days} 日。"),
    ),
    Notice(
        "clock.last_day", "X", Kind.TO_DO, Trigger("", Clock.LAST_DAY), Recipient(),
        Text("{term} of {object}: today is the last day", "{object} 的{term}：今日到期"),
        Text("{object}: {term} ends today, {due}.", "{object}：{term}于今日（{due}）到期。"),
    ),
    Notice(
        "clock.escalation", "X", Kind.TO_DO, Trigger("", Clock.ESCALATION), Recipient(),
        Text("Overdue, see to it: {term} of {object}", "逾期督办：{object} 的{term}"),
        Text("{object}: {term} was due on {due} and is {days} days overdue.",
             "{object}：{term}应于 {due} 前办结，已逾期 {days} 日。"),
    ),
    Notice(
        "clock.moved_on", "X", Kind.SYSTEM, Trigger("", Clock.MOVED_ON), Recipient(),
        Text("Nothing to be done here any more: {object}", "待办已撤：{object}"),
        Text("{object} moved on without this to-do, which was closed: {reason}.",
             "{object} 的状态已变化，原待办予以关闭：{reason}。"),
    ),
    Notice(
        "clock.wanted", "X", Kind.TO_DO, Trigger("", Clock.WANTED), Recipient(),
        Text("A countersignature is wanted: {object}", "待会签：{object}"),
        Text("The rules in force want somebody of your role to look at {object} before it is decided. Countersign it.",
             "按现行规则，{object} 须由您所在角色会签后方可作出决定，请会签。"),
    ),
)  # fmt: skip

NOTICES: Final = (
    *admission.NOTICES, *supply.NOTICES, *quality.NOTICES, *granting.NOTICES, *developing.NOTICES,
    *listing.NOTICES, *noting.NOTICES, *spaces.NOTICES, *joined.NOTICES, *complaints.NOTICES,
    *CLOCKS,
)  # fmt: skip
BY_CODE: Final[Mapping[str, Notice]] = {each.code: each for each in NOTICES}


def _by_trigger() -> Mapping[Trigger, tuple[Notice, ...]]:
    found: dict[Trigger, list[Notice]] = defaultdict(list)
    for each in NOTICES:
        found[each.trigger].append(each)
    return {trigger: tuple(notices) for trigger, notices in found.items()}


BY_TRIGGER: Final = _by_trigger()

# Moves of which nobody else has to hear. To draft, prepare, reopen or start only prepares, and the
# party does it alone; that a connector answers again is a heartbeat, seen where its status is; one
# half of a security review that passed decides nothing, the other half waits in the work-list.
UNTOLD: Final[Mapping[str, frozenset[str]]] = {
    "participant": frozenset({"countersign", "prepare"}),
    "node": frozenset({"come_online"}),
    "membership_application": frozenset({"draft"}),
    "resource": frozenset({"countersign", "draft", "reopen"}),
    "resource_change": frozenset({"draft"}),
    "work_order": frozenset(),
    "data_objection": frozenset(),
    "filing": frozenset({"draft"}),
    "agreement": frozenset({"draft"}),
    "scenario": frozenset({"draft"}),
    "authorisation": frozenset({"countersign", "draft"}),
    "accountability_case": frozenset(),
    "exploration_request": frozenset({"draft"}),
    "project": frozenset({"draft", "start"}),
    "platform_request": frozenset({"draft"}),
    "security_review": frozenset({"draft", "pass_material", "pass_code"}),
    "compliance_review": frozenset({"draft"}),
    "export_check": frozenset({"draft"}),
    "product": frozenset({"countersign", "draft"}),
    "product_change": frozenset({"draft"}),
    "complaint": frozenset(),
    "product_fault": frozenset(),
}  # fmt: skip

# By noun: all that follows and is no move. Of what is not told above, the move that it follows
# from tells the same people: a change that passed, an authorisation that was renewed; and a
# product that something else suspends too has not become available.
FOLLOWING: Final[Mapping[str, frozenset[str]]] = {
    "product": frozenset({
        "suspend_availability", "restore_availability", "lift_suspension", "renew_authorisation",
        "change",
    }),
    "agreement": frozenset({"filed"}),
    "resource": frozenset({"change"}),
    "participant": frozenset({"become_member"}),
}  # fmt: skip
