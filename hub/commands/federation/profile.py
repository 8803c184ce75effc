"""`cityspace profile list | show NAME | check FILE`: what a node may be, and whether it holds."""

from collections.abc import Iterator, Mapping
from typing import Any

from dataspace.errors import DataSpaceError
from dataspace.federation.profile import ExtraField, Profile, Term
from dataspace.quality.rules import written_rule
from dataspace.rulebooks.adopting import written_rules
from dataspace.text import Language, Text
from hub.commands.call import Call, Exit, WrongUsage
from hub.commands.grammar import Grammar
from hub.wiring import profiles


def arguments(parser: Grammar) -> None:
    parser.add(
        "what", choices=("list", "show", "check"),
        text=Text(
            "list: all that are installed; show: what one asks and offers; check: try a TOML file",
            "list：列出全部；show：显示一个配置的要求与内容；check：检查 TOML 文件",
        ),
    )  # fmt: skip
    parser.add(
        "name", nargs="?", default="",
        text=Text("name of the profile, or a TOML file", "领域配置名称或 TOML 文件"),
    )  # fmt: skip


def run(call: Call) -> Exit:
    given = call.arguments
    if (given.what == "list") == bool(given.name):
        problem = NONE_TO_LIST if given.name else NAME_ONE
        raise WrongUsage(problem=problem, suggestion="", command="cityspace profile")
    if given.what == "list":
        return _list(call)
    profile = profiles.profile_named(given.name)
    if given.what == "check":
        call.answer({"code": profile.code, "holds": True})
        call.say(HOLDS, code=profile.code, name=profile.name.to(call.language))
        return Exit.DONE
    call.answer(_plain(profile))
    for line in _lines(profile, call.language):
        call.line(line)
    return Exit.DONE


def _list(call: Call) -> Exit:
    """One that cannot be loaded is told of, and does not hide the others."""
    told: list[dict[str, Any]] = []
    for name in profiles.names():
        try:
            profile = profiles.profile_named(name)
        except DataSpaceError as error:
            told.append({"code": name, "refusal": error.code})
            call.line(f"{name:<16}{error.message(call.language)} [{error.code}]")
            continue
        summary = profile.summary.to(call.language)
        told.append({"code": name, "name": _both(profile.name), "industry": profile.industry})
        call.line(f"{name:<16}{profile.industry:<5}{profile.name.to(call.language)}  {summary}")
    call.answer(told)
    return Exit.REFUSED if any("refusal" in each for each in told) else Exit.DONE


def _lines(profile: Profile, language: Language) -> Iterator[str]:
    yield f"{profile.name.to(language)} ({profile.code}, {profile.industry} → {profile.place})"
    yield f"  {profile.summary.to(language)}"
    yield f"  {LINKS.to(language)}: {' '.join(profile.links)}"
    for head, lines in (
        (PURPOSES, _terms(profile.purposes, language)),
        (GRADES, (f"{each.grade}  {each.text.to(language)}" for each in profile.grades)),
        (TERMS, _terms(profile.terms, language)),
        (LIMITS, (f"items_max {profile.limits.items_max}",
                  f"sample_bytes_max {profile.limits.sample_bytes_max}")),
        (RULES, (f"{name} {value}" for name, value in written_rules(profile.rules))),
        (EXTRA, (_field(each, language) for each in profile.fields)),
        (TEMPLATES, (f"{each.code}  {each.name.to(language)} ({each.form}): "
                     f"{each.summary.to(language)}" for each in profile.templates)),
        (QUALITY, (written_rule(each) for each in profile.quality)),
    ):  # fmt: skip
        yield f"\n{head.to(language)}"
        yield from (f"  {line}" for line in lines)


def _terms(terms: tuple[Term, ...], language: Language) -> Iterator[str]:
    return (f"{each.code}  {each.text.to(language)}" for each in terms)


def _field(each: ExtraField, language: Language) -> str:
    needed = f", {NEEDED.to(language)}" if each.must else ""
    codes = f": {', '.join(code.code for code in each.codes)}" if each.codes else ""
    return f"{each.of}.{each.name} ({each.type.name}{needed})  {each.text.to(language)}{codes}"


def _plain(profile: Profile) -> Mapping[str, Any]:
    """What a program that drafts for a node of the profile needs to know."""
    return {
        "code": profile.code,
        "name": _both(profile.name),
        "summary": _both(profile.summary),
        "industry": profile.industry,
        "place": profile.place,
        "links": list(profile.links),
        "terms": _coded(profile.terms),
        "purposes": _coded(profile.purposes),
        "grades": [{"grade": each.grade, **_both(each.text)} for each in profile.grades],
        "limits": {
            "items_max": profile.limits.items_max,
            "sample_bytes_max": profile.limits.sample_bytes_max,
        },
        "rules": dict(written_rules(profile.rules)),
        "fields": [
            {"of": each.of, "name": each.name, "type": each.type.name, "must": each.must,
             "codes": _coded(each.codes), **_both(each.text)}
            for each in profile.fields
        ],
        "templates": [
            {"code": each.code, "form": each.form, "purposes": list(each.purposes),
             "inputs": [_both(text) for text in each.inputs], "outputs": _coded(each.outputs),
             **_both(each.name)}
            for each in profile.templates
        ],
        "quality": [written_rule(each) for each in profile.quality],
    }  # fmt: skip


def _coded(terms: tuple[Term, ...]) -> list[dict[str, str]]:
    return [{"code": each.code, **_both(each.text)} for each in terms]


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


NAME_ONE = Text("name a profile or a file", "请指定领域配置名称或文件")
NONE_TO_LIST = Text("list takes no name", "list 无需名称")
HOLDS = Text("{code} holds: {name}", "{code} 成立：{name}")
LINKS = Text("Links", "环节")
PURPOSES = Text("Purposes of products", "产品使用目的")
GRADES = Text("Grades", "分级")
TERMS = Text("Vocabulary of labels", "标签词表")
LIMITS = Text("Limits", "上限")
RULES = Text("Rules, beside the city's", "规则（收紧城市规则）")
EXTRA = Text("Extra metadata", "扩展元数据")
TEMPLATES = Text("Templates of products", "产品模板")
QUALITY = Text("Quality rules", "质量规则")
NEEDED = Text("needed", "必填")
