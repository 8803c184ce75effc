"""Why the guards of the links refuse, beside the refusals of `dataspace.refusals`."""

from dataspace.errors import Conflict, Invalid, Refused
from dataspace.text import Text


class SameHandler(Refused):
    """Two accounts of one person are one pair of eyes (domain: G-4EYES, handler identity 经办人)."""

    code = "lifecycle.same_handler"
    title = Text(
        "{subject} belongs to a person who acted on {id} before under another account",
        "{subject} 的经办人曾以其他账号办理过 {id}",
    )
    advice = Text("Another person with the role reviews it.", "请由另一名具备该角色的人员审核。")


class PartyNotAdmitted(Refused):
    """Only who is admitted, and not frozen, hands in or joins anything (domain: G-ADMITTED)."""

    code = "participant.not_admitted"
    title = Text(
        "The participant {participant} is {standing}; {id} is for admitted participants",
        "主体 {participant} 当前为 {standing}；{id} 仅限已准入主体办理",
    )
    advice = Text("Have the participant admitted first.", "请先办理主体准入。")


class ItemListedAlready(Conflict):
    """Another department has the same item of the same source on record (domain: one source)."""

    code = "resource.collected_again"
    title = Text(
        "{id} is on record already as {existing}, provided by {provider}",
        "{id} 已由 {provider} 登记为 {existing}，不得重复采集",
    )
    advice = Text(
        "Use what is there, or ask its provider to complete it.",
        "请使用已有资源，或联系其提供方补充。",
    )


class OwnObjection(Refused):
    """An objection is a third party's; the provider takes its own entry back instead."""

    code = "resource.own_objection"
    title = Text(
        "{participant} provides {id} itself and is no third party",
        "{participant} 为 {id} 的提供方，并非第三方",
    )
    advice = Text("Correct the entry instead of objecting to it.", "请直接更正条目。")


class NotInWindow(Conflict):
    """Renewal opens a set time before the end, and not before that."""

    code = "lifecycle.not_in_window"
    title = Text(
        "{id} ends at {valid_until}; renewal opens {days} days before",
        "{id} 有效期至 {valid_until}；到期前 {days} 日方可续期",
    )
    advice = Text("Come back when the window is open.", "请在续期窗口开放后办理。")


class OtherList(Conflict):
    """A renewal puts a resource back where it was: on the authorisable list, or beside it."""

    code = "resource.other_list"
    title = Text("Before its renewal {id} was {state}", "{id} 续期前为 {state}")
    advice = Text("Make the renewal that leads back there.", "请选择相应的续期操作。")


class RenewalUnfounded(Conflict):
    """A renewal follows an authorisation of the same holder that is in force and about to end."""

    code = "authorisation.renewal_unfounded"
    title = Text(
        "{id} cannot renew {renewed}, which is {state} until {valid_until}",
        "{id} 不能续期 {renewed}：其状态为 {state}，有效期至 {valid_until}",
    )
    advice = Text(
        "Renew one's own authorisation within {days} days of its end, or apply for a fresh one.",
        "请在到期前 {days} 日内续期本单位的授权，或另行申请。",
    )


class AgreementMissing(Refused):
    """Authorised operation rests on an operation agreement that is filed (domain: G-AGREEMENT)."""

    code = "authorisation.agreement_missing"
    title = Text(
        "{id} gives a right to operate, but {agreement} is {state} and not a filed agreement of its parties",
        "{id} 授予经营权，但 {agreement} 状态为 {state}，并非双方已备案的运营协议",
    )
    advice = Text(
        "Sign, archive and file the agreement, and name it.",
        "请先签署、归档并备案运营协议，再予引用。",
    )


class OutlivesAgreement(Invalid):
    """What rests on an agreement ends no later than the agreement does (domain: G-TERM)."""

    code = "authorisation.outlives_agreement"
    title = Text(
        "{id} would last until {valid_until}, its agreement {agreement} until {ends}",
        "{id} 拟至 {valid_until}，而协议 {agreement} 仅至 {ends}",
    )
    advice = Text("Set an end within the agreement's.", "请将有效期设在协议期限之内。")


class ScenarioUnapproved(Conflict):
    """An authorisation for a scenario follows that scenario's approval (one scenario, one grant)."""

    code = "authorisation.scenario_unapproved"
    title = Text(
        "{id} is for the scenario {scenario}, which is {state}",
        "{id} 所依场景 {scenario} 状态为 {state}",
    )
    advice = Text(
        "Name a scenario of one's own that both reviews passed.",
        "请引用本单位已通过两级审核的场景。",
    )


