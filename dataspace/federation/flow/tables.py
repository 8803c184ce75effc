"""The code tables of the city as rows, so that its nodes know which edition of each holds there.

A node's own tables come with its software. What it publishes in a code that the hub does not have
is refused there (`feed.entry_invalid`); these rows say beforehand where the two differ.
"""

import hashlib
import json
from typing import Any, Final

from dataspace.codes import CodeTable
from dataspace.shape import Noun, Part, moment_field, number_field, text_field
from dataspace.text import Text

CODES_MAX: Final = 500

CODES: Final = Part(
    "codes", "TableCode", Text("Its codes", "代码"),
    fields=(
        text_field("value", "Code as it is kept here", "代码取值", length_max=80, must=True),
        text_field("standard", "Code in its standard", "标准代码", length_max=80),
        text_field("name", "What it means", "代码含义", length_max=200, must=True),
        text_field("name_en", "What it means, in English", "英文含义", length_max=200, must=True),
    ),
    count_max=CODES_MAX,
)  # fmt: skip

CODE_TABLE = Noun(
    "code_table", "code_tables", "cdt",
    Text("Code table", "代码表"), Text("Code tables", "代码表"),
    fields=(
        text_field("name", "Name", "名称", length_max=80, must=True, unique=True, sort=True, filter=True),
        text_field("title", "What it says, in words", "代码表名称", length_max=200, search=4),
        number_field("edition", "Edition, which counts up with every change", "版次", must=True, sort=True),
        text_field("digest", "SHA-256 of its codes", "代码 SHA-256", length_max=64, must=True, filter=True),
        moment_field("created_at", "When the entry was made", "条目创建时间", sort=True),
        moment_field("changed_at", "When the entry last changed", "条目变更时间", sort=True),
    ),
    parts=(CODES,),
)  # fmt: skip


def written_codes(table: CodeTable) -> list[dict[str, Any]]:
    return [
        {"value": c.value, "standard": c.standard, "name": c.text.zh, "name_en": c.text.en}
        for c in table.codes.values()
    ]


def digest_of(table: CodeTable) -> str:
    """The same for the same codes in the same order; what they are called is no difference."""
    said = [[each.value, each.standard] for each in table.codes.values()]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
