"""The machines of participants (L1-a) and of the machinery that they run (L1-b, L1-c).

Who is merely listed in the catalogue, as every department is, has no state yet. The city admits
it on its own motion; an application is admitted by another person than who handed it in.
"""

from collections.abc import Mapping
from typing import Final

from dataspace import guards
from dataspace.federation.joining.tier import NO_LOOSER
from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Machine, Move, State
from dataspace.text import Text

PARTICIPANT = Machine(
    "participant",
    "L1",
    states=(
        State("DRAFT", Text("Draft", "草稿")),
        State("SUBMITTED", Text("Waits for the review", "待审核")),
        State("RETURNED", Text("Returned", "退回")),
        State("REJECTED", Text("Refused", "审核不通过"), final=True),
        State("ADMITTED", Text("Admitted", "已准入")),
        State("FROZEN", Text("Frozen", "已冻结")),
        State("EXITING", Text("Leaving", "退出中")),
        State("DEREGISTERED", Text("Deregistered", "已注销"), final=True),
    ),
    moves=(
        Move("prepare", Text("Prepare an application", "准备准入申请"), (NOWHERE,), "DRAFT", hands.DOOR),
        Move(
            "submit", Text("Apply for admission", "提交准入申请"), ("DRAFT", "RETURNED"), "SUBMITTED",
            hands.DOOR, guards=(guards.IDENTIFIED, guards.ATTACHED),
            marks={**hands.SUBMITTED, **hands.ANEW},
        ),
        # By the operator of a sub-space, for somebody who is to take part in it.
        Move(
            "introduce", Text("Apply through a node", "经节点提交准入申请"), (NOWHERE,), "SUBMITTED",
            hands.ORGANISATION,
            guards=(guards.NOT_ON_RECORD, guards.IDENTIFIED, guards.ATTACHED),
            marks={**hands.SUBMITTED, **hands.ANEW},
        ),
        Move(
            "return", Text("Ask for corrections", "退回补正"), ("SUBMITTED",), "RETURNED", hands.DOOR,
            guards=(guards.FOUR_EYES,), marks=hands.FIRST_REVIEW, needs_reason=True,
        ),
        Move(
            "reject", Text("Refuse the admission", "不予准入"), ("SUBMITTED",), "REJECTED",
            hands.DOOR, guards=(guards.FOUR_EYES,), marks=hands.FIRST_REVIEW, needs_reason=True,
        ),
        hands.countersign("participant", "SUBMITTED"),
        # Also again, when the cause of a suspension is gone.
        Move(
            "admit", Text("Admit", "准予准入"), (NOWHERE, "SUBMITTED", "FROZEN"), "ADMITTED",
            hands.DOOR, guards=hands.EYES, marks=hands.DECIDED,
        ),
        Move(
            "suspend", Text("Freeze", "冻结"), ("ADMITTED", "EXITING"), "FROZEN",
            hands.DOOR | hands.SUPERVISOR | hands.SCHEDULER, marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "exit", Text("Apply to leave", "申请退出"), ("ADMITTED", "FROZEN"), "EXITING",
            hands.ORGANISATION, party="id", marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "withdraw", Text("Deregister", "注销"), ("ADMITTED", "FROZEN", "EXITING"),
            "DEREGISTERED", hands.DOOR, guards=(guards.UNUSED, guards.HANDLERS_GONE),
            marks=hands.DECIDED, needs_reason=True,
        ),
    ),
)  # fmt: skip

# What its people and nodes at the identity service may do, by the state of its admission; those
# who only apply have no account yet.
STANDING: Final[Mapping[str, str]] = {
    "ADMITTED": "ADMITTED", "EXITING": "ADMITTED", "FROZEN": "SUSPENDED",
    "DEREGISTERED": "WITHDRAWN",
}  # fmt: skip
# Who was admitted before there was a state is where the standing says.
STATE_OF: Final[Mapping[str, str]] = {
    "ADMITTED": "ADMITTED", "SUSPENDED": "FROZEN", "WITHDRAWN": "DEREGISTERED",
}  # fmt: skip

