"""The files of resources and products: sent to the store, attached, taken off."""

from collections.abc import Iterator
from typing import Final

from dataspace.caller import Caller
from dataspace.ports import DirectUpload
from dataspace.text import Text
from hub.api.writing.operation import Given, Gives, Operation, reason_of, request_of
from hub.node import Node
from hub.operations import samples
from hub.operations.mechanism.done import Done
from hub.operations.outputs import computing
from hub.operations.outputs.attaching import PRODUCTS
from hub.operations.samples import RESOURCES, Holder


def _of(holder: Holder, what: Text) -> Iterator[Operation]:
    async def upload(node: Node, caller: Caller, given: Given) -> DirectUpload:
        return await samples.direct_upload(
            node, caller, given["id"], given["values"], form=bool(given.get("form")), of=holder
        )

    async def attach(node: Node, caller: Caller, given: Given) -> Done:
        return await samples.attach_uploaded(
            node, caller, given["id"], given["values"], request_id=request_of(given), of=holder
        )

    async def detach(node: Node, caller: Caller, given: Given) -> Done:
        return await samples.detach(
            node, caller, given["id"],
            reason=reason_of(given), request_id=request_of(given), of=holder,
        )  # fmt: skip

    yield Operation(
        holder.kind, "upload",
        Text(f"Get an address to which its {what.en} is sent", f"获取{what.zh}的直传地址"),
        ("id", "values", "form"), upload, samples.ANNOUNCED, values_of="asset", gives=Gives.UPLOAD,
    )  # fmt: skip
    yield Operation(
        holder.kind, "attach",
        Text(f"Make the file that was sent there its {what.en}", f"挂接已直传的{what.zh}"),
        ("id", "values"), attach, samples.ANNOUNCED, values_of="asset",
    )  # fmt: skip
    yield Operation(
        holder.kind, "detach", Text(f"Take its {what.en} off", f"移除{what.zh}"),
        ("id", "reason"), detach,
    )  # fmt: skip


async def _compute(node: Node, caller: Caller, given: Given) -> Done:
    return await computing.compute(node, caller, given["id"], request_id=request_of(given))


FILES: Final = (
    *_of(RESOURCES, Text("sample file", "样例文件")),
    *_of(PRODUCTS, Text("output file", "产出文件")),
    Operation(
        "product", "compute",
        Text("Compute its output anew by its template's recipe", "按模板的加工配方重新计算产出"),
        ("id",), _compute,
    ),
)
