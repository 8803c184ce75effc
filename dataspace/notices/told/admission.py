"""Notices of L1: participants, connectors and nodes (主体接入)."""

from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to, to_person
from dataspace.text import Text

TO_DO, SYSTEM = Kind.TO_DO, Kind.SYSTEM
DOOR: Final = to(Role.PLATFORM_ADMIN, Role.REGISTRAR)
INFRASTRUCTURE: Final = to(Role.PLATFORM_ADMIN)
ADMITTED: Final = to(Role.ORG_ADMIN, party="id")
OVERSIGHT: Final = to(Role.SUPERVISOR)
NODE_OPERATOR: Final = to(Role.ORG_ADMIN, party="operator")
SUBMITTER: Final = to_person("submitted_by")

# Who only applies has no account yet: until then, whoever handed it in for them is told.
PARTICIPANT: Final = tuple(entries(
    "L1", "participant",
    ("submit", TO_DO, DOOR, Text("An admission to review: {object}", "主体接入待审核：{object}"),
     Text("{object} applies to take part. Review its papers and decide.",
          "{object} 提交了接入申请，请审核材料并作出决定。")),
    ("introduce", TO_DO, DOOR, Text("An admission to review: {object}", "主体接入待审核：{object}"),
     Text("A node applies for {object} to take part. Review it and decide.",
          "节点代 {object} 提交了接入申请，请审核并作出决定。")),
    ("return", TO_DO, DOOR, Text("An admission needs correction: {object}", "主体接入退回补正：{object}"),
     Text("The application of {object} was returned: {reason}. Have it corrected and submit it again.",
          "{object} 的接入申请被退回：{reason}。请通知申请方补正后重新提交。")),
    ("reject", SYSTEM, SUBMITTER, Text("An admission was refused: {object}", "主体接入未通过：{object}"),
     Text("The application of {object} was refused: {reason}. Tell the applicant.",
          "{object} 的接入申请未通过审核：{reason}。请告知申请方。")),
    ("admit", SYSTEM, ADMITTED, Text("You are admitted", "主体已准入"),
     Text("{object} is admitted, or again after it was frozen, and may register, apply and sign.",
          "{object} 已准予准入（含解除冻结），可开展登记、申请与签约。")),
    ("suspend", SYSTEM, ADMITTED, Text("Your part is frozen", "主体已冻结"),
     Text("{object} was frozen: {reason}. Until it is admitted again, registrations and signings are refused.",
          "{object} 已被冻结：{reason}。冻结期间不得新增登记与签约。")),
    ("suspend", SYSTEM, OVERSIGHT, Text("A participant was frozen: {object}", "主体冻结：{object}"),
     Text("{object} was frozen: {reason}.", "{object} 已被冻结：{reason}。")),
    ("exit", TO_DO, DOOR, Text("An exit to settle: {object}", "主体退出待办理：{object}"),
     Text("{object} applies to leave. Check its plan, contracts and bills.",
          "{object} 申请退出，请核查退出方案、在履合约与未结账单。")),
    ("withdraw", SYSTEM, ADMITTED, Text("Your part has ended", "主体已注销"),
     Text("{object} has left the data space; its records are kept.",
          "{object} 已退出数据空间，相关记录依规留存。")),
    ("withdraw", SYSTEM, OVERSIGHT, Text("A participant was deregistered: {object}", "主体注销：{object}"),
     Text("{object} was deregistered: {reason}.", "{object} 已注销：{reason}。")),
))  # fmt: skip

