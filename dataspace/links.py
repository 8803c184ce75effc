"""The "2+8" as data: two tiers of governance and the eight links of operation.

No public text lists the eight, so these are a proposal drawn from the sources named in
`docs/explanation/the-2-plus-8.md`, and `SOURCE_STATUS` says so wherever they are shown.
"""

from dataclasses import dataclass

from dataspace.text import Text

SOURCE_STATUS = "proposed"


@dataclass(frozen=True, slots=True)
class Tier:
    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Link:
    code: str
    text: Text
    summary: Text


TIERS = (
    Tier("CITY", Text("City-wide rules", "城市级规则")),
    Tier("SUBSPACE", Text("Sub-space rules, which may only tighten", "子空间级规则（只可收紧）")),
)
LINKS = (
    Link("L1", Text("Participant admission", "主体接入"),
         Text("Organisations, connectors and nodes join under an identity.", "机构、连接器与节点以数字身份接入。")),
    Link("L2", Text("Resource supply and registration", "资源供给与登记"),
         Text("Departments describe, grade and register what they hold.", "部门编目、分级并登记其数据资源。")),
    Link("L3", Text("Scenario application and authorisation", "场景申请与授权"),
         Text("Who may work on which resources, for what, until when.", "何人可为何目的、在何期限内使用哪些资源。")),
    Link("L4", Text("Product development and review", "产品开发与审查"),
         Text("Products are built inside and reviewed before they leave.", "产品在域内加工，出域前审查。")),
    Link("L5", Text("Product registration and listing", "产品登记与上架"),
         Text("Products are registered once and listed for those who may find them.", "产品登记赋码并上架。")),
    Link("L6", Text("Contract and trade", "合约与交易"),
         Text("Terms are agreed, signed and filed.", "协商、签署并备案合约。")),
    Link("L7", Text("Delivery and controlled use", "交付与使用控制"),
         Text("Data are delivered and used as the contract says.", "按合约交付并控制使用。")),
    Link("L8", Text("Metering, settlement, evaluation and exit", "计量结算、评价与退出"),
         Text("Use is counted, billed, judged and ended in order.", "计量、结算、评价并有序退出。")),
)  # fmt: skip
