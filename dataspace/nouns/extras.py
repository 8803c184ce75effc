"""Metadata beside those of every entry: what the profile of an industry asks for (行业扩展元数据).

Which names there are, and of what type each value is, says the profile of the node that keeps the
entry; the values are kept as they are written, so that a reader needs no profile to show them.
"""

from dataspace.shape import Part, text_field
from dataspace.text import Text

EXTRA = Part(
    "extra", "ExtraValue", Text("Metadata that the profile adds", "行业扩展元数据"),
    fields=(
        text_field("name", "Name, as in the profile", "扩展项名称", length_max=40, must=True),
        text_field("value", "Value as it is written", "取值", length_max=4000, must=True),
    ),
    count_max=50,
)  # fmt: skip
