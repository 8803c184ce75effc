"""Who may see what: conditions that go into every Selection, so that nothing hidden is counted.

Anonymous readers see what is published for everybody. Participants also see what is published
for members and for the spaces that they belong to, and all that is their own. The bureau's staff
see whatever has left its author's desk. A platform administrator has no view of business data
beyond the public one (domain: `platform_admin`, no business data access).
"""

from collections.abc import Mapping

from dataspace.caller import Caller, Role
from dataspace.complaints.machine import HANDLERS
from dataspace.guards import REVIEWERS
from dataspace.lifecycle import MACHINES
from dataspace.selection import (
    EVERYTHING,
    NOTHING,
    Condition,
    Either,
    Every,
    Linked,
    Not,
    Where,
)
from dataspace.shape import Field, Noun, Part, Reader
from dataspace.tasks.desks import desks_of, places_of

STAFF = frozenset({
    Role.REGISTRAR, Role.REG_APPROVER, Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2,
    Role.SUPERVISOR, Role.AUDITOR, Role.SCHEDULER,
})  # fmt: skip
OVERSIGHT = frozenset({Role.SUPERVISOR, Role.AUDITOR})
# Whoever admits, and whoever runs or watches over what is done for them at the identity service.
ERRAND_READERS = frozenset({
    Role.PLATFORM_ADMIN, Role.REGISTRAR, Role.SYSADMIN, Role.SECADMIN, *OVERSIGHT,
})  # fmt: skip
DELIVERY_READERS = frozenset({Role.SYSADMIN, *OVERSIGHT})
# Rules are for everybody to know once they are decided; whoever keeps or checks them reads drafts.
RULEBOOK_DRAFT_READERS = frozenset({Role.PLATFORM_ADMIN, *STAFF})
# Whoever runs the machines, and whoever watches over what runs by itself.
JOB_READERS = frozenset({Role.PLATFORM_ADMIN, Role.SYSADMIN, Role.SCHEDULER, *OVERSIGHT})
# Whoever invites, whoever watches over it, and the job that ends what nobody used.
INVITATION_READERS = frozenset({Role.PLATFORM_ADMIN, Role.SCHEDULER, *OVERSIGHT})
DECIDED_RULEBOOK = Where("status", "eq", "DECIDED")
PLACES = places_of(MACHINES.values())
PUBLISHED: Mapping[str, tuple[str, ...]] = {
    # What is in publicity is shown so that a third party may object to it.
    "resource": ("PUBLICITY", "OBJECTED", "REGISTERED", "AUTHORISABLE", "EXPIRING"),
    "authorisation": ("EFFECTIVE",),
    "product": ("LISTED", "DELIST_REVIEW"),
}
# The operator lists products: they meet it from the application for listing on.
WITH_THE_LISTER = Where(
    "state", "in", ("LIST_REVIEW", "LIST_FAILED", "LISTED", "DELIST_REVIEW", "DELISTED")
)
OFF_THE_DESK = Where("state", "ne", "DRAFT")
# What is handed in along the links is for its parties, and for whoever has a move to make on it.
CASES: Mapping[str, tuple[str, ...]] = {
    "scenario": ("applicant",),
    "accountability_case": ("holder",),
    "filing": ("filer",),
    "agreement": ("grantor", "grantee"),
    "project": ("developer",),
    "exploration_request": ("applicant",),
    "platform_request": ("applicant",),
    "security_review": ("applicant",),
    "compliance_review": ("applicant",),
    "export_check": ("applicant",),
    "resource_change": ("provider",),
    "product_change": ("owner",),
    "membership_application": ("applicant", "operator"),
}
# Whoever may handle a complaint, and the job that closes it; its complainant is not among them.
COMPLAINT_READERS = frozenset({*HANDLERS, Role.SCHEDULER})
# Of a complaint the evidence says who complained: it is for oversight and for whoever acted.
NO_COMPLAINT = Not(Where("subject_kind", "eq", "COMPLAINT"))


def is_staff(caller: Caller) -> bool:
    return caller.holds(*STAFF)


