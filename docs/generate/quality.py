"""docs/reference/quality.md, from the kinds of quality rules and the cycles of supply."""

from dataspace.codes import UPDATE_CYCLE
from dataspace.quality.kinds import KINDS, RuleKind
from dataspace.quality.supply import CYCLES, WITHOUT_CYCLE, Cycle, Span
from dataspace.quality.tables import QUALITY_DIMENSION
from docs.generate.markdown import both, code, table, ticks

HEAD = """# Quality rules and supply

Which kinds of quality rules there are, in the six dimensions of GB/T 36344, and what a rule of each
kind has to state; and when an update counts as late. How both work:
[quality](../explanation/quality.md).

质量规则的类型（按 GB/T 36344 六个维度）及各类规则须填写的内容，以及更新何时算超期。说明见
[质量与供给](../explanation/quality.zh.md)。

"""


def page() -> str:
    kinds = table(
        ("kind 类型", "meaning 含义", "dimension 维度", "states 须填写", "looks at 检查对象"),
        map(_kind, KINDS.values()),
    )
    cycles = table(
        (
            "cycle 周期",
            "grace 宽限",
            "late after 超期",
            "stale after 严重超期",
            "stopped after 停止",
        ),
        [*(_cycle(name, each) for name, each in CYCLES.items()), *map(_never, WITHOUT_CYCLE)],
    )
    return f"{HEAD}## Kinds of rules 规则类型\n\n{kinds}\n## Supply 供给\n\n{cycles}"


def _kind(kind: RuleKind) -> tuple[str, ...]:
    dimension = QUALITY_DIMENSION.codes[kind.dimension].text
    looks = "data 数据" if kind.on_data else "catalogue 目录"
    return code(kind.code), both(kind.text), both(dimension), ticks(sorted(kind.needs)), looks


def _cycle(name: str, cycle: Cycle) -> tuple[str, ...]:
    after = (cycle.period + cycle.grace, cycle.stale_after, cycle.stopped_after)
    return code(name), _span(cycle.grace), *map(_span, after)


def _never(name: str) -> tuple[str, ...]:
    return code(name), "", both(UPDATE_CYCLE.codes[name].text), "", ""


def _span(span: Span) -> str:
    hours, days = span.time.seconds // 3600, span.time.days
    minutes = span.time.seconds // 60 % 60
    told = (
        (span.months, "months 月"),
        (days, "days 日"),
        (hours, "hours 小时"),
        (minutes, "minutes 分"),
    )
    return ", ".join(f"{count} {unit}" for count, unit in told if count)
