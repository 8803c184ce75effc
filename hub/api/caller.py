"""From the Authorization header to the caller; without a token the caller is anyone."""

from starlette.requests import Request

from dataspace.caller import ANYONE, Caller
from dataspace.errors import NotSignedIn
from dataspace.text import Text
from hub.node import Node
from hub.operations.tasks.acting import acting

ON_BEHALF_OF = "cityspace-on-behalf-of"
"""The header that names the delegation under which the caller acts for an absent colleague."""
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


async def caller_of(request: Request, node: Node) -> Caller:
    """Whose token it is; in the place of a colleague when the request names a delegation.

    Raises:  SchemeUnknown, DelegationNotInForce, and the refusals of the identity port.
    """
    header = request.headers.get("authorization")
    if header is None:
        return ANYONE
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > TOKEN_CHARACTERS_MAX:
        raise SchemeUnknown()
    caller = await node.identity.caller(token)
    if named := request.headers.get(ON_BEHALF_OF):
        return await acting(node, caller, named.strip())
    return caller
