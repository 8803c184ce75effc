"""docs/reference/rulebooks.md, from the kinds of rules and the rules that a city begins with."""

from dataspace.rulebooks.adopting import written_rules
from dataspace.rulebooks.city import CITY_RULES
from dataspace.rulebooks.kinds import RULES, RuleKind
from docs.generate.markdown import both, code, table

CITY = dict(written_rules(CITY_RULES))
HEAD = """# Rules of rulebooks

What a rulebook (规则册) may state. A lower tier may only tighten: "tighter" says which way that
is. A rule that nobody states restricts nothing; `NONE` as a set of codes allows, or requires,
nothing at all. "City" is what the city's rulebook begins with in this version; it is data, and
to be checked against the texts in force. How rulebooks work:
[rulebooks](../explanation/rulebooks.md).

规则册可规定的规则。下级只可收紧，“tighter”列说明何为更严。无人规定的规则不作限制；代码集合取
`NONE` 表示一概不许或一概不需。“City”列为本版本城市级规则册的初始取值，属数据而非程序，须对照
现行文件核对。

"""


def page() -> str:
    head = ("rule 规则", "", "unit 单位", "tighter 更严", "city 城市", "source 来源")
    return HEAD + table(head, (_rule(kind) for kind in RULES.values()))


def _rule(kind: RuleKind) -> tuple[str, ...]:
    return (
        code(kind.name), both(kind.text), both(kind.unit), both(kind.order.direction),
        code(CITY.get(kind.name, "")), both(kind.source),
    )  # fmt: skip
