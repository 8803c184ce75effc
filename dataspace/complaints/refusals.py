"""Why a complaint is not lodged, or not moved on."""

from dataspace.errors import Conflict, Exhausted, Refused
from dataspace.text import Text


class Concerned(Refused):
    """People of the participant that is complained about keep out of it."""

    code = "complaint.concerned"
    title = Text(
        "{id} is about {participant}, whose people do not handle it",
        "{id} 涉及 {participant}，其人员应当回避",
    )
    advice = Text(
        "Somebody of another participant handles it, such as a supervisor.",
        "请由其他主体的人员（如监管方）办理。",
    )


class NotAssignable(Conflict):
    """The colleague named cannot handle this complaint."""

    code = "complaint.not_assignable"
    title = Text("{member} does not handle {id}: {why}", "{member} 不能办理 {id}：{why}")
    advice = Text(
        "Name an active registrar or approver who has not acted on it.",
        "请指定未参与过该投诉的在职登记员或审批员。",
    )


class SpeaksForComplainant(Refused):
    """Whoever handles or answered it does not also say for the complainant how it ends."""

    code = "complaint.speaks_for_complainant"
    title = Text(
        "{subject} handles {id}, and does not speak for its complainant",
        "{subject} 为 {id} 的办理人，不得代投诉人表态",
    )
    advice = Text(
        "A colleague asks the complainant and enters what they say.",
        "请由同事联系投诉人并代为登记。",
    )


class ReopenedBefore(Conflict):
    """A complaint is reopened once; what is wrong with the second answer is a new complaint."""

    code = "complaint.reopened_before"
    title = Text("{id} was reopened before, at {reopened_at}", "{id} 已于 {reopened_at} 退回过一次")
    advice = Text(
        "Lodge another complaint, and name this one in it.", "请另行提出投诉，并注明本投诉编号。"
    )


class StillDisputable(Conflict):
    """Its complainant still has time to say that they are not satisfied."""

    code = "complaint.still_disputable"
    title = Text(
        "{id} may be closed without its complainant from {from_moment} on ({rule} {days}, {edition})",
        "{id} 自 {from_moment} 起方可期满办结（{rule} 为 {days}，依据 {edition}）",
    )
    advice = Text("Let the complainant confirm it, or wait.", "请由投诉人确认，或等待期满。")


class TooManyOpen(Exhausted):
    """One person has so many complaints that nobody has answered yet."""

    code = "complaint.too_many_open"
    title = Text(
        "{count} complaints of yours are open, of at most {limit}",
        "您有 {count} 件投诉尚未答复，上限 {limit} 件",
    )
    advice = Text("Wait for an answer, or take one back.", "请等待答复，或撤回其中一件。")
