"""What the hub keeps of what it hears of a node, beside its state."""

from dataspace.shape import moment_field, number_field, text_field

HEARD = (
    moment_field("last_heartbeat_at", "Its last heartbeat that was noted", "最近登记的心跳时间", sort=True),
    text_field("software_version", "Version of its software", "软件版本", length_max=80, filter=True, facet=True),
    text_field("reported_state", "What it says of itself, as last noted", "自报状态（最近登记）", length_max=80, filter=True),
    number_field("catalogue_revision", "Revision of its catalogue, as last noted", "目录修订号（最近登记）"),
    number_field("resource_count", "Resources in its catalogue, as last noted", "目录资源数（最近登记）"),
    number_field("product_count", "Products in its catalogue, as last noted", "目录产品数（最近登记）"),
    number_field("requests_per_minute", "Requests that it may make a minute, where limited",
                 "每分钟请求上限（如有限流）"),
)  # fmt: skip