def visible(caller: Caller) -> Mapping[str, Condition]:
    """For every noun the rows that the caller may know of."""
    resource = _entry(caller, "resource", owner="provider")
    product, authorisation = _product(caller), _authorisation(caller)
    jobs = EVERYTHING if caller.holds(*JOB_READERS) else NOTHING
    return {
        "resource": resource,
        "product": product,
        "authorisation": authorisation,
        "asset": Either((*_own(caller, "keeper"), Linked("sampled_resources", resource),
                         Linked("sampled_products", product))),
        "evidence": _evidence(caller),
        "member": _member(caller),
        "errand": EVERYTHING if caller.holds(*ERRAND_READERS) else NOTHING,
        "occurrence": EVERYTHING if caller.holds(Role.SECADMIN, *OVERSIGHT) else NOTHING,
        **{kind: _case(caller, kind, parties) for kind, parties in CASES.items()},
        "participant": EVERYTHING,
        "topic": EVERYTHING,
        "space": EVERYTHING,
        "task": _task(caller),
        "delegation": _delegation(caller),
        "rulebook": EVERYTHING if caller.holds(*RULEBOOK_DRAFT_READERS) else DECIDED_RULEBOOK,
        "node": EVERYTHING,
        "invitation": (
            EVERYTHING if caller.holds(*INVITATION_READERS) else Either(_own(caller, "participant"))
        ),
        "notice": EVERYTHING if caller.holds(*OVERSIGHT) else told_to(caller),
        "mailbox": _mailbox(caller),
        "delivery": _delivery(caller),
        "certificate": Either((
            *_own(caller, "holder"),
            Linked("resource", resource),
            Linked("product", product),
            Linked("authorisation", authorisation),
            Linked("agreement", _case(caller, "agreement", CASES["agreement"])),
        )),
        "product_health": Linked("products", product),
        "product_fault": _fault(caller),
        "job_run": jobs,
        "lease": jobs,
        "job_file": jobs,
        "hold": EVERYTHING if caller.holds(Role.SCHEDULER, *OVERSIGHT) else NOTHING,
        "checkpoint": EVERYTHING,
        "code_table": EVERYTHING,
        "feed": _feed(caller),
        "feed_refusal": _feed(caller),
        "hub_request": _hub_request(caller),
        "complaint": _complaint(caller),
        **_of_quality(caller),
    }  # fmt: skip


def told_to(caller: Caller) -> Condition:
    """The notices for the caller: by their roles and participant, or to them in person."""
    if not caller.signed_in:
        return NOTHING
    party: Condition = Where("party", "is_null", True)
    if caller.participant:
        party = Either((party, Where("party", "eq", caller.participant)))
    held = tuple(Where("roles", "has", role.value) for role in sorted(caller.roles))
    return Either((Every((Either(held), party)), Where("recipient", "eq", caller.subject)))


def readable(caller: Caller, noun: Noun, field: Field | Part) -> Condition:
    """On which of the rows that the caller sees this may be read, filtered and sorted by."""
    if field.reader is Reader.CONFIDED:
        named = noun.confided if caller.signed_in else ()
        return Either(tuple(Where(each, "eq", caller.subject) for each in named))
    if field.reader is Reader.ANYONE or is_staff(caller):
        return EVERYTHING
    if field.reader is Reader.REVIEWER and caller.holds(*REVIEWERS.get(noun.name, ())):
        return EVERYTHING
    if field.reader is Reader.STAFF or not caller.participant:
        return NOTHING
    return Where(noun.owner, "eq", caller.participant)


def _entry(caller: Caller, kind: str, *, owner: str) -> Condition:
    """A catalogue entry with an audience: published for the caller, their own, or in their care."""
    published = Where("state", "in", PUBLISHED[kind])
    choices: list[Condition] = [Every((published, Where("audience", "in", _audiences(caller))))]
    if caller.participant and caller.spaces:
        choices.append(Every((published, Where("audience", "eq", "SPACE"), _in_a_space_of(caller))))
    choices.extend(_own(caller, owner))
    if is_staff(caller):
        choices.append(OFF_THE_DESK)
    return Either(tuple(choices))


def _in_a_space_of(caller: Caller) -> Condition:
    """In an open space that the token names, and of which the catalogue says the same as of now:
    who was taken out of a space sees it no longer, however long their token holds."""
    member = Linked("members", Where("id", "eq", caller.participant))
    still = Every((Where("closed_at", "is_null", True), member))
    return Every((Where("space", "in", caller.spaces), Linked("space", still)))


def _case(caller: Caller, kind: str, parties: tuple[str, ...]) -> Condition:
    machine = MACHINES[kind]
    movers = {role for move in machine.moves if not move.party for role in move.roles}
    choices = [own for party in parties for own in _own(caller, party)]
    if is_staff(caller) or caller.holds(*movers):
        choices.append(OFF_THE_DESK)
    return Either(tuple(choices))


def _product(caller: Caller) -> Condition:
    entry = _entry(caller, "product", owner="owner")
    return Either((entry, WITH_THE_LISTER)) if caller.holds(Role.SUB_APPROVER) else entry


def _authorisation(caller: Caller) -> Condition:
    if not caller.participant:
        return OFF_THE_DESK if is_staff(caller) else NOTHING
    choices: list[Condition] = [
        Where("state", "in", PUBLISHED["authorisation"]),
        Where("grantee", "eq", caller.participant),
        Every((OFF_THE_DESK, Where("grantor", "eq", caller.participant))),
        Every((OFF_THE_DESK, Linked("resources", Where("provider", "eq", caller.participant)))),
    ]
    return Either((*choices, *((OFF_THE_DESK,) if is_staff(caller) else ())))


