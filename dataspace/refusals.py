"""What the ports refuse, by name: every adapter raises exactly these.

A refusal of the catalogue or of the assets is part of their contract (`dataspace.ports`), so
its class stands here, where whoever calls a port can see it without knowing an adapter.
"""

from dataspace.errors import Broken, Conflict, Exhausted, Invalid, NotFound, Unavailable
from dataspace.text import Text


class SelectionTooLarge(Exhausted):
    """A page, a facet, a lineage or a tree is over the limit that the catalogue answers within."""

    code = "selection.too_large"


class MovedOn(Conflict):
    """A guard or a version does not hold of the row as it stands."""

    code = "catalogue.moved_on"


class AlreadyThere(Conflict):
    """A row with this id exists."""

    code = "catalogue.already_there"
    title = Text("{kind} {id} is already there", "{kind} {id} 已存在")
    advice = Text(
        "Change what is there, or use another identifier.", "请修改已有对象，或另用编号。"
    )


class NotUnique(Conflict):
    """Another row has this value in a field that is unique."""

    code = "catalogue.not_unique"
    title = Text(
        "Another {kind} has the {field} {value} already", "已有其他 {kind} 使用 {field} {value}"
    )
    advice = Text(
        "Use another value, or change the other one first.", "请另用取值，或先修改另一对象。"
    )


class StillReferenced(Conflict):
    """Another row points to the row that would be removed."""

    code = "catalogue.still_referenced"
    title = Text("{kind} {id} is still referred to", "{kind} {id} 仍被引用")
    advice = Text("Change what refers to it first.", "请先修改引用它的对象。")


class ReferenceMissing(Invalid):
    """A value of an edge is not the id of a row of the kind that the edge leads to."""

    code = "catalogue.reference_missing"
    title = Text(
        "{kind} {id} refers by {edge} to {target}, which is not there",
        "{kind} {id} 的 {edge} 指向不存在的 {target}",
    )
    advice = Text(
        "Create what it refers to first, or correct it.", "请先创建被引用对象，或予以更正。"
    )


class CatalogueUnavailable(Unavailable):
    """The catalogue's store does not answer; nothing was done."""

    code = "catalogue.unavailable"


class CatalogueFull(Unavailable):
    """The catalogue's disk is full; nothing was done."""

    code = "catalogue.full"
    title = Text("The catalogue has no room left: {detail}", "目录存储空间已满：{detail}")
    advice = Text(
        "Nothing was done. Free some space on its disk, then try again.",
        "未做任何改动。请释放磁盘空间后重试。",
    )


class CatalogueBroken(Broken):
    """The catalogue's store is damaged."""

    code = "catalogue.broken"


class AssetNotFound(NotFound):
    """There is no file under the key."""

    code = "asset.not_found"
    title = Text("There is no file {key}", "不存在文件 {key}")


class AssetKeyInvalid(Invalid):
    """A key holds something else than letters, digits, `_`, `-` and `/`."""

    code = "asset.key_invalid"
    title = Text("{key} cannot be the key of a file", "{key} 不能作为文件键")
    advice = Text(
        "Use letters, digits, _ and -, in parts divided by single slashes.",
        "请用字母、数字、_、-，各段以单个斜杠分隔。",
    )


class AssetTooLarge(Exhausted):
    """A file is larger than what its keeper may store."""

    code = "asset.too_large"
    title = Text(
        "A file may have at most {limit} bytes; this one has more",
        "文件最多 {limit} 字节，此文件超出",
    )
    advice = Text("Send a smaller file.", "请上传较小的文件。")


class RangeInvalid(Invalid):
    """The bytes asked for do not lie within the file."""

    code = "asset.range_invalid"
    title = Text(
        "Bytes {start_byte} to {end_byte} do not lie within the {bytes} bytes of {key}",
        "{key} 共 {bytes} 字节，不含第 {start_byte} 至 {end_byte} 字节",
    )
    advice = Text("Ask for bytes within the file.", "请在文件范围内请求。")


class AssetsUnavailable(Unavailable):
    """The store of the files does not answer, or a file of it cannot be read."""

    code = "assets.unavailable"


class AssetsFull(Unavailable):
    """The disk of the files is full; nothing was stored."""

    code = "assets.full"
    title = Text("There is no room left for files: {detail}", "文件存储空间已满：{detail}")
    advice = Text(
        "Nothing was stored. Free some space on the disk, then try again.",
        "未存储任何内容。请释放磁盘空间后重试。",
    )
