"""The nouns of the health of products: the card of a product, and the faults that it had."""

from dataspace import codes
from dataspace.health.codes import CALL_FAILURE, HEALTH_GROUND, HEALTH_VERDICT
from dataspace.nouns.shared import KEPT, state_field
from dataspace.shape import Edge, Noun, Reader, code_field, moment_field, number_field, text_field
from dataspace.text import Text

PRODUCT_HEALTH = Noun(
    "product_health", "product_healths", "hlt",
    Text("Health of a product", "产品健康度"), Text("Health of products", "产品健康度"),
    fields=(
        code_field("verdict", HEALTH_VERDICT, must=True, facet=True, sort=True),
        code_field("ground", HEALTH_GROUND, must=True, facet=True),
        moment_field("since", "Since when the verdict holds", "结论起始时间", sort=True),
        number_field("window_days", "Days whose calls are considered", "统计窗口（日）"),
        number_field("calls", "Calls that were considered", "统计调用次数", sort=True),
        number_field("failed", "Calls that failed", "失败次数", sort=True),
        number_field("success_percent", "Calls that succeeded, in whole percent, rounded down; none without a call",
                     "调用成功率（百分比，向下取整；无调用则无）", sort=True),
        number_field("latency_p50_ms", "Half of them took at most so many ms, to the next step",
                     "时延中位数上界（毫秒）"),
        number_field("latency_p95_ms", "95 of 100 took at most so many ms, to the next step",
                     "95% 时延上界（毫秒）", sort=True),
        code_field("source_freshness", codes.SUPPLY_STATUS, facet=True),
        moment_field("last_call_at", "When it was called last, as noted", "最近调用时间（登记时）", sort=True),
        moment_field("last_failure_at", "When a call failed last, as noted", "最近失败时间（登记时）", sort=True),
        code_field("last_failure", CALL_FAILURE, facet=True),
        moment_field("noted_at", "When this was noted; it is measured each hour", "登记时间（每小时测量）", sort=True),
        *KEPT,
    ),
    edges=(
        Edge("late_sources", "resource", Text("Sources that are late", "超期的数据来源"),
             "late_for", Text("Health of products that it is late for", "受其超期影响的产品健康度"), many=True),
    ),
)  # fmt: skip

HEALTH = Edge(
    "health", "product_health", Text("Its health, measured each hour while it is listed", "健康度（在架期间每小时测量）"),
    "products", Text("Product whose health it is", "所属产品"),
)  # fmt: skip

PRODUCT_FAULT = Noun(
    "product_fault", "product_faults", "pft",
    Text("Fault of a product", "产品故障"), Text("Faults of products", "产品故障"),
    fields=(
        text_field("title", "Title", "标题", must=True, sort=True, search=6),
        state_field(),
        code_field("ground", HEALTH_GROUND, must=True, facet=True),
        text_field("open_key", "Names what is not closed, so that nothing is opened twice", "未办结标识（防止重复立单）",
                   length_max=120, unique=True),
        text_field("detail", "What was found", "故障说明", length_max=4000),
        moment_field("opened_at", "When it was found", "发现时间", sort=True),
        text_field("answered_by", "Who answered it", "答复人", length_max=80, filter=True, reader=Reader.OWNER),
        moment_field("answered_at", "When it was answered", "答复时间", sort=True),
        text_field("answer", "What its owner does about it", "处理答复", length_max=4000),
        moment_field("closed_at", "When it was over", "恢复时间", sort=True),
        text_field("closed_by", "Who found that it was over", "办结人", length_max=80, filter=True, reader=Reader.OWNER),
        text_field("decision_reason", "Reason of the last decision", "最近决定的理由", length_max=4000),
        *KEPT,
    ),
    edges=(
        Edge("product", "product", Text("Product", "数据产品"), "faults", Text("Faults that it had", "故障记录"), must=True),
        Edge("owner", "participant", Text("Owner of the product", "产品所有方"),
             "product_faults", Text("Faults of its products", "其产品的故障"), must=True),
    ),
    owner="owner",
    paths=(("product", "opened_at"), ("state", "opened_at")),
)  # fmt: skip
