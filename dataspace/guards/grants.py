"""Guards on authorisations: resources, agreement, scenario, renewal, accountability (L3)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dataspace.guards.entries import check_grade
from dataspace.guards.limits import AUTHORISATION_RENEWAL_DAYS, GRADE_LISTABLE_MAX
from dataspace.guards.refusals import (
    AgreementMissing,
    CaseOpen,
    GrantStands,
    NoGrant,
    NotOpened,
    OutlivesAgreement,
    RenewalUnfounded,
    ScenarioUnapproved,
)
from dataspace.machine import Guard, Situation
from dataspace.quantity import read_moment
from dataspace.refusals import NotAuthorisable
from dataspace.text import Text

OPERATING = "OPERATING"
ENDED = ("REVOKED", "EXPIRED")


def _resources_authorisable(situation: Situation) -> None:
    for resource in situation.related["resources"]:
        if resource.get("state") != "AUTHORISABLE":
            raise NotAuthorisable(resource=resource["id"])
        check_grade(situation.rule("authorisation.grade_max", GRADE_LISTABLE_MAX), resource)


def _open(situation: Situation) -> None:
    """What may not be opened to the public is operated only where the rules permit it."""
    if situation.rule("authorisation.not_open_permitted", True):
        return
    for resource in situation.related["resources"]:
        if resource.get("open_attribute") == "NOT_OPEN":
            raise NotOpened(resource=resource["id"])


def _first(situation: Situation, name: str) -> Mapping[str, Any] | None:
    found = situation.related.get(name) or []
    return found[0] if found else None


def _agreement(situation: Situation) -> None:
    """A right to operate rests on the agreement; other rights may do without one."""
    row, agreement = situation.row, _first(situation, "agreement")
    if agreement is None and row.get("right_kind") != OPERATING:
        return
    found = agreement or {"id": "∅", "state": "∅"}
    parties = all(found.get(each) == row.get(each) for each in ("grantor", "grantee"))
    if found["state"] != "ARCHIVED" or not found.get("filing_code") or not parties:
        raise AgreementMissing(id=row.get("id", ""), agreement=found["id"], state=found["state"])
    if read_moment(row["valid_until"]) > read_moment(found["valid_until"]):
        raise OutlivesAgreement(
            id=row.get("id", ""), valid_until=row["valid_until"], agreement=found["id"],
            ends=found["valid_until"],
        )  # fmt: skip


def _scenario(situation: Situation) -> None:
    row, scenario = situation.row, _first(situation, "approved_scenario")
    if scenario is None:
        return
    approved = scenario.get("state") in ("APPROVED", "ACTIVE")
    if not approved or scenario.get("applicant") != row.get("grantee"):
        raise ScenarioUnapproved(
            id=row.get("id", ""), scenario=scenario["id"], state=scenario.get("state")
        )


def _renewal(situation: Situation) -> None:
    row, renewed = situation.row, _first(situation, "renews")
    if renewed is None:
        return
    opens = timedelta(days=AUTHORISATION_RENEWAL_DAYS)
    in_window = read_moment(renewed["valid_until"]) - opens <= situation.now
    own = renewed.get("grantee") == row.get("grantee")
    if renewed.get("state") != "EFFECTIVE" or not own or not in_window:
        raise RenewalUnfounded(
            id=row.get("id", ""), renewed=renewed["id"], state=renewed.get("state"),
            valid_until=renewed["valid_until"], days=AUTHORISATION_RENEWAL_DAYS,
        )  # fmt: skip


def _cases_closed(situation: Situation) -> None:
    for case in situation.related.get("cases", ()):
        if case.get("state") != "CLOSED_RESTORED":
            raise CaseOpen(id=situation.row.get("id", ""), case=case["id"], state=case.get("state"))


def _grant_in_force(situation: Situation) -> None:
    found = situation.related.get("authorisations", ())
    if not any(each.get("state") == "EFFECTIVE" for each in found):
        raise NoGrant(id=situation.row.get("id", ""), found="∅")


def _grants_in_force(situation: Situation) -> None:
    row = situation.row
    for each in situation.related.get("authorisations", ()):
        if each.get("state") != "EFFECTIVE" or each.get("grantee") != row.get("developer"):
            raise NoGrant(id=row.get("id", ""), found=f"{each['id']} {each.get('state')}")


def _grant_ended(situation: Situation) -> None:
    grant = _first(situation, "authorisation")
    if grant is not None and grant.get("state") not in ENDED:
        raise GrantStands(authorisation=grant["id"], state=grant.get("state"))


RESOURCES_AUTHORISABLE = Guard(  # related: resources
    "G-RESOURCES",
    Text("Every resource is on the authorisable list", "所涉资源均在可授权清单内"),
    _resources_authorisable,
)
OPEN = Guard(  # related: resources
    "G-OPEN",
    Text(
        "What is not opened to the public is operated only where the rules permit it",
        "不予开放的资源仅在规则允许时可授权运营",
    ),
    _open,
)
AGREEMENT = Guard(  # related: agreement
    "G-AGREEMENT",
    Text("A right to operate rests on a filed agreement", "经营权以已备案的运营协议为依据"),
    _agreement,
)
SCENARIO = Guard(  # related: approved_scenario
    "G-SCENARIO", Text("A scenario that it names is approved", "所依场景已通过审核"), _scenario
)
RENEWAL = Guard(  # related: renews
    "G-RENEWAL",
    Text("What it renews is in force and about to end", "所续期的授权有效且临近到期"),
    _renewal,
)
CASES_CLOSED = Guard(  # related: cases
    "G-CASES",
    Text("Every accountability case was closed for the holder", "追责事项均已办结并同意恢复"),
    _cases_closed,
)
GRANT_IN_FORCE = Guard(  # related: authorisations
    "G-GRANT", Text("An authorisation for it is in force", "已有授权生效"), _grant_in_force
)
GRANTS_IN_FORCE = Guard(  # related: authorisations
    "G-GRANTS",
    Text("All authorisations it rests on are in force", "所依授权均有效"),
    _grants_in_force,
)
GRANT_ENDED = Guard(  # related: authorisation
    "G-GRANT-ENDED", Text("The authorisation has ended", "授权已终止"), _grant_ended
)