def _member(caller: Caller) -> Condition:
    """The security administrator and oversight see all people, others those beside them."""
    if caller.holds(Role.SECADMIN, *OVERSIGHT):
        return EVERYTHING
    return Either(_own(caller, "participant"))


def _task(caller: Caller) -> Condition:
    """Oversight sees what lies anywhere; others what lies at their desks or with their own."""
    if caller.holds(*OVERSIGHT):
        return EVERYTHING
    desks: Condition = Where("desk", "in", desks_of(caller, PLACES))
    if caller.participant:
        desks = Every((desks, Not(Where("acted", "has", caller.participant))))
    return Either((*_own(caller, "party"), desks))


def _complaint(caller: Caller) -> Condition:
    """Its complainant, whoever entered it, and the desks that handle it, unless it is about their
    own participant. Nobody else, and their colleagues and the complained-about least of all."""
    if not caller.signed_in:
        return NOTHING
    own = [Where(each, "eq", caller.subject) for each in ("complained_by", "submitted_by")]
    if not caller.holds(*COMPLAINT_READERS):
        return Either(tuple(own))
    if not caller.participant:
        return EVERYTHING
    return Either((*own, Not(Where("respondent", "eq", caller.participant))))


def _delegation(caller: Caller) -> Condition:
    """Whoever gave or holds it; the security administrator and oversight see all."""
    if caller.holds(Role.SECADMIN, *OVERSIGHT):
        return EVERYTHING
    if not caller.signed_in:
        return NOTHING
    own = Where("subject", "eq", caller.subject)
    return Either((Linked("delegator", own), Linked("deputy", own)))


def _mailbox(caller: Caller) -> Condition:
    return Where("subject", "eq", caller.subject) if caller.signed_in else NOTHING


def _delivery(caller: Caller) -> Condition:
    """Whoever runs the node sees that all go out, others their own."""
    if caller.holds(*DELIVERY_READERS):
        return EVERYTHING
    return Linked("mailbox", _mailbox(caller)) if caller.signed_in else NOTHING


def _evidence(caller: Caller) -> Condition:
    """Oversight reads the whole log, staff what has left a desk, others their own."""
    if caller.holds(*OVERSIGHT):
        return EVERYTHING
    choices: list[Condition] = []
    if caller.signed_in:
        choices.append(Where("actor", "eq", caller.subject))
    choices.extend(_own(caller, "owner"))
    if is_staff(caller):
        off = Either((Where("state", "is_null", True), OFF_THE_DESK))
        choices.append(Every((off, NO_COMPLAINT)))
    return Either(tuple(choices))


def _feed(caller: Caller) -> Condition:
    """Whoever watches over the nodes, and whoever operates the one that is followed."""
    if caller.holds(*JOB_READERS, *STAFF):
        return EVERYTHING
    return Either(_own(caller, "operator"))


def _hub_request(caller: Caller) -> Condition:
    """Whoever runs or watches over the node, who asked, and the participant that it was for."""
    if caller.holds(*JOB_READERS):
        return EVERYTHING
    asked = (Where("asked_by", "eq", caller.subject),) if caller.signed_in else ()
    return Either((*_own(caller, "participant"), *asked))


def _of_quality(caller: Caller) -> Mapping[str, Condition]:
    """Of what was measured or asked of a resource its department knows, staff once the resource
    has left its desk, and of an objection whoever objects. Orders are the registrar's own, who
    decides on what a department refused too."""
    own = _own(caller, "department")
    staff = (Linked("resource", OFF_THE_DESK),) if is_staff(caller) else ()
    desk = (EVERYTHING,) if caller.holds(Role.REGISTRAR) else ()
    kinds = ("quality_rule", "quality_run", "metadata_proposal")
    seen: dict[str, Condition] = {kind: Either((*own, *staff)) for kind in kinds}
    return seen | {
        "work_order": Either((*own, *staff, *desk)),
        "data_objection": Either((*own, *staff, *desk, *_own(caller, "objector"))),
    }


def _fault(caller: Caller) -> Condition:
    """The product's owner answers it, the operator and staff see that it does."""
    if is_staff(caller) or caller.holds(Role.SUB_APPROVER):
        return EVERYTHING
    return Either(_own(caller, "owner"))


def _audiences(caller: Caller) -> tuple[str, ...]:
    return ("PUBLIC", "MEMBERS") if caller.participant else ("PUBLIC",)


def _own(caller: Caller, owner: str) -> tuple[Condition, ...]:
    return (Where(owner, "eq", caller.participant),) if caller.participant else ()
