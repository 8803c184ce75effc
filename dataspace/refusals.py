"""Why a move is refused: the errors of the machines and of their guards, with their facts."""

from dataspace.errors import Conflict, Invalid, Refused
from dataspace.text import Text


class MoveUnknown(Invalid):
    """The machine of this noun has no such move."""

    code = "lifecycle.move_unknown"
    title = Text("{kind} knows no move {move}", "{kind} 没有操作 {move}")
    advice = Text("Its moves are: {moves}.", "可用操作：{moves}。")


class WrongState(Conflict):
    """The move is not made from the state that the object is in."""

    code = "lifecycle.wrong_state"
    title = Text(
        "{id} is {state}; {move} is made from {sources}",
        "{id} 当前为 {state}；{move} 须在 {sources} 时进行",
    )
    advice = Text(
        "Look at what has been decided since you read it.", "请查看您读取之后已作出的决定。"
    )


class RoleMissing(Refused):
    """None of the caller's roles may make the move."""

    code = "lifecycle.role_missing"
    title = Text("{move} is made by {roles}", "{move} 由 {roles} 办理")
    advice = Text("Hand it to somebody who holds the role.", "请交由具备该角色的人员办理。")


class NotYours(Refused):
    """The move belongs to the participant at the named end of the object."""

    code = "lifecycle.not_yours"
    title = Text("{move} is made by the {party} of {id}", "{move} 由 {id} 的 {party} 办理")
    advice = Text("Ask the participant that it belongs to.", "请联系该对象所属主体。")


class NotInPerson(NotYours):
    """The move is that of one person, whom the object names in the field `party`."""

    code = "lifecycle.not_in_person"
    title = Text(
        "{move} of {id} is for the one person in {party}",
        "{id} 的 {move} 仅限 {party} 所指本人办理",
    )
    advice = Text("Ask that person, or who hands the object on.", "请由本人办理，或先行转交。")


class ReasonMissing(Invalid):
    """A refusal or an ending without a reason, or with one that is too long to be read."""

    code = "lifecycle.reason_missing"
    title = Text(
        "{move} needs a reason of 1 to {limit} characters", "{move} 须填写 1 至 {limit} 字的理由"
    )
    advice = Text(
        "Say why; the reason becomes part of the evidence.", "请说明理由，理由将写入存证。"
    )


class FourEyes(Refused):
    """Somebody who already acted on the object may not review it."""

    code = "lifecycle.four_eyes"
    title = Text(
        "{subject} acted on {id} before and may not review it",
        "{subject} 已办理过 {id}，不得再审核",
    )
    advice = Text("Another person with the role reviews it.", "请由另一名具备该角色的人员审核。")


class MetadataIncomplete(Invalid):
    """Mandatory metadata are missing; `fields` names all of them."""

    code = "resource.metadata_incomplete"
    title = Text("{id} lacks {fields}", "{id} 缺少 {fields}")
    advice = Text("Fill in the fields that are named and submit again.", "请补全所列字段后再提交。")


class GradeTooHigh(Refused):
    """Data of this grade or class take no part in this step (domain: G-GRADE)."""

    code = "resource.grade_too_high"
    title = Text(
        "{id} is {classification} data of grade {grade}; here general data of at most {limit}",
        "{id} 为 {classification} 数据、{grade} 级；此环节限一般数据、不高于 {limit} 级",
    )
    advice = Text(
        "Have it reviewed for de-identification or aggregation first.", "请先通过脱敏或汇聚审查。"
    )


class NotAuthorisable(Conflict):
    """A resource is not on the list of what may be authorised."""

    code = "authorisation.resource_not_authorisable"
    title = Text("{resource} is not on the authorisable list", "{resource} 不在可授权清单内")
    advice = Text(
        "The registrar puts a registered resource on the list.", "请由登记员将已登记资源列入清单。"
    )


class AuthorisabilityStated(Conflict):
    """The provider has said already whether the resource may be authorised."""

    code = "resource.authorisability_stated"
    title = Text(
        "The provider of {resource} has said already whether it may be authorised",
        "{resource} 的提供方已注明是否可授权",
    )
    advice = Text(
        "If it may, the registrar puts it on the list; if not, its provider has to say otherwise.",
        "若可授权，请由登记员列入清单；若不可授权，须由提供方更改。",
    )


class TermInvalid(Invalid):
    """An authorisation needs an end, after its start and within the longest term (G-TERM)."""

    code = "authorisation.term_invalid"
    title = Text(
        "The term from {valid_from} to {valid_until} is not within {years} years",
        "期限 {valid_from} 至 {valid_until} 不在 {years} 年以内",
    )
    advice = Text("Set an end of validity within the longest term.", "请将有效期设在最长期限之内。")


class NotOver(Conflict):
    """An authorisation is closed as expired only after its end."""

    code = "authorisation.not_over"
    title = Text("{id} is in force until {valid_until}", "{id} 有效期至 {valid_until}")
    advice = Text("Revoke it to end it earlier.", "如需提前终止，请撤销授权。")


class SourceNotGranted(Refused):
    """A product names a resource that its owner holds no authorisation for (domain: G-SCOPE)."""

    code = "product.source_not_granted"
    title = Text(
        "No authorisation in force covers {resources} for the owner of {id}",
        "{id} 的所有方没有覆盖 {resources} 的有效授权",
    )
    advice = Text(
        "Apply for an authorisation, or leave the resource out.", "请先申请授权，或移除该资源。"
    )


class GradeTooLow(Conflict):
    """A product's grade is lower than that of what it was made from (domain: G-GRADE)."""

    code = "product.grade_too_low"
    title = Text(
        "{id} is of grade {grade}, but its sources are of grade {needed}",
        "{id} 为 {grade} 级，但其来源为 {needed} 级",
    )
    advice = Text(
        "Raise the grade to that of the highest source.", "请将等级提高到来源的最高等级。"
    )


class PriceNotFree(Refused):
    """Use for public governance and welfare is free (domain: G-PRICE)."""

    code = "product.price_not_free"
    title = Text(
        "{id} serves public welfare and may not cost {price_fen} fen",
        "{id} 用于公益，不得收费 {price_fen} 分",
    )
    advice = Text(
        "Set the price to 0, or change the kind of use.", "请将单价设为 0，或更改用途类别。"
    )


class StillInUse(Conflict):
    """Something in force rests on the object; it is closed first."""

    code = "lifecycle.still_in_use"
    title = Text("{id} is still used by {users}", "{id} 仍被 {users} 使用")
    advice = Text("Close what rests on it first.", "请先结束依赖它的对象。")
