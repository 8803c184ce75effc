"""The code tables of the links' own nouns; those of metadata are in `dataspace.codes`.

Sources: section 4 of the domain reference (kinds of filing, results of reviews), 7.2 (licence
conditions), 6.7 (supply).
"""

from dataspace.codes import code_table
from dataspace.text import Text

SUPPLY_STATUS = code_table("SupplyStatus", Text("Whether supply keeps up with its cycle", "供给状态"), """
1   FRESH         Up to date                  | 及时
2   LATE          Late                        | 迟延
3   STALE         Long overdue                | 过期
4   STOPPED       Supply has stopped          | 停供
""")
AVAILABILITY = code_table("Availability", Text("Whether a product can be used", "可用状态"), """
1   AVAILABLE     Available                   | 可用
2   SUSPENDED     Suspended with what it rests on | 随授权暂停
""")
PROPOSAL_KIND = code_table("ProposalKind", Text("Kind of change registration", "变更类别"), """
1   CHANGE        Change                      | 变更
2   CORRECTION    Correction of an error      | 更正
""")
FILING_KIND = code_table("FilingKind", Text("What is filed", "备案事项"), """
1   AGENCY        Implementing agency         | 实施机构备案
2   JOINT_REVIEW  Joint review of the plan    | 实施方案联审
3   PLAN          Implementation plan         | 实施方案备案
4   OPERATOR      Operator                    | 运营机构备案
5   AGREEMENT     Operation agreement         | 运营协议备案
6   PRODUCT_LIST  Product and service list    | 产品和服务清单备案
""")
RESULT = code_table("ReviewResult", Text("Result of a part of a review", "分项审查结果"), """
1   PASSED        Passed                      | 通过
2   FAILED        Failed                      | 不通过
""")
EXPORT_CONTENT = code_table("ExportContent", Text("What is to leave the environment", "出域内容"), """
1   MODEL         Model                       | 模型
2   VERIFICATION  Answer to a check           | 核验结果
3   AGGREGATED    Aggregated result           | 汇聚结果
4   DEIDENTIFIED  De-identified result        | 去标识化结果
5   RAW           Raw data                    | 原始数据
""")
