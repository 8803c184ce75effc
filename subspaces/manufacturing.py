"""The manufacturing sub-space (制造子空间): equipment, suppliers, orders and quality.

Products are those of the domain reference, section 12.4; grades are the national three kinds of
its section 6.6, of which even the lowest is not public.
"""

from typing import Final

from dataspace.federation.profile import (
    ExtraField,
    LocalGrade,
    ProductTemplate,
    Profile,
    Term,
    Wording,
)
from dataspace.quality.rules import QualityRule
from dataspace.rulebooks.city import CITY_RULES
from dataspace.shape import Type
from dataspace.text import Text

PARTNERS_ONLY: Final = Text(
    "For the purposes named, among partners of the chain; no trade secrets",
    "限供应链伙伴间所列用途；不含商业秘密",
)

MANUFACTURING: Final = Profile(
    code="manufacturing",
    name=Text("Manufacturing sub-space", "制造子空间"),
    summary=Text("Equipment, suppliers, orders and quality", "设备、供应商、订单与质量协同"),
    industry="C36",
    wording=Wording(
        product=Text("Trusted data space of manufacturing", "制造可信数据空间"),
        space=Text("Manufacturing sub-space", "制造子空间"),
    ),
    terms=(
        Term("equipment", Text("Equipment", "设备")),
        Term("supplier", Text("Supplier", "供应商")),
        Term("order", Text("Order", "订单")),
        Term("quality", Text("Quality", "质量")),
        Term("carbon", Text("Carbon", "碳排放")),
    ),
    purposes=(
        Term("production-coordination", Text("Coordination of production", "生产协同")),
        Term("supplier-management", Text("Management of suppliers", "供应商管理")),
        Term("order-response", Text("Response to orders", "订单响应")),
        Term("maintenance", Text("Maintenance", "设备运维")),
        Term("carbon-accounting", Text("Carbon accounting", "碳核算")),
    ),
    grades=(
        LocalGrade(Text("General", "一般"), 2),
        LocalGrade(Text("Important", "重要"), 4),
        LocalGrade(Text("Core", "核心"), 5),
    ),
    rules={
        "authorisation.term_years_max": 2,
        "authorisation.personal_routes": frozenset(),
        "resource.attachments": CITY_RULES["resource.attachments"] | {"QUALITY_REPORT"},
        "use.log_days_min": 365,
    },
    # What is traded along a chain settles among its firms: their settlement is their own.
    links=("L1", "L2", "L3", "L4", "L5", "L6", "L7"),
    fields=(
        ExtraField(
            "resource", "equipment_class", Type.TEXT,
            Text("Class of equipment", "设备类别"),
        ),
        ExtraField(
            "product", "response_hours", Type.NUMBER,
            Text("Hours until it answers an order", "订单响应时间（小时）"),
        ),
    ),
    templates=(
        ProductTemplate(
            "equipment-effectiveness",
            Text("Operating states of equipment", "设备运行工况数据集"),
            Text("How well every machine is used", "设备可用率、性能与良品率"),
            "DATA_SET", "MONTHLY", "PERIOD", PARTNERS_ONLY,
            purposes=("maintenance", "production-coordination"), terms=("equipment", "quality"),
            inputs=(Text("Shifts of equipment", "设备班次记录"),),
            outputs=(
                Term("equipment", Text("Equipment", "设备")),
                Term("month", Text("Month", "月份")),
                Term("availability", Text("Availability", "可用率")),
                Term("performance", Text("Performance", "性能率")),
                Term("quality", Text("Quality", "良品率")),
                Term("effectiveness", Text("Overall effectiveness", "综合效率")),
            ),
        ),
        ProductTemplate(
            "supplier-performance",
            Text("Performance of suppliers", "供应商履约评价"),
            Text("How reliably a supplier delivers", "供应商交付可靠性"),
            "DATA_SET", "MONTHLY", "PERIOD", PARTNERS_ONLY,
            purposes=("supplier-management",), terms=("supplier", "order"),
            inputs=(Text("Deliveries of suppliers", "供应商交付记录"),),
            outputs=(
                Term("credit_code", Text("Unified social credit code", "统一社会信用代码")),
                Term("on_time", Text("On-time rate", "准时率")),
                Term("loss", Text("Loss rate", "货损率")),
                Term("trend", Text("Trend over 12 months", "近 12 个月趋势")),
            ),
        ),
        ProductTemplate(
            "capacity-orders", Text("Capacity and orders", "产能与订单协同"),
            Text("Free capacity for open orders", "空闲产能与待排订单"),
            "API", "DAILY", "CALL", PARTNERS_ONLY,
            purposes=("production-coordination", "order-response"), terms=("order",),
        ),
        ProductTemplate(
            "quality-trace", Text("Tracing of quality", "质量追溯"),
            Text("Where a part came from", "零部件来源追溯"),
            "API", "REAL_TIME", "CALL", PARTNERS_ONLY,
            purposes=("supplier-management",), terms=("quality", "supplier"),
        ),
        ProductTemplate(
            "product-carbon", Text("Carbon accounting", "碳数据核算"),
            Text("What making a product emits", "产品制造碳排放"),
            "DATA_SET", "MONTHLY", "PERIOD", PARTNERS_ONLY,
            purposes=("carbon-accounting",), terms=("carbon",),
        ),
    ),
    quality=(
        QualityRule("CREDIT_CODE", "credit_code", weight=5),
        QualityRule("RANGE", "running_minutes", minimum="0", maximum="1440"),
        QualityRule(
            "COMPARE", "running_minutes", comparison="LTE", other_column="planned_minutes"
        ),
        QualityRule("COMPARE", "good_pieces", comparison="LTE", other_column="pieces"),
        QualityRule("UNIQUE", columns=("equipment", "day"), weight=2),
    ),
)  # fmt: skip
