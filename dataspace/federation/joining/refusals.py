"""Why an invitation, an application or a node's own statement is refused."""

from dataspace.errors import Conflict, Invalid, NotSignedIn, Refused, Unavailable
from dataspace.text import Text

ASK_ANEW = Text("Ask the city for another invitation.", "请向城市平台重新申请邀请码。")


class InvitationMistyped(Invalid):
    """The check letter does not fit: it was copied wrongly, and no try was counted."""

    code = "invitation.mistyped"
    title = Text("This is no invitation code", "邀请码格式有误")
    advice = Text(
        "It has {letters} letters and digits in groups of four; copy it again. No try was counted.",
        "邀请码为 {letters} 位字母与数字，每四位一组；请重新复制。本次不计入错误次数。",
    )


class InvitationWrong(Refused):
    """The code is well written and opens nothing; the try was counted where there is anything."""

    code = "invitation.wrong"
    title = Text("The invitation code is wrong", "邀请码不正确")
    advice = Text(
        "Compare it with what you were given; after too many wrong tries it is void.",
        "请核对收到的邀请码；错误次数过多将作废。",
    )


class InvitationVoid(Refused):
    code = "invitation.void"
    title = Text(
        "The invitation {code} is void: it was tried wrongly {tries} times",
        "邀请 {code} 已作废：错误尝试达 {tries} 次",
    )
    advice = ASK_ANEW


class InvitationRevoked(Refused):
    code = "invitation.revoked"
    title = Text("The invitation {code} was revoked", "邀请 {code} 已撤销")
    advice = ASK_ANEW


class InvitationExpired(Refused):
    code = "invitation.expired"
    title = Text(
        "The invitation {code} held until {valid_until}", "邀请 {code} 已于 {valid_until} 过期"
    )
    advice = ASK_ANEW


class InvitationUsed(Conflict):
    """An invitation is for one application; the same one sent again is answered as before."""

    code = "invitation.used"
    title = Text("The invitation {code} has been used", "邀请 {code} 已被使用")
    advice = Text(
        "If it was not you, tell the city at once; otherwise ask for another invitation.",
        "若非本人使用，请立即告知城市平台；否则请重新申请邀请码。",
    )


class InvitationClosed(Conflict):
    """What is used, void, revoked or expired cannot be revoked."""

    code = "invitation.closed"
    title = Text("The invitation {code} is {state} already", "邀请 {code} 当前为 {state}")
    advice = Text("There is nothing to be revoked.", "无需撤销。")


class OperatorDiffers(Refused):
    """The invitation is for another organisation than the one that applies."""

    code = "application.operator_differs"
    title = Text(
        "The invitation is for another organisation than {credit_code}",
        "该邀请并非签发给 {credit_code}",
    )
    advice = Text(
        "Give the credit code of the organisation that was invited.",
        "请填写受邀机构的统一社会信用代码。",
    )


class ProfileUnknown(Invalid):
    code = "application.profile_unknown"
    title = Text("The hub knows no profile {profile}", "本枢纽不认识领域配置 {profile}")
    advice = Text("Known here: {known}.", "现有类型：{known}。")


class ProfileDiffers(Refused):
    code = "application.profile_differs"
    title = Text(
        "The invitation is for a {invited} node, not for {profile}",
        "该邀请用于 {invited} 节点，而非 {profile}",
    )
    advice = Text("Join with --profile {invited}.", "请以 --profile {invited} 加入。")


class ApplicationUnreadable(Invalid):
    """It is not what an application looks like."""

    code = "application.unreadable"
    title = Text("This is no application: {detail}", "这不是有效的接入申请：{detail}")
    advice = Text(
        "Send it with `cityspace node join` of the hub's version.",
        "请使用与枢纽版本一致的 `cityspace node join` 提交。",
    )


class ProofMissing(NotSignedIn):
    """What is said in a node's name must be sealed by its key, and both keys must be at hand."""

    code = "node.proof_missing"
    title = Text("The proof of the {what} key does not hold", "{what} 密钥的持有证明无效")
    advice = Text(
        "Send it from the machine that holds the node's keys.", "请在持有节点密钥的机器上提交。"
    )


