"""docs/reference/jobs.md, from the definitions in `dataspace.jobs.table`."""

from itertools import groupby

from dataspace.jobs.job import ZONE, JobDefinition, Missed
from dataspace.jobs.table import JOBS
from dataspace.links import LINKS
from dataspace.text import Text
from docs.generate.markdown import both, code, table

HEAD = f"""# Scheduled jobs

Every job (定时作业) of the links L1 to L5, of the evidence (X1) and of operation (X2). Times are in
{ZONE}; names, frequencies and bases are those of the domain reference, where most frequencies are
inferred. How they are run: [how to run jobs](../how-to/run-jobs.md).

各环节及存证（X1）、运行（X2）的全部定时作业。时间为 {ZONE}。
用法见[操作指南](../how-to/run-jobs.md)。

What is missed while no node leads is made up for: {{policies}}.

"""
ACROSS = {"X1": Text("Evidence", "存证"), "X2": Text("Operation", "运行")}


def page() -> str:
    policies = "; ".join(f"{code(each.name)} {both(each.value)}" for each in Missed)
    return HEAD.format(policies=policies) + "\n".join(_by_link(list(JOBS.values())))


def _by_link(jobs: list[JobDefinition]) -> list[str]:
    return [
        f"## {_link(link)}\n\n{_runs(list(found))}"
        for link, found in groupby(jobs, lambda job: job.link)
    ]


def _link(code_: str) -> str:
    texts = {**{each.code: each.text for each in LINKS}, **ACROSS}
    return f"{code_} {both(texts[code_])}"


def _runs(jobs: list[JobDefinition]) -> str:
    head = (
        "job 作业", "", "when 时间", "what it does 内容", "due 待办", "limit 上限", "seconds 时限",
        "missed 错过", "source 依据",
    )  # fmt: skip
    return table(
        head,
        (
            (
                code(job.code), both(job.text), code(job.cron), both(job.does),
                both(job.due.text) if job.due else "", job.limit if job.due else "",
                job.seconds_max, code(job.missed.name), both(job.source),
            )
            for job in jobs
        ),
    )  # fmt: skip
