"""What follows for others when an authorisation falls, comes back, or is renewed (L3-d).

A product names the authorisations that suspend it: it is available when there is none. All of it
stands in the change set of the authorisation itself, and what was found must still be all that
rests on it when that is applied.
"""

from collections.abc import Iterable
from typing import Final

from dataspace.change import Amend, Change, Create
from dataspace.machine import Situation
from dataspace.nouns.suspenders import reason_of
from dataspace.quantity import written
from dataspace.selection import Condition, Every, Linked, Not, Page, Row, Selection, Where
from hub.operations.links.beside import act_of
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.reading import EDGE_COUNT_MAX, ends

# A product is on record, so that its availability means something.
ON_RECORD: Final = Where("state", "in", (
    "REG_REVIEW", "REGISTERED", "LIST_REVIEW", "LIST_FAILED", "LISTED", "DELIST_REVIEW",
    "DELISTED", "WITHDRAW_REVIEW", "WITHDRAW_FAILED",
))  # fmt: skip
OPEN_CASE: Final = ("OPENED", "ANSWERED")


def resting(situation: Situation) -> Selection:
    """All products on record that rest on the authorisation."""
    return _products(Linked("authorisations", Where("id", "eq", situation.row["id"])))


def resting_still(situation: Situation) -> Selection:
    """Those that no renewal of it keeps going."""
    renewals = Every((Where("state", "eq", "EFFECTIVE"), _renews(situation)))
    rests = Linked("authorisations", Where("id", "eq", situation.row["id"]))
    return _products(Every((rests, Not(Linked("authorisations", renewals)))))


def suspended(situation: Situation) -> Selection:
    """The products that the authorisation suspends."""
    return _products(Linked("suspended_by", Where("id", "eq", situation.row["id"])))


def resting_on_the_renewed(situation: Situation) -> Selection | None:
    """The products that rest on the authorisation that this one renews."""
    if not situation.row.get("renews"):
        return None
    return _products(Linked("authorisations", Where("id", "eq", situation.row["renews"])))


def nothing_else_rests(situation: Situation) -> Condition:
    """No product came to rest on it since those that fall with it were read."""
    known = tuple(each["id"] for each in situation.related["falling"])
    others = (Not(Where("id", "in", known)),) if known else ()
    return Not(Linked("products", Every((ON_RECORD, *others))))


def nothing_else_rests_still(situation: Situation) -> Condition:
    known = tuple(each["id"] for each in situation.related["falling"])
    others = (Not(Where("id", "in", known)),) if known else ()
    renewals = Every((Where("state", "eq", "EFFECTIVE"), _renews(situation)))
    kept = Not(Linked("authorisations", renewals))
    return Not(Linked("products", Every((ON_RECORD, kept, *others))))


def fall(request: Request, situation: Situation) -> tuple[Change, ...]:
    """Products that rest on the authorisation are suspended with it."""
    own = situation.row["id"]
    code = situation.row.get("code")
    reason = f"{code} {request.verb}: {request.reason.strip()}".rstrip(": ")
    return tuple(
        _amend(request, product, "suspend_availability", {
            "availability": "SUSPENDED",
            "availability_reason": reason_of(product["availability_reason"], {own: reason}),
            "suspended_by": [*_list(product, "suspended_by"), own],
        })
        for product in situation.related["falling"]
        if own not in _list(product, "suspended_by")
    )  # fmt: skip


def suspend(request: Request, situation: Situation) -> tuple[Change, ...]:
    """Products fall, and the holder is called to account."""
    at = written(situation.now)
    case = Create(
        "accountability_case",
        request.own_id("acc"),
        {
            "state": "OPENED", "ground": request.reason.strip(), "opened_at": at,
            "opened_by": request.caller.subject, "authorisation": situation.row["id"],
            "holder": situation.row["grantee"], "created_at": at, "changed_at": at,
        },
        act_of(request, "accountability_case", "open"),
    )  # fmt: skip
    return (*fall(request, situation), case)


def restore(request: Request, situation: Situation) -> tuple[Change, ...]:
    """Products come back, unless something else suspends them too."""
    changes, own = [], situation.row["id"]
    for product in situation.related["falling"]:
        left = [each for each in _list(product, "suspended_by") if each != own]
        reason = reason_of(product["availability_reason"], {}, lifted=(own,))
        values: dict[str, object] = {"suspended_by": left, "availability_reason": reason}
        lost = any(_list(product, edge) for edge in ("lost_resources", "lost_products"))
        if not left and not lost:
            values |= {"availability": "AVAILABLE", "availability_reason": None}
        verb = "restore_availability" if "availability" in values else "lift_suspension"
        changes.append(_amend(request, product, verb, values))
    return tuple(changes)


def revoke(request: Request, situation: Situation) -> tuple[Change, ...]:
    """Products fall, and what was open against the holder ends with the authorisation."""
    at = written(situation.now)
    closed = tuple(
        Amend(
            "accountability_case", case["id"],
            {
                "state": "CLOSED_REVOKED", "outcome": request.reason.strip(), "closed_at": at,
                "closed_by": request.caller.subject, "changed_at": at,
            },
            act_of(request, "accountability_case", "close_revoked"),
            guard=Where("state", "in", OPEN_CASE),
        )
        for case in situation.related["cases"]
        if case["state"] in OPEN_CASE
    )  # fmt: skip
    return (*fall(request, situation), *closed)


def take_effect(request: Request, situation: Situation) -> tuple[Change, ...]:
    """The scenario is in operation, and what rests on the renewed one rests on this one too."""
    renewed = tuple(
        _amend(request, product, "renew_authorisation", {
            "authorisations": [*_list(product, "authorisations"), situation.row["id"]],
        })
        for product in situation.related.get("renewing", ())
    )  # fmt: skip
    return (*renewed, *_activate(request, situation))


def _activate(request: Request, situation: Situation) -> Iterable[Change]:
    for scenario in situation.related["approved_scenario"]:
        if scenario["state"] == "APPROVED":
            yield Amend(
                "scenario", scenario["id"],
                {"state": "ACTIVE", "changed_at": written(situation.now)},
                act_of(request, "scenario", "activate"), guard=Where("state", "eq", "APPROVED"),
            )  # fmt: skip


def _products(where: Condition) -> Selection:
    return Selection(
        "product",
        fields=("id", "version", "state", "name", "identifier", "availability_reason"),
        where=Every((ON_RECORD, where)),
        page=Page(EDGE_COUNT_MAX),
        children=(
            ends("suspended_by", "authorisation"), ends("authorisations", "authorisation"),
            ends("lost_resources", "resource"), ends("lost_products", "product"),
            ends("owner", "participant"),
        ),
    )  # fmt: skip


def _renews(situation: Situation) -> Condition:
    return Linked("renews", Where("id", "eq", situation.row["id"]))


def _list(row: Row, name: str) -> list[str]:
    return list(row.get(name) or ())


def _amend(request: Request, product: Row, verb: str, values: dict[str, object]) -> Amend:
    changed = {**values, "changed_at": written(request.now)}
    act = act_of(request, "product", verb)
    return Amend("product", product["id"], changed, act, version=product["version"])
