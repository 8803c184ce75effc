"""Notices of L1: participants, connectors and nodes (主体接入)."""

from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to
from dataspace.text import Text

TO_DO, SYSTEM = Kind.TO_DO, Kind.SYSTEM
OPERATOR: Final = to(Role.PLATFORM_ADMIN)
APPLICANT: Final = to(Role.ORG_ADMIN, party="id")
OVERSIGHT: Final = to(Role.SUPERVISOR)


PARTICIPANT: Final = tuple(entries(
    "L1", "participant",
    ("submit", TO_DO, OPERATOR, Text("An admission to review: {object}", "主体接入待审核：{object}"),
     Text("{object} applies to take part. Review its papers and decide.",
          "{object} 提交了接入申请，请审核材料并作出决定。")),
    ("return", TO_DO, APPLICANT, Text("Your application needs correction", "接入申请退回补正"),
     Text("The application of {object} was returned: {reason}. Correct it and submit it again.",
          "{object} 的接入申请被退回：{reason}。请补正后重新提交。")),
    ("reject", SYSTEM, APPLICANT, Text("Your application was refused", "接入申请未通过"),
     Text("The application of {object} was refused: {reason}.",
          "{object} 的接入申请未通过审核：{reason}。")),
    ("admit", SYSTEM, APPLICANT, Text("You are admitted", "主体接入已通过"),
     Text("{object} is admitted and may now register, apply and sign.",
          "{object} 已准入，可开展登记、申请与签约。")),
    ("freeze", SYSTEM, APPLICANT, Text("Your part is frozen", "主体已冻结"),
     Text("{object} was frozen: {reason}. New registrations and signings are refused until then.",
          "{object} 已被冻结：{reason}。冻结期间不得新增登记与签约。")),
    ("freeze", SYSTEM, OVERSIGHT, Text("A participant was frozen: {object}", "主体冻结：{object}"),
     Text("{object} was frozen: {reason}.", "{object} 已被冻结：{reason}。")),
    ("unfreeze", SYSTEM, APPLICANT, Text("You are no longer frozen", "主体已解冻"),
     Text("{object} takes part again.", "{object} 已恢复正常。")),
    ("exit", TO_DO, OPERATOR, Text("An exit to settle: {object}", "主体退出待办理：{object}"),
     Text("{object} applies to leave. Check its plan, contracts and bills.",
          "{object} 申请退出，请核查退出方案、在履合约与未结账单。")),
    ("deregister", SYSTEM, APPLICANT, Text("Your part has ended", "主体已注销"),
     Text("{object} has left the data space; its records are kept.",
          "{object} 已退出数据空间，相关记录依规留存。")),
))  # fmt: skip

CONNECTOR: Final = tuple(entries(
    "L1", "connector",
    ("apply", TO_DO, OPERATOR, Text("A connector to admit: {object}", "连接器接入待审批：{object}"),
     Text("{object} applies to connect; one working day is allowed for it.",
          "{object} 申请接入，须在 1 个工作日内审批。")),
    ("register", SYSTEM, to(Role.ORG_ADMIN, party="operator"),
     Text("Your connector is registered: {object}", "连接器已登记：{object}"),
     Text("{object} is registered and may go online.", "{object} 已登记，可上线运行。")),
    ("isolate", SYSTEM, to(Role.ORG_ADMIN, party="operator"),
     Text("Your connector was cut off: {object}", "连接器已隔离：{object}"),
     Text("{object} was cut off: {reason}.", "{object} 已被隔离：{reason}。")),
))  # fmt: skip

NODE_OPERATOR: Final = to(Role.ORG_ADMIN, party="operator")
NODE: Final = tuple(entries(
    "L1", "node",
    ("apply", TO_DO, OPERATOR, Text("A node to admit: {object}", "节点接入待审批：{object}"),
     Text("{object} applies to join; five working days are allowed, ten with experts.",
          "{object} 申请接入，须在 5 个工作日内审批（专家评审时为 10 个工作日）。")),
    ("activate", SYSTEM, NODE_OPERATOR, Text("Your node is admitted: {object}", "节点已接入：{object}"),
     Text("{object} is admitted under the city's rules.", "{object} 已接入，适用城市规则册。")),
    ("reject", SYSTEM, NODE_OPERATOR, Text("Your node was refused: {object}", "节点接入未通过：{object}"),
     Text("{object} was not admitted: {reason}.", "{object} 未予接入：{reason}。")),
    ("report_outage", TO_DO, OPERATOR, Text("A node is down: {object}", "节点故障：{object}"),
     Text("{object} has an outage: {reason}. Its full report is due within 24 hours.",
          "{object} 发生故障：{reason}。完整报告须在 24 小时内提交。")),
    ("exit", TO_DO, OPERATOR, Text("A node leaves: {object}", "节点退出待办理：{object}"),
     Text("{object} applies to leave. Approve its plan and supervise it.",
          "{object} 申请退出，请审批退出方案并监督实施。")),
))  # fmt: skip

NOTICES: Final = (*PARTICIPANT, *CONNECTOR, *NODE)
