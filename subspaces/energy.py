"""The energy sub-space (能源子空间): load, charging, and the carbon of parks.

Products are those of the domain reference, section 12.3; the four grades, set for tables and
fields, are those of its section 6.6: there is none for the platform's grade 3.
"""

from typing import Final

from dataspace.federation.profile import (
    ExtraField,
    LocalGrade,
    ProductTemplate,
    Profile,
    ProfileLimits,
    Term,
    Wording,
)
from dataspace.quality.rules import QualityRule
from dataspace.shape import Type
from dataspace.text import Text

AGGREGATES_ONLY: Final = Text(
    "For the purposes named; aggregates only, nothing of a single household or firm",
    "限所列用途；仅提供汇总结果，不涉及单户或单个企业",
)
STATION_LEVEL: Final = Text(
    "For the purposes named; by station, nothing of a vehicle or a person",
    "限所列用途；以场站为单位，不涉及车辆与个人",
)

ENERGY: Final = Profile(
    code="energy",
    name=Text("Energy sub-space", "能源子空间"),
    summary=Text("Load, charging and carbon accounting", "负荷、充电与碳核算场景"),
    industry="D44",
    wording=Wording(
        product=Text("Trusted data space of energy", "能源可信数据空间"),
        space=Text("Energy sub-space", "能源子空间"),
    ),
    terms=(
        Term("load", Text("Load", "负荷")),
        Term("electricity-use", Text("Electricity use", "用电量")),
        Term("generation", Text("Generation", "发电")),
        Term("dispatch", Text("Dispatch", "调度")),
        Term("market", Text("Market", "市场交易")),
        Term("charging", Text("Charging", "充电")),
        Term("carbon", Text("Carbon", "碳排放")),
        Term("transformer-area", Text("Transformer area", "台区")),
    ),
    purposes=(
        Term("grid-operation", Text("Operation of the grid", "电网运行")),
        Term("renewable-uptake", Text("Uptake of renewable power", "新能源消纳")),
        Term("charging-planning", Text("Planning of charging", "充电规划")),
        Term("carbon-accounting", Text("Carbon accounting", "碳核算")),
        Term("care-for-the-elderly", Text("Care for the elderly", "独居老人关爱")),
        Term("credit-assessment", Text("Assessment of an application for credit", "授信评估")),
    ),
    grades=(
        LocalGrade(Text("Public", "公开"), 1),
        LocalGrade(Text("General", "一般"), 2),
        LocalGrade(Text("Important", "重要"), 4),
        LocalGrade(Text("Core", "核心"), 5),
    ),
    limits=ProfileLimits(items_max=1000),
    rules={
        "authorisation.waiting_days_max": 5,
        "authorisation.out_of_scope_calls": 3,
        "authorisation.not_open_permitted": False,
        "node.outage_notice_hours_max": 12,
        "use.log_days_min": 365,
    },
    fields=(
        ExtraField(
            "resource", "voltage_level", Type.CODE, Text("Voltage", "电压等级"),
            codes=(
                Term("lv", Text("Below 1 kV", "1 千伏以下")),
                Term("kv10", Text("10 kV", "10 千伏")),
                Term("kv35", Text("35 kV", "35 千伏")),
                Term("kv110", Text("110 kV and above", "110 千伏及以上")),
            ),
        ),
        ExtraField(
            "resource", "interval_minutes", Type.NUMBER,
            Text("Minutes between two readings", "采集间隔（分钟）"), must=True,
        ),
        ExtraField(
            "product", "statistics_level", Type.CODE, Text("Level of aggregation", "统计粒度"),
            must=True,
            codes=(
                Term("city", Text("City", "全市")),
                Term("industry", Text("Industry", "行业")),
                Term("park", Text("Park", "园区")),
                Term("station", Text("Station", "场站")),
            ),
        ),
    ),
    templates=(
        ProductTemplate(
            "load-curve",
            Text("Load curve by industry", "行业用电负荷曲线"),
            Text("The mean day of every industry, hour by hour", "各行业典型日逐小时负荷"),
            "DATA_SET", "MONTHLY", "PERIOD", AGGREGATES_ONLY,
            purposes=("grid-operation",), terms=("load",),
            inputs=(Text("Load by firm and hour", "企业小时负荷"),),
            outputs=(
                Term("industry", Text("Industry (GB/T 4754)", "行业（GB/T 4754）")),
                Term("hour", Text("Hour", "小时")),
                Term("mean_kw", Text("Mean load in kW", "平均负荷（kW）")),
                Term("of_peak", Text("Share of the peak", "占峰值比例")),
            ),
        ),
        ProductTemplate(
            "park-carbon",
            Text("Park carbon footprint", "园区能耗碳足迹"),
            Text("What a park emits, month by month", "园区逐月碳排放"),
            "DATA_SET", "MONTHLY", "PERIOD", AGGREGATES_ONLY,
            purposes=("carbon-accounting",), terms=("carbon",),
            inputs=(Text("Energy of parks by month", "园区月度能耗"),),
            outputs=(
                Term("park", Text("Park", "园区")),
                Term("month", Text("Month", "月份")),
                Term("direct_kg", Text("Direct emissions in kg CO2", "直接排放（千克 CO2）")),
                Term("bought_kg", Text("Of bought energy in kg CO2", "外购能源排放（千克 CO2）")),
                Term("total_kg", Text("Together in kg CO2", "合计（千克 CO2）")),
            ),
        ),
        ProductTemplate(
            "charging-use",
            Text("Charging operation data", "充电桩运营数据"),
            Text("How much every station is used", "各充电站利用情况"),
            "DATA_SET", "DAILY", "PERIOD", STATION_LEVEL,
            purposes=("charging-planning",), terms=("charging",),
            inputs=(Text("Charging sessions", "充电记录"),),
            outputs=(
                Term("station", Text("Station", "充电站")),
                Term("sessions", Text("Sessions", "充电次数")),
                Term("energy_kwh", Text("Energy in kWh", "充电量（kWh）")),
                Term("in_use", Text("Share of time in use", "时间利用率")),
            ),
        ),
        ProductTemplate(
            "pv-forecast", Text("PV power forecast", "光伏功率预测"),
            Text("Output of photovoltaics from weather", "基于气象的光伏出力预测"),
            "API", "REAL_TIME", "CALL", AGGREGATES_ONLY,
            purposes=("renewable-uptake",), terms=("generation",),
        ),
        ProductTemplate(
            "vehicle-charger-grid", Text("Vehicle–charger–grid coordination", "车桩网协同"),
            Text("Charging demand and the grid, together", "充电需求与电网协同"),
            "APPLICATION", "REAL_TIME", "PERIOD", STATION_LEVEL,
            purposes=("charging-planning", "grid-operation"), terms=("charging", "load"),
        ),
        ProductTemplate(
            "virtual-plant", Text("Virtual power plant capacity", "虚拟电厂可调能力"),
            Text("Load that may be shifted", "可调节负荷"),
            "API", "DAILY", "CALL", AGGREGATES_ONLY,
            purposes=("grid-operation", "renewable-uptake"), terms=("load", "dispatch", "market"),
        ),
        ProductTemplate(
            "elderly-anomaly",
            Text("Elderly safety: power or water anomaly", "独居老人用电用水异常"),
            Text("Whether somebody should look in", "提示是否需要上门探访"),
            "API", "DAILY", "CALL",
            Text("For the care of those who agreed to it", "限经本人同意的关爱服务"),
            purposes=("care-for-the-elderly",), terms=("electricity-use",),
        ),
        ProductTemplate(
            "line-loss",
            Text("Line loss, outage and transformer-area load", "线损、停电与台区负荷"),
            Text("What is lost and when supply failed", "线损分析与停电事件记录"),
            "DATA_SET", "DAILY", "PERIOD", AGGREGATES_ONLY,
            purposes=("grid-operation",), terms=("transformer-area", "load"),
        ),
    ),
    quality=(
        QualityRule("CREDIT_CODE", "credit_code", weight=5),
        QualityRule("RANGE", "load_kw", minimum="0", weight=2),
        QualityRule("RANGE", "hour", minimum="0", maximum="23"),
        QualityRule("RANGE", "electricity_kwh", minimum="0"),
        QualityRule("RANGE", "energy_kwh", minimum="0"),
        QualityRule("UNIQUE", columns=("credit_code", "day", "hour"), weight=2),
        QualityRule("UNIQUE", columns=("park", "month"), weight=2),
    ),
)  # fmt: skip
