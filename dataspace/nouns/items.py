"""The data items (信息项) of a resource: its columns, as its department describes them."""

from collections.abc import Iterable, Mapping
from typing import Any

from dataspace import codes
from dataspace.shape import Part, code_field, flag_field, number_field, text_field
from dataspace.text import Text

ITEMS = Part(
    "items",
    "Item",
    Text("Data items (columns)", "信息项"),
    fields=(
        text_field("name", "Name", "信息项名称", must=True, search=1),
        text_field("field_name", "Name in the source system", "字段名"),
        code_field("data_type", codes.ITEM_TYPE, must=True),
        text_field("source_type", "Type as the source gives it", "来源类型", length_max=120),
        number_field("length", "Length in characters", "长度"),
        flag_field("nullable", "May be empty", "是否可空"),
        text_field("meaning", "Meaning", "含义", length_max=8000, search=1),
        text_field("code_table", "Code table", "码表"),
        flag_field("personal", "Personal information", "个人信息"),
        flag_field("sensitive", "Sensitive", "敏感"),
        number_field("grade", "Grade, 1 (public) to 5 (core)", "分级（1 公开至 5 核心）"),
    ),
    count_max=4000,
)


def told_by_items(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What a resource says of its items as a whole: how many, and whether any is personal."""
    each = list(items)
    return {"item_count": len(each), "personal": any(item.get("personal") for item in each)}
