"""The code tables (代码表) that metadata is written in.

Tables T1 to T7 and the topic classes are those of the national catalogue description draft
(NDI-TR-2025-06); each keeps the standard's own code beside a readable name, and the readable
name is what the catalogue stores. The other tables come from the government resource catalogue
(政务信息资源目录) and from the grading schemes of `docs/explanation/grading.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dataspace.text import Text


@dataclass(frozen=True, slots=True)
class Code:
    value: str
    standard: str
    text: Text


@dataclass(frozen=True)
class CodeTable:
    name: str
    text: Text
    codes: Mapping[str, Code]

    def __contains__(self, value: object) -> bool:
        return value in self.codes


def code_table(name: str, text: Text, rows: str) -> CodeTable:
    """Reads `standard VALUE english | 中文`, one code a line."""
    codes = {}
    for line in rows.strip().splitlines():
        head, chinese = (part.strip() for part in line.split("|"))
        standard, value, english = head.split(maxsplit=2)
        codes[value] = Code(value, standard, Text(english, chinese))
    return CodeTable(name, text, codes)


def _table(name: str, en: str, zh: str, rows: str) -> CodeTable:
    return code_table(name, Text(en, zh), rows)


RESOURCE_CLASS = _table("ResourceClass", "Resource class (T1)", "资源分类（T1）", """
001 TOPIC         By topic                    | 主题
002 INDUSTRY      By industry                 | 行业
003 ORGANISATION  By organisation             | 机构
004 SCENARIO      By scenario of use          | 应用场景
""")
ORIGIN = _table("Origin", "Origin of the data (T2)", "数据来源（T2）", """
001 ORIGINAL      Obtained first hand         | 原始取得
002 COLLECTED     Collected                   | 收集取得
003 TRADED        Bought                      | 交易取得
004 OTHER         Other                       | 其他
""")
PRODUCT_FORM = _table("ProductForm", "Form of delivery (T3)", "交付形式（T3）", """
001 DATA_SET      Data set                    | 数据集
002 API           API product                 | API产品
003 APPLICATION   Data application            | 数据应用
004 REPORT        Data report                 | 数据报告
005 DATA_OBJECT   Data object                 | 数据对象
006 OTHER         Other                       | 其他
""")
UPDATE_CYCLE = _table("UpdateCycle", "Update frequency (T4)", "更新频率（T4）", """
001 REAL_TIME     Real time                   | 实时
002 DAILY         Daily                       | 每日
003 WEEKLY        Weekly                      | 每周
004 MONTHLY       Monthly                     | 每月
005 QUARTERLY     Quarterly                   | 每季度
006 HALF_YEARLY   Half-yearly                 | 每半年
007 YEARLY        Yearly                      | 每年
008 IRREGULAR     Irregular                   | 不定期
009 HISTORICAL    Historical, not updated     | 历史存量
""")
QUALITY_GRADE = _table("QualityGrade", "Quality grade (T5)", "质量等级（T5）", """
001 A             90 points and more          | A级
002 B             80 points and more          | B级
003 C             60 points and more          | C级
004 D             Below 60 points             | D级
""")
SUPPLY_STATUS = _table("SupplyStatus", "Timeliness of supply", "供给及时性", """
1   FRESH         Within the cycle            | 及时
2   LATE          Late                        | 超期
3   STALE         More than a cycle late      | 严重超期
4   STOPPED       No longer supplied          | 停止供给
""")
SECURITY_GRADE = _table("SecurityGrade", "Security grade (T6)", "安全等级（T6）", """
001 PUBLIC        Public                      | 公开
002 INTERNAL      Internal                    | 内部
003 SENSITIVE     Sensitive                   | 敏感
004 CONFIDENTIAL  Confidential                | 机密
005 TOP_SECRET    Top secret                  | 绝密
""")
SERVICE_TYPE = _table("ServiceType", "Service type (T7)", "服务类型（T7）", """
001 CATALOGUE     Catalogue                   | 目录
002 API           API                         | API
003 FILE          File                        | 文件
004 DATABASE      Database                    | 数据库
005 ANALYSIS      Analysis                    | 分析
""")
CATALOGUE_KIND = _table("CatalogueKind", "Kind of catalogue", "目录类别", """
1   BASE          Base                        | 基础
2   TOPIC         Topic                       | 主题
3   DEPARTMENT    Department                  | 部门
""")
RESOURCE_FORMAT = _table("ResourceFormat", "Format of the resource", "信息资源格式", """
01  DATABASE      Database                    | 数据库
02  SPREADSHEET   Spreadsheet or table        | 电子表格
03  FILE          File                        | 电子文件
04  GEOGRAPHIC    Geographic data             | 地理数据
05  IMAGE         Image                       | 图形图像
06  STREAM        Stream                      | 流媒体
07  API           API                         | 接口
99  OTHER         Other                       | 其他
""")
SHARE_TYPE = _table("ShareType", "Sharing among departments", "共享类型", """
1   UNCONDITIONAL Shared without condition    | 无条件共享
2   CONDITIONAL   Shared on condition         | 有条件共享
3   NOT_SHARED    Not shared                  | 不予共享
""")
SHARE_METHOD = _table("ShareMethod", "Way of sharing", "共享方式", """
1   PLATFORM      Exchange platform           | 共享平台
2   FILE          File                        | 文件
3   API           API                         | 接口
4   OTHER         Other                       | 其他
""")
OPEN_ATTRIBUTE = _table("OpenAttribute", "Openness to the public", "开放属性", """
1   UNCONDITIONAL Open without condition      | 无条件开放
2   CONDITIONAL   Open on condition           | 有条件开放
3   NOT_OPEN      Not open                    | 不予开放
""")
CLASSIFICATION = _table("Classification", "National data class", "数据分类", """
1   GENERAL       General data                | 一般数据
2   IMPORTANT     Important data              | 重要数据
3   CORE          Core data                   | 核心数据
""")
ORGANISATION_KIND = _table("OrganisationKind", "Kind of organisation", "机构类型", """
0   DEPARTMENT    Government department       | 机关法人
1   ENTERPRISE    Enterprise or institution   | 企事业单位
2   ASSOCIATION   Association                 | 社会团体
3   UNINCORPORATED Unincorporated             | 非法人组织
4   OTHER         Other                       | 其他
""")
AUDIENCE = _table("Audience", "Who may see the entry", "可见范围", """
1   PUBLIC        Everybody                   | 社会公众
2   MEMBERS       Admitted participants       | 已准入主体
3   SPACE         Members of its space        | 所属空间成员
""")
AUTHORISATION_MODE = _table("AuthorisationMode", "Way of authorising", "授权方式", """
1   OVERALL       Overall                     | 整体授权
2   DOMAIN        By domain                   | 分领域授权
3   SCENARIO      By scenario                 | 依场景授权
""")
RIGHT_KIND = _table("RightKind", "Kind of right", "权益类型", """
1   HOLDING       Right to hold               | 持有权
2   PROCESSING    Right to process and use    | 加工使用权
3   OPERATING     Right to operate            | 经营权
""")
USE_KIND = _table("UseKind", "Kind of use, which decides the fee", "用途类别", """
1   PUBLIC_WELFARE Public governance and welfare, free | 公共治理、公益事业
2   INDUSTRY      Industrial development      | 产业发展、行业发展
""")
PRICE_UNIT = _table("PriceUnit", "What one price unit buys", "计费单位", """
1   PRODUCT       One product                 | 每个产品
2   CALL          One call                    | 每次调用
3   PERIOD        One period                  | 每个周期
4   VOLUME        One gigabyte                | 每GB
""")
SPACE_KIND = _table("SpaceKind", "Kind of space", "空间类型", """
1   CITY          City space                  | 城市空间
2   SUBSPACE      Industry sub-space          | 行业子空间
3   LOGICAL       Logical space               | 逻辑空间
""")
GOVERNANCE_TIER = _table("GovernanceTier", "Tier of governance", "治理层级", """
1   CITY          City-wide rules             | 城市级
2   DISTRICT      District rules              | 区级
3   SUBSPACE      Sub-space rules             | 子空间级
""")
RULEBOOK_STATUS = _table("RulebookStatus", "Status of a version of a rulebook", "规则册版本状态", """
1   DRAFT         Draft                       | 草案
2   DECIDED       Decided, for its date       | 已确定（按日期生效）
""")
NODE_KIND = _table("NodeKind", "Kind of node", "节点类型", """
2   REGIONAL      Regional functional node    | 区域功能节点
3   INDUSTRY      Industry functional node    | 行业功能节点
4   BUSINESS      Business node               | 业务节点
5   CONNECTOR     Access connector            | 接入连接器
""")
NODE_STATUS = _table("NodeStatus", "Status of a node", "节点状态", """
1   ONLINE        Online                      | 在线
2   OFFLINE       Offline                     | 离线
3   ISOLATED      Cut off                     | 已隔离
4   RETIRED       Retired for good            | 已退役
5   MAINTENANCE   Stopped as planned          | 计划停服
6   OUTAGE        Down                        | 故障停服
7   REVOKED       Credential revoked          | 凭证已吊销
""")
PARTICIPANT_STANDING = _table("ParticipantStanding", "Standing of a participant", "主体接入状态", """
1   ADMITTED      Admitted                    | 已接入
2   SUSPENDED     Suspended                   | 已暂停
3   WITHDRAWN     Withdrawn                   | 已退出
""")
MEMBER_STATUS = _table("MemberStatus", "Status of a member", "成员状态", """
1   ACTIVE        Active                      | 正常
2   DISABLED      Disabled                    | 已停用
3   REMOVED       Removed                     | 已移除
""")
ERRAND_STATE = _table("ErrandState", "State of an errand", "待办事项状态", """
1   WAITING       Waiting                     | 等待中
2   DONE          Done                        | 已完成
3   FAILED        Refused by the other side   | 对方拒绝
""")
OCCURRENCE_SOURCE = _table("OccurrenceSource", "Where it occurred", "事件来源", """
1   LOGIN         Signing in                  | 登录
2   ADMIN         Administration              | 管理
""")
SUBJECT_KIND = _table("SubjectKind", "What a record of evidence is about", "存证对象类型", """
1   RESOURCE      Public data resource        | 公共数据资源
2   PARTICIPANT   Participant                 | 主体
3   AUTHORISATION Authorisation               | 授权
4   PRODUCT       Data product                | 数据产品
5   TOPIC         Topic class                 | 主题分类
6   SPACE         Data space                  | 数据空间
7   NODE          Node                        | 节点
8   ASSET         Asset                       | 数据资产文件
9   MEMBER        Member                      | 成员
10  ERRAND        Errand                      | 待办事项
11  OCCURRENCE    Occurrence                  | 身份事件
12  RULEBOOK      Rulebook                    | 规则册
13  TASK          To-do                       | 待办
14  DELEGATION    Delegation                  | 代办授权
20  NOTICE        Notice                      | 消息
21  MAILBOX       Mailbox                     | 收件设置
22  DELIVERY      Delivery of a notice        | 消息投递
23  CERTIFICATE   Certificate                 | 证书
31  JOB_RUN       Run of a job                | 作业运行记录
32  LEASE         Lease                       | 租约
33  JOB_FILE      File that a job left        | 作业产出文件
34  HOLD          Hold                        | 留置
35  CHECKPOINT    Checkpoint of the evidence  | 存证检查点
41  QUALITY_RULE  Quality rule                | 质量规则
42  QUALITY_RUN   Quality run                 | 质量评测
43  WORK_ORDER    Work order                  | 工单
44  METADATA_PROPOSAL Metadata proposal       | 元数据建议
45  DATA_OBJECTION Data objection             | 数据异议
47  COMPLAINT     Complaint                   | 投诉
46  INVITATION    Invitation                  | 邀请
51  SCENARIO      Scenario                    | 应用场景申请
52  ACCOUNTABILITY_CASE Accountability case   | 追责事项
53  FILING        Filing                      | 备案
54  AGREEMENT     Operation agreement         | 授权运营协议
55  PROJECT       Development project         | 开发项目
56  EXPLORATION_REQUEST Data exploration request | 数据探查申请
57  PLATFORM_REQUEST Platform resource request | 平台资源申请
58  SECURITY_REVIEW Security review           | 产品安全审查
59  COMPLIANCE_REVIEW Compliance review       | 产品合规审查
60  EXPORT_CHECK  Export check                | 出域审查
61  RESOURCE_CHANGE Change of a resource      | 资源变更登记
62  PRODUCT_CHANGE Change of a product        | 产品变更登记
71  FEED          Feed of a node              | 节点目录接收
72  FEED_REFUSAL  Refused entry of a node     | 节点条目拒收记录
73  HUB_REQUEST   Request to the hub          | 报送枢纽事项
74  MEMBERSHIP_APPLICATION Application for membership | 成员申请
75  CODE_TABLE    Code table                  | 代码表
81  PRODUCT_HEALTH Health of a product        | 产品健康度
82  PRODUCT_FAULT Fault of a product          | 产品故障
""")
ACTION = _table("Action", "Action of use (TC609-6-2025-14)", "使用行为（TC609-6-2025-14）", """
transform      TRANSFORM       Transform                   | 转换
anonymize      ANONYMISE       Anonymise                   | 匿名化
desensitize    DESENSITISE     Mask                        | 脱敏
access         ACCESS          Access                      | 访问
read           READ            Read                        | 读取
reproduce      REPRODUCE       Copy                        | 复制
storage        STORE           Store                       | 存储
download       DOWNLOAD        Download                    | 下载
process        PROCESS         Process                     | 加工
compute        COMPUTE         Compute                     | 计算
jointDevelop   JOINT_DEVELOP   Develop jointly             | 联合开发
distribute     DISTRIBUTE      Distribute                  | 分发
grantUse       GRANT_USE       Grant use to others         | 授权使用
policyTransmit POLICY_TRANSMIT Pass the policy on          | 策略传递
delivery       DELIVER         Deliver                     | 交付
sell           SELL            Trade                       | 交易
logRecordSend  SEND_LOG        Send the log of use         | 行为记录发送
delete         DELETE          Delete                      | 删除
alert          ALERT           Report an anomaly           | 异常提醒
compensate     COMPENSATE      Compensate                  | 补偿
expansionItem  EXTENSION       Another that is agreed on   | 扩展操作
""")
MODE_OF_USE = _table("ModeOfUse", "Mode of use, by its protection", "使用方式（按防护程度）", """
1   PLAIN         Plain interface             | 明文接口
2   ENCRYPTED     Encrypted channel           | 加密通道
3   SANDBOX       Sandbox, or masked with logs sent | 沙箱，或脱敏并发送日志
4   PRIVACY_COMPUTING Privacy computing, no download | 隐私计算，不可下载
""")
PERSONAL_ROUTE = _table("PersonalRoute", "Route for personal information", "个人信息处理路径", """
1   CONSENT       With the person's consent   | 取得个人同意
2   ANONYMISED    Anonymised                  | 匿名化处理
""")
ATTACHMENT = _table("Attachment", "Paper that goes with an application", "申请附件", """
1   LICENCE       Licence of the organisation | 营业执照或法人证书
2   LEGAL_REPRESENTATIVE Identity of the legal representative | 法定代表人身份证明
3   HANDLER_LETTER Letter that authorises the handler | 经办人授权书
4   SOURCE_DECLARATION Declaration of the source | 来源声明
5   LAWFULNESS_DECLARATION Declaration of lawfulness | 合法性声明
6   QUALITY_REPORT Quality report             | 质量报告
7   IMPLEMENTATION_PLAN Implementation plan   | 实施方案
8   RISK_ASSESSMENT Assessment of one's own risks | 风险自评估
9   SAFETY_CAPABILITY Proof of safety capability | 安全能力证明
10  CONFIDENTIALITY_LETTER Letter of confidentiality | 保密承诺函
11  PRODUCT_MATERIAL Material on the product  | 产品资料
12  PRODUCT_CODE  Code of the product         | 产品代码
13  COMMITMENT_LETTER Letter of commitment    | 承诺书
14  TEST_REPORT   Third-party test report     | 第三方测试报告
""")
ITEM_TYPE = _table("ItemType", "Type of a data item", "数据项类型", """
C   TEXT          Text                        | 字符型
N   NUMBER        Number                      | 数值型
Y   MONEY         Money                       | 货币型
D   DATE          Date                        | 日期型
T   MOMENT        Date and time               | 日期时间型
L   BOOLEAN       True or false               | 逻辑型
B   BINARY        Binary                      | 二进制型
G   GEOMETRY      Place or shape              | 空间型
U   LINK          Link                        | 链接型
O   OTHER         Other                       | 其他
""")

# code, Chinese, English; a code ending in 000 is the class that the following ones belong to.
TOPICS: tuple[tuple[str, str, str], ...] = (
    ("A0000", "基础", "Base"), ("A0100", "人口", "Population"), ("A0200", "法人单位", "Legal entities"),
    ("A0300", "自然资源和空间地理", "Natural resources and geography"),
    ("A0400", "宏观经济", "Macro-economy"), ("A0500", "科技教育", "Science and education"),
    ("B0000", "行业", "Industry"), ("B0100", "农业农村", "Agriculture and rural affairs"),
    ("B0200", "工业和信息化", "Industry and information technology"),
    ("B0300", "交通运输", "Transport"), ("B0400", "商业贸易", "Commerce and trade"),
    ("B0500", "金融保险", "Finance and insurance"),
    ("C0000", "社会民生", "Society and livelihood"), ("C0100", "教育文化", "Education and culture"),
    ("C0200", "医疗卫生", "Health"), ("C0300", "社会保障", "Social security"),
    ("C0400", "住房城建", "Housing and construction"), ("C0500", "生态环境", "Ecology and environment"),
    ("D0000", "政务服务", "Government service"), ("D0100", "行政审批", "Administrative approval"),
    ("D0200", "公共服务", "Public service"), ("D0300", "监管执法", "Supervision and enforcement"),
    ("D0400", "信用", "Credit"), ("D0500", "应急管理", "Emergency management"),
)
