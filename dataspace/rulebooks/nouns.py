"""The noun of rulebooks: a row is one version of the rules of one space."""

from dataspace import codes
from dataspace.shape import (
    Edge,
    Noun,
    Part,
    Reader,
    code_field,
    flag_field,
    moment_field,
    number_field,
    text_field,
)
from dataspace.text import Text

STATEMENTS = Part(
    "rules", "Rule",
    Text("Rules that it states; others are inherited", "所规定的规则，其余沿用上级"),
    fields=(
        text_field("name", "Name of the rule", "规则名", length_max=80, must=True),
        text_field("value", "Value, in its written form", "取值", length_max=1000, must=True),
    ),
    count_max=200,
)  # fmt: skip

RULEBOOK = Noun(
    "rulebook", "rulebooks", "rbk",
    Text("Rulebook", "规则册"), Text("Rulebooks", "规则册"),
    fields=(
        text_field("title", "Title", "标题", must=True, sort=True),
        code_field("status", codes.RULEBOOK_STATUS, must=True, facet=True),
        number_field("edition", "Version, counted from 1 in its space, once decided",
                     "版本号（确定后自 1 起按空间计数）", sort=True),
        moment_field("takes_effect_at", "When it takes effect", "生效时间", sort=True),
        code_field("tier", codes.GOVERNANCE_TIER, facet=True),
        text_field("decided_by", "Who decided it", "确定人", length_max=80, filter=True,
                   reader=Reader.STAFF),
        moment_field("decided_at", "When it was decided", "确定时间", sort=True),
        moment_field("created_at", "When the entry was made", "条目创建时间", sort=True),
        moment_field("changed_at", "When the entry last changed", "条目变更时间", sort=True),
        flag_field("synthetic", "Made up for a demonstration", "演示用合成数据"),
    ),
    edges=(
        Edge("space", "space", Text("Space whose rules they are", "适用空间"),
             "rulebooks", Text("Versions of its rulebook", "规则册各版本"), must=True, facet=True),
    ),
    parts=(STATEMENTS,),
    paths=(("space", "takes_effect_at"),),
)  # fmt: skip