class CaseOpen(Conflict):
    """A suspended authorisation comes back when its accountability case is closed for it."""

    code = "authorisation.case_open"
    title = Text(
        "{id} has the accountability case {case}, which is {state}",
        "{id} 的追责事项 {case} 状态为 {state}",
    )
    advice = Text("Close the case in favour of the holder first.", "请先办结追责事项并同意恢复。")


class Suspended(Conflict):
    """Outsiders learn one neutral reason (domain: G-SUSPEND)."""

    code = "lifecycle.suspended"
    title = Text("{id} is under maintenance", "{id} 维护中")
    advice = Text("Try again later.", "请稍后再试。")


class OwnWork(Refused):
    """Nobody reviews what their own organisation made or answers for."""

    code = "lifecycle.own_work"
    title = Text(
        "{participant} does not review {id}, which is its own",
        "{participant} 不得审核本单位的 {id}",
    )
    advice = Text("Somebody of another organisation reviews it.", "请由其他机构的人员审核。")


class ElementsMissing(Invalid):
    """An agreement is settled when none of its elements is blank (domain: 7.2)."""

    code = "agreement.elements_missing"
    title = Text("{id} lacks {fields}", "{id} 缺少 {fields}")
    advice = Text("Fill in the elements that are named.", "请补全所列要素。")


class SharesUneven(Invalid):
    """The shares of the benefits together are the whole."""

    code = "agreement.shares_uneven"
    title = Text(
        "The shares of {id} add up to {sum} %, not {whole} %",
        "{id} 的分配比例合计 {sum}%，应为 {whole}%",
    )
    advice = Text("Correct the shares.", "请更正分配比例。")


class SignatureBroken(Conflict):
    """Both have signed, each for itself, and what they signed is what was locked (G-SIGN)."""

    code = "agreement.signature_broken"
    title = Text("The signatures of {id} do not hold: {why}", "{id} 的签章核验未通过：{why}")
    advice = Text("Give the agreement up and sign another.", "请作废后重新签署。")


class LetterMissing(Conflict):
    """An agreement is archived with its letter of confidentiality."""

    code = "agreement.letter_missing"
    title = Text("{id} has no letter of confidentiality", "{id} 缺少保密承诺函")
    advice = Text("Draft it again with the letter.", "请附保密承诺函后重新起草。")


class WrongRoute(Conflict):
    """Each kind of filing goes its own way."""

    code = "filing.wrong_route"
    title = Text(
        "{id} is a filing of the kind {kind}; {route}", "{id} 的备案事项为 {kind}；{route}"
    )
    advice = Text("Make the move for its kind.", "请按备案事项选择相应操作。")


class NothingToFollow(Conflict):
    """The chain of filings keeps its order: review, plan, operator, agreement, list (7.1)."""

    code = "filing.nothing_to_follow"
    title = Text(
        "{id} follows {needed}, but {found} is {state}",
        "{id} 须以 {needed} 为前提，而 {found} 状态为 {state}",
    )
    advice = Text("Finish what comes before, and name it.", "请先完成前置备案，再予引用。")


class NoGrant(Conflict):
    """It takes an authorisation in force."""

    code = "lifecycle.no_grant"
    title = Text("{id} rests on no authorisation in force: {found}", "{id} 没有有效授权：{found}")
    advice = Text("Have the authorisation take effect first.", "请先使授权生效。")


class GrantStands(Conflict):
    """A case is closed for good when its authorisation has ended."""

    code = "accountability.grant_stands"
    title = Text(
        "{authorisation} is {state} and has not ended", "{authorisation} 状态为 {state}，尚未终止"
    )
    advice = Text(
        "Revoke the authorisation, which closes the case.", "请撤销授权，事项将随之办结。"
    )


class NotMasked(Refused):
    """Data are explored on masked samples only."""

    code = "exploration.not_masked"
    title = Text("{id} asks for more than masked samples", "{id} 超出脱敏样例范围")
    advice = Text(
        "Ask for masked samples, or for an authorisation.", "请改为脱敏样例，或申请授权。"
    )


