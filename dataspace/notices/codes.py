"""The code tables of notices and their delivery."""

from dataspace.codes import code_table
from dataspace.text import Text

NOTICE_KIND = code_table("NoticeKind", Text("Kind of a notice", "消息类别"), """
1   TO_DO          To do                       | 待办消息
2   SYSTEM        For information             | 系统消息
""")

NOTICE_LANGUAGE = code_table("NoticeLanguage", Text("Language of notices", "消息语言"), """
zh  ZH            Chinese                     | 中文
en  EN            English                     | 英文
""")

CHANNEL = code_table("Channel", Text("Way by which a notice is delivered", "消息投递渠道"), """
1   EMAIL         E-mail                      | 电子邮件
2   WEBHOOK       Signed call of an address   | 签名回调
""")

DELIVERY_STATE = code_table("DeliveryState", Text("State of a delivery", "投递状态"), """
1   WAITING       Waiting                     | 等待投递
2   DONE          Delivered                   | 已送达
3   DEAD          Given up, until it is tried by hand | 已放弃，可人工重投
""")
