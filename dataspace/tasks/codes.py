"""The code tables of work-lists."""

from dataspace.codes import code_table
from dataspace.text import Text

TASK_STATUS = code_table("TaskStatus", Text("Standing of a to-do", "待办状态"), """
1   OPEN          Somebody is awaited         | 待办
2   DONE          Nobody is awaited           | 已办
""")

DELEGATION_STATUS = code_table("DelegationStatus", Text("Standing of a delegation", "代办授权状态"), """
1   GRANTED       In force on its dates       | 有效
2   ENDED         Ended                       | 已终止
""")
