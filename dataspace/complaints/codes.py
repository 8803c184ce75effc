"""The code tables of complaints."""

from typing import Final

from dataspace.codes import code_table
from dataspace.text import Text

ONLINE: Final = "ONLINE"
SERVICE: Final = "SERVICE"

COMPLAINT_CHANNEL = code_table("ComplaintChannel", Text("Way by which a complaint came in", "投诉渠道"), """
1   ONLINE         Online, by the complainant  | 在线（本人提交）
2   TELEPHONE      By telephone                | 电话
3   LETTER         By letter                   | 来信
""")

# Those that are an object are called as its edge is.
COMPLAINT_SUBJECT = code_table("ComplaintSubject", Text("What a complaint is about", "投诉对象类型"), """
1   NODE           A node                      | 节点
2   PARTICIPANT    A participant               | 主体
3   PRODUCT        A data product              | 数据产品
4   RESOURCE       A public data resource      | 公共数据资源
5   AUTHORISATION  An authorisation            | 授权
6   SERVICE        The service in general      | 平台服务
""")

COMPLAINT_OUTCOME = code_table("ComplaintOutcome", Text("What a complaint was found to be", "投诉核查结果"), """
1   FOUNDED        Founded, in whole or in part | 属实或部分属实
2   UNFOUNDED      Unfounded                   | 不属实
""")
