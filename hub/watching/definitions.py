"""Every metric of a node, as data: the reference page, the dashboard's test and the meter read it.

Units stand last in names, a counter ends in `_total`. A label takes its values from what the node
knows (routes, fields of the schema, parts), never from what a caller sends, and none names a
person, an organisation or an object.
"""

from dataclasses import dataclass
from typing import Final, Literal

from dataspace.text import Text

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

LABELS: Final = {
    "method": Text("HTTP method, `other` for one that we do not serve", "HTTP 方法，其余为 other"),
    "route": Text(
        "Pattern of the route, `unmatched` where nothing is served", "路由模式，无匹配为 unmatched"
    ),
    "status": Text("HTTP status", "HTTP 状态码"),
    "operation": Text("`query` or `mutation`", "query 或 mutation"),
    "field": Text("Root field of the schema", "模式中的根字段"),
    "outcome": Text("How it ended", "结果"),
    "part": Text("`catalogue`, `identity` or `assets`", "部件：catalogue、identity 或 assets"),
    "act": Text("What was asked of the part", "对部件的操作"),
    "queue": Text("What waits", "等待队列"),
    "scheduled": Text("Code of the scheduled job", "定时作业代码"),
    "version": Text("Version of CitySpace", "CitySpace 版本"),
    "node": Text("Id of a node's entry, of at most 1000 nodes", "节点条目编号，至多 1000 个"),
    "code": Text("`taken`, or the code of the refusal", "taken 或拒绝代码"),
}


@dataclass(frozen=True, slots=True)
class Metric:
    name: str
    kind: Literal["counter", "gauge", "histogram"]
    text: Text
    labels: tuple[str, ...] = ()


