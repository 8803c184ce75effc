"""What the applications have whose reviews a rulebook orders: countersignatures, and papers.

Of a paper its kind and hash are kept, and its file where it was sent to the platform; no name, which
may be a person's. What the file is, is noted from what came and never from what was said of it.
"""

from dataspace import codes
from dataspace.nouns.shared import REVIEW
from dataspace.shape import Part, Reader, code_field, names_field, number_field, text_field
from dataspace.text import Text

REVIEWED = (
    *REVIEW,
    names_field("countersigned_by", "Who countersigned it, where the rules ask for that", "会签人",
                filter=True, reader=Reader.OWNER),
    names_field("countersigned_handlers", "Persons who countersigned it", "会签经办人",
                reader=Reader.STAFF),
    names_field("countersigned_roles", "Roles that they hold", "会签角色", reader=Reader.OWNER),
)  # fmt: skip

PAPERS = Part(
    "papers", "Paper", Text("Papers that go with it", "附件"),
    fields=(
        code_field("kind", codes.ATTACHMENT, must=True),
        text_field("sha256", "SHA-256 of the file", "文件 SHA-256", length_max=64, must=True),
        text_field("file", "File that is kept of it; null when it goes another way", "所存文件编号；另行提交则为空", length_max=40),
        text_field("media_type", "Media type of the file", "文件媒体类型", length_max=120),
        number_field("bytes", "Size of the file in bytes", "文件字节数"),
    ),
    count_max=20,
    reader=Reader.REVIEWER,
    noted=("file", "media_type", "bytes"),
)  # fmt: skip
