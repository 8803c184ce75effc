"""docs/reference/clocks.md, from the terms of the links and China's table of working days."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from dataspace.clocks.case_clock import Length, Unit
from dataspace.clocks.china import CHINA, TABLE
from dataspace.clocks.escalation import Step
from dataspace.clocks.survey import Case, Surveyed, survey
from dataspace.clocks.term import Desk, Entered, Nature, Term, clock_of
from dataspace.clocks.terms import COMING, TERMS, WITHOUT_TERM
from dataspace.links import LINKS
from dataspace.quantity import read_moment, written
from dataspace.text import Text
from docs.generate.jobs import ACROSS
from docs.generate.markdown import both, code, table, ticks

HEAD = """# Clocks

How long each step of the links L1 to L5 and of operation (X2) may take, and who is told when it
does not happen. What the words mean and how days are counted: [clocks](../explanation/clocks.md)
([中文](../explanation/clocks.zh.md)).

各环节办理时限及提醒、督办对象。名词与计日规则见[说明](../explanation/clocks.zh.md)。

A source names the section of the domain reference or the job (`J-…`) that it stands in. A term that
is from memory has to be checked against the rule in force, and set, before anybody is held to it.

"""
RUNS = (
    "term 时限",
    "",
    "length 期限",
    "counted from 起算",
    "lies with 办理方",
    "stands still 停止",
)
TOLD = ("term 时限", "who is told 提醒与督办", "source 依据", "basis 把握")


def page() -> str:
    return HEAD + "\n".join([*_links(), _without(), _coming(), _example(), _calendar()])


def _links() -> list[str]:
    titles = {**{link.code: link.text for link in LINKS}, **ACROSS}
    return [
        _link(f"{link} {both(titles[link])}", list(terms))
        for link, terms in groupby(TERMS, key=lambda term: term.link)
    ]


def _link(title: str, terms: Sequence[Term]) -> str:
    return f"## {title}\n\n{table(RUNS, map(_runs, terms))}\n{table(TOLD, map(_told, terms))}"


def _runs(term: Term) -> tuple[str, ...]:
    forms = f" ({ticks(map(code, term.forms))})" if term.forms else ""
    nature = "" if term.nature is Nature.DEADLINE else f"; {both(term.nature.value)}"
    since = code(term.counted_from) if term.counted_from else f"into 进入 {code(term.state)}"
    return (
        code(term.code), both(term.text) + forms, _length(term) + nature, since,
        _desks(term.runs), _desks(term.stands),
    )  # fmt: skip


def _told(term: Term) -> tuple[str, ...]:
    return (
        code(term.code), ticks(map(_step, term.steps)), term.source, both(term.basis.value),
    )  # fmt: skip


def _length(term: Term) -> str:
    more = [f"+{count} in {code(state)}" for state, count in term.adds.items()]
    return ", ".join([_said(term.length), *more])


def _said(length: Length) -> str:
    unit, count = length.unit.value, abs(length.count)
    if length.unit is Unit.MOMENT:
        return both(unit)
    before = Text(" before", "之前") if length.count < 0 else Text("", "")
    english = unit.en.removesuffix("s") if count == 1 else unit.en
    return both(Text(f"{count} {english}{before.en}", f"{count} {unit.zh}{before.zh}"))


def _desks(desks: Mapping[str, Desk]) -> str:
    return ticks(f"{code(state)}: {_desk(desk)}" for state, desk in desks.items())


def _desk(desk: Desk) -> str:
    party = f" of {code(desk.party)}" if desk.party else ""
    return " / ".join(code(role.value) for role in sorted(desk.roles)) + party


def _step(step: Step) -> str:
    daily = " daily 每日" if step.daily else ""
    to = " → " + " / ".join(code(role.value) for role in sorted(step.to)) if step.to else ""
    return f"{step.days:+d}{daily} {both(step.kind.value)}{to}"


def _without() -> str:
    rows = ((code(kind), ticks(map(code, sorted(states)))) for kind, states in WITHOUT_TERM.items())
    return (
        "## States without a term 未定时限的状态\n\n"
        "Somebody waits in them, and no source says for how long. 来源未规定时限。\n\n"
        + table(("machine 状态机", "states 状态"), rows)
    )


def _coming() -> str:
    rows = ((code(kind), ticks(map(code, sorted(names)))) for kind, names in COMING.items())
    return (
        "## Named here, not in the catalogue yet 尚未纳入目录\n\n"
        "States, fields and forms that terms name and that are still to come.\n\n"
        + table(("kind 对象", "names 名称"), rows)
    )


def _example() -> str:
    found = survey(EXAMPLE, CHINA, now=EXAMPLE_NOW)
    rows = [_surveyed(each) for each in (*found.overdue, *found.ended, *found.running)]
    rows += [
        (code(case.id), code(case.state), "", f"{code(error.code)}", _desk(case.desk))
        for case, error in found.refused
    ]
    columns = (
        "object 对象",
        "state 状态",
        "last day 最后一日",
        "standing 情况",
        "lies with 办理方",
    )
    return (
        "## An example 示例\n\n"
        f"What is overdue, by how much and at whom, at {written(EXAMPLE_NOW)}.\n\n"
        + table(columns, rows)
    )


def _surveyed(each: Surveyed) -> tuple[str, ...]:
    standing = each.standing
    last = str(standing.deadline.last_day) if standing.deadline else "–"
    said = f"{standing.left} left · 剩余"
    if standing.overdue:
        late = each.case.term.nature is Nature.DEADLINE
        said = both(Text("late", "超期") if late else Text("over", "已届满"))
        said = f"{standing.late} {said}"
    still = ", stands still · 停止计时" if standing.stands_still else ""
    return code(each.case.id), code(each.case.state), last, said + still, _desk(each.case.desk)


def _case(id: str, code: str, *history: tuple[str, str]) -> Case:
    term = next(term for term in TERMS if term.code == code)
    entered = [Entered(state, read_moment(f"{at}T10:00:00+08:00")) for state, at in history]
    clock = clock_of(term, entered)
    assert clock is not None
    return Case(id, term, entered[-1].state, clock)


EXAMPLE_NOW = read_moment("2026-06-24T10:00:00+08:00")
# The Dragon Boat Festival lies from 19 to 21 June, between most of these days.
EXAMPLE = (
    _case("aut_1", "authorisation.answer", ("REVIEW1", "2026-06-11"), ("REVIEW2", "2026-06-15")),
    _case(
        "aut_2", "authorisation.answer", ("REVIEW1", "2026-06-16"), ("REVIEW1_FAIL", "2026-06-18"),
    ),
    _case("prd_1", "product.to_list", ("REGISTERED", "2026-06-18")),
    _case(
        "res_1", "resource.form_review", ("FORM_REVIEW", "2026-06-01"), ("RETURNED", "2026-06-09"),
        ("SUBMITTED", "2026-06-22"), ("FORM_REVIEW", "2026-06-23"),
    ),
    _case("res_2", "resource.publicity", ("PUBLICITY", "2026-06-05")),
)  # fmt: skip


def _calendar() -> str:
    rows = (
        (
            year.year, both(each.text), each.first, each.last, ticks(map(str, each.worked)),
            year.source,
        )
        for year in CHINA.years
        for each in year.holidays
    )  # fmt: skip
    columns = (
        "year 年份",
        "holiday 节假日",
        "first 起",
        "last 止",
        "worked for it 调休上班",
        "source 依据",
    )
    return (
        f"## Working days of {CHINA.text.en} · {CHINA.text.zh}工作日\n\n"
        f"Zone 时区 {code(CHINA.zone.key)}. A year that is not listed is refused: "
        "`calendar.year_missing`.\n\n"
        f"{table(columns, rows)}\n"
        "## The form of a table 节假日表格式\n\n"
        "TOML. A city replaces the whole table; this is the one above. Days of the week are in\n"
        "English and upper case; `worked` may be left out; a year may reach into the December\n"
        "before. What is not understood is refused with its line: `calendar.table_invalid`.\n\n"
        f"```toml\n{TABLE}```\n"
    )
