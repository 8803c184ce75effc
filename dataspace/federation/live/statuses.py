"""What became of asking one node."""

from dataspace.codes import code_table
from dataspace.text import Text

LIVE_STATUS = code_table(
    "LiveStatus",
    Text("What became of asking a node", "实时询问结果"),
    """
1   ANSWERED      It answered in time                     | 已按时应答
2   LATE          It did not answer within the deadline   | 未在时限内应答
3   DOWN          No answer that can be used comes of it  | 无可用应答
4   ISOLATED      It is cut off, and was not asked        | 已被隔离或撤销，未询问
5   REFUSED       It answers, and refuses to tell         | 节点拒绝应答
""",
)
ANSWERED, LATE, DOWN, ISOLATED, REFUSED = LIVE_STATUS.codes
