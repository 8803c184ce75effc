"""Guards on who acts, and on what still rests on an object (G-4EYES, G-ADMITTED, G-DUE)."""

from dataspace.guards.refusals import OwnObjection, OwnWork, PartyNotAdmitted, SameHandler
from dataspace.machine import Guard, Situation
from dataspace.refusals import FourEyes, StillInUse
from dataspace.selection import Row
from dataspace.text import Text

ACTED = ("submitted_by", "reviewed_by", "second_reviewed_by", "objected_by", "answered_by")
OWNERS = ("applicant", "developer", "holder", "owner", "grantee")
# Those who countersigned, where the rules asked for more people than a machine does.
COUNTERSIGNERS = "countersigned_by"
COUNTERSIGNING_HANDLERS = "countersigned_handlers"
HANDLERS = (
    "submitted_handler", "reviewed_handler", "second_reviewed_handler", "objected_handler",
    "answered_handler",
)  # fmt: skip


def _four_eyes(situation: Situation) -> None:
    """Who acts for an absent colleague is kept off by what either of the two did."""
    row, caller = situation.row, situation.caller
    people = {each for each in (caller.subject, caller.delegator) if each}
    if people & {*(row.get(each) for each in ACTED), *(row.get(COUNTERSIGNERS) or ())}:
        raise FourEyes(subject=caller.subject, id=row.get("id", ""))
    handlers = {*(row.get(each) for each in HANDLERS), *(row.get(COUNTERSIGNING_HANDLERS) or ())}
    if caller.handler and caller.handler in handlers:
        raise SameHandler(subject=caller.subject, id=row.get("id", ""))


def _admitted(situation: Situation) -> None:
    for party in situation.related["acting"]:
        check_admitted(party, id=situation.row.get("id", ""))


def check_admitted(party: Row, *, id: str) -> None:
    """`standing` decides for who was admitted before there was a state.

    Raises:  PartyNotAdmitted.
    """
    standing = party.get("state") or party.get("standing")
    if standing != "ADMITTED":
        raise PartyNotAdmitted(
            participant=party.get("id", ""), standing=standing or "∅", id=id
        )


def _not_ones_own(situation: Situation) -> None:
    row, participant = situation.row, situation.caller.participant
    if participant and participant in {row.get(each) for each in OWNERS}:
        raise OwnWork(participant=participant, id=row.get("id", ""))


def _third_party(situation: Situation) -> None:
    row, caller = situation.row, situation.caller
    if not caller.participant or caller.participant == row.get("provider"):
        raise OwnObjection(participant=caller.participant or "∅", id=row.get("id", ""))


def _unused(situation: Situation) -> None:
    if users := [each["id"] for each in situation.related["users"]]:
        raise StillInUse(id=situation.row.get("id", ""), users=", ".join(users))


FOUR_EYES = Guard(
    "G-4EYES",
    Text("Whoever submitted or reviewed it does not review it again", "提交人、已审核人不得再审核"),
    _four_eyes,
)
ADMITTED = Guard(  # related: acting, the participant that hands it in
    "G-ADMITTED", Text("Whoever hands it in is admitted", "提交主体已准入"), _admitted
)
NOT_ONES_OWN = Guard(
    "G-OWN-WORK",
    Text("Whoever reviews it is of another organisation", "审核人不属于提交机构"),
    _not_ones_own,
)
THIRD_PARTY = Guard(
    "G-THIRD-PARTY", Text("Whoever objects is not the provider", "异议人并非提供方"), _third_party
)
UNUSED = Guard(  # related: users, rows that rest on the object and are in force
    "G-DUE", Text("Nothing in force rests on it", "无有效对象依赖"), _unused
)
