"""The code tables of the health of products (J-L5-3). Source: inferred."""

from dataspace.codes import code_table
from dataspace.text import Text

HEALTH_VERDICT = code_table("HealthVerdict", Text("Health of a product", "产品健康结论"), """
1   HEALTHY       It answers as it should     | 健康
2   DEGRADED      It answers, with flaws      | 亚健康
3   FAILING       It does not serve           | 故障
4   UNKNOWN       Nothing can be said         | 未知
""")

HEALTH_GROUND = code_table("HealthGround", Text("Ground of the verdict", "健康结论依据"), """
10  WELL          Calls succeed in time and no source is late | 调用正常，来源及时
21  SUCCESS_LOW   Fewer calls succeed than the rules demand | 成功率低于规则要求
22  SLOW          Calls take longer than the rules allow | 时延高于规则上限
23  LAST_FAILED   The last call failed        | 最近一次调用失败
24  SOURCE_LATE   A source is late            | 数据来源更新超期
31  CALLS_FAIL    Most of the last calls failed | 近期调用多数失败
32  NOT_GRANTED   A source is not authorised any more | 来源授权已失效
41  NO_OUTPUT     No output is attached that could be called | 未挂接产出，无可调用内容
42  NOT_CALLED    It was not called yet       | 尚无调用
43  NOT_LISTED    It is not listed            | 未上架
""")

CALL_FAILURE = code_table("CallFailure", Text("What went wrong at a call", "调用失败原因"), """
1   MISSING       The output is not in the store | 产出文件缺失
2   DIFFERS       The output is not what was attached | 产出内容与挂接不符
3   TOO_SLOW      It did not come in time     | 超时
4   UNAVAILABLE   The store did not answer    | 存储不可用
""")