RUNNING = ("ACTIVE", "CHANGING", "MAINTENANCE", "OUTAGE", "ONLINE", "OFFLINE")

# One machine for both: a connector is registered by one person and goes on- and offline by its
# heartbeat; a node that serves a space is reviewed, and its operator announces what happens to it.
# What the city entered by hand, before anybody applied, has no state and is taken over as it is.
NODE = Machine(
    "node",
    "L1",
    states=(
        State("APPLIED", Text("Applied", "已申请")),
        State("UNDER_REVIEW", Text("Under review", "审核中")),
        State("EXPERT_REVIEW", Text("Under review by experts", "专家评审")),
        State("ACTIVE", Text("Active", "运行中")),
        State("CHANGING", Text("Change under review", "变更审核")),
        State("MAINTENANCE", Text("Planned stop", "计划停服")),
        State("OUTAGE", Text("Outage", "故障停服")),
        State("REGISTERED", Text("Registered", "已登记")),
        State("ONLINE", Text("Online", "在线")),
        State("OFFLINE", Text("Offline", "离线")),
        State("ISOLATED", Text("Cut off", "已隔离")),
        State("EXITING", Text("Leaving", "退出中")),
        State("REJECTED", Text("Refused", "审核不通过"), final=True),
        State("REVOKED", Text("Revoked", "已吊销"), final=True),
        State("DEREGISTERED", Text("Deregistered", "已注销"), final=True),
    ),
    moves=(
        Move(
            "apply", Text("Apply", "提交接入申请"), (NOWHERE,), "APPLIED", hands.ORGANISATION,
            party="operator", guards=(guards.ADMITTED,), marks=hands.SUBMITTED,
        ),
        Move(
            "take_in", Text("Take in for review", "受理审核"), ("APPLIED",), "UNDER_REVIEW",
            hands.INFRASTRUCTURE, guards=(guards.IS_NODE, guards.FOUR_EYES), marks=hands.FIRST_REVIEW,
        ),
        Move(
            "ask_experts", Text("Ask experts", "转专家评审"), ("UNDER_REVIEW",), "EXPERT_REVIEW",
            hands.INFRASTRUCTURE, marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "activate", Text("Admit the node", "准予接入"), ("UNDER_REVIEW", "EXPERT_REVIEW"), "ACTIVE",
            hands.INFRASTRUCTURE, guards=(guards.FOUR_EYES, guards.ADMITTED, NO_LOOSER),
            marks=hands.SECOND_REVIEW,
        ),
        Move(
            "register", Text("Register the connector", "登记连接器"), ("APPLIED",), "REGISTERED",
            hands.INFRASTRUCTURE, guards=(guards.FOUR_EYES, guards.ADMITTED, guards.IS_CONNECTOR),
            marks=hands.FIRST_REVIEW,
        ),
        Move(
            "reject", Text("Refuse", "不予接入"), ("APPLIED", "UNDER_REVIEW", "EXPERT_REVIEW"),
            "REJECTED", hands.INFRASTRUCTURE, guards=(guards.FOUR_EYES,), marks=hands.SECOND_REVIEW,
            needs_reason=True,
        ),
        Move(
            "come_online", Text("Note that it answers", "标记在线"), ("REGISTERED", "OFFLINE"),
            "ONLINE", hands.INFRASTRUCTURE | hands.SCHEDULER,
        ),
        Move(
            "go_offline", Text("Note that it does not answer", "标记离线"), ("REGISTERED", "ONLINE"),
            "OFFLINE", hands.INFRASTRUCTURE | hands.SCHEDULER,
        ),
        Move(
            "change", Text("Apply for a change", "申请变更"), ("ACTIVE",), "CHANGING",
            hands.ORGANISATION, party="operator", marks=hands.SUBMITTED, needs_reason=True,
        ),
        Move(
            "pass_change", Text("Pass the change", "变更通过"), ("CHANGING",), "ACTIVE",
            hands.INFRASTRUCTURE, guards=(guards.FOUR_EYES,), marks=hands.FIRST_REVIEW,
        ),
        Move(
            "refuse_change", Text("Refuse the change", "变更不通过"), ("CHANGING",), "ACTIVE",
            hands.INFRASTRUCTURE, guards=(guards.FOUR_EYES,), marks=hands.FIRST_REVIEW,
            needs_reason=True,
        ),
        Move(
            "stop", Text("Stop as planned", "计划停服"), ("ACTIVE",), "MAINTENANCE",
            hands.ORGANISATION, party="operator", marks=hands.STOPPED, needs_reason=True,
        ),
        Move(
            "report_outage", Text("Report an outage", "报告故障"), ("ACTIVE",), "OUTAGE",
            hands.ORGANISATION, party="operator", marks=hands.STOPPED, needs_reason=True,
        ),
        Move(
            "recover", Text("Run again", "恢复运行"), ("MAINTENANCE", "OUTAGE"), "ACTIVE",
            hands.ORGANISATION, party="operator", marks=hands.RUNS_AGAIN, needs_reason=True,
        ),
        Move(
            "isolate", Text("Cut off", "一键隔离"), (NOWHERE, *RUNNING, "REGISTERED", "EXITING"), "ISOLATED",
            hands.INFRASTRUCTURE | hands.SUPERVISOR | hands.SCHEDULER, marks=hands.DECIDED,
            needs_reason=True,
        ),
        Move(
            "readmit", Text("Let it in again", "解除隔离"), ("ISOLATED",), "OFFLINE",
            hands.INFRASTRUCTURE, guards=(guards.IS_CONNECTOR,), marks=hands.DECIDED,
            needs_reason=True,
        ),
        Move(
            "reactivate", Text("Let the node in again", "恢复节点"), ("ISOLATED",), "ACTIVE",
            hands.INFRASTRUCTURE, guards=(guards.IS_NODE,), marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "revoke", Text("Revoke its credential", "吊销凭证"),
            ("REGISTERED", "ONLINE", "OFFLINE", "ISOLATED"), "REVOKED", hands.INFRASTRUCTURE,
            marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "exit", Text("Apply to leave, with a plan", "提交退出方案"),
            ("ACTIVE", "MAINTENANCE", "OUTAGE"), "EXITING", hands.ORGANISATION, party="operator",
            marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "deregister", Text("Deregister", "注销节点"), ("EXITING", "ISOLATED"), "DEREGISTERED",
            hands.INFRASTRUCTURE, guards=(guards.DRAINED,), marks=hands.DECIDED, needs_reason=True,
        ),
    ),
)  # fmt: skip

# What is to be seen of it, and what its key at the identity service is good for, by its state: who
# only applies is kept out, and who was let in is not there before its first heartbeat.
STATUS: Final[Mapping[str, str]] = {
    "APPLIED": "ISOLATED", "UNDER_REVIEW": "ISOLATED", "EXPERT_REVIEW": "ISOLATED",
    "ACTIVE": "OFFLINE", "ONLINE": "ONLINE", "OFFLINE": "OFFLINE", "REGISTERED": "OFFLINE",
    "MAINTENANCE": "MAINTENANCE", "OUTAGE": "OUTAGE", "ISOLATED": "ISOLATED", "REVOKED": "REVOKED",
    "DEREGISTERED": "RETIRED", "REJECTED": "RETIRED",
}  # fmt: skip


def status_after(before: str | None, state: str) -> str | None:
    """The status that a move brings, None when it leaves it: a review of a change stops nothing.

    Within a state the status says ONLINE or OFFLINE by heartbeats, which move nothing (ADR 0029).
    """
    return None if before == "CHANGING" and state == "ACTIVE" else STATUS.get(state)
