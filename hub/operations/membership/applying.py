"""Applications to become a member of a logical space; its operator decides (TC-042).

Whoever is approved is let in with the decision: the participant's spaces and memberships, and the
errand to the identity service, are in its change set.
"""

from dataclasses import replace
from typing import Final

from dataspace import guards
from dataspace.change import Amend, Change
from dataspace.errors import NotFound
from dataspace.lifecycles.membership import MEMBERSHIP_APPLICATION
from dataspace.machine import Situation
from dataspace.nouns.memberships import MEMBERSHIPS, MEMBERSHIPS_MAX
from dataspace.quantity import written
from dataspace.selection import (
    Child,
    Condition,
    Linked,
    Page,
    PartChild,
    Row,
    Selection,
    Where,
)
from hub.node import Node
from hub.operations.accounts.outbox import errand
from hub.operations.links.beside import act_of, acting
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.lifecycle import Lifecycle, Values
from hub.operations.mechanism.reading import ends
from hub.operations.membership.keeping import in_an_open_space
from hub.operations.membership.letting_in import ROLE, machinery_of, membership_of

TITLE_CHARACTERS_MAX: Final = 400
BECOME: Final = "become_member"
PART: Final = PartChild(
    MEMBERSHIPS.name, MEMBERSHIPS.name, tuple(field.name for field in MEMBERSHIPS.fields),
    MEMBERSHIPS_MAX,
)  # fmt: skip
MEMBER: Final = Child(
    "member", "applicant",
    Selection(
        "participant", ("id", "version", "name", "standing"), page=Page(1),
        children=(ends("spaces", "space"),), parts=(PART,),
    ),
)  # fmt: skip
SPACE: Final = ends(
    "space", "space", "name", "closed_at", "kind", "required_capabilities",
    children=(ends("operator", "participant"),),
)  # fmt: skip


async def _prepare(request: Request, values: Values, row: Row) -> Values:
    """Its title, the role where none is named, and whose desk it will lie at.

    Raises:  NotFound.
    """
    space_id = values.get("space") or row.get("space")
    if not space_id:
        return {}
    operator = ends("operator", "participant")
    asked = Selection(
        "space", ("id", "name"), Where("id", "eq", space_id), page=Page(1), children=(operator,)
    )
    space = (await request.node.catalogue.select(asked)).first
    if space is None:
        raise NotFound(kind="space", id=space_id)
    title = f"成员申请 Membership: {space['name']}"[:TITLE_CHARACTERS_MAX]
    kept_by = space["operator"]["id"] if space["operator"] else None
    role = values.get("role") or row.get("role") or ROLE
    return {"title": title, "operator": kept_by, "role": role}


def _to_its_operator(situation: Situation, node: Node) -> Values:
    """Whoever operates the space when it is submitted, which may have changed since the draft."""
    return {"operator": situation.related["space"][0].get("operator")}


def _still_kept(situation: Situation) -> Condition:
    return Linked("space", Where("operator", "eq", situation.row["operator"]))


def _machinery(situation: Situation) -> Selection:
    return machinery_of(situation.row["applicant"])


def _let_in(request: Request, situation: Situation) -> tuple[Change, ...]:
    [member] = situation.related["member"]
    row, moment = situation.row, written(situation.now)
    values = membership_of(member, row["space"], role=row["role"], since=moment)
    amend = Amend(
        "participant", member["id"], {**values, "changed_at": moment},
        act_of(request, "participant", BECOME), version=member["version"],
    )  # fmt: skip
    told = errand(replace(request, kind="participant"), member["id"]) if member["standing"] else ()
    return (*told, amend)


LIFECYCLE: Final = Lifecycle(
    MEMBERSHIP_APPLICATION,
    ("space", "role", "purpose"),
    prepare=_prepare,
    related=(acting("applicant"), MEMBER, SPACE),
    holds={
        guards.SPACE_OPEN.name: in_an_open_space,
        guards.SPACE_KEPT.name: _still_kept,
    },
    allotted={"submit": _to_its_operator},
    looked_up={
        "submit": {"machinery": _machinery},
        "approve": {"machinery": _machinery},
    },
    consequences={"approve": _let_in},
    awaited={"SUBMITTED": "approve"},
)  # fmt: skip
DESK: Final = Desk(LIFECYCLE)