class AddressedElsewhere(Refused):
    """A statement that was made for another place is not taken here."""

    code = "node.addressed_elsewhere"
    title = Text(
        "This was said to {to}, and this is {here}", "该消息的接收方为 {to}，此处为 {here}"
    )
    advice = Text("Address the hub as it calls itself.", "请使用枢纽自身的对外地址。")


class ClockDiffers(Refused):
    """The clocks are too far apart to tell what is new from what is replayed."""

    code = "node.clock_differs"
    title = Text(
        "Your clock is {seconds} seconds off the hub's, which says {hub_time}",
        "本机时钟与枢纽相差 {seconds} 秒，枢纽时间为 {hub_time}",
    )
    advice = Text(
        "Set the machine's clock, best by NTP; {limit} seconds are tolerated.",
        "请校准本机时钟（建议使用 NTP）；允许相差 {limit} 秒。",
    )


class AlreadyJoined(Conflict):
    """One data folder is one node."""

    code = "node.already_joined"
    title = Text("{folder} is the node {node} of {hub}", "{folder} 已是 {hub} 的节点 {node}")
    advice = Text(
        "`cityspace node status` tells how it stands; use another --data for another node.",
        "可用 `cityspace node status` 查看状态；另建节点请使用其他 --data 文件夹。",
    )


class NotJoined(Conflict):
    code = "node.not_joined"
    title = Text("{folder} has not joined a city", "{folder} 尚未加入任何城市")
    advice = Text("Join with `cityspace node join`.", "请先运行 `cityspace node join`。")


class RulebookUnreadable(Invalid):
    code = "rulebook.unreadable"
    title = Text("{file} is no rulebook: {detail}", "{file} 不是有效的规则册：{detail}")
    advice = Text(
        "Write it in TOML, as docs/how-to/join-a-city.md shows.",
        "请按 docs/how-to/join-a-city.md 的示例以 TOML 编写。",
    )


class CodeUnreadable(Invalid):
    code = "invitation.unreadable"
    title = Text(
        "No invitation code can be read from {file}: {detail}",
        "无法从 {file} 读取邀请码：{detail}",
    )
    advice = Text(
        "Put the code alone into the file, and let this user read it.",
        "请在文件中仅写入邀请码，并允许当前用户读取。",
    )


class HubAway(Unavailable):
    """Nothing is lost: by the same keys the same application is sent again."""

    code = "hub.unavailable"
    advice = Text(
        "Look at the address and the network, then run the command again: it sends the same"
        " application.",
        "请检查地址与网络后重新运行；将提交同一份申请。",
    )


class HubPlain(Refused):
    """What is sent to a hub crosses no network in the clear."""

    code = "hub.plain_http"
    title = Text("{hub} is not https", "{hub} 不是 https 地址")
    advice = Text(
        "Use the hub's https address; plain HTTP is for a hub on this machine.",
        "请使用枢纽的 https 地址；明文 HTTP 仅限本机枢纽。",
    )


class HubKeysChanged(Refused):
    """None of the keys that were pinned is among those that answer now."""

    code = "hub.keys_changed"
    title = Text(
        "{hub} answers with other keys than those it had", "{hub} 的密钥与此前记录的完全不同"
    )
    advice = Text(
        "Ask the city by another way whether it changed all its keys at once; if so, remove"
        " `hub_keys` from {file}.",
        "请通过其他途径向城市平台核实是否一次更换了全部密钥；"
        "若属实，请从 {file} 中删除 `hub_keys`。",
    )


class HubRefuses(Refused):
    """What the hub answered, under its own code and in its own words."""

    code = "hub.refuses"
    title = Text("{message}", "{message}")
    advice = Text("{advice}", "{advice}")

    def __init__(self, *, code: str, message: str, advice: str) -> None:
        super().__init__(message=message, advice=advice)
        self.code = code  # type: ignore[misc]
