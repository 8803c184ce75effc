"""The headings of the core metadata form, in both languages, and what a cell under them means.

Headings are those of the map (`dataspace.relations`) and the names that ledgers mostly use.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from dataspace.codes import CodeTable
from dataspace.nouns.items import ITEMS
from dataspace.relations import RESOURCE
from dataspace.shape import Field, Type
from dataspace.text import Text
from hub.imports.entry import Unreadable
from hub.imports.mapping import moment

# What a department fills in; everything else the platform decides.
RESOURCE_FIELDS = (
    "name", "code", "summary", "catalogue_kind", "resource_class", "format", "origin",
    "share_type", "share_condition", "share_method", "open_attribute", "open_condition",
    "update_cycle", "classification", "grade", "secret", "authorisable",
    "not_authorisable_reason", "source_system", "update_mechanism", "quality_standard",
    "usage_method", "spatial_coverage", "temporal_coverage", "record_count", "labels",
    "related_codes", "published_on", "data_changed_at", "contact",
)  # fmt: skip
ITEM_FIELDS = tuple(each.name for each in ITEMS.fields if each.name != "source_type")

# Columns that are no field of the row itself: what they are called, Chinese first.
EXTRA: Mapping[str, tuple[str, ...]] = {
    "provider": ("信息资源提供方", "Provider", "提供方", "数据提供方", "提供部门", "Department"),
    "provider_code": (
        "提供方代码",
        "Provider's credit code",
        "信息资源提供方代码",
        "Provider code",
    ),
    "department": ("数据责任部门", "Responsible department", "责任部门"),
    "topics": ("主题分类", "Topic classes", "信息资源分类", "所属主题", "Topics", "Category"),
}
OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("名称", "信息资源名称", "资源名称", "目录名称", "Resource name", "Title"),
    "code": ("数据资源代码", "资源代码", "目录代码", "Resource code"),
    "summary": ("摘要", "数据摘要", "资源摘要", "Abstract", "Description"),
    "format": ("资源格式", "Format"),
    "update_cycle": ("更新周期", "更新频率", "Update cycle", "Update frequency"),
    "share_type": ("共享类型", "Share type", "Sharing"),
    "open_attribute": ("开放属性", "开放类型", "Openness", "Open attribute"),
    "origin": ("来源", "数据来源", "Origin"),
    "grade": ("分级", "数据分级", "安全等级", "Grade"),
    "labels": ("关键词", "关键字", "Keywords", "Tags"),
    "source_system": ("数据源头", "信息系统", "Source system"),
    "secret": ("涉密属性", "是否涉密", "Classified"),
    "authorisable": ("可授权属性", "Authorisable"),
    "published_on": ("发布时间", "Published on"),
}
ITEM_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("数据项名称", "字段中文名", "Item name", "Column"),
    "field_name": ("字段英文名", "英文名", "Field name"),
    "data_type": ("数据类型", "字段类型", "Data type", "Type"),
    "length": ("数据长度", "字段长度", "Length"),
    "meaning": ("说明", "描述", "字段说明", "Description"),
}

_FLAGS = {
    **dict.fromkeys(("是", "是 yes", "yes", "true", "1", "y", "可授权", "涉密", "√"), True),
    **dict.fromkeys(
        ("否", "否 no", "no", "false", "0", "n", "不可授权", "非涉密", "不涉密", "×"), False
    ),
}
_BETWEEN = re.compile(r"[;；,，、|\n]+")


def plain_heading(text: object) -> str:
    """Without case, width, blanks, stars and what stands in brackets."""
    folded = unicodedata.normalize("NFKC", str(text or "")).casefold()
    return re.sub(r"\([^)]*\)|[\s*_:：]", "", folded)


@cache
def resource_headings() -> Mapping[str, str]:
    """Field name by plain heading."""
    named = {each.name: each for each in RESOURCE.fields}
    found = _by_heading((named[name] for name in RESOURCE_FIELDS), OTHER_NAMES)
    for name, headings in EXTRA.items():
        both = headings[0] + headings[1]
        found.update({plain_heading(heading): name for heading in (*headings, both)})
    return found


@cache
def item_headings(*, beside_resource: bool) -> Mapping[str, str]:
    """Field name by plain heading; beside a resource's columns only those that begin with item."""
    named = {each.name: each for each in ITEMS.fields}
    found = _by_heading((named[name] for name in ITEM_FIELDS), ITEM_OTHER_NAMES)
    if not beside_resource:
        both = RESOURCE_OF_ITEM[0] + RESOURCE_OF_ITEM[1]
        return {**{plain_heading(each): "resource" for each in (*RESOURCE_OF_ITEM, both)}, **found}
    marked = {
        f"{mark}{heading}": name
        for heading, name in found.items()
        for mark in ("item", "信息项", "数据项")
    }
    own = {
        heading: name for heading, name in found.items() if heading.startswith(("信息项", "字段"))
    }
    written = {plain_heading(heading_beside(each)): name for name, each in named.items()}
    return {**marked, **own, **written, plain_heading("Item name"): "name"}


