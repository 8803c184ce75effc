"""The error family: a class gives the code, its family the HTTP status, the instance the facts.

Codes read `noun.reason`, are never renamed and never used again for something else. A message
is made from the class's `title` and the instance's facts, so nobody writes prose where an error
is raised, and both languages always exist. `advice` says what the reader can do about it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

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
    code = "catalogue.moved_on"
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
    code = "catalogue.broken"
    title = Text("The data contradicts itself: {detail}", "数据自相矛盾：{detail}")
    advice = Text(
        "Stop writing, keep a copy, and run `cityspace evidence verify`.",
        "请停止写入、保留副本，并运行 `cityspace evidence verify`。",
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
    """The facts as words of one language: a fact may itself be a Text."""
    return _Facts(
        (name, fact.to(language) if isinstance(fact, Text) else fact)
        for name, fact in error.facts.items()
    )


class _Facts(dict[str, Any]):
    """Leaves a placeholder without a fact readable, so that an error never hides another."""

    def __missing__(self, key: str) -> str:
        return f"‹{key}›"
