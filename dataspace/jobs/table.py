"""Every job of the links L1 to L5 and of what runs across them (X1 evidence, X2 operation).

Names, frequencies and bases are those of the domain reference's table of jobs; where that marks a
frequency as inferred, so does `source`. The function of each stands in `hub.scheduling.work`.
"""

from collections.abc import Mapping
from typing import Final

from dataspace.guards.limits import REGISTRATION_RENEWAL_DAYS
from dataspace.jobs.job import Due, JobDefinition, Missed
from dataspace.lifecycles.access import RUNNING
from dataspace.text import Text

LAST = Missed.COALESCE
EACH = Missed.MAKE_UP
HOUR_SECONDS: Final = 3600
KEPT_DAYS: Final = 180
WARNED_DAYS: Final = 30

INFERRED = Text("inferred", "推定")
NODES = Text("functional-node and access-management drafts (TR)", "功能节点与接入管理技术要求（草案）")
CATALOGUE_DRAFT = Text("NDI-TR-2025-06 draft", "NDI-TR-2025-06（草案）")
REGISTRATION = Text("registration rules of Hainan; periods inferred", "海南登记规则；期限为推定")
GRANTS = Text("public code of an operating platform", "运营平台公开代码")
OPERATING = Text("operating guides of working spaces", "运营指南与公开代码")
PRICES = Text("price rules for public data", "公共数据价格政策")
INTERFACES = Text("TC609-6-2025-01", "TC609-6-2025-01")
SECURITY = Text("NDI-TR-2025-05 draft and security TR", "NDI-TR-2025-05（草案）与安全技术要求")

CONNECTORS_COME = Text("what connectors report", "接入连接器上报信息")
FEDERATION_COMES = Text("sub-spaces that meet the hub", "子空间联接")

ENDING = Due(
    "authorisation",
    Text("authorisations that end within 30 days, or have ended", "30 日内到期或已到期的授权"),
    ("EFFECTIVE", "SUSPENDED"), "valid_until", WARNED_DAYS,
)  # fmt: skip
IN_PUBLICITY: Final = Due(
    "resource", Text("resources in publicity", "公示中的资源"), ("PUBLICITY",), "changed_at",
)  # fmt: skip
REGISTRATION_ENDING: Final = Due(
    "resource",
    Text("registrations that end within 60 days, or have ended", "60 日内到期或已到期的登记"),
    ("REGISTERED", "AUTHORISABLE", "EXPIRING"), "valid_until", REGISTRATION_RENEWAL_DAYS,
)  # fmt: skip
NOT_LISTED: Final = Due(
    "product", Text("registered products that are not listed", "已登记未上架的产品"),
    ("REGISTERED", "LIST_FAILED"), "registered_at",
)  # fmt: skip

CREDENTIAL_ENDING: Final = Due(
    "node", Text("nodes whose keys end within 30 days, or have ended", "30 日内到期或已到期的节点密钥"),
    (*RUNNING, "REGISTERED"), "credential_until", WARNED_DAYS,
)  # fmt: skip
INVITATION_OVER: Final = Due(
    "invitation", Text("invitations that nobody used in time", "逾期未用的邀请码"), ("OPEN",), "valid_until",
)  # fmt: skip
OUT_OF_SCOPE: Final = Due(
    "authorisation", Text("authorisations used out of their scope too often", "越权次数达到阈值的授权"),
    ("EFFECTIVE",), "over_limit_at",
)  # fmt: skip

