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
    """Only participants that are admitted, and not frozen, hand anything in (domain: G-ADMITTED)."""

    code = "participant.not_admitted"
    title = Text(
        "The participant {participant} is {standing}; {id} is handed in by an admitted one",
        "主体 {participant} 当前为 {standing}；{id} 须由已准入主体提交",
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
