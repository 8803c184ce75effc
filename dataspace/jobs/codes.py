"""The code tables of jobs and what they leave."""

from dataspace.codes import code_table
from dataspace.text import Text

JOB_RUN_STATE = code_table("JobRunState", Text("State of a run", "运行状态"), """
1   WAITING       Waiting to be started       | 等待开始
2   RUNNING       Running                     | 运行中
3   DONE          Done                        | 已完成
4   FAILED        Failed                      | 失败
5   TIMED_OUT     Broken off at its time limit | 超时中止
""")

JOB_RUN_CAUSE = code_table("JobRunCause", Text("Why it ran", "运行缘由"), """
1   FIRING        It was due                  | 到期触发
2   ASKED         Somebody asked for it       | 人工申请
""")

JOB_FILE_KIND = code_table("JobFileKind", Text("Kind of file", "文件类别"), """
1   BACKUP        Backup of the catalogue     | 目录备份
2   DRILL         Record of a restoring drill | 恢复演练记录
3   ARCHIVE       Archive                     | 归档
4   REPORT        Report of operation         | 运行报告
5   DISCLOSURE    Disclosure of registrations | 登记信息披露
""")

JOB_FILE_OUTCOME = code_table("JobFileOutcome", Text("Outcome", "结论"), """
1   HOLDS         It holds                    | 通过
2   DIFFERS       It does not hold            | 不符
""")
