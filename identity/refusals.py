"""What the identity side refuses, by name: a token that does not hold, an issuer out of place.

Every refusal of a token is a 401 with a code of its own, so that whoever runs a node sees at
once whether a clock, a key, an address or a caller is wrong. No message repeats the token.
"""

from dataspace.errors import Conflict, NotFound, NotSignedIn, Refused, Unavailable
from dataspace.parts.certificates import ADVICE, certificate_fault
from dataspace.text import Text

SIGN_IN_AGAIN = Text("Sign in again and send the new token.", "请重新登录，并使用新的令牌。")
ASK_THE_OPERATOR = Text(
    "Take a token from this data space's own sign-in; if it is from there, tell the operator.",
    "请使用本数据空间登录所得的令牌；若确系本空间签发，请告知运营方。",
)


class TokenMalformed(NotSignedIn):
    """What was sent is not a signed token, or a claim in it has the wrong form."""

    code = "identity.token_malformed"
    title = Text("The token cannot be read: {why}", "令牌无法读取：{why}")
    advice = SIGN_IN_AGAIN


class TokenAlgorithm(NotSignedIn):
    """Signed in a way that is not on the list, `none` included, or not the way of its key."""

    code = "identity.token_algorithm"
    title = Text(
        "Tokens signed with {algorithm} are not accepted here", "不接受以 {algorithm} 签名的令牌"
    )
    advice = ASK_THE_OPERATOR


class TokenKeyUnknown(NotSignedIn):
    """The key that the token names is not, or no longer, among the issuer's keys."""

    code = "identity.token_key_unknown"
    title = Text(
        "The token names the key {key}, which is not trusted", "令牌所用密钥 {key} 不受信任"
    )
    advice = SIGN_IN_AGAIN


class TokenSignature(NotSignedIn):
    """The signature does not fit: the token was altered, or another key made it."""

    code = "identity.token_signature"
    title = Text("The token's signature does not hold", "令牌签名无效")
    advice = ASK_THE_OPERATOR


class TokenIssuer(NotSignedIn):
    code = "identity.token_issuer"
    title = Text(
        "The token comes from {issuer}; {expected} is asked for",
        "令牌由 {issuer} 签发，应为 {expected}",
    )
    advice = ASK_THE_OPERATOR


class TokenAudience(NotSignedIn):
    code = "identity.token_audience"
    title = Text("The token is not meant for {expected}", "令牌的受众不含 {expected}")
    advice = ASK_THE_OPERATOR


class TokenType(NotSignedIn):
    """An ID token or another token was sent where an access token belongs."""

    code = "identity.token_type"
    title = Text(
        "This is a token of type {type}; an access token is asked for",
        "此为 {type} 类型令牌，需要访问令牌",
    )
    advice = Text("Send the access token of the same sign-in.", "请使用同次登录的访问令牌。")


class TokenExpired(NotSignedIn):
    code = "identity.token_expired"
    title = Text("The token expired at {expired_at}", "令牌已于 {expired_at} 过期")
    advice = SIGN_IN_AGAIN


class TokenNotYetValid(NotSignedIn):
    """Made or valid only in the future: most often a clock is wrong."""

    code = "identity.token_not_yet_valid"
    title = Text("The token holds from {valid_from} only", "令牌自 {valid_from} 起方才有效")
    advice = Text(
        "Wait, or have the clocks of both machines set.", "请稍候，或校准两端机器的时钟。"
    )


class TokenClaimMissing(NotSignedIn):
    code = "identity.token_claim_missing"
    title = Text("The token lacks the claim {claim}", "令牌缺少声明 {claim}")
    advice = ASK_THE_OPERATOR


class OrganisationAmbiguous(NotSignedIn):
    """Nobody acts for no organisation, and nobody for two at a time.

    Keycloak leaves out an organisation that was disabled, so a token without one is refused.
    """

    code = "identity.organisation_ambiguous"
    title = Text(
        "The token names {count} organisations; exactly one must be acted for",
        "令牌含 {count} 个机构；须且只能代表一个机构",
    )
    advice = Text(
        "Sign in for one organisation (scope organization:ALIAS); if you belong to one, "
        "ask its administrator whether it is still admitted.",
        "请以单一机构身份登录（scope 为 organization:别名）；"
        "若仅属一个机构，请向机构管理员确认其仍在册。",
    )


class CutOff(NotSignedIn):
    """The token holds, and whoever holds it has been shut out since it was issued."""

    code = "identity.cut_off"
    title = Text("{subject} has been shut out", "{subject} 已被停用")
    advice = Text(
        "Ask the security administrator of the data space why.",
        "请向数据空间的安全管理员了解原因。",
    )


