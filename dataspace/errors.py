"""The error family: a class gives the code, its family the HTTP status, the instance the facts.

Codes read `noun.reason`, are never renamed and never used again for something else. A message
is made from the class's `title` and the instance's facts, so nobody writes prose where an error
is raised, and both languages always exist. `advice` says what the reader can do about it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from dataspace.relations import RELATIONS
from dataspace.text import Language, Text


class DataSpaceError(Exception):
    """Base of everything that the data space refuses or cannot do."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[Text] = Text(
        "Something went wrong on our side (log id {log_id})", "平台内部出错（日志编号 {log_id}）"
    )
    advice: ClassVar[Text] = Text(
        "Try again; if it persists, give the log id to the operator.",
        "请重试；若仍出现，请把日志编号告知运营方。",
    )

    def __init__(self, **facts: Any) -> None:
        self.facts: Mapping[str, Any] = facts
        super().__init__(self.message("en"))

    def message(self, language: Language) -> str:
        return self.title.to(language).format_map(_facts(self, language))

    def __str__(self) -> str:
        return f"{self.code}: {self.message('en')}"


class NotFound(DataSpaceError):
    status = 404
    code = "catalogue.not_found"
    title = Text("There is no {kind} {id}", "不存在 {kind} {id}")
    advice = Text(
        "Check the identifier; what you may not see is answered the same way.",
        "请核对编号；无权查看的对象也会得到同样的回答。",
    )


class Invalid(DataSpaceError):
    status = 422
    code = "input.invalid"
    title = Text("The input does not hold: {problems}", "输入不符合要求：{problems}")
    advice = Text(
        "Correct the fields that are named and send it again.", "请改正所列字段后重新提交。"
    )


class NotSignedIn(DataSpaceError):
    status = 401
    code = "identity.sign_in_required"
    title = Text("This needs a signed-in caller", "此操作需要登录")
    advice = Text("Sign in and try again.", "请登录后重试。")


class Refused(DataSpaceError):
    status = 403
    code = "access.refused"
    title = Text("You may not do this: {action}", "无权进行此操作：{action}")
    advice = Text("Ask an administrator for the role that it needs.", "请向管理员申请所需角色。")


class Conflict(DataSpaceError):
    status = 409
    code = "state.conflict"
    title = Text("{kind} {id} has changed since you read it", "{kind} {id} 在您读取之后已被改动")
    advice = Text("Read it again and decide on what it is now.", "请重新读取，按最新内容决定。")


class Exhausted(DataSpaceError):
    status = 429
    code = "limit.exceeded"
    title = Text(
        "{what} is limited to {limit}; this asked for {asked}",
        "{what} 的上限为 {limit}，本次为 {asked}",
    )
    advice = Text("Ask for less at a time.", "请减少单次请求的数量。")


class Unavailable(DataSpaceError):
    status = 503
    code = "service.unavailable"
    title = Text("{service} does not answer: {detail}", "{service} 无响应：{detail}")
    advice = Text(
        "Nothing was done; try again in {retry_after_seconds} seconds.",
        "未做任何改动；请在 {retry_after_seconds} 秒后重试。",
    )


class Broken(DataSpaceError):
    status = 500
    code = "data.broken"
    title = Text("The data contradicts itself: {detail}", "数据自相矛盾：{detail}")
    advice = Text(
        "Stop writing, keep a copy, and run `cityspace evidence verify`.",
        "请停止写入、保留副本，并运行 `cityspace evidence verify`。",
    )


# What the ports refuse: every adapter raises exactly these (contracts in dataspace.ports).


class SelectionTooLarge(Exhausted):
    """A page, a facet, a lineage or a tree is over the limit that the catalogue answers within."""

    code = "selection.too_large"


class MovedOn(Conflict):
    """A guard or a version does not hold of the row as it stands."""

    code = "catalogue.moved_on"


class ChangeSetDiffers(MovedOn):
    """A change set of this id was applied, and it said something else."""

    code = "catalogue.change_set_differs"
    title = Text(
        "Another change set was applied under the id {id}", "编号 {id} 之下已应用过另一批变更"
    )
    advice = Text("Send what is new under an id of its own.", "请为新的变更使用新的编号。")


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


class KeptElsewhere(Refused):
    """A row came from another node, and only what that node publishes changes it."""

    code = "row.kept_elsewhere"
    title = Text(
        "{kind} {id} is published by another node and is changed there",
        "{kind} {id} 由其他节点发布，只能在该节点变更",
    )
    advice = Text("Ask the operator of that node.", "请联系该节点的运营方。")


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


class AssetAlreadyThere(Conflict):
    """There is a file under the key, and it was not to be replaced."""

    code = "asset.already_there"
    title = Text("There is a file {key} already", "文件 {key} 已存在")
    advice = Text("Use another key, or replace it.", "请改用其他文件键，或选择替换。")


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


class UploadDiffers(Invalid):
    """What was sent is not the file that was announced; nothing of it is kept."""

    code = "asset.upload_differs"
    title = Text("This is not the file that was announced: {what}", "文件与所申报的不一致：{what}")
    advice = Text(
        "Announce the file as it is: its size, its SHA-256 and its type.",
        "请按文件实际的大小、SHA-256 与类型重新申报。",
    )


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


class AccountRefused(Conflict):
    """The identity service refuses what the catalogue says of an account."""

    code = "accounts.refused"
    title = Text("The identity service refuses {what}: {detail}", "身份服务拒绝了 {what}：{detail}")
    advice = Text(
        "Correct it here or there, then run `cityspace identity run`.",
        "请在本平台或身份服务中更正，然后运行 `cityspace identity run`。",
    )


def advice_for(error: DataSpaceError, language: Language) -> str:
    return error.advice.to(language).format_map(_facts(error, language))


def every_error() -> Iterator[type[DataSpaceError]]:
    """Every error class that has been imported, bases first."""
    waiting: list[type[DataSpaceError]] = [DataSpaceError]
    while waiting:
        error = waiting.pop(0)
        yield error
        waiting.extend(error.__subclasses__())


def _facts(error: DataSpaceError, language: Language) -> "_Facts":
    """The facts as words of one language: a fact may itself be a Text, a kind is a noun."""
    facts = dict(error.facts)
    if noun := RELATIONS.by_name.get(str(facts.get("kind"))):
        facts["kind"] = Text(noun.name, noun.text.zh)
    return _Facts(
        (name, fact.to(language) if isinstance(fact, Text) else fact)
        for name, fact in facts.items()
    )


class _Facts(dict[str, Any]):
    """Leaves a placeholder without a fact readable, so that an error never hides another."""

    def __missing__(self, key: str) -> str:
        return f"‹{key}›"
