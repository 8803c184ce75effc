"""The nouns of scheduled jobs: runs, the leases that they run under, and what they leave."""

from dataspace.jobs.codes import JOB_FILE_KIND, JOB_FILE_OUTCOME, JOB_RUN_CAUSE, JOB_RUN_STATE
from dataspace.shape import Edge, Noun, code_field, moment_field, number_field, text_field
from dataspace.text import Text

LEASE = Noun(
    "lease", "leases", "lea",
    Text("Lease", "租约"), Text("Leases", "租约"),
    fields=(
        text_field("name", "What it is for", "用途", length_max=80, must=True, unique=True,
                   sort=True, filter=True),
        text_field("holder", "Process that holds it", "持有进程", length_max=160, filter=True),
        number_field("epoch", "How often it was taken", "易主次数", must=True),
        moment_field("expires_at", "End, unless it is renewed", "到期时间（未续期时）", must=True,
                     sort=True),
        moment_field("created_at", "When it was first taken", "首次取得时间", sort=True),
    ),
)  # fmt: skip

JOB_RUN = Noun(
    "job_run", "job_runs", "run",
    Text("Run of a job", "作业运行记录"), Text("Runs of jobs", "作业运行记录"),
    fields=(
        text_field("key", "Job and business time", "作业与业务时间", length_max=80, must=True,
                   unique=True, filter=True),
        text_field("job", "Code of the job", "作业代码", length_max=40, must=True, filter=True,
                   facet=True),
        moment_field("business_time", "Moment that it was due", "业务时间", must=True, sort=True),
        code_field("state", JOB_RUN_STATE, must=True, facet=True),
        code_field("cause", JOB_RUN_CAUSE, must=True, facet=True),
        moment_field("started", "When it was started, the last time", "最近一次开始时间", sort=True),
        moment_field("finished", "When it ended", "结束时间", sort=True),
        number_field("attempts", "How often it was started", "启动次数"),
        number_field("considered", "Objects that it looked at", "检查对象数"),
        number_field("done", "Objects that it dealt with", "办结对象数"),
        number_field("refused", "Objects that it was refused", "被拒对象数"),
        number_field("failed", "Objects that it failed at", "失败对象数"),
        text_field("reason", "Why, and what else it says", "原因与说明", length_max=1000),
        text_field("holder", "Process that ran it", "运行进程", length_max=160, filter=True),
        number_field("epoch", "Epoch of the lease that it ran under", "所持租约的易主次数"),
        text_field("asked_by", "Who asked for it, when it was asked for", "申请人", length_max=80,
                   filter=True),
    ),
    edges=(
        Edge("lease", "lease", Text("Lease that it ran under", "所持租约"),
             "runs", Text("Runs under it", "租约下的运行")),
    ),
    paths=(("job", "business_time"), ("state", "business_time")),
)  # fmt: skip

JOB_FILE = Noun(
    "job_file", "job_files", "jbf",
    Text("File that a job left", "作业产出文件"), Text("Files that jobs left", "作业产出文件"),
    fields=(
        code_field("kind", JOB_FILE_KIND, must=True, facet=True),
        text_field("key", "Its key in the store of the files", "存储键", length_max=200, must=True,
                   unique=True, filter=True),
        text_field("job", "Code of the job", "作业代码", length_max=40, must=True, filter=True),
        moment_field("business_time", "Moment that the job was due", "业务时间", must=True, sort=True),
        number_field("bytes", "Size in bytes", "字节数", must=True),
        text_field("sha256", "SHA-256 of the content", "内容 SHA-256", length_max=64, must=True),
        number_field("records", "Records or rows in it", "其中记录数"),
        text_field("root", "Root of the evidence in it", "所含存证的根哈希", length_max=64),
        text_field("content_sha256", "Checksum of the catalogue's dump, uncompressed",
                   "目录转储校验和（未压缩）", length_max=64),
        code_field("outcome", JOB_FILE_OUTCOME, facet=True),
        moment_field("sent_at", "When its receiver had it", "送达时间"),
        moment_field("removed_at", "When the file was removed, after its time", "文件到期移除时间",
                     sort=True),
        moment_field("created_at", "When the entry was made", "条目创建时间", sort=True),
    ),
    paths=(("kind", "business_time"),),
)  # fmt: skip

HOLD = Noun(
    "hold", "holds", "hld",
    Text("Hold", "留置"), Text("Holds", "留置"),
    fields=(
        text_field("subject", "What must be kept", "留置对象", length_max=40, must=True, filter=True),
        text_field("grounds", "On what grounds", "留置依据", length_max=1000, must=True),
        moment_field("ends_at", "End; until lifted when there is none", "截止时间；未填则至解除",
                     sort=True),
        moment_field("created_at", "When the entry was made", "条目创建时间", sort=True),
        moment_field("changed_at", "When the entry last changed", "条目变更时间", sort=True),
    ),
    paths=(("subject", "created_at"),),
)  # fmt: skip
