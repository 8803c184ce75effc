"""Why a move is refused by what a rulebook states: each names the rule and its version."""

from dataspace.errors import Conflict, Invalid, Refused
from dataspace.text import Text


class PublicityRuns(Conflict):
    """Others may still object: what is in publicity is registered after its last day (L2).

    Without an `until` the publicity stands still, or nothing says since when it lasts.
    """

    code = "resource.publicity_runs"
    title = Text(
        "{id} is in publicity from {since} until {until} ({rule} {days}, {edition})",
        "{id} 公示自 {since} 至 {until}（{rule} 为 {days}，依据 {edition}）",
    )
    advice = Text(
        "Register it when its publicity is over, or leave that to the job of every morning.",
        "请于公示期满后准予登记，或由每日任务自动办理。",
    )


class GradeBelowFloor(Conflict):
    """The rules give such data a higher grade, so that they are protected more."""

    code = "resource.grade_below_floor"
    title = Text(
        "{id} is of grade {grade}, and {needed} is the least ({rule}, {edition})",
        "{id} 定级为 {grade}，不得低于 {needed}（{rule}，依据 {edition}）",
    )
    advice = Text("Have it graded anew.", "请重新定级。")


class QualityBelowFloor(Conflict):
    """The rules register what was measured and is good enough only."""

    code = "resource.quality_below_floor"
    title = Text(
        "{id} has the quality {quality}, and {needed} is the least ({rule}, {edition})",
        "{id} 质量等级为 {quality}，不得低于 {needed}（{rule}，依据 {edition}）",
    )
    advice = Text(
        "Attach its data, have them measured, and answer the work order.",
        "请挂接数据并进行质量评测，按整改工单整改。",
    )


class PapersMissing(Invalid):
    """The rules ask for papers that are not attached; `papers` names all of them."""

    code = "lifecycle.papers_missing"
    title = Text(
        "{id} lacks the papers {papers} ({rule}, {edition})",
        "{id} 缺少附件 {papers}（{rule}，依据 {edition}）",
    )
    advice = Text("Attach the papers that are named.", "请补充所列附件。")


class TooFewReviewers(Conflict):
    """The rules ask for more people than have looked at it (four eyes, or more)."""

    code = "lifecycle.too_few_reviewers"
    title = Text(
        "{id} was looked at by {count} ({reviewers}), and {needed} must ({rule}, {edition})",
        "{id} 现有 {count} 人审核（{reviewers}），须 {needed} 人（{rule}，依据 {edition}）",
    )
    advice = Text(
        "Another person countersigns it first; what was not handed in is handed in before.",
        "请先由另一人会签；未经申请的，请先提交申请。",
    )


class ReviewerRoleMissing(Conflict):
    """The rules name a role that has not looked at it."""

    code = "lifecycle.reviewer_role_missing"
    title = Text(
        "{id} was not looked at by {roles} ({rule}, {edition})",
        "{id} 尚未经 {roles} 审核（{rule}，依据 {edition}）",
    )
    advice = Text("Somebody who holds the role countersigns it first.", "请先由具备该角色的人员会签。")


class NoCountersignature(Conflict):
    """Enough people of the right roles review it by themselves."""

    code = "lifecycle.no_countersignature"
    title = Text(
        "{id} needs no countersignature: {needed} decide ({rule}, {edition})",
        "{id} 无须会签：审核人数下限 {needed}（{rule}，依据 {edition}）",
    )
    advice = Text("Make the decision itself.", "请直接作出决定。")


class NotAReviewer(Refused):
    """The rules ask for a countersignature of another role."""

    code = "lifecycle.not_a_reviewer"
    title = Text(
        "{id} is countersigned by {roles} ({rule}, {edition})",
        "{id} 由 {roles} 会签（{rule}，依据 {edition}）",
    )
    advice = Text("Hand it to somebody who holds the role.", "请交由具备该角色的人员会签。")


class PersonalRouteMissing(Invalid):
    """What holds personal information is operated by a stated route."""

    code = "authorisation.personal_route_missing"
    title = Text(
        "{id} names no route for the personal information in {resources} ({rule} {allowed}, {edition})",
        "{id} 未注明 {resources} 所含个人信息的处理路径（{rule} 为 {allowed}，依据 {edition}）",
    )
    advice = Text(
        "Say whether the persons consent or the data are anonymised.",
        "请注明取得个人同意或匿名化处理。",
    )


class PersonalRouteRefused(Refused):
    """The rules in force do not allow this route for personal information."""

    code = "authorisation.personal_route_refused"
    title = Text(
        "{id} would treat personal information by {route} ({rule} {allowed}, {edition})",
        "{id} 拟按 {route} 处理个人信息（{rule} 为 {allowed}，依据 {edition}）",
    )
    advice = Text("Take a route that is allowed.", "请改用允许的处理路径。")