REQUEST_SECONDS: Final = Metric(
    "cityspace_request_duration_seconds", "histogram",
    Text("Time from a request's first byte to its answer's last", "请求处理时间"),
    ("method", "route"),
)  # fmt: skip
REQUESTS: Final = Metric(
    "cityspace_requests_total", "counter",
    Text("Requests answered", "已回答的请求数"), ("method", "route", "status"),
)  # fmt: skip
FIELD_SECONDS: Final = Metric(
    "cityspace_graphql_field_duration_seconds", "histogram",
    Text("Time to read or carry out one root field", "单个根字段的查询或执行时间"),
    ("operation", "field"),
)  # fmt: skip
FIELDS: Final = Metric(
    "cityspace_graphql_fields_total", "counter",
    Text("Root fields answered", "已回答的根字段数"), ("operation", "field", "outcome"),
)  # fmt: skip
STATEMENT_SECONDS: Final = Metric(
    "cityspace_statement_duration_seconds", "histogram",
    Text("Time that a part took to answer", "部件应答时间"), ("part", "act"),
)  # fmt: skip
STATEMENTS: Final = Metric(
    "cityspace_statements_total", "counter",
    Text("What was asked of the parts", "对部件的调用次数"), ("part", "act", "outcome"),
)  # fmt: skip
PART_READY: Final = Metric(
    "cityspace_part_ready", "gauge",
    Text("1 when the part answered this scrape, else 0", "部件在本次抓取时可用为 1，否则为 0"),
    ("part",),
)  # fmt: skip
QUEUE_ENTRIES: Final = Metric(
    "cityspace_queue_entries", "gauge",
    Text("Entries that wait", "等待中的条目数"), ("queue",),
)  # fmt: skip
QUEUE_OLDEST_SECONDS: Final = Metric(
    "cityspace_queue_oldest_seconds", "gauge",
    Text("How long the first of them has waited, 0 when none does", "最早条目的等待时间，无则为 0"),
    ("queue",),
)  # fmt: skip
EVIDENCE_RECORDS: Final = Metric(
    "cityspace_evidence_records", "gauge",
    Text("Records in the evidence log", "存证日志记录数"),
)  # fmt: skip
EVIDENCE_UNVERIFIED: Final = Metric(
    "cityspace_evidence_unverified_records", "gauge",
    Text("Records written since the last verification that held", "上次核验通过后新增的记录数"),
)  # fmt: skip
EVIDENCE_LAG_SECONDS: Final = Metric(
    "cityspace_evidence_lag_seconds", "gauge",
    Text(
        "Age of the oldest record that no verification has covered, 0 when all are",
        "最早未核验记录距今时间，全部已核验则为 0",
    ),
)  # fmt: skip
EVIDENCE_HOLDS: Final = Metric(
    "cityspace_evidence_holds", "gauge",
    Text(
        "1 when the last `cityspace evidence verify` held, 0 when it did not; absent before one",
        "最近一次 `cityspace evidence verify` 通过为 1，未通过为 0；未核验过则无此指标",
    ),
)  # fmt: skip
JOB_LAST_SUCCESS: Final = Metric(
    "cityspace_job_last_success_timestamp_seconds", "gauge",
    Text(
        "When the job last ended well, in Unix time; absent before it did",
        "作业最近一次成功结束的时间（Unix 时间）；尚未成功过则无此指标",
    ),
    ("scheduled",),
)  # fmt: skip
JOB_DURATION_SECONDS: Final = Metric(
    "cityspace_job_duration_seconds", "gauge",
    Text("How long the last run of the job took", "作业最近一次运行的时长"), ("scheduled",),
)  # fmt: skip
JOB_FAILURES: Final = Metric(
    "cityspace_job_failures", "gauge",
    Text(
        "Objects that the last run of the job failed at, at least 1 when it was broken off",
        "作业最近一次运行的失败对象数；运行中止时至少为 1",
    ),
    ("scheduled",),
)  # fmt: skip
SCHEDULER_LEASE_SECONDS: Final = Metric(
    "cityspace_scheduler_lease_seconds", "gauge",
    Text(
        "How much is left of the lease of whoever leads the jobs, 0 when nobody does",
        "主持定时作业的租约剩余时间，无人主持则为 0",
    ),
)  # fmt: skip
IMPORTS_RUNNING: Final = Metric(
    "cityspace_imports_running", "gauge",
    Text("Imports under way into this data folder", "本数据文件夹中正在进行的导入数"),
)  # fmt: skip
IMPORTS: Final = Metric(
    "cityspace_imports_total", "counter",
    Text("Imports that ended: `done`, `failed` or `killed`", "已结束的导入数：完成、失败或被中止"),
    ("outcome",),
)  # fmt: skip
IMPORT_ENTRIES: Final = Metric(
    "cityspace_import_entries_total", "counter",
    Text(
        "Entries that imports read: `created`, `updated`, `unchanged` or `rejected`",
        "导入读取的条目数：新增、更新、未变或拒收",
    ),
    ("outcome",),
)  # fmt: skip
INFO: Final = Metric(
    "cityspace_info", "gauge", Text("Always 1", "恒为 1"), ("version",),
)  # fmt: skip