# Connectors and the nodes that serve a space have one machine.
JOINING: Final = tuple(entries(
    "L1", "node",
    ("apply", TO_DO, INFRASTRUCTURE, Text("A node or connector to admit: {object}", "节点（连接器）接入待审批：{object}"),
     Text("{object} applies to join: one working day is allowed for a connector, five for a node, ten with experts.",
          "{object} 申请接入：连接器须在 1 个工作日内审批，节点为 5 个工作日（专家评审时为 10 个工作日）。")),
    ("take_in", SYSTEM, SUBMITTER, Text("Your application was taken in", "节点接入申请已受理"),
     Text("{object} was taken in; its review runs.", "{object} 的接入申请已受理，审核进行中。")),
    ("ask_experts", SYSTEM, NODE_OPERATOR, Text("Experts review your node: {object}", "节点接入转专家评审：{object}"),
     Text("{object} goes to experts: {reason}. Ten working days are allowed.",
          "{object} 已转专家评审：{reason}。审批时限为 10 个工作日。")),
    ("activate", SYSTEM, NODE_OPERATOR, Text("Your node is admitted: {object}", "节点已接入：{object}"),
     Text("{object} is admitted under the city's rules.", "{object} 已接入，适用城市规则册。")),
    ("register", SYSTEM, NODE_OPERATOR, Text("Your connector is registered: {object}", "连接器已登记：{object}"),
     Text("{object} is registered and may go online.", "{object} 已登记，可上线运行。")),
    ("reject", SYSTEM, NODE_OPERATOR, Text("Your application was refused: {object}", "节点（连接器）接入未通过：{object}"),
     Text("{object} was not admitted: {reason}.", "{object} 未予接入：{reason}。")),
    ("change", TO_DO, INFRASTRUCTURE, Text("A change of a node: {object}", "节点变更待审批：{object}"),
     Text("{object} applies for a change: {reason}.", "{object} 申请变更：{reason}。请审批。")),
    ("pass_change", SYSTEM, NODE_OPERATOR, Text("Change passed: {object}", "节点变更已通过：{object}"),
     Text("The change of {object} was passed.", "{object} 的变更申请已通过。")),
    ("refuse_change", SYSTEM, NODE_OPERATOR, Text("Change refused: {object}", "节点变更未通过：{object}"),
     Text("The change of {object} was refused: {reason}. It runs on as it was.",
          "{object} 的变更申请未通过：{reason}。节点按原状继续运行。")),
))  # fmt: skip
RUNNING: Final = tuple(entries(
    "L1", "node",
    ("go_offline", SYSTEM, NODE_OPERATOR, Text("Your connector does not answer: {object}", "连接器已离线：{object}"),
     Text("{object} no longer answers. See to it.", "{object} 未按时响应，已标记离线，请及时排查。")),
    ("stop", SYSTEM, INFRASTRUCTURE, Text("A node stops as planned: {object}", "节点计划停服：{object}"),
     Text("{object} stops as planned: {reason}.", "{object} 按计划停服：{reason}。")),
    ("report_outage", TO_DO, INFRASTRUCTURE, Text("A node is down: {object}", "节点故障：{object}"),
     Text("{object} has an outage: {reason}. Its full report is due within 24 hours.",
          "{object} 发生故障：{reason}。完整报告须在 24 小时内提交。")),
    ("recover", SYSTEM, INFRASTRUCTURE, Text("A node runs again: {object}", "节点已恢复运行：{object}"),
     Text("{object} runs again: {reason}.", "{object} 已恢复运行：{reason}。")),
    ("isolate", TO_DO, INFRASTRUCTURE, Text("Cut off, to be decided on: {object}", "已隔离待处置：{object}"),
     Text("{object} was cut off: {reason}. Let it in again or end it when the cause is clear.",
          "{object} 已被隔离：{reason}。请在查明原因后解除隔离，或予以吊销、注销。")),
    ("isolate", SYSTEM, NODE_OPERATOR, Text("You were cut off: {object}", "节点（连接器）已隔离：{object}"),
     Text("{object} was cut off: {reason}.", "{object} 已被隔离：{reason}。")),
    ("isolate", SYSTEM, OVERSIGHT, Text("A node or connector was cut off: {object}", "节点（连接器）隔离：{object}"),
     Text("{object} was cut off: {reason}.", "{object} 已被隔离：{reason}。")),
    ("readmit", SYSTEM, NODE_OPERATOR, Text("No longer cut off: {object}", "连接器已解除隔离：{object}"),
     Text("{object} may go online again: {reason}.", "{object} 已解除隔离，可重新上线：{reason}。")),
    ("reactivate", SYSTEM, NODE_OPERATOR, Text("No longer cut off: {object}", "节点已解除隔离：{object}"),
     Text("{object} runs again: {reason}.", "{object} 已恢复运行：{reason}。")),
    ("revoke", SYSTEM, NODE_OPERATOR, Text("Credential revoked: {object}", "凭证已吊销：{object}"),
     Text("The credential of {object} was revoked: {reason}. It can no longer connect.",
          "{object} 的凭证已被吊销：{reason}。不得再行接入。")),
    ("exit", TO_DO, INFRASTRUCTURE, Text("A node leaves: {object}", "节点退出待办理：{object}"),
     Text("{object} applies to leave. Approve its plan and supervise it.",
          "{object} 申请退出，请审批退出方案并监督实施。")),
    ("deregister", SYSTEM, NODE_OPERATOR, Text("Your node is deregistered: {object}", "节点已注销：{object}"),
     Text("{object} was deregistered: {reason}. Its reports are kept.",
          "{object} 已注销：{reason}。相关报告依规留存。")),
))  # fmt: skip

NOTICES: Final = (*PARTICIPANT, *JOINING, *RUNNING)