_ALL: Final = (
    JobDefinition(
        "J-L1-1", Text("Heartbeats", "心跳判活"),
        Text("Marks a connector that has gone silent as offline", "将超时未报的连接器标记为离线"),
        "L1", "* * * * *", "node.go_offline", NODES, missed=LAST, only_when_due=True,
    ),
    JobDefinition(
        "J-L1-2", Text("Terms of admission", "审批时限监督"),
        Text("Chases admissions of connectors over 1 working day and of nodes over 5",
             "督办超过 1 个工作日的连接器接入与超过 5 个工作日的节点接入"),
        "L1", "0 9-17 * * mon-fri", "escalate", NODES, missed=LAST,
    ),
    JobDefinition(
        "J-L1-3", Text("Expiry of credentials", "凭证/证书到期"),
        Text("Warns 30, 7 and 1 days ahead, and suspends on expiry", "提前 30、7、1 日提醒，到期暂停"),
        "L1", "0 2 * * *", "node.isolate", INFERRED, due=CREDENTIAL_ENDING, missed=EACH,
    ),
    JobDefinition(
        "J-L1-4", Text("Invitation codes", "邀请码清理"),
        Text("Closes invitations that nobody used in time; the fifth wrong try voids one by itself",
             "关闭逾期未用的邀请码；错误达 5 次的当即作废"),
        "L1", "15 * * * *", "invitation.expire", OPERATING, due=INVITATION_OVER,
    ),
    JobDefinition(
        "J-L1-5", Text("Announced stops", "停服公告检查"),
        Text("Finds planned stops without notice and outages without a report",
             "检查未提前公告的计划停服与未报告的故障"),
        "L1", "30 9 * * *", "node.stop_unannounced", NODES,
    ),
    JobDefinition(
        "J-L2-1", Text("Freshness", "更新及时性核查"),
        Text("Compares the last update with the cycle; real-time resources each hour, others at 06:00",
             "按更新周期核查最近更新；实时类每小时，其余每日 6 时"),
        "L2", "0 * * * *", "resource.note_freshness", OPERATING, limit=200_000,
        seconds_max=HOUR_SECONDS,
    ),
    JobDefinition(
        "J-L2-2", Text("Quality", "数据质量评测"),
        Text("Measures six dimensions on the data themselves", "按六个维度评测数据质量"),
        "L2", "0 3 * * *", "resource.note_quality", CATALOGUE_DRAFT, seconds_max=4 * HOUR_SECONDS,
    ),
    JobDefinition(
        "J-L2-3", Text("Differences of catalogues", "目录自动编目/差异扫描"),
        Text("Proposes metadata for tables that came, changed or went", "对新增、变更、消失的表提出编目建议"),
        "L2", "0 4 * * *", "resource.propose", CATALOGUE_DRAFT,
    ),
    JobDefinition(
        "J-L2-4", Text("Catalogues in step", "目录同步"),
        Text("Asks every sub-space once more for what is new; the node itself does so every few seconds",
             "向各子空间再次增量同步目录；节点自身每数秒同步一次"),
        "L2", "*/10 * * * *", "catalogue.follow", INTERFACES, seconds_max=HOUR_SECONDS,
    ),
    JobDefinition(
        "J-L2-5", Text("Terms of registration and publicity", "登记时限与公示到期"),
        Text("Registers what was in publicity for its time without an objection, issues the code, and chases late reviews",
             "公示期满且无异议的予以登记并赋码，督办逾期审核"),
        "L2", "0 8 * * *", "resource.register", REGISTRATION, due=IN_PUBLICITY, missed=EACH,
    ),
    JobDefinition(
        "J-L2-6", Text("Validity of registrations", "登记有效期/续期"),
        Text("Opens the time for renewal, and closes what has expired", "开启续期并办理到期"),
        "L2", "10 8 * * *", "resource.expire", REGISTRATION, due=REGISTRATION_ENDING, limit=5000,
        missed=EACH,
    ),
    JobDefinition(
        "J-L2-7", Text("Disclosure of registrations", "登记信息披露更新"),
        Text("Publishes each month what is registered, as a table for everybody", "每月以表格公开登记信息"),
        "L2", "0 5 1 * *", "job_file.disclosure", REGISTRATION, seconds_max=HOUR_SECONDS,
        missed=EACH,
    ),
    JobDefinition(
        "J-L3-1", Text("Backlog of applications", "申请积压"),
        Text("Chases late answers, and applications that have waited for more than 7 days",
             "督办逾期未答复及等待超过 7 日的申请"),
        "L3", "0 9 * * *", "escalate", GRANTS,
    ),
    JobDefinition(
        "J-L3-2", Text("Ends of authorisations", "授权到期提醒与失效"),
        Text("Warns 30 days ahead, once, and closes what has expired, scenarios too",
             "提前 30 日提醒一次，到期关闭，场景一并办理"),
        "L3", "0 1 * * *", "authorisation.expire", GRANTS, due=ENDING, limit=5000, missed=EACH,
    ),
    JobDefinition(
        "J-L3-3", Text("Circuit breaker", "越权调用熔断"),
        Text("Suspends a grant after 5 calls outside its scope", "越权调用达 5 次即暂停授权"),
        "L3", "* * * * *", "authorisation.suspend", GRANTS, due=OUT_OF_SCOPE, only_when_due=True,
    ),
    JobDefinition(
        "J-L3-4", Text("Changes of ownership", "权属变动监测"),
        Text("Has grants checked again whose resource has changed hands", "数据权属变动后复核授权"),
        "L3", "20 9 * * *", "authorisation.ownership_changed", GRANTS, limit=200_000, missed=EACH,
    ),
    JobDefinition(
        "J-L3-5", Text("Missing filings", "备案缺漏检查"),
        Text("Finds operation without its filings, tells of it, and suspends it where the rules say so",
             "检查缺少备案的运营，予以提示，并按规则暂停"),
        "L3", "40 9 * * *", "authorisation.filings_missing", OPERATING, limit=200_000,
    ),
    JobDefinition(
        "J-L4-1", Text("Terms of reviews", "审查时限"),
        Text("Chases late reviews of products", "督办逾期的产品审查"),
        "L4", "5 * * * *", "escalate", OPERATING,
    ),
    JobDefinition(
        "J-L4-2", Text("Sandboxes", "沙箱回收"),
        Text("Takes back platform resources and ends explorations whose time is over", "收回到期的平台资源，结束到期的数据探查"),
        "L4", "30 0 * * *", "platform_request.expire", INFERRED, missed=EACH,
    ),
    JobDefinition(
        "J-L5-1", Text("Listing within 3 working days", "登记后 3 个工作日上架提醒"),
        Text("Notes daily that a registered product is not listed yet, and reminds and escalates by its term",
             "登记后每日记录尚未上架及其时限，并按时限提醒、督办"),
        "L5", "0 9 * * *", "product.remind", OPERATING, due=NOT_LISTED,
    ),
    JobDefinition(
        "J-L5-2", Text("Price ceilings", "价格上限校核"),
        Text("Finds listed prices over the ceiling and tells of them; new ones are stopped at their listing",
             "校核在架产品超出上限的价格并提示；新上架由门禁拦截"),
        "L5", "30 7 * * *", "product.price_over_ceiling", PRICES, limit=200_000,
    ),
    JobDefinition(
        "J-L5-3", Text("Health of products", "产品健康度"),
        Text("Calls every listed product once, and works out success, latency and freshness of its sources for its card",
             "对每个在架产品探测调用一次，计算成功率、时延与来源新鲜度，显示于产品卡片"),
        "L5", "25 * * * *", "product_health.note", INFERRED, limit=200_000,
        seconds_max=HOUR_SECONDS,
    ),
    JobDefinition(
        "J-L5-4", Text("Outputs computed anew", "产出重新加工"),
        Text("Computes anew, by its recipe, the output of a product of which a source has got another file since",
             "来源文件更新后，按加工配方重新计算产品产出"),
        "L5", "50 * * * *", "product.compute", INFERRED, only_when_due=True, limit=200_000,
        seconds_max=HOUR_SECONDS,
    ),
    JobDefinition(
        "J-X-1", Text("Checkpoints of the evidence", "存证批量锚定"),
        Text("Makes and signs a checkpoint over the records that have come", "对新增存证生成并签署检查点"),
        "X1", "*/10 * * * *", "checkpoint.make", INTERFACES, seconds_max=HOUR_SECONDS,
    ),
    JobDefinition(
        "J-X-2", Text("The evidence verified", "存证链完整性校验"),
        Text("Hashes the whole log anew and compares it with every checkpoint",
             "重新计算全部存证并与历次检查点比对"),
        "X1", "30 2 * * *", "evidence.verify", INTERFACES, seconds_max=4 * HOUR_SECONDS,
    ),
    JobDefinition(
        "J-X-3", Text("Keeping and archiving of logs", "日志留存与归档"),
        Text("Archives runs and identity events after 180 days, then purges them; what is held stays",
             "满 180 日的运行记录与身份事件先归档后清除；留置对象不清除"),
        "X1", "0 4 * * *", "job_file.archive", SECURITY, limit=5000, seconds_max=HOUR_SECONDS,
    ),
    JobDefinition(
        "J-X-4", Text("Report of operation", "运行信息上报"),
        Text("Writes the state of spaces and nodes and the counts of business as a report",
             "生成空间、节点状态与业务量报告"),
        "X2", "0 * * * *", "job_file.report", INTERFACES,
    ),
    JobDefinition(
        "J-X-5", Text("Backup", "备份"),
        Text("Writes the whole catalogue to the store of the files, the last 14 kept",
             "将整个目录备份至文件存储，保留最近 14 份"),
        "X2", "0 2 * * *", "job_file.back_up", NODES, seconds_max=4 * HOUR_SECONDS,
    ),
    JobDefinition(
        "J-X-5-DRILL", Text("Restoring drill", "恢复演练"),
        Text("Restores the last backup elsewhere, verifies it and notes the outcome",
             "将最近备份恢复至别处并校验，记录结果"),
        "X2", "0 5 2 1 *", "job_file.drill", NODES, seconds_max=4 * HOUR_SECONDS,
    ),
    JobDefinition(
        "J-X-6", Text("Terms of complaints", "投诉受理时限"),
        Text("Chases complaints that are late, up to the supervisor, and closes those whose answer nobody disputed in time",
             "督办逾期投诉直至监管方，并办结期满无异议的投诉"),
        "X2", "10 9 * * *", "complaint.lapse", NODES, limit=5000,
    ),
    JobDefinition(
        "J-X-7", Text("Consistency of sub-spaces", "子空间一致性巡检"),
        Text("Compares each week all that a node publishes with what is here of it, sooner where something was refused, and heals what differs",
             "每周全量比对节点发布内容与本地副本（有拒收时提前），并修复差异"),
        "X2", "35 * * * *", "node.compare", INFERRED, seconds_max=HOUR_SECONDS,
    ),
    JobDefinition(
        "J-X-8", Text("To-dos", "待办补建"),
        Text("Makes to-dos for what came in without a move, finds whom rules that changed want to countersign, and deadlines of years whose holidays are known now",
             "为未经操作进入的事项补建待办，按变更后的规则更新会签要求，并补算已公布放假安排年份的期限"),
        "X2", "20 * * * *", "task.find", INFERRED,
    ),
    JobDefinition(
        "J-X-9", Text("The queue for the hub", "枢纽待办队列报送"),
        Text("Sends to the hub, in order, what waits for it at a node that has joined",
             "按次序向枢纽报送节点上等待办理的事项"),
        "X2", "* * * * *", "hub_request.send", INFERRED, only_when_due=True,
    ),
)  # fmt: skip

JOBS: Final[Mapping[str, JobDefinition]] = {each.code: each for each in _ALL}