class TooLong(Invalid):
    """What is lent is lent for a limited time."""

    code = "lifecycle.too_long"
    title = Text(
        "{id} would last until {valid_until}; at most {days} days are given",
        "{id} 拟至 {valid_until}；最长 {days} 日",
    )
    advice = Text("Set an end within the limit.", "请将结束时间设在时限之内。")


class EnvironmentsMixed(Invalid):
    """Development and production environments are separate (functional-node TR)."""

    code = "project.environments_mixed"
    title = Text(
        "{id} would be developed where it runs: {environment}",
        "{id} 的开发与生产环境相同：{environment}",
    )
    advice = Text("Name two environments.", "请分设开发环境与生产环境。")


class OverQuota(Refused):
    """No more is given out than the quota of one request."""

    code = "platform.over_quota"
    title = Text(
        "{id} asks for {asked} {what}, at most {limit} are given",
        "{id} 申请 {what} {asked}，上限 {limit}",
    )
    advice = Text("Ask for less, or for several in turn.", "请减少申请数量，或分次申请。")


class ReviewIncomplete(Conflict):
    """A security review passes when material and code have both passed."""

    code = "review.incomplete"
    title = Text("{id} has no passing result for {missing}", "{id} 尚缺分项结论：{missing}")
    advice = Text("Review the other part first.", "请先完成其余分项审查。")


class RawData(Refused):
    """Raw data stay inside; models, answers, aggregated or de-identified results leave."""

    code = "export.raw_data"
    title = Text("{id} would take {content} data out", "{id} 拟带出 {content} 数据")
    advice = Text("Aggregate or de-identify the data first.", "请先汇聚或去标识化。")


class NotChangeable(Conflict):
    """Only what is registered, and one's own, is changed by a change registration."""

    code = "change.not_changeable"
    title = Text(
        "{entry} is {state} and cannot be changed by {id}",
        "{entry} 状态为 {state}，不能由 {id} 变更",
    )
    advice = Text(
        "Amend a draft; register first what is not registered.",
        "草稿可直接修改；未登记的请先登记。",
    )


class NothingProposed(Invalid):
    """A change proposes at least one value."""

    code = "change.nothing_proposed"
    title = Text("{id} proposes no other value", "{id} 未提出任何变更")
    advice = Text("Give the values that are to change.", "请填写拟变更的内容。")


class NotOpened(Refused):
    """The rules in force keep what is not opened to the public out of authorised operation."""

    code = "authorisation.not_opened"
    title = Text(
        "{resource} is not opened, and the rules do not permit that it is operated",
        "{resource} 不予开放，现行规则不允许授权运营",
    )
    advice = Text(
        "Leave it out, or ask the data bureau about the rulebook.",
        "请剔除该资源，或就规则册咨询数据管理部门。",
    )


class NotReviewed(Conflict):
    """A product is registered after its security and compliance reviews (L5)."""

    code = "product.not_reviewed"
    title = Text("{id} has passed no {missing}", "{id} 尚未通过 {missing}")
    advice = Text("Ask for the reviews that are missing.", "请先申请相应审查。")


class PriceTooHigh(Refused):
    """A price is at most the ceiling of the filed agreement (domain: G-PRICE)."""

    code = "product.price_too_high"
    title = Text(
        "{id} would cost {price_fen} fen, at most {limit_fen} are filed",
        "{id} 定价 {price_fen} 分，备案上限 {limit_fen} 分",
    )
    advice = Text(
        "Lower the price, or have another ceiling filed.", "请降低价格，或重新备案价格上限。"
    )


class IdentityIncomplete(Invalid):
    """An application for admission shows who applies (L1-a)."""

    code = "participant.identity_incomplete"
    title = Text("{id} lacks {fields}", "{id} 缺少或不符 {fields}")
    advice = Text("Complete the identity and apply again.", "请补全身份信息后再提交。")


class HandlersThere(Conflict):
    """Handlers are removed before the organisation is (NDI-TR-2025-03)."""

    code = "participant.handlers_there"
    title = Text("{people} still act for {id}", "{id} 仍有经办人 {people}")
    advice = Text("Remove its members first.", "请先移除其成员。")


class OtherMachinery(Conflict):
    """Nodes are reviewed, connectors are registered: each has moves of its own (L1-b, L1-c)."""

    code = "node.other_machinery"
    title = Text("{id} is of the kind {kind}", "{id} 的类型为 {kind}")
    advice = Text("Make the move for its kind.", "请按其类型选择相应操作。")
