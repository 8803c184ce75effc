"""The code tables of federation."""

from dataspace.codes import code_table
from dataspace.text import Text

INVITATION_STATE = code_table("InvitationState", Text("State of an invitation", "邀请状态"), """
1   OPEN       Open                                | 待使用
2   USED       Used                                | 已使用
3   VOID       Void after too many wrong tries     | 因误用次数过多作废
4   REVOKED    Revoked                             | 已撤销
5   EXPIRED    Expired                             | 已过期
""")  # fmt: skip
