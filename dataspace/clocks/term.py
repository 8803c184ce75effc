"""A term (时限) as data: what runs how long from where, with whom it lies, who is told, says who.

`clock_of` joins a term with what happened to one object, and gives the clock of that case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from dataspace.caller import Role
from dataspace.clocks.case_clock import CaseClock, Length, Span, Unit
from dataspace.clocks.escalation import Step
from dataspace.errors import Invalid
from dataspace.quantity import read_moment
from dataspace.text import Text


class TermUnknown(Invalid):
    """A length was given for a term that is not in the table, or one that no term can have."""

    code = "term.unknown"
    title = Text("There is no term {term} of {count} {unit}", "没有 {count} {unit} 的时限 {term}")
    advice = Text(
        "Name a term of docs/reference/clocks.md and a whole number of at least 1.",
        "请使用 docs/reference/clocks.md 中的时限，并给出不小于 1 的整数。",
    )


class Nature(Enum):
    """What the end of a term means."""

    DEADLINE = Text("somebody must have acted", "办理时限")
    PERIOD = Text("it must have lasted so long", "公示或保存期")
    VALIDITY = Text("what was granted ends", "有效期")


class Basis(Enum):
    """How firmly a term stands on what it cites."""

    STANDARD = Text("read in a standard or rule", "见于标准或规则原文")
    PRACTICE = Text("seen in working systems elsewhere", "见于其他在用系统")
    TO_CHECK = Text(
        "from memory, to be checked against the rule in force", "凭记忆，须与现行规则核对"
    )
    OURS = Text("our own", "本项目自定")


@dataclass(frozen=True, slots=True)
class Desk:
    """With whom a case lies; `party` names the edge to whose participant they belong, if to one."""

    roles: frozenset[Role]
    party: str = ""


@dataclass(frozen=True)
class Term:
    """`kind` and states are those of a machine, or of one that is still to come (`terms.COMING`).

    `state`         entering it starts the clock, unless the term is `counted_from` a field
    `runs`          by state in which the clock runs: with whom the case lies then
    `stands`        by state in which it stands still: with whom the case lies then
    `adds`          by state: what is added to the length when the case comes there
    `forms`         forms of a product that it is for; none named means all
    `counted_from`  the field of the object with the moment that the clock starts at
    `rule`          the rule of the rulebooks that sets its length, `{form}` being the form's code
    """

    code: str
    link: str
    kind: str
    text: Text
    nature: Nature
    length: Length
    state: str
    runs: Mapping[str, Desk]
    source: str
    basis: Basis
    stands: Mapping[str, Desk] = field(default_factory=dict)
    adds: Mapping[str, int] = field(default_factory=dict)
    forms: tuple[str, ...] = ()
    counted_from: str = ""
    rule: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def desks(self) -> Mapping[str, Desk]:
        return {**self.runs, **self.stands}

    def is_for(self, kind: str, row: Mapping[str, Any]) -> bool:
        return kind == self.kind and (not self.forms or row.get("form") in self.forms)


@dataclass(frozen=True, slots=True)
class Entered:
    """A state that an object came into; an object's history is these in the order of the log."""

    state: str
    at: datetime


def clock_of(
    term: Term, history: Sequence[Entered], *, row: Mapping[str, Any] | None = None
) -> CaseClock | None:
    """The clock of the case that is open now; None when none runs nor stands still.

    It goes on when an object comes back from where it stood still, and starts anew when the
    object had left the term's states in between. The order is the log's, not that of the moments.

    Raises:  MomentInvalid.
    """
    open_case = _Case()
    for each in history:
        open_case = _followed(term, open_case, each)
    started = open_case.started
    if term.counted_from:
        written = (row or {}).get(term.counted_from) if started else None
        started = read_moment(written) if written else None
    if started is None:
        return None
    length = Length(term.length.count + open_case.added, term.length.unit)
    return CaseClock(started, length, open_case.spans)


def with_lengths(terms: Sequence[Term], counts: Mapping[str, int]) -> tuple[Term, ...]:
    """The terms with other lengths, by code, as a city's rules set them; units stay.

    Raises:  TermUnknown.
    """
    known = {term.code: term for term in terms}
    for code, count in counts.items():
        term = known.get(code)
        if term is None or term.length.unit is Unit.MOMENT or count < 1:
            unit = term.length.unit.value if term else Text("", "")
            raise TermUnknown(term=code, count=count, unit=unit)
    return tuple(_with_length(term, counts.get(term.code)) for term in terms)


@dataclass(frozen=True, slots=True)
class _Case:
    started: datetime | None = None
    spans: tuple[Span, ...] = ()
    added: int = 0
    seen: frozenset[str] = frozenset()

    @property
    def stands_still(self) -> bool:
        return bool(self.spans) and self.spans[-1].end is None


def _followed(term: Term, case: _Case, entered: Entered) -> _Case:
    """The case after one more state."""
    state, at = entered.state, entered.at
    starts = state == term.state or (bool(term.counted_from) and state in term.runs)
    if state not in term.desks or (case.started is None and not starts):
        return _Case()
    spans = case.spans
    if state in term.stands and not case.stands_still:
        spans = (*spans, Span(at))
    if state in term.runs and case.stands_still:
        spans = (*spans[:-1], Span(spans[-1].start, at))
    added = case.added + (term.adds.get(state, 0) if state not in case.seen else 0)
    return _Case(case.started or at, spans, added, case.seen | {state})


def _with_length(term: Term, count: int | None) -> Term:
    if count is None:
        return term
    sign = -1 if term.length.count < 0 else 1
    return replace(term, length=Length(sign * count, term.length.unit))