NODES: Final = Metric(
    "cityspace_nodes", "gauge",
    Text("Nodes in the hub's register", "枢纽所登记的节点数"), ("status",),
)  # fmt: skip
NODE_SILENT_SECONDS: Final = Metric(
    "cityspace_node_heartbeat_age_seconds", "gauge",
    Text(
        "Since the node's last heartbeat that this process of the hub knows of, what others took"
        " being noted hourly; absent before one, in maintenance, and while cut off",
        "距本枢纽进程所知该节点最近心跳的时间（其他进程收到的每小时登记）；"
        "尚无心跳、计划停服或已隔离时缺省",
    ),
    ("node",),
)  # fmt: skip
FEED_LAG_RECORDS: Final = Metric(
    "cityspace_feed_lag_records", "gauge",
    Text("Records of the node's catalogue that are yet to be taken over", "节点目录待接收的记录数"),
    ("node",),
)  # fmt: skip
FEED_AGE_SECONDS: Final = Metric(
    "cityspace_feed_age_seconds", "gauge",
    Text(
        "Since what is held of the node was what it published; noted every ten minutes while"
        " nothing is new. At a member, `node` is its hub, and this is the age of the hub's word",
        "距所持内容与节点一致时的时间；无新内容时每十分钟登记一次。"
        "成员节点上 node 为其枢纽，即枢纽信息的时长",
    ),
    ("node",),
)  # fmt: skip
FEED_ENTRIES: Final = Metric(
    "cityspace_feed_entries", "gauge",
    Text("Rows of the node that are shown here", "已接收的节点条目数"), ("node",),
)  # fmt: skip
FEED_REFUSALS: Final = Metric(
    "cityspace_feed_refused_entries", "gauge",
    Text("Rows of the node that are refused now", "现拒收的节点条目数"), ("node",),
)  # fmt: skip
HEARTBEATS: Final = Metric(
    "cityspace_heartbeats_total", "counter",
    Text("Heartbeats of other nodes, taken or refused", "收到的心跳（接收或拒绝）"),
    ("code",),
)  # fmt: skip
DOOR_REFUSALS: Final = Metric(
    "cityspace_door_refusals_total", "counter",
    Text("Requests from node to node that were turned away", "节点间被拒请求数"), ("code",),
)  # fmt: skip
BEATS: Final = Metric(
    "cityspace_beats_total", "counter",
    Text("Heartbeats that this node sent: `taken` or `failed`", "本节点发出的心跳：成功或失败"),
    ("outcome",),
)  # fmt: skip
STANDINGS_AGE_SECONDS: Final = Metric(
    "cityspace_standings_age_seconds", "gauge",
    Text(
        "Age of the hub's word on who is cut off; absent before this node has joined and heard it",
        "枢纽隔离清单的时长；未接入或尚未收到则无此指标",
    ),
)  # fmt: skip

MEASURED: Final = (
    REQUEST_SECONDS, REQUESTS, FIELD_SECONDS, FIELDS, STATEMENT_SECONDS, STATEMENTS,
)  # fmt: skip
READ: Final = (
    PART_READY, QUEUE_ENTRIES, QUEUE_OLDEST_SECONDS, EVIDENCE_RECORDS, EVIDENCE_UNVERIFIED,
    EVIDENCE_LAG_SECONDS, EVIDENCE_HOLDS, JOB_LAST_SUCCESS, JOB_DURATION_SECONDS, JOB_FAILURES,
    SCHEDULER_LEASE_SECONDS, IMPORTS_RUNNING, IMPORTS, IMPORT_ENTRIES, INFO,
)  # fmt: skip
MET: Final = (
    NODES, NODE_SILENT_SECONDS, FEED_LAG_RECORDS, FEED_AGE_SECONDS, FEED_ENTRIES, FEED_REFUSALS,
    HEARTBEATS, DOOR_REFUSALS, BEATS, STANDINGS_AGE_SECONDS,
)  # fmt: skip
# The names that Prometheus's clients share in every language, read from /proc.
PROCESS: Final = (
    Metric("process_resident_memory_bytes", "gauge", Text("Resident memory", "常驻内存")),
    Metric("process_virtual_memory_bytes", "gauge", Text("Virtual memory", "虚拟内存")),
    Metric("process_cpu_seconds_total", "counter", Text("Processor time spent", "已用处理器时间")),
    Metric("process_open_fds", "gauge", Text("Open file descriptors", "打开的文件描述符")),
    Metric("process_max_fds", "gauge", Text("Most that may be open", "文件描述符上限")),
    Metric(
        "process_start_time_seconds", "gauge",
        Text("When the process began, in Unix time", "进程启动时间（Unix 时间）"),
    ),
)  # fmt: skip
METRICS: Final = (*MEASURED, *READ, *MET, *PROCESS)
