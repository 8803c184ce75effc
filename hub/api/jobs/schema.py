"""The types of `jobs`, `jobRun` and `jobBackfill`; runs themselves are a kind of the catalogue."""

from collections.abc import Callable
from typing import Any

import graphene

from dataspace.jobs.codes import JOB_RUN_STATE
from dataspace.jobs.job import ZONE
from dataspace.shape import Type
from dataspace.text import Text
from hub.api.schema.registry import Registry, listed
from hub.api.schema.scalars import scalar


def jobs_field(registry: Registry, resolver: Any) -> Any:
    return registry.field(
        listed(_job(registry)),
        "Every scheduled job, when it is due next and how it last ran",
        "全部定时作业，下次触发时间与最近一次运行",
        resolver=resolver,
    )


def asked_payload(registry: Registry, problems: Any) -> Any:
    def make() -> Any:
        return registry.object(
            "JobAskedPayload",
            Text("What became of asking for runs", "申请运行的结果"),
            {
                "moments": registry.field(
                    listed(scalar(registry, Type.MOMENT)),
                    "The moments that were asked for",
                    "所申请的业务时间",
                ),
                "entered": registry.field(
                    listed(scalar(registry, Type.MOMENT)),
                    "Those that had no run; they wait for the leader now, or would when asked dry",
                    "此前无运行记录者：现等待主持节点运行（试运行则为将等待）",
                ),
                "considered": registry.field(
                    graphene.Int,
                    "Asked dry: how many objects the last of them would look at",
                    "试运行：其中最后一次将检查的对象数",
                ),
                "problems": problems,
            },
        )

    return registry.once("JobAskedPayload", make)


def asked_inputs(registry: Registry) -> dict[str, Callable[[], Any]]:
    """What asking for runs takes, each made when it is needed."""

    def field(type_: Any, en: str, zh: str, **more: Any) -> Any:
        return graphene.InputField(type_, description=registry.say(Text(en, zh)), **more)

    moment = scalar(registry, Type.MOMENT)
    return {
        "code": lambda: field(graphene.String, "Code of the job", "作业代码", required=True),
        "at": lambda: field(
            moment,
            "The moment that it was to be due; now unless given",
            "业务时间，默认为当前",
        ),
        "start": lambda: field(
            moment, "After this moment", "起始时间（不含）", name="from", required=True
        ),
        "end": lambda: field(
            moment, "Up to this moment", "截止时间（含）", name="to", required=True
        ),
        "dry_run": lambda: field(
            graphene.Boolean,
            "Say what would be looked at, and change nothing",
            "仅说明将检查的对象，不作改动",
        ),
    }


def _job(registry: Registry) -> Any:
    must, string, moment = registry.must, graphene.String, scalar(registry, Type.MOMENT)

    def make() -> Any:
        return registry.object(
            "ScheduledJob",
            Text("A scheduled job", "定时作业"),
            {
                "code": must(string, "Code", "代码"),
                "label": must(string, "Name", "名称"),
                "does": must(string, "What it does", "作业内容"),
                "link": must(string, "Link that it serves, or X1, X2", "所属环节，或 X1、X2"),
                "cron": must(
                    string, f"When, as five fields in {ZONE}", f"触发时间（五字段，{ZONE}）"
                ),
                "missed": must(string, "What becomes of missed firings", "错过触发的处理"),
                "limit": must(graphene.Int, "Most objects in a run", "单次运行对象上限"),
                "seconds_max": must(
                    graphene.Int, "Seconds after which it is broken off", "运行时限（秒）"
                ),
                "next_at": registry.field(moment, "Next firing", "下次触发时间"),
                "last_run": registry.field(
                    _last_run(registry),
                    "Its last run, for those who may read runs",
                    "最近一次运行（限有权查看者）",
                ),
            },
        )

    return registry.once("ScheduledJob", make)


def _last_run(registry: Registry) -> Any:
    must, field, moment = registry.must, registry.field, scalar(registry, Type.MOMENT)

    def make() -> Any:
        return registry.object(
            "LastRun",
            Text("How a job last ran", "作业最近一次运行"),
            {
                "id": must(graphene.ID, "Identifier of the run", "运行记录编号"),
                "business_time": must(moment, "Moment that it was due", "业务时间"),
                "state": must(registry.table(JOB_RUN_STATE), "State", "状态"),
                "started": field(moment, "Start", "开始时间"),
                "finished": field(moment, "End", "结束时间"),
                "considered": field(graphene.Int, "Objects looked at", "检查对象数"),
                "done": field(graphene.Int, "Objects dealt with", "办结对象数"),
                "refused": field(graphene.Int, "Refusals", "被拒对象数"),
                "failed": field(graphene.Int, "Failures", "失败对象数"),
                "reason": field(graphene.String, "Why, and what else it says", "原因与说明"),
            },
        )

    return registry.once("LastRun", make)
