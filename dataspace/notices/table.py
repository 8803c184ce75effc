"""The catalogue of notices: all of them, by what triggers them.

Dimensions follow the catalogue of a comparable platform (54 templates by stage, kind, recipient
and trigger), as the end of section 13 of the domain reference tells; the words are ours.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from dataspace.notices import admission, developing, granting, listing, supply
from dataspace.notices.notice import Clock, Kind, Notice, Recipient, Trigger
from dataspace.text import Text

# Steps of the escalation chains of `dataspace.clocks.terms`; the chain says to whom they go.
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
)  # fmt: skip

NOTICES: Final = (
    *admission.NOTICES, *supply.NOTICES, *granting.NOTICES, *developing.NOTICES, *listing.NOTICES,
    *CLOCKS,
)  # fmt: skip
BY_CODE: Final[Mapping[str, Notice]] = {each.code: each for each in NOTICES}


def _by_trigger() -> Mapping[Trigger, tuple[Notice, ...]]:
    found: dict[Trigger, list[Notice]] = defaultdict(list)
    for each in NOTICES:
        found[each.trigger].append(each)
    return {trigger: tuple(notices) for trigger, notices in found.items()}


BY_TRIGGER: Final = _by_trigger()

# What the catalogue of notices names and no machine has yet, by noun: its moves.
COMING: Final[Mapping[str, frozenset[str]]] = {
    "participant": frozenset({
        "submit", "return", "reject", "admit", "freeze", "unfreeze", "exit", "deregister",
    }),
    "connector": frozenset({"apply", "register", "isolate"}),
    "node": frozenset({"apply", "activate", "reject", "report_outage", "exit"}),
    "resource": frozenset({"object"}),
    "filing": frozenset({
        "submit", "confirm", "return", "file", "change", "pass_joint_review", "fail_joint_review",
    }),
    "scenario": frozenset({"submit", "pass_operator", "approve", "refuse"}),
    "agreement": frozenset({"settle", "lock", "archive"}),
    "accountability_case": frozenset({"open", "close"}),
    "exploration_request": frozenset({"submit", "approve", "reject"}),
    "platform_request": frozenset({"submit", "approve", "reject"}),
    "project": frozenset({"request_acceptance", "accept"}),
    "security_review": frozenset({"submit", "pass", "fail"}),
    "compliance_review": frozenset({"submit", "pass", "pass_conditionally", "fail"}),
    "export_check": frozenset({"request", "release", "block"}),
    "product": frozenset({"change"}),
}  # fmt: skip

# Moves of which nobody else has to hear: they are only prepared, or their party makes them alone.
UNTOLD: Final[Mapping[str, frozenset[str]]] = {
    "resource": frozenset({"draft"}),
    "authorisation": frozenset({"draft"}),
    "product": frozenset({"draft"}),
}
