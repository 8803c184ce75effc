"""The code tables of quality and supply."""

from dataspace.codes import code_table
from dataspace.text import Text

QUALITY_DIMENSION = code_table("QualityDimension", Text("Dimension of quality (GB/T 36344)", "质量维度（GB/T 36344）"), """
1   NORMATIVITY   Normativity                 | 规范性
2   COMPLETENESS  Completeness                | 完整性
3   ACCURACY      Accuracy                    | 准确性
4   CONSISTENCY   Consistency                 | 一致性
5   TIMELINESS    Timeliness                  | 时效性
6   ACCESSIBILITY Accessibility               | 可访问性
""")
QUALITY_RULE_KIND = code_table("QualityRuleKind", Text("Kind of quality rule", "质量规则类型"), """
101 TYPE          Values are of the item's type | 数据类型符合
102 LENGTH        Values are not too long     | 长度符合
103 CODE_TABLE    Values are in the code table | 码表符合
104 CREDIT_CODE   Check digit of the credit code | 统一社会信用代码校验位
105 ID_CARD       Check digit of the identity number | 公民身份号码校验位
106 METADATA      Mandatory metadata are there | 必填元数据完整
201 NOT_NULL      Mandatory values are there  | 必填值非空
202 ROW_COUNT     As many records as expected | 记录数达到预期
203 COLUMNS       Every item has its column   | 信息项均有对应列
301 RANGE         Values lie within a range   | 值域符合
302 PATTERN       Values have a form          | 格式符合
303 DUPLICATE_ROWS No record stands there twice | 无重复记录
304 UNIQUE        A key tells records apart   | 主键唯一
305 WELL_FORMED   Every record has as many values as there are columns | 记录结构完好
401 SUM           Parts add up to the whole   | 分项之和等于合计
402 COMPARE       Two values stand in a relation | 字段间比较成立
403 FOREIGN_KEY   Values are found in another column | 外键可关联
501 SUPPLY        The last update is within the cycle | 更新在周期之内
502 NEWEST_RECORD The newest record is within the cycle | 最新记录在周期之内
601 READABLE      The file is there, whole and readable | 文件可读且完整
""")
COMPARISON = code_table("Comparison", Text("Relation of two values", "比较关系"), """
1   LT            Less than                   | 小于
2   LTE           At most                     | 不大于
3   EQ            Equal to                    | 等于
4   NE            Other than                  | 不等于
5   GTE           At least                    | 不小于
6   GT            More than                   | 大于
""")
RUN_OUTCOME = code_table("RunOutcome", Text("Outcome of a quality run", "评测结果"), """
1   MEASURED      The data were measured      | 已评测数据
2   NO_FILE       There is no file to measure | 无可评测文件
3   REFUSED       The file could not be measured | 文件无法评测
4   NO_TABLE      The file is no table        | 文件不是数据表
""")
NOT_MEASURED = code_table("NotMeasured", Text("Why a rule was not measured", "未评测原因"), """
1   NO_FILE       There is no file            | 没有文件
2   FILE_REFUSED  The file could not be read  | 文件无法读取
3   NO_COLUMN     The file has no such column | 文件中没有该列
4   NO_CYCLE      No update cycle or no update is known | 更新周期或更新时间未知
5   OTHER_AWAY    The other resource could not be read | 关联资源无法读取
""")
WORK_ORDER_CAUSE = code_table("WorkOrderCause", Text("Cause of a work order", "工单原因"), """
1   QUALITY       Quality below what is demanded | 质量未达要求
2   LATE_SUPPLY   Supply is late              | 供给超期
""")
PERSONAL_KIND = code_table("PersonalKind", Text("Kind of personal information", "个人信息类型"), """
1   ID_CARD       Identity number             | 公民身份号码
2   MOBILE        Mobile number               | 手机号码
3   EMAIL         E-mail address              | 电子邮箱
4   BANK_CARD     Bank card number            | 银行卡号
5   PERSON_NAME   Name of a person            | 姓名
6   ADDRESS       Address of a person         | 住址
7   BIRTH         Date of birth               | 出生日期
""")
PROPOSAL_STATE = code_table("ProposalState", Text("State of a metadata proposal", "元数据建议状态"), """
1   PROPOSED      Waits for the steward       | 待确认
2   ANSWERED      Answered field by field     | 已逐项答复
3   SUPERSEDED    A later file made another   | 已被新建议取代
""")
LINE_ANSWER = code_table("LineAnswer", Text("Answer to a line of a proposal", "建议行答复"), """
1   ACCEPTED      Accepted                    | 采纳
2   REFUSED       Refused                     | 不采纳
""")
PROPOSED_FIELD = code_table("ProposedField", Text("What a line of a proposal is about", "建议内容"), """
1   DATA_TYPE     Type of the item            | 数据类型
2   LENGTH        Length in characters        | 长度
3   NULLABLE      Whether it may be empty     | 是否可空
4   PERSONAL      Personal information        | 个人信息
5   CODE_TABLE    Code table                  | 码表
6   RANGE         Range of values             | 值域
7   REMOVED       The item has no column any more | 列已不存在
8   RULE          Quality rule                | 质量规则
""")
PROPOSAL_BASIS = code_table("ProposalBasis", Text("What a line of a proposal rests on", "建议依据"), """
1   VALUES        The values of the column    | 列中取值
2   NAME          The name of the column      | 列名
3   NEW_COLUMN    A column that has no item   | 新增列
4   COLUMN_GONE   An item that has no column  | 列已消失
5   PROFILE       The profile of the node     | 节点领域配置
""")
