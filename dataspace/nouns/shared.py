"""Fields that many nouns have: the state, who reviewed, when the entry was kept."""

from dataspace.shape import Field, Reader, text_field
from dataspace.shape import flag_field as _flag
from dataspace.shape import moment_field as _moment


def state_field() -> Field:
    """The state in the noun's machine; its codes are those of `dataspace.lifecycle`."""
    return text_field("state", "State", "状态", length_max=40, filter=True, facet=True, must=True)


REVIEW = (
    text_field("submitted_by", "Who submitted it", "提交人", length_max=80, filter=True, reader=Reader.OWNER),
    text_field("submitted_handler", "Person who submitted it", "提交经办人", length_max=80, reader=Reader.STAFF),
    _moment("submitted_at", "When it was submitted", "提交时间", sort=True, reader=Reader.OWNER),
    text_field("reviewed_by", "First reviewer", "初审人", length_max=80, filter=True, reader=Reader.OWNER),
    text_field("reviewed_handler", "Person of the first reviewer", "初审经办人", length_max=80, reader=Reader.STAFF),
    text_field("second_reviewed_by", "Second reviewer", "复审人", length_max=80, filter=True, reader=Reader.OWNER),
    text_field("second_reviewed_handler", "Person of the second reviewer", "复审经办人", length_max=80, reader=Reader.STAFF),
    text_field("decision_reason", "Reason of the last decision", "最近决定的理由", length_max=4000, reader=Reader.OWNER),
    text_field("decided_under", "Rulebooks in force at the last move", "最近办理时适用的规则册版本", length_max=400, reader=Reader.OWNER),
)
KEPT = (
    _moment("created_at", "When the entry was made", "条目创建时间", sort=True),
    _moment("changed_at", "When the entry last changed", "条目变更时间", sort=True),
    _flag("synthetic", "Made up for a demonstration", "演示用合成数据"),
)

