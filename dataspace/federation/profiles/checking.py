"""Whether a profile holds: by itself, by the code tables, and below the city's rules."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from dataspace import codes
from dataspace.codes import CodeTable
from dataspace.errors import DataSpaceError
from dataspace.federation.profile import ExtraField, ProductTemplate, Profile
from dataspace.federation.profiles.refusals import ProfileInvalid
from dataspace.links import LINKS
from dataspace.quality.kinds import KINDS
from dataspace.quality.rules import QualityRule
from dataspace.quality.rules import check as check_rule
from dataspace.rulebooks.adopting import check_rules
from dataspace.rulebooks.city import CITY_RULES
from dataspace.rulebooks.rulebook import Rulebook, loosened
from dataspace.shape import Type
from dataspace.text import Text
from dataspace.validation import Problem

CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
INDUSTRY: Final = re.compile(r"[A-T]\d{2}")
NOUNS: Final = ("resource", "product")
GRADES: Final = range(1, 6)
EXTRA_TYPES: Final = (Type.TEXT, Type.NUMBER, Type.FLAG, Type.DAY, Type.MOMENT, Type.CODE)
FIELDS_MAX: Final = 50  # of one noun, so that they are always read whole
_ANY_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)  # the comparison below rests on no date

NOT_A_CODE = Text(
    "small letters, digits, - and _ are needed, a letter first",
    "须为小写字母、数字、- 与 _，且以字母开头",
)
NOT_AN_INDUSTRY = Text(
    "a letter A to T and two digits of GB/T 4754 are needed, such as J66",
    "须为 GB/T 4754 的门类字母（A 至 T）加两位数字，例如 J66",
)
ONE_LANGUAGE = Text("a text is needed in both languages", "须同时填写中英文")
DOUBLED = Text("it stands there twice", "重复出现")
NOT_A_LINK = Text("it is none of the links L1 to L8", "不是 L1 至 L8 环节之一")
NOT_A_GRADE = Text("a grade from 1 to 5 is needed", "分级须为 1 至 5")
NOT_A_TERM = Text("it is no word of the profile's vocabulary", "不在本配置的词表中")
NOT_A_PURPOSE = Text("it is none of the profile's purposes", "不是本配置的使用目的")
NO_PURPOSE = Text("at least one purpose is needed", "至少须有一个使用目的")
NOT_A_NOUN = Text("it is of resource or of product", "须属于 resource 或 product")
NOT_A_TYPE = Text(
    f"its type is one of {', '.join(each.name for each in EXTRA_TYPES)}",
    f"类型须为 {'、'.join(each.name for each in EXTRA_TYPES)} 之一",
)
CODES_MISSING = Text("a code needs the codes that it may be", "代码类型须列出可选代码")
NO_COLUMN = Text("it names the column that it is about", "须写明所涉列")
CITY_ONLY = Text("only the city's own space is CITY", "CITY 仅用于城市空间")
TOO_MANY = Text(f"at most {FIELDS_MAX} are read of one noun", f"每类对象至多 {FIELDS_MAX} 项")
NOT_POSITIVE = Text("a limit is at least 1", "上限须不小于 1")


def check(profile: Profile) -> None:
    """Raises:  ProfileInvalid with every problem and the place of each."""
    if found := list(problems(profile)):
        raise ProfileInvalid(profile.code, found)


def problems(profile: Profile) -> Iterator[Problem]:
    """All that is wrong with a profile, in the order of its attributes."""
    if not CODE.fullmatch(profile.code):
        yield Problem("code", NOT_A_CODE)
    yield from _texts({"name": profile.name, "summary": profile.summary})
    if profile.kind == "CITY":
        yield Problem("kind", CITY_ONLY)
    yield from _coded("kind", codes.SPACE_KIND, profile.kind)
    if not INDUSTRY.fullmatch(profile.industry):
        yield Problem("industry", NOT_AN_INDUSTRY)
    yield from _texts(
        {"wording.product": profile.wording.product, "wording.space": profile.wording.space}
    )
    yield from _words("terms", ((each.code, each.text) for each in profile.terms))
    yield from _words("purposes", ((each.code, each.text) for each in profile.purposes))
    yield from _grades(profile)
    for name, limit in (("items_max", profile.limits.items_max),
                        ("sample_bytes_max", profile.limits.sample_bytes_max)):  # fmt: skip
        if limit < 1:
            yield Problem(f"limits.{name}", NOT_POSITIVE)
    yield from _rules(profile)
    yield from (
        Problem(f"links.{each}", NOT_A_LINK)
        for each in profile.links
        if each not in {link.code for link in LINKS}
    )
    yield from _fields(profile)
    yield from _templates(profile)
    for at, rule in enumerate(profile.quality):
        yield from _rule(f"quality[{at}]", rule)


def _texts(texts: Mapping[str, Text]) -> Iterator[Problem]:
    for path, text in texts.items():
        if not (text.en.strip() and text.zh.strip()):
            yield Problem(path, ONE_LANGUAGE)


def _coded(path: str, table: CodeTable, value: str) -> Iterator[Problem]:
    if value not in table:
        names = ", ".join(table.codes)
        yield Problem(path, Text(f"one of {names} is needed", f"须为 {names} 之一"))


def _words(path: str, words: Iterable[tuple[str, Text]]) -> Iterator[Problem]:
    """Codes with their texts: each once, in both languages."""
    held = list(words)
    for code, text in held:
        if not CODE.fullmatch(code):
            yield Problem(f"{path}.{code}", NOT_A_CODE)
        yield from _texts({f"{path}.{code}": text})
    yield from _doubled(path, (code for code, _ in held))


def _doubled(path: str, names: Iterable[object]) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(f"{path}.{name}", DOUBLED)


def _grades(profile: Profile) -> Iterator[Problem]:
    """Two local names may not stand for one grade: nobody could tell them apart again."""
    for each in profile.grades:
        yield from _texts({f"grades.{each.grade}": each.text})
        if each.grade not in GRADES:
            yield Problem(f"grades.{each.grade}", NOT_A_GRADE)
    yield from _doubled("grades", (each.grade for each in profile.grades))


def _rules(profile: Profile) -> Iterator[Problem]:
    """They are rules, of the right form, and none is looser than what a city begins with.

    Below a city that decided otherwise the rulebook itself is checked again when it takes effect.
    """

    def known(rules: Mapping[str, Any]) -> None:
        check_rules(profile.code, rules)

    if refusal := _refusal(known, profile.rules):
        yield Problem("rules", refusal)
        return
    city = Rulebook("city", "CITY", "", 1, _ANY_DAY, CITY_RULES)
    own = Rulebook(profile.code, "SUBSPACE", "city", 1, _ANY_DAY, profile.rules)
    for each in loosened(own, (city,)):
        yield Problem(f"rules.{each.kind.name}", each.text)


def _fields(profile: Profile) -> Iterator[Problem]:
    for each in profile.fields:
        yield from _field(each)
    yield from _doubled("fields", (f"{each.of}.{each.name}" for each in profile.fields))
    for noun in NOUNS:
        if len(profile.fields_of(noun)) > FIELDS_MAX:
            yield Problem(f"fields.{noun}", TOO_MANY)


def _field(each: ExtraField) -> Iterator[Problem]:
    path = f"fields.{each.of}.{each.name}"
    if each.of not in NOUNS:
        yield Problem(path, NOT_A_NOUN)
    if not CODE.fullmatch(each.name):
        yield Problem(path, NOT_A_CODE)
    if each.type not in EXTRA_TYPES:
        yield Problem(path, NOT_A_TYPE)
    if (each.type is Type.CODE) != bool(each.codes):
        yield Problem(path, CODES_MISSING)
    yield from _texts({path: each.text})
    yield from _words(path, ((code.code, code.text) for code in each.codes))


def _templates(profile: Profile) -> Iterator[Problem]:
    yield from _words("templates", ((each.code, each.name) for each in profile.templates))
    for each in profile.templates:
        yield from _template(profile, each)


def _template(profile: Profile, each: ProductTemplate) -> Iterator[Problem]:
    path = f"templates.{each.code}"
    yield from _texts({f"{path}.summary": each.summary, f"{path}.usage_policy": each.usage_policy})
    yield from _coded(f"{path}.form", codes.PRODUCT_FORM, each.form)
    yield from _coded(f"{path}.update_cycle", codes.UPDATE_CYCLE, each.update_cycle)
    yield from _coded(f"{path}.price_unit", codes.PRICE_UNIT, each.price_unit)
    purposes = {term.code for term in profile.purposes}
    terms = {term.code for term in profile.terms}
    if not each.purposes:
        yield Problem(f"{path}.purposes", NO_PURPOSE)
    yield from (
        Problem(f"{path}.purposes.{name}", NOT_A_PURPOSE)
        for name in each.purposes
        if name not in purposes
    )
    yield from (
        Problem(f"{path}.terms.{name}", NOT_A_TERM) for name in each.terms if name not in terms
    )
    yield from _texts({f"{path}.inputs[{at}]": text for at, text in enumerate(each.inputs)})
    yield from _texts({f"{path}.outputs.{term.code}": term.text for term in each.outputs})
    yield from _doubled(f"{path}.outputs", (term.code for term in each.outputs))


def _rule(path: str, rule: QualityRule) -> Iterator[Problem]:
    """What it is about is found by the heading of a column, so only rules on data have a place."""
    on_data = tuple(code for code, kind in KINDS.items() if kind.on_data)
    if rule.kind not in on_data:
        names = ", ".join(on_data)
        yield Problem(path, Text(f"one of {names} is needed", f"须为 {names} 之一"))
    elif not (rule.column or rule.columns):
        yield Problem(path, NO_COLUMN)
    elif refusal := _refusal(check_rule, rule):
        yield Problem(path, refusal)


def _refusal(attempt: Any, value: object) -> Text | None:
    try:
        attempt(value)
    except DataSpaceError as error:
        return Text(error.message("en"), error.message("zh"))
    return None
