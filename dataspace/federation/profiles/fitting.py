"""What a profile asks of a resource or product, and what it adds to a draft."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from dataspace.federation.profile import ExtraField, ProductTemplate, Profile
from dataspace.quality.rules import QualityRule
from dataspace.shape import Type
from dataspace.text import Text
from dataspace.validation import (
    MISSING,
    NOT_DAY,
    NOT_FLAG,
    NOT_MOMENT,
    NOT_NUMBER,
    UNKNOWN,
    Problem,
    is_day,
    is_moment,
    is_number,
)

DOUBLED = Text("it stands there twice", "重复填写")
TRUE, FALSE = "true", "false"


def problems(
    profile: Profile, kind: str, values: Mapping[str, Any], *, whole: bool
) -> list[Problem]:
    """What is not as the profile asks of a noun; what is not given is asked for when `whole`."""
    return [
        *_purposes(profile, kind, values, whole=whole),
        *_grade(profile, values),
        *_items(profile, values),
        *_extra(profile.fields_of(kind), values, whole=whole),
    ]


def _purposes(
    profile: Profile, kind: str, values: Mapping[str, Any], *, whole: bool
) -> Iterator[Problem]:
    """Of products only: a resource is used for what its authorisations say."""
    if kind != "product" or not profile.purposes:
        return
    known = {each.code: each.text for each in profile.purposes}
    given = values.get("purposes") or ()
    for name in given:
        if name not in known:
            yield Problem(f"purposes.{name}", one_of(known))
    if whole and not given:
        yield Problem("purposes", MISSING)


def _grade(profile: Profile, values: Mapping[str, Any]) -> Iterator[Problem]:
    grade = values.get("grade")
    if grade is None or not profile.grades:
        return
    names = {str(each.grade): each.text for each in profile.grades}
    if str(grade) not in names:
        yield Problem("grade", one_of(names))


def _items(profile: Profile, values: Mapping[str, Any]) -> Iterator[Problem]:
    limit, count = profile.limits.items_max, len(values.get("items") or ())
    if count > limit:
        text = Text(f"at most {limit}, not {count}", f"至多 {limit} 项，现有 {count} 项")
        yield Problem("items", text)


def _extra(
    fields: Mapping[str, ExtraField], values: Mapping[str, Any], *, whole: bool
) -> Iterator[Problem]:
    given = values.get("extra") or ()
    seen: set[str] = set()
    for at, each in enumerate(given):
        name, value = str(each.get("name")), str(each.get("value") or "")
        if name not in fields:
            yield Problem(f"extra[{at}].name", UNKNOWN)
        elif name in seen:
            yield Problem(f"extra[{at}].name", DOUBLED)
        elif problem := problem_of(fields[name], value):
            yield Problem(f"extra[{at}].value", problem)
        seen.add(name)
    if whole:
        missing = (name for name, field in fields.items() if field.must and name not in seen)
        yield from (Problem(f"extra.{name}", MISSING) for name in missing)


def problem_of(field: ExtraField, written: str) -> Text | None:
    """What is wrong with a value as it is written, if anything is."""
    if field.type is Type.CODE:
        known = {each.code: each.text for each in field.codes}
        return None if written in known else one_of(known)
    holds, problem = _FORMS[field.type]
    return None if holds(written) else problem


def one_of(named: Mapping[str, Text]) -> Text:
    """The codes that are there, each with its word."""
    return Text(
        "one of " + ", ".join(f"{code} ({text.en})" for code, text in named.items()),
        "可选：" + "、".join(f"{code}（{text.zh}）" for code, text in named.items()),
    )


def both(text: Text) -> str:
    """A text where the catalogue keeps one for readers of either language."""
    return f"{text.zh} {text.en}"


def labelled(profile: Profile, labels: Iterable[str]) -> list[str]:
    """Labels that are words of the vocabulary, by code or in either language, in both languages.

    So whoever looks for 负荷 finds what was labelled "load".
    """
    words = {
        word.casefold(): both(term.text)
        for term in profile.terms
        for word in (term.code, term.text.en, term.text.zh)
    }
    return list(dict.fromkeys(words.get(each.strip().casefold(), each) for each in labels))


def begun(profile: Profile, template: ProductTemplate) -> dict[str, Any]:
    """What a draft made from a template holds until somebody says otherwise."""
    words = {each.code: each.text for each in profile.terms}
    outputs = [both(each.text) for each in template.outputs]
    told = f" {both(_OUTPUTS)}{'; '.join(outputs)}" if outputs else ""
    return {
        "name": both(template.name),
        "summary": f"{both(template.summary)}{told}",
        "form": template.form,
        "update_cycle": template.update_cycle,
        "price_unit": template.price_unit,
        "usage_policy": both(template.usage_policy),
        "purposes": list(template.purposes),
        "labels": [both(words[code]) for code in template.terms],
    }


def missing_rules(
    profile: Profile, columns: Sequence[str], stated: Iterable[QualityRule]
) -> list[QualityRule]:
    """The quality rules of the profile about columns that are there, but for those stated."""
    held = {_plain(each) for each in stated}
    there = set(columns)
    return [
        each
        for each in profile.quality
        if {*each.columns, *((each.column,) if each.column else ())} <= there
        if _plain(each) not in held
    ]


def _plain(rule: QualityRule) -> tuple[Any, ...]:
    """What a rule says, whoever states it and however much it weighs."""
    return (
        rule.kind, rule.column, rule.columns, rule.values, rule.pattern, rule.minimum,
        rule.maximum, rule.comparison, rule.other_column,
    )  # fmt: skip


def _is_number(written: str) -> bool:
    digits = written.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and is_number(int(written))


_OUTPUTS: Final = Text("Gives: ", "输出：")
_FORMS: Final[Mapping[Type, tuple[Callable[[str], bool], Text]]] = {
    Type.TEXT: (lambda written: bool(written.strip()), MISSING),
    Type.NUMBER: (_is_number, NOT_NUMBER),
    Type.FLAG: (lambda written: written in (TRUE, FALSE), NOT_FLAG),
    Type.DAY: (is_day, NOT_DAY),
    Type.MOMENT: (is_moment, NOT_MOMENT),
}
