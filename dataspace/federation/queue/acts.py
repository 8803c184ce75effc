"""The acts that a node that has joined needs its hub for, as data: what each takes, who may ask.

Identifiers of what a node publishes are no act: it allots them itself, in the place of its
industry, and the hub refuses what is taken (`feed.identifier_taken`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.codes import ORGANISATION_KIND, CodeTable
from dataspace.federation.queue.codes import HUB_ACT
from dataspace.nouns.memberships import MEMBERSHIP_ROLE
from dataspace.quantity import MomentInvalid, read_moment
from dataspace.text import Text
from dataspace.validation import MISSING, NOT_MOMENT, Problem

INVITATION: Final = "INVITATION_ISSUE"
PREFIX: Final = "hrq"  # of the identifiers of what is asked of the hub

NOT_OF_ACT = Text("this act takes no such value", "该事项没有此项")
TWICE = Text("it is given twice", "重复填写")
NOT_ID = Text(
    "an identifier of its kind is needed, or that of a request that makes it",
    "须为相应对象的编号，或产生该对象的报送事项编号",
)
NOT_CODE = Text("it is not in its code table", "不在代码表内")


class Form(Enum):
    """How a value of an act is written."""

    TEXT = "text"
    MOMENT = "moment"
    ID = "id"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Given:
    """One value that an act takes. `kind` is the prefix of an id, `table` the codes of a code."""

    name: str
    form: Form = Form.TEXT
    must: bool = True
    kind: str = ""
    table: CodeTable | None = None


@dataclass(frozen=True, slots=True)
class HubAct:
    """`roles` may ask for it at the node beside whoever administers its operator; and whoever
    administers the participant that the value `own` names."""

    code: str
    given: tuple[Given, ...] = ()
    roles: frozenset[Role] = frozenset({Role.PLATFORM_ADMIN})
    own: str = ""

    @property
    def text(self) -> Text:
        return HUB_ACT.codes[self.code].text

    def may_be_asked_by(
        self, caller: Caller, operator: str | None, values: Mapping[str, str]
    ) -> bool:
        """Whether the caller may ask for it at a node of this operator."""
        administered = {operator, values.get(self.own)} - {None, ""}
        own = caller.participant in administered and caller.holds(Role.ORG_ADMIN)
        return own or caller.holds(*self.roles)


_DOOR: Final = frozenset({Role.PLATFORM_ADMIN, Role.REGISTRAR})
_PARTICIPANT: Final = Given("participant", Form.ID, kind="par")
_SPACE: Final = Given("space", Form.ID, kind="spc")
ACTS: Final[Mapping[str, HubAct]] = {
    each.code: each
    for each in (
        HubAct("NODE_ANNOUNCE_STOP", (Given("stop_at", Form.MOMENT),)),
        HubAct("NODE_STOP"),
        HubAct("NODE_REPORT_OUTAGE"),
        HubAct("NODE_RECOVER"),
        HubAct("NODE_CHANGE"),
        HubAct("NODE_EXIT"),
        HubAct(
            "PARTICIPANT_APPLY",
            (
                Given("name"), Given("kind", Form.CODE, table=ORGANISATION_KIND),
                Given("credit_code"), Given("contact"), Given("short_name", must=False),
                Given("region", must=False), Given("homepage", must=False),
            ),
            _DOOR,
        ),
        HubAct(
            "MEMBER_JOIN",
            (_PARTICIPANT, _SPACE, Given("role", Form.CODE, must=False, table=MEMBERSHIP_ROLE)),
            _DOOR,
        ),
        HubAct("MEMBER_LEAVE", (_PARTICIPANT, _SPACE), _DOOR),
        HubAct(INVITATION, (_PARTICIPANT, Given("profile"))),
        HubAct(
            "MEMBERSHIP_APPLY",
            (
                _PARTICIPANT, _SPACE, Given("purpose"),
                Given("role", Form.CODE, must=False, table=MEMBERSHIP_ROLE),
            ),
            _DOOR, own="participant",
        ),
    )
}  # fmt: skip


def problems(act: HubAct, given: list[Mapping[str, Any]]) -> list[Problem]:
    """All that is wrong with what is given for an act; `given` are pairs of name and value."""
    return list(_problems({each.name: each for each in act.given}, given))


def _problems(known: Mapping[str, Given], given: list[Mapping[str, Any]]) -> Iterator[Problem]:
    named: set[str] = set()
    for at, each in enumerate(given):
        name, value = str(each.get("name")), str(each.get("value") or "").strip()
        path = f"given[{at}].value"
        if name not in known:
            yield Problem(f"given[{at}].name", NOT_OF_ACT)
        elif name in named:
            yield Problem(f"given[{at}].name", TWICE)
        elif (wrong := _wrong(known[name], value)) is not None:
            yield Problem(path, wrong)
        named.add(name)
    lacking = sorted(each.name for each in known.values() if each.must and each.name not in named)
    yield from (Problem(f"given.{name}", MISSING) for name in lacking)


def _wrong(given: Given, value: str) -> Text | None:
    if not value:
        return MISSING
    match given.form:
        case Form.ID:
            return None if value.startswith((f"{given.kind}_", f"{PREFIX}_")) else NOT_ID
        case Form.CODE:
            assert given.table is not None
            return None if value in given.table.codes else NOT_CODE
        case Form.MOMENT:
            return None if _is_moment(value) else NOT_MOMENT
        case _:
            return None


def _is_moment(value: str) -> bool:
    try:
        read_moment(value)
    except MomentInvalid:
        return False
    return True


def rests_on(values: Mapping[str, str]) -> tuple[str, ...]:
    """The requests whose answers the values name, in place of an id that is not known yet."""
    return tuple(sorted({v for v in values.values() if v.startswith(f"{PREFIX}_")}))

