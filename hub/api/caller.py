"""From the Authorization header to the caller; without a token the caller is anyone."""

from starlette.requests import Request

from dataspace.caller import ANYONE, Caller
from dataspace.errors import NotSignedIn
from dataspace.ports import Identity
from dataspace.text import Text

TOKEN_CHARACTERS_MAX = 16_384


class SchemeUnknown(NotSignedIn):
    """The Authorization header is not `Bearer` with one token."""

    code = "identity.scheme_unknown"
    title = Text(
        "The Authorization header is not `Bearer` and a token", "Authorization 头不是 Bearer 加令牌"
    )
    advice = Text(
        "Send `Authorization: Bearer` and the access token.",
        "请发送 Authorization: Bearer 加访问令牌。",
    )


async def caller_of(request: Request, identity: Identity) -> Caller:
    """Raises:  SchemeUnknown, and the refusals of the identity port."""
    header = request.headers.get("authorization")
    if header is None:
        return ANYONE
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > TOKEN_CHARACTERS_MAX:
        raise SchemeUnknown()
    return await identity.caller(token)