class RealmDiffers(Conflict):
    """The realm gives itself another address, and so do all of its tokens."""

    code = "identity.realm_differs"
    title = Text(
        "The realm calls itself {issuer}; {expected} was set",
        "身份域自称 {issuer}，设置为 {expected}",
    )
    advice = Text(
        "Set CITYSPACE_IDENTITY to the address that the realm gives itself, or its hostname to"
        " the one that was set.",
        "请将 CITYSPACE_IDENTITY 设为身份域自称的地址，或将其 hostname 设为所设地址。",
    )


class AdministrationRefused(Refused):
    """Keycloak answers, and does not let us administer the realm."""

    code = "identity.administration_refused"
    title = Text("Keycloak does not allow {what}: {detail}", "Keycloak 不允许 {what}：{detail}")
    advice = Text(
        "Check the secret of the hub's client, or the administrator's password, and run"
        " `cityspace identity setup`.",
        "请核对枢纽客户端密钥或管理员密码，并运行 `cityspace identity setup`。",
    )


class RealmDrifted(Conflict):
    """The realm is not as `cityspace identity setup` leaves it."""

    code = "identity.realm_drifted"
    title = Text(
        "The realm differs in {count} places from what the platform needs: {places}",
        "身份域有 {count} 处与平台要求不符：{places}",
    )
    advice = Text(
        "See `cityspace identity setup --dry-run`, then run it without the flag.",
        "请先用 `cityspace identity setup --dry-run` 查看，再去掉该选项执行。",
    )


class SecretRefused(AdministrationRefused):
    """Keycloak does not know the hub's client by the secret that the settings name."""

    code = "identity.secret_refused"
    title = Text("Keycloak refuses the hub's secret: {detail}", "Keycloak 拒绝枢纽密钥：{detail}")
    advice = Text(
        "Set CITYSPACE_IDENTITY_SECRET as it was when `cityspace identity setup` ran, or run that"
        " again with the new one.",
        "请将 CITYSPACE_IDENTITY_SECRET 设为运行 `cityspace identity setup` 时的值，"
        "或以新值重新运行。",
    )


class EmbeddedInProduction(Refused):
    code = "identity.embedded_in_production"
    title = Text(
        "The embedded issuer does not run in {environment}",
        "内置身份签发不可用于 {environment} 环境",
    )
    advice = Text(
        "Name a Keycloak realm as the issuer; the embedded issuer is for one machine.",
        "请将 issuer 设为 Keycloak 域；内置签发仅供单机使用。",
    )


class EmbeddedNotLoopback(Refused):
    code = "identity.embedded_not_loopback"
    title = Text(
        "The embedded issuer answers on this machine only; {address} is elsewhere",
        "内置身份签发仅限本机使用，{address} 不是本机地址",
    )
    advice = Text(
        "Use http://127.0.0.1 or http://localhost, or name a Keycloak realm as the issuer.",
        "请使用 http://127.0.0.1 或 http://localhost，或将 issuer 设为 Keycloak 域。",
    )


class DemoOnly(Refused):
    """Tokens without a sign-in, and shown passwords, exist for a demonstration only."""

    code = "identity.demo_only"
    title = Text("{what} works in a demonstration only", "{what} 仅可用于演示")
    advice = Text("Sign in with user name and password.", "请使用用户名和密码登录。")


class PersonUnknown(NotFound):
    code = "identity.person_unknown"
    title = Text("There is no person {username}", "不存在人员 {username}")
    advice = Text("Known here: {known}.", "现有人员：{known}。")


class IdentityUnavailable(Unavailable):
    """The embedded issuer's folder cannot be used, or Keycloak does not answer."""

    code = "identity.unavailable"


class IdentityCertificateRefused(IdentityUnavailable):
    """Keycloak shows a certificate that does not hold; nothing was sent to it."""

    code = "identity.certificate_refused"
    title = Text(
        "The certificate of {service} does not hold: {detail}", "{service} 的证书无效：{detail}"
    )
    advice = ADVICE


def away(error: BaseException, detail: str, *, retry_after_seconds: int) -> IdentityUnavailable:
    """Keycloak does not answer, or we do not listen to whoever answers in its place."""
    fault = certificate_fault(error)
    kind = IdentityCertificateRefused if fault else IdentityUnavailable
    return kind(service="Keycloak", detail=fault or detail, retry_after_seconds=retry_after_seconds)
