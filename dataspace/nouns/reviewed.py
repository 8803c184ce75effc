"""What the applications have whose reviews a rulebook orders: countersignatures, and papers.

Of a paper its kind and hash are kept, and no name, which may be a person's.
"""

from dataspace import codes
from dataspace.nouns.shared import REVIEW
from dataspace.shape import Part, Reader, code_field, names_field, text_field
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
    ),
    count_max=20,
)  # fmt: skip
