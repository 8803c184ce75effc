"""What the realm must be, as data: `cityspace identity setup` makes it so, `check` compares.

Names and values are Keycloak's own (26.7, administration REST API).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dataspace.caller import HELD_BY_PEOPLE, Role
from dataspace.text import Text
from identity.administration.belonging import client_scopes, realm_scopes, service_roles
from identity.administration.places import Document, Entry, Part, Realm
from identity.issuer.roles import TITLES
from identity.tokens import AUDIENCE

CONSOLE = "cityspace-console"
HUB = AUDIENCE
HANDLER = "handler"
HUB_SCOPE = "city-hub"
ORGANISATION = "organization"
DAY_SECONDS = 86_400
# Changing accounts and clients is the hub's work; the rest it may only look at.
HUB_RIGHTS = frozenset(
    {"manage-clients", "manage-organizations", "manage-users", "view-events", "view-realm"}
)
LOCALES = ("zh-CN", "en")
TITLE = Text("City Data Space", "城市可信数据空间")
TEXTS: Mapping[str, Text] = {
    "loginAccountTitle": Text("Sign in to the city data space", "登录城市可信数据空间"),
    "loginTitle": Text("Sign in to the city data space", "登录城市可信数据空间"),
    "usernameOrEmail": Text("User name", "用户名"),
    "username": Text("User name", "用户名"),
    "password": Text("Password", "密码"),
    "doLogIn": Text("Sign in", "登录"),
    "invalidUserMessage": Text("User name or password does not fit.", "用户名或密码不正确。"),
    "invalidPasswordMessage": Text("User name or password does not fit.", "用户名或密码不正确。"),
    "invalidUsernameMessage": Text("User name or password does not fit.", "用户名或密码不正确。"),
    "accountDisabledMessage": Text(
        "This account is disabled; ask the security administrator.",
        "该账户已停用，请联系安全管理员。",
    ),
    "updatePasswordTitle": Text("Choose a password of your own", "请设置您自己的密码"),
}
# Renewed tokens and introspections would drown what matters.
EVENT_TYPES = (
    "LOGIN", "LOGIN_ERROR", "LOGOUT", "LOGOUT_ERROR", "CODE_TO_TOKEN_ERROR",
    "REFRESH_TOKEN_ERROR", "CLIENT_LOGIN", "CLIENT_LOGIN_ERROR", "UPDATE_CREDENTIAL",
    "UPDATE_CREDENTIAL_ERROR", "RESET_PASSWORD", "RESET_PASSWORD_ERROR",
    "USER_DISABLED_BY_PERMANENT_LOCKOUT", "USER_DISABLED_BY_TEMPORARY_LOCKOUT",
    "TOKEN_EXCHANGE", "TOKEN_EXCHANGE_ERROR", "PERMISSION_TOKEN_ERROR",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What differs from city to city: where the hub is reached, and its client's secret.

    Without a secret the hub's client is compared but for it.
    """

    address: str
    secret: str = field(default="", repr=False)


def wanted(around: Surroundings) -> Sequence[Part]:
    """Every part, in the order in which each finds what it rests on."""
    hub, console = _hub(around), _console(around)
    return (
        Realm(REALM),
        Document("user profile", "/users/profile", PROFILE),
        *(_texts(locale) for locale in LOCALES),
        *(_role(role) for role in Role if role in HELD_BY_PEOPLE),
        SIGNING_KEY,
        ORGANISATION_MAPPER,
        HUB_SCOPE_ENTRY,
        AUDIENCE_MAPPER,
        HANDLER_MAPPER,
        realm_scopes(frozenset({ORGANISATION, HUB_SCOPE})),
        console,
        client_scopes(console, frozenset({ORGANISATION, HUB_SCOPE})),
        hub,
        service_roles(hub, HUB_RIGHTS),
    )


REALM: Mapping[str, Any] = {
    "enabled": True,
    "displayName": f"{TITLE.zh} {TITLE.en}",
    "organizationsEnabled": True,
    "sslRequired": "external",
    "registrationAllowed": False,
    "resetPasswordAllowed": False,
    "editUsernameAllowed": False,
    "rememberMe": False,
    "loginWithEmailAllowed": False,
    "duplicateEmailsAllowed": True,
    "internationalizationEnabled": True,
    "supportedLocales": list(LOCALES),
    "defaultLocale": LOCALES[0],
    # Lives. A disabled account is out of the platform at once, and out of a token in five minutes.
    "accessTokenLifespan": 300,
    "ssoSessionIdleTimeout": 1800,
    "ssoSessionMaxLifespan": 36_000,
    "revokeRefreshToken": True,
    "refreshTokenMaxReuse": 0,
    "defaultSignatureAlgorithm": "RS256",
    # Guessing: after 8 misses a minute of waiting, doubled up to a quarter of an hour.
    "bruteForceProtected": True,
    "permanentLockout": False,
    "failureFactor": 8,
    "waitIncrementSeconds": 60,
    "maxFailureWaitSeconds": 900,
    "maxDeltaTimeSeconds": 43_200,
    "passwordPolicy": "length(12) and notUsername(undefined) and passwordHistory(5)",
    # Events are kept until they have long been taken into the evidence.
    "eventsEnabled": True,
    "eventsExpiration": 90 * DAY_SECONDS,
    "enabledEventTypes": list(EVENT_TYPES),
    "adminEventsEnabled": True,
    "adminEventsDetailsEnabled": False,
    "attributes": {"adminEventsExpiration": str(90 * DAY_SECONDS)},
}


