"""The noun of checkpoints."""

from dataspace.shape import Noun, moment_field, names_field, number_field, text_field
from dataspace.text import Text

CHECKPOINT = Noun(
    "checkpoint", "checkpoints", "chk",
    Text("Checkpoint of the evidence", "存证检查点"), Text("Checkpoints of the evidence", "存证检查点"),
    fields=(
        number_field("size", "Records that it covers", "覆盖记录数", must=True, sort=True),
        text_field("root", "Root over them (RFC 9162)", "根哈希（RFC 9162）", length_max=64, must=True),
        text_field("note", "The signed note (C2SP tlog-checkpoint)", "签名检查点（C2SP tlog-checkpoint）",
                   length_max=4000, must=True),
        text_field("verifier_key", "Key that verifies it", "验证公钥", length_max=400, must=True),
        names_field("edge", "Hashes of the tree's right edge, from which it grows on",
                    "树右缘哈希（供继续累积）"),
        moment_field("created_at", "When it was made", "生成时间", must=True, sort=True),
    ),
)  # fmt: skip
