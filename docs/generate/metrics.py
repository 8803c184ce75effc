"""docs/reference/metrics.md, from the definitions in `hub.watching` and the parts of a node."""

from dataspace.jobs.table import JOBS
from docs.generate.markdown import both, code, table
from hub.api.schema import schema_for
from hub.imports.tally import ENDINGS, OUTCOMES
from hub.parts import PARTS
from hub.watching.backlog import QUEUES
from hub.watching.definitions import LABELS, MEASURED, MET, PROCESS, READ, SECONDS, Metric
from hub.watching.parts import ACTS
from hub.watching.watch import CANCELLED, DONE, FAILED, REFUSED, UNAVAILABLE

HEAD = """# Metrics

What `GET /metrics` tells, in Prometheus's text form. How it is used stands in
[how to watch a node](../how-to/watch-a-node.md). A name or a label never changes its meaning.

`GET /metrics` 以 Prometheus 文本格式给出的全部指标；用法见[运行监控](../how-to/watch-a-node.md)。

"""


def page() -> str:
    counted = "## Counted on the way 过程计数\n\nSince the process began. 自进程启动起。\n\n"
    read = (
        "## Read when asked 抓取时读取\n\nLeft out while its part is away. 部件不可用时缺省。\n\n"
    )
    met = (
        "## Between nodes 节点之间\n\nA hub tells of its nodes, and a node of its hub. "
        "抓取时读取：枢纽给出各节点情况，节点给出其枢纽情况。\n\n"
    )
    process = "## Of the process 进程\n\n"
    return HEAD + "\n".join(
        (
            counted + _metrics(MEASURED),
            read + _metrics(READ),
            met + _metrics(MET),
            process + _metrics(PROCESS),
            "## Labels 标签\n\n" + _labels(),
            "## Parts and what goes with them 部件与受影响的功能\n\n" + _parts(),
        )
    )


def _metrics(metrics: tuple[Metric, ...]) -> str:
    return table(
        ("metric 指标", "kind 类型", "labels 标签", "meaning 含义"),
        (
            (code(each.name), each.kind, ", ".join(map(code, each.labels)), both(each.text))
            for each in metrics
        ),
    )


def _labels() -> str:
    upto = ", ".join(f"{each:g}" for each in SECONDS)
    buckets = f"\nHistograms have buckets up to 直方图分桶上限: {upto} s.\n"
    rows = ((code(name), both(text), _values(name)) for name, text in LABELS.items())
    return table(("label 标签", "meaning 含义", "values 取值"), rows) + buckets


def _values(label: str) -> str:
    """The closed sets; a route, a status or a version is told by its own page."""
    schema = schema_for("en")
    roots = [type_ for type_ in (schema.query_type, schema.mutation_type) if type_ is not None]
    outcomes = (DONE, REFUSED, UNAVAILABLE, FAILED, CANCELLED)
    known = {
        "operation": ("query", "mutation"),
        "field": (f"{sum(len(root.fields) for root in roots)} in [schema](schema.en.graphql)",),
        "outcome": tuple(map(code, dict.fromkeys((*outcomes, *OUTCOMES, *ENDINGS)))),
        "part": tuple(code(part.name) for part in PARTS),
        "act": tuple(f"{part.name}: {', '.join(map(code, acts))}" for part, acts in ACTS.items()),
        "code": ("[errors](errors.md)",),
        "scheduled": tuple(code(each.code) for each in JOBS.values()),
        "queue": tuple(f"{code(queue.name)} {both(queue.text)}" for queue in QUEUES),
    }
    return "; ".join(known.get(label, ()))


def _parts() -> str:
    rows = (
        (
            code(part.name),
            both(part.text),
            "down 不可用, 503" if part.vital else "degraded 降级, 200",
            "; ".join(f"{code(each.name)} {both(each.text)}" for each in part.features),
            both(part.stays),
        )
        for part in PARTS
    )
    return table(
        ("part 部件", "", "without it 缺少它时", "does not work 不可用", "goes on 不受影响"), rows
    )
