"""Why a rulebook is refused."""

from dataspace.errors import Conflict, Invalid
from dataspace.text import Text


class RuleUnknown(Invalid):
    """A rulebook states a rule that there is not."""

    code = "rulebook.rule_unknown"
    title = Text(
        "{rulebook} states {rule}, which is no rule", "{rulebook} 中的 {rule} 不是已有规则"
    )
    advice = Text(
        "The rules there are: docs/reference/rulebooks.md.",
        "可用规则见 docs/reference/rulebooks.md。",
    )


class RuleValueWrong(Invalid):
    """A value is not of the type that its rule has, or a rule is stated twice."""

    code = "rulebook.value_wrong"
    title = Text(
        "{rulebook} gives {rule} the value {value}", "{rulebook} 中 {rule} 的取值为 {value}"
    )
    advice = Text("It must be {form}, and stand there once.", "取值须为{form}，且只填写一次。")


class RulebookLoosens(Conflict):
    """A lower tier may only tighten. `rules` names the rules, `loosened` says all of each."""

    code = "rulebook.loosens"
    title = Text("{rulebook} may only tighten: {loosened}", "{rulebook} 只可收紧规则：{loosened}")
    advice = Text(
        "State a tighter value, or leave the rule out and inherit it.",
        "请填写更严的取值，或不填写该规则以沿用上级规则。",
    )


class RulebookCyclic(Conflict):
    """A space inherits its rules from itself, by way of others."""

    code = "rulebook.cyclic"
    title = Text("{space} would inherit from itself: {way}", "{space} 将继承自身：{way}")
    advice = Text("Make one of them part of the city's space.", "请将其中之一归属城市空间。")


class ParentUnknown(Conflict):
    """The space that a rulebook inherits from has no rules in force on the day."""

    code = "rulebook.parent_unknown"
    title = Text(
        "{rulebook} inherits from {parent}, which has no rules in force at {at}",
        "{rulebook} 继承自 {parent}，而后者在 {at} 尚无生效规则",
    )
    advice = Text("Let the upper rulebook take effect first.", "请先使上级规则册生效。")


class TierWrong(Conflict):
    """The city's rulebook stands at the top, and nobody stands above what they inherit from."""

    code = "rulebook.tier_wrong"
    title = Text(
        "{rulebook} of tier {tier} cannot inherit from {parent} of tier {parent_tier}",
        "{tier} 层级的 {rulebook} 不能继承 {parent_tier} 层级的 {parent}",
    )
    advice = Text(
        "CITY inherits from nobody; DISTRICT from CITY; SUBSPACE from any tier.",
        "CITY 不继承任何规则；DISTRICT 继承 CITY；SUBSPACE 可继承任一层级。",
    )


class VersionOutOfOrder(Conflict):
    """Versions of a rulebook are counted from 1 without a gap, each for good."""

    code = "rulebook.version_out_of_order"
    title = Text(
        "{rulebook} would follow version {latest}", "{rulebook} 不能接在第 {latest} 版之后"
    )
    advice = Text("Look at what has taken effect since.", "请查看期间已生效的版本。")


class DatesOutOfOrder(Conflict):
    """A version takes effect after the one before it, and never in the past."""

    code = "rulebook.dates_out_of_order"
    title = Text(
        "{rulebook} would take effect at {at}, which is not after {earliest}",
        "{rulebook} 的生效时间 {at} 须晚于 {earliest}",
    )
    advice = Text(
        "Choose a later date: what was decided stays decided under the rules of its day.",
        "请选择更晚的日期：已作出的决定仍适用当日规则。",
    )
