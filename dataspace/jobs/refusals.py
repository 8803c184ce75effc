"""Why a job is not run, or not any further."""

from dataspace.errors import Conflict, Invalid, NotFound
from dataspace.text import Text


class JobUnknown(NotFound):
    code = "job.unknown"
    title = Text("There is no job {job}", "没有定时作业 {job}")
    advice = Text("`cityspace job list` shows them all.", "`cityspace job list` 列出全部作业。")


class JobBusy(Conflict):
    """Somebody else runs the job by hand, or has the run."""

    code = "job.busy"
    title = Text("{job} is being run by {holder}", "{job} 正由 {holder} 运行")
    advice = Text(
        "Look at its history; if that process is gone, its lease is over soon.",
        "请查看运行记录；若该进程已不在，其租约很快到期。",
    )


class JobAhead(Invalid):
    """A job does what was due; what is not due yet is not done."""

    code = "job.ahead"
    title = Text("{at} is still to come", "{at} 尚未到来")
    advice = Text("Name a moment that is past.", "请指定已过去的时间。")


class SpanInvalid(Invalid):
    """A back-fill needs a beginning before its end, and some firings in between."""

    code = "job.span_invalid"
    title = Text(
        "{job} has {count} firings from {start} to {end}; 1 to {limit} can be back-filled at once",
        "{job} 在 {start} 至 {end} 有 {count} 次触发；每次可补做 1 至 {limit} 次",
    )
    advice = Text("Choose another span.", "请另选时间范围。")


class LeaseLost(Conflict):
    """Another process has taken the lease, or it may have: nothing more is done under it."""

    code = "job.lease_lost"
    title = Text("The lease {lease} was lost", "租约 {lease} 已失去")
    advice = Text(
        "Nothing is to be done: whoever holds it now goes on.", "无需处理：现持有者将继续办理。"
    )