def heading_beside(field: Field) -> str:
    """Of an item's column that stands beside a resource's, in both languages."""
    return f"信息项{field.text.zh.removeprefix('信息项')} Item: {field.text.en}"


def both(text: Text) -> str:
    return f"{text.zh} {text.en}"


RESOURCE_OF_ITEM = (
    "所属资源",
    "Resource",
    "资源代码",
    "资源名称",
    "信息资源代码",
    "信息资源名称",
    "数据资源名称",
    "Resource code",
    "Resource name",
)


def is_form_heading(line: str) -> bool:
    """A line of a CSV file with the heading of a name and of something else of a resource."""
    known = {
        resource_headings().get(plain_heading(each.strip('"')))
        for each in re.split(r"[,;\t]", line.lstrip("\ufeff"))
    }
    return "name" in known and len(known - {None}) > 1


def value_of(field: Field, text: str) -> Any:
    """The value that a cell gives for a field; None when it is empty.

    Raises:  Unreadable.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        return None
    if field.type is Type.CODE and field.table is not None:
        return _code(field.table, field.name, text)
    if field.type is Type.FLAG:
        return _flag(field.name, text)
    if field.type is Type.NUMBER:
        return _number(field.name, text)
    if field.type is Type.NAMES:
        return [each for each in map(str.strip, _BETWEEN.split(text)) if each]
    if field.type in (Type.DAY, Type.MOMENT):
        return _day(field, text)
    if len(text) > field.length_max:
        raise Unreadable("entry.too_long", field.name, limit=field.length_max)
    return text


def _by_heading(fields: Iterable[Field], others: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in fields:
        zh, en = field.text.zh, field.text.en
        for heading in (zh, en, f"{zh}{en}", field.name, *others.get(field.name, ())):
            found.setdefault(plain_heading(heading), field.name)
    return found


@cache
def _codes(table_name: str, words: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return {plain_heading(word): value for word, value in words}


def _code(table: CodeTable, field: str, text: str) -> str:
    """A code by its name, its standard's code, or its text in either language, whole or in part."""
    words = tuple(
        (word, code.value)
        for code in table.codes.values()
        for word in (code.value, code.standard, code.text.en, code.text.zh, both(code.text))
    )
    known, given = _codes(table.name, words), plain_heading(text)
    if given in known:
        return known[given]
    begun = {value for word, value in known.items() if len(given) > 1 and word.startswith(given)}
    if len(begun) == 1:
        return begun.pop()
    raise Unreadable(
        "entry.code_unknown",
        field,
        value=text,
        known="; ".join(f"{code.text.zh} {code.value}" for code in table.codes.values()),
    )


def _flag(field: str, text: str) -> bool:
    if (found := _FLAGS.get(text.casefold())) is None:
        raise Unreadable("entry.wrong_type", field, expected="是/否 (yes or no)")
    return found


def _number(field: str, text: str) -> int:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        number = float("nan")
    if number != number or not number.is_integer() or abs(number) > 2**53:
        raise Unreadable("entry.wrong_type", field, expected="整数 (a whole number)")
    return int(number)


def _day(field: Field, text: str) -> str:
    found = moment(text)
    if not found:
        raise Unreadable("entry.wrong_type", field.name, expected="日期 (a date)")
    return found[:10] if field.type is Type.DAY else found