def _attribute(name: str, *, length_max: int, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "permissions": {"view": ["admin", "user"], "edit": ["admin"]},
        "validations": {"length": {"max": length_max}},
        "multivalued": False,
        **more,
    }


# A person needs a name and nothing else: no address is asked for at the first sign-in.
PROFILE: Mapping[str, Any] = {
    "attributes": [
        _attribute("username", length_max=80, displayName="${username}"),
        _attribute("email", length_max=255, displayName="${email}"),
        _attribute("firstName", length_max=255, displayName="${firstName}"),
        _attribute("lastName", length_max=255, displayName="${lastName}"),
    ],
    "unmanagedAttributePolicy": "ADMIN_EDIT",
}
SIGNING_KEY = Entry(
    "/components",
    "name",
    {
        "name": "city-signing",
        "providerId": "rsa-generated",
        "providerType": "org.keycloak.keys.KeyProvider",
        "config": {
            "priority": ["150"], "enabled": ["true"], "active": ["true"],
            "keySize": ["2048"], "algorithm": ["RS256"],
        },
    },
    query={"type": "org.keycloak.keys.KeyProvider"},
)  # fmt: skip
_ORGANISATION_SCOPE = Entry("/client-scopes", "name", {"name": ORGANISATION})
HUB_SCOPE_ENTRY = Entry(
    "/client-scopes",
    "name",
    {
        "name": HUB_SCOPE,
        "description": "That a token is meant for the hub",
        "protocol": "openid-connect",
        "attributes": {"include.in.token.scope": "false", "display.on.consent.screen": "false"},
    },
)
AUDIENCE_MAPPER = Entry(
    "/protocol-mappers/models",
    "name",
    {
        "name": "audience",
        "protocol": "openid-connect",
        "protocolMapper": "oidc-audience-mapper",
        "config": {
            "included.custom.audience": AUDIENCE,
            "access.token.claim": "true",
            "id.token.claim": "false",
            "introspection.token.claim": "true",
        },
    },
    parent=HUB_SCOPE_ENTRY,
)
# Which person an account is of (经办人), so that two accounts of one are one pair of eyes.
HANDLER_MAPPER = Entry(
    "/protocol-mappers/models",
    "name",
    {
        "name": HANDLER,
        "protocol": "openid-connect",
        "protocolMapper": "oidc-usermodel-attribute-mapper",
        "config": {
            "user.attribute": HANDLER,
            "claim.name": HANDLER,
            "jsonType.label": "String",
            "multivalued": "false",
            "access.token.claim": "true",
            "id.token.claim": "false",
            "introspection.token.claim": "true",
        },
    },
    parent=HUB_SCOPE_ENTRY,
)
# Its id, the participant's id and its spaces come with the organisation; by itself only its alias.
ORGANISATION_MAPPER = Entry(
    "/protocol-mappers/models",
    "name",
    {
        "name": ORGANISATION,
        "protocol": "openid-connect",
        "protocolMapper": "oidc-organization-membership-mapper",
        "config": {
            "claim.name": ORGANISATION,
            "jsonType.label": "JSON",
            "multivalued": "true",
            "addOrganizationId": "true",
            "addOrganizationAttributes": "true",
            "access.token.claim": "true",
            "id.token.claim": "true",
            "introspection.token.claim": "true",
        },
    },
    parent=_ORGANISATION_SCOPE,
)


def _texts(locale: str) -> Document:
    language = "zh" if locale.startswith("zh") else "en"
    texts = {name: text.zh if language == "zh" else text.en for name, text in TEXTS.items()}
    return Document(f"texts {locale}", f"/localization/{locale}", texts, adds=True)


def _role(role: Role) -> Entry:
    title = TITLES[role]
    return Entry(
        "/roles", "name", {"name": str(role), "description": f"{title.zh} {title.en}"},
        rewrites="/roles-by-id",
    )  # fmt: skip


def _console(around: Surroundings) -> Entry:
    values = console_client(CONSOLE, f"{TITLE.zh} {TITLE.en}", address=around.address)
    return Entry("/clients", "clientId", values, query={"clientId": CONSOLE})


def console_client(client: str, name: str, *, address: str) -> dict[str, Any]:
    """Public: a page in a browser keeps no secret, so a code is worth nothing without its PKCE."""
    places = [f"{address}/graphql", f"{address}/console/*"]
    return {
        "clientId": client,
        "name": name,
        "enabled": True,
        "protocol": "openid-connect",
        "publicClient": True,
        "standardFlowEnabled": True,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "serviceAccountsEnabled": False,
        "fullScopeAllowed": True,
        "redirectUris": places,
        "webOrigins": [address],
        "attributes": {
            "pkce.code.challenge.method": "S256",
            "post.logout.redirect.uris": "##".join(places),
        },
    }


def _hub(around: Surroundings) -> Entry:
    """Confidential: the hub's own account, and the audience of every token."""
    secret = {"secret": around.secret} if around.secret else {}
    return Entry(
        "/clients",
        "clientId",
        {
            "clientId": HUB,
            "name": "City hub 城市枢纽",
            "enabled": True,
            "protocol": "openid-connect",
            "publicClient": False,
            "clientAuthenticatorType": "client-secret",
            "standardFlowEnabled": False,
            "implicitFlowEnabled": False,
            "directAccessGrantsEnabled": False,
            "serviceAccountsEnabled": True,
            "fullScopeAllowed": True,
            **secret,
        },
        query={"clientId": HUB},
    )
