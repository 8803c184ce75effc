"""The operations on quality and supply, under their GraphQL names."""

from dataspace.caller import Caller
from dataspace.text import Text
from hub.api.writing.operation import Given, Operation, reason_of, request_of
from hub.node import Node
from hub.operations.mechanism.done import Done
from hub.operations.quality import assessing, objections, proposals, rules


async def _assess(node: Node, caller: Caller, given: Given) -> Done:
    return await assessing.assess(node, caller, given["id"], request_id=request_of(given))


async def _propose(node: Node, caller: Caller, given: Given) -> Done:
    return await proposals.propose(node, caller, given["id"], request_id=request_of(given))


async def _accept(node: Node, caller: Caller, given: Given) -> Done:
    return await proposals.accept(
        node, caller, given["id"], given["lines"], request_id=request_of(given)
    )


async def _refuse(node: Node, caller: Caller, given: Given) -> Done:
    return await proposals.refuse(
        node, caller, given["id"], given["lines"], request_id=request_of(given)
    )


async def _remove_rule(node: Node, caller: Caller, given: Given) -> Done:
    return await rules.remove(
        node, caller, given["id"], reason=reason_of(given), request_id=request_of(given)
    )


async def _file(node: Node, caller: Caller, given: Given) -> Done:
    return await objections.file(node, caller, given["values"], request_id=request_of(given))


QUALITY = (
    Operation(
        "resource", "assess_quality",
        Text("Measure the quality of its data now", "立即评测数据质量"), ("id",), _assess,
    ),
    Operation(
        "metadata_proposal", "propose",
        Text("Propose metadata for a resource from its data file", "根据数据文件生成元数据建议"),
        ("id",), _propose,
    ),
    Operation(
        "metadata_proposal", "accept",
        Text("Take lines of a proposal into the metadata", "采纳所选建议行"),
        ("id", "lines"), _accept,
    ),
    Operation(
        "metadata_proposal", "refuse",
        Text("Say of lines of a proposal that they do not hold", "不采纳所选建议行"),
        ("id", "lines"), _refuse,
    ),
    Operation(
        "quality_rule", "remove", Text("Take a quality rule back", "撤销质量规则"),
        ("id", "reason"), _remove_rule,
    ),
    Operation(
        "data_objection", "file", Text("Object to the data of a resource", "提出数据异议"),
        ("values",), _file, objections.FIELDS,
    ),
)  # fmt: skip
