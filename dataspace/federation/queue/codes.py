"""The code tables of what a node asks of its hub."""

from typing import Final

from dataspace.codes import code_table
from dataspace.text import Text

WAITING, DONE, REFUSED, WITHDRAWN = "WAITING", "DONE", "REFUSED", "WITHDRAWN"

HUB_REQUEST_STATE: Final = code_table(
    "HubRequestState", Text("State of a request to the hub", "报送枢纽事项状态"), """
1   WAITING     Waits for the hub                  | 等待枢纽
2   DONE        Done by the hub                    | 枢纽已办理
3   REFUSED     Refused by the hub                 | 枢纽不予办理
4   WITHDRAWN   Withdrawn before it was sent       | 报送前已撤回
""")  # fmt: skip
HUB_ACT: Final = code_table("HubAct", Text("What is asked of the hub", "报送枢纽的事项"), """
1   NODE_ANNOUNCE_STOP   Announce a planned stop of the node     | 公告节点计划停服
2   NODE_STOP            Stop the node as planned                | 节点计划停服
3   NODE_REPORT_OUTAGE   Report an outage of the node            | 报告节点故障
4   NODE_RECOVER         Note that the node runs again           | 节点恢复运行
5   NODE_CHANGE          Apply for a change of the node's entry  | 申请节点变更
6   NODE_EXIT            Apply to leave with the node            | 申请节点退出
7   PARTICIPANT_APPLY    Apply for a participant's admission     | 代主体申请准入
8   MEMBER_JOIN          Let a member into a logical space       | 准许成员加入逻辑空间
9   MEMBER_LEAVE         Take a member out of a logical space    | 将成员移出逻辑空间
10  INVITATION_ISSUE     Invite a member to join a connector     | 邀请成员接入连接器
11  MEMBERSHIP_APPLY     Apply for membership of a logical space | 申请加入逻辑空间
""")  # fmt: skip
