"""Reads a calendar from its table (TOML), strictly: what is not understood is refused.

A table has a head (code, name in two languages, zone, days of the weekend) and a section for each
year, which cites its source and names its holidays, one a line. A slip in it would move the
deadlines of a whole city, so a refusal says in which line, at what, why, and what to do.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dataspace.clocks.calendars import Calendar, Holiday, Year
from dataspace.errors import Invalid
from dataspace.text import Text

TABLE_CHARACTERS_MAX: Final = 200_000
HOLIDAY_DAYS_MAX: Final = 31
WEEK: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
HEAD: Final = ("code", "name", "zone", "weekend")
A_TEXT: Final = Text("a text that is not empty", "非空文本")
A_LIST: Final = Text("a list in square brackets", "方括号中的列表")
A_DATE: Final = Text("a date such as 2026-01-01, without quotes", "日期，如 2026-01-01，不加引号")
A_SECTION: Final = Text("a section of named values", "一组具名取值")
FORMS: Final = {str: A_TEXT, list: A_LIST, date: A_DATE, dict: A_SECTION}


class TableInvalid(Invalid):
    """A table of working days does not have its form, or contradicts itself."""

    code = "calendar.table_invalid"
    title = Text("Line {line}, {field}: {why}", "第 {line} 行，{field}：{why}")
    advice = Text(
        "{cure}. The form is shown in docs/reference/clocks.md.",
        "{cure}。格式见 docs/reference/clocks.md。",
    )


def read_calendar(text: str) -> Calendar:
    """Raises:  TableInvalid at the first thing that does not hold."""
    whole = _Section(_parsed(text.removeprefix("\ufeff")), (), text.splitlines())
    years = [key for key in whole.values if re.fullmatch(r"(?:19|20|21)\d\d", key)]
    whole.only((*HEAD, *years))
    if not years:
        raise whole.refusal(
            "", Text("there is no year", "没有任何年份"),
            Text("Add a section such as [2026]", "请加入年份，如 [2026]"),
        )  # fmt: skip
    calendar = Calendar(
        whole.take("code", str), _name(whole.section("name")), _zone(whole), _weekend(whole),
        tuple(_year(whole.section(key), int(key)) for key in years),
    )  # fmt: skip
    _check_years(whole, sorted(map(int, years)))
    _check_days(whole, calendar)
    return calendar


@dataclass(frozen=True, slots=True)
class _Section:
    """A table within the table; `path` leads to it and `lines` are those of the whole."""

    values: Mapping[str, Any]
    path: tuple[str, ...]
    lines: list[str]

    def take(self, key: str, kind: type) -> Any:
        value = self.values.get(key)
        if type(value) is kind and str(value).strip():
            return value
        form = FORMS[kind]
        why = Text(f"is not {form.en}", f"不是{form.zh}")
        if key not in self.values:
            why = Text("is missing", "缺少此项")
        raise self.refusal(key, why, Text(f"Write {form.en}", f"请填写{form.zh}"))

    def section(self, key: str) -> "_Section":
        return _Section(self.take(key, dict), (*self.path, key), self.lines)

    def only(self, keys: Sequence[str]) -> None:
        listed = ", ".join(keys)
        for key in self.values:
            if key not in keys:
                raise self.refusal(
                    key, Text("is not known here", "此处无此项"),
                    Text(f"Remove it, or write one of: {listed}", f"请删除，或改为：{listed}"),
                )  # fmt: skip

    def refusal(self, key: str, why: Text, cure: Text) -> TableInvalid:
        path = (*self.path, key) if key else self.path
        line, field = _line_of(path, self.lines), ".".join(path) or "–"
        return TableInvalid(line=line, field=field, why=why, cure=cure)


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > TABLE_CHARACTERS_MAX:
        limit = TABLE_CHARACTERS_MAX
        raise TableInvalid(
            line=1, field="–", why=Text(f"is longer than {limit} characters", f"超过 {limit} 字符"),
            cure=Text("Leave out the years that nobody asks for", "请删去不再需要的年份"),
        )  # fmt: skip
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        raise TableInvalid(
            line=int(found[1]) if found else len(text.splitlines()), field="–",
            why=Text(f"cannot be read as TOML ({error})", f"不是有效的 TOML（{error}）"),
            cure=Text("Compare the line with those beside it", "请与相邻各行对照改正"),
        ) from error  # fmt: skip


def _name(section: _Section) -> Text:
    section.only(("en", "zh"))
    return Text(section.take("en", str), section.take("zh", str))


def _zone(whole: _Section) -> ZoneInfo:
    try:
        return ZoneInfo(whole.take("zone", str))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise whole.refusal(
            "zone", Text("is not a zone of the time zone database", "不是时区数据库中的时区"),
            Text("Write a zone such as Asia/Shanghai", "请填写时区，如 Asia/Shanghai"),
        ) from error  # fmt: skip


def _weekend(whole: _Section) -> frozenset[int]:
    days = whole.take("weekend", list)
    if not all(day in WEEK for day in days) or len(set(days)) in (0, len(WEEK)):
        raise whole.refusal(
            "weekend", Text("does not name one to six days of the week", "未列出一至六个星期日名"),
            Text("Write names such as SATURDAY", "请填写如 SATURDAY 的名称"),
        )  # fmt: skip
    return frozenset(WEEK.index(day) for day in days)


def _year(section: _Section, year: int) -> Year:
    holidays = [key for key in section.values if key != "source"]
    return Year(
        year, section.take("source", str),
        tuple(_holiday(section.section(key), year) for key in holidays),
    )  # fmt: skip


def _holiday(section: _Section, year: int) -> Holiday:
    section.only(("en", "zh", "first", "last", "worked"))
    first, last = section.take("first", date), section.take("last", date)
    worked = section.take("worked", list) if "worked" in section.values else []
    if not 0 <= (last - first).days < HOLIDAY_DAYS_MAX:
        most = HOLIDAY_DAYS_MAX
        raise section.refusal(
            "last",
            Text(f"does not end within {most} days of `first`", f"未在 `first` 起 {most} 天内结束"),
            Text("Correct the one or the other", "请改正起止日期"),
        )  # fmt: skip
    for key, day in (("first", first), ("last", last), *(("worked", day) for day in worked)):
        if type(day) is not date or not date(year - 1, 12, 1) <= day <= date(year, 12, 31):
            raise section.refusal(
                key,
                Text(
                    f"{day} is no day of {year} or of the December before",
                    f"{day} 不在 {year} 年或上年 12 月",
                ),
                Text(f"Write {A_DATE.en}", f"请填写{A_DATE.zh}"),
            )  # fmt: skip
    return Holiday(
        Text(section.take("en", str), section.take("zh", str)), first, last, tuple(worked)
    )


def _check_years(whole: _Section, years: list[int]) -> None:
    for before, year in pairwise(years):
        if year != before + 1:
            raise whole.refusal(
                str(year), Text(f"there is no section for {before + 1}", f"缺少 {before + 1} 年"),
                Text("Add the years between", "请补齐其间年份"),
            )  # fmt: skip


def _check_days(whole: _Section, calendar: Calendar) -> None:
    """A day is off once, and a day that is worked for others is one of the weekend."""
    off: set[date] = set()
    worked: set[date] = set()
    for section, holiday in _sections(whole, calendar):
        if twice := sorted(off & set(holiday.days())):
            raise _doubtful(section, "first", twice[0], Text("is off already", "已列为放假"))
        off |= set(holiday.days())
        for day in holiday.worked:
            if day in worked or day in calendar.off:
                raise _doubtful(section, "worked", day, Text("is listed twice", "重复列出"))
            if day.weekday() not in calendar.weekend:
                why = Text("is a working day anyway", "本为工作日")
                raise _doubtful(section, "worked", day, why)
            worked.add(day)


def _sections(whole: _Section, calendar: Calendar) -> Iterator[tuple[_Section, Holiday]]:
    for year in calendar.years:
        section = whole.section(str(year.year))
        names = [key for key in section.values if key != "source"]
        yield from zip(map(section.section, names), year.holidays, strict=True)


def _doubtful(section: _Section, key: str, day: date, why: Text) -> TableInvalid:
    return section.refusal(
        key, Text(f"{day} {why.en}", f"{day} {why.zh}"),
        Text("Compare it with the published arrangement", "请与公布的放假安排核对"),
    )  # fmt: skip


def _line_of(path: tuple[str, ...], lines: list[str]) -> int:
    """The line that leads furthest towards a value, counted from 1."""
    best, depth = 1, 0
    header: tuple[str, ...] = ()
    for number, line in enumerate(lines, 1):
        if found := re.match(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$", line):
            header = keys = _keys(found[1])
        elif found := re.match(r"\s*([\w\s.\"'-]+?)\s*=", line):
            keys = (*header, *_keys(found[1]))
        else:
            continue
        if len(keys) > depth and path[: len(keys)] == keys:
            best, depth = number, len(keys)
    return best


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
