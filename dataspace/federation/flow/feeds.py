"""Where a row came from, and the feeds by which one node follows the catalogue of another."""

from dataclasses import replace
from typing import Final

from dataspace.shape import Edge, Noun, flag_field, moment_field, number_field, text_field
from dataspace.text import Text

ORIGIN: Final = "origin_node"
LEASE: Final = "feeds"


def followed(noun: Noun) -> Noun:
    """The noun with what its rows say when another node published them.

    The resource's field `origin` says something else: how its data were obtained.
    """
    edge = Edge(
        ORIGIN, "node", Text("Node that published it", "发布节点"), f"published_{noun.plural}",
        Text(f"{noun.plural_text.en} that it published", f"其发布的{noun.plural_text.zh}"),
    )
    return replace(noun, fields=(*noun.fields, AS_OF), edges=(*noun.edges, edge))


AS_OF: Final = moment_field(
    "as_of", "When it was taken over as it is, from the node that published it",
    "自发布节点取得现内容的时间", sort=True,
)

FEED = Noun(
    "feed", "feeds", "fed",
    Text("Feed of a node", "节点目录接收"), Text("Feeds of nodes", "节点目录接收"),
    fields=(
        number_field("node_revision", "Revision of the node up to which it was taken over", "已接收至的节点版本号",
                     must=True),
        text_field("leaf", "Leaf hash that the node's log has there", "该处节点日志的叶哈希", length_max=64),
        number_field("head", "Last revision that the node told of", "节点告知的最新版本号"),
        number_field("lag", "Revisions that are yet to be taken over", "待接收的版本数"),
        moment_field("as_of", "Up to when what is held here is what the node published", "与节点一致的截止时间",
                     sort=True),
        number_field("entries", "Rows of the node that are shown here", "已接收条目数"),
        number_field("bytes", "Bytes that all rows of the node take here", "其全部条目所占字节数"),
        number_field("refused", "Rows of the node that are refused now", "现拒收条目数"),
        text_field("error", "Code of what went wrong the last time", "最近错误代码", length_max=80, filter=True,
                   facet=True),
        text_field("error_detail", "What went wrong", "错误说明", length_max=1000),
        moment_field("error_since", "Since when it has gone wrong", "错误起始时间", sort=True),
        flag_field("suspect", "Must be compared in full before it is followed further", "须全量核对后方可继续"),
        moment_field("verified_at", "When it was last compared in full", "最近全量核对时间", sort=True),
        number_field("healed", "Rows that the last comparison put right", "最近核对修复条目数"),
        text_field("healed_detail", "What the last comparison put right", "最近核对修复说明", length_max=1000),
        moment_field("created_at", "When the entry was made", "条目创建时间", sort=True),
        moment_field("changed_at", "When the entry last changed", "条目变更时间", sort=True),
    ),
    edges=(
        Edge("node", "node", Text("Node that is followed", "被接收的节点"),
             "feeds", Text("How it is followed", "目录接收情况"), must=True),
        Edge("operator", "participant", Text("Operator of the node", "节点运营方"),
             "feeds", Text("Feeds of its nodes", "其节点的目录接收")),
    ),
    owner="operator",
)  # fmt: skip

FEED_REFUSAL = Noun(
    "feed_refusal", "feed_refusals", "frf",
    Text("Refused entry of a node", "节点条目拒收记录"), Text("Refused entries of nodes", "节点条目拒收记录"),
    fields=(
        text_field("subject_kind", "Kind of what was refused", "被拒收条目类型", must=True, filter=True, facet=True,
                   length_max=80),
        text_field("subject", "Its identifier", "被拒收条目标识", must=True, filter=True, length_max=80),
        text_field("code", "Why, as a code", "拒收原因代码", must=True, filter=True, facet=True, length_max=80),
        text_field("reason", "Why", "拒收原因", length_max=2000),
        number_field("node_revision", "Revision of the node that told it", "节点版本号"),
        moment_field("refused_at", "Since when it has been refused", "拒收起始时间", must=True, sort=True),
        moment_field("last_at", "When it was last refused", "最近拒收时间", sort=True),
        moment_field("ended_at", "When it was taken over or taken back after all", "解除时间", sort=True),
    ),
    edges=(
        Edge("node", "node", Text("Node whose entry it is", "条目所属节点"),
             "feed_refusals", Text("Entries that were refused", "被拒收的条目")),
        Edge("operator", "participant", Text("Operator of the node", "节点运营方"),
             "feed_refusals", Text("Refused entries of its nodes", "其节点的拒收记录")),
    ),
    owner="operator",
    paths=(("node", "refused_at"),),
)  # fmt: skip
