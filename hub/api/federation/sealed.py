"""What arrives sealed by a node's key: opened, and found to be for here and for now."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request

from dataspace.federation.joining.application import Application, application_of
from dataspace.federation.joining.refusals import ApplicationUnreadable, ProofMissing
from dataspace.federation.joining.statements import (
    APPLICATION,
    KEY_PROOF,
    SEALED_CHARACTERS_MAX,
    STATEMENT,
    Said,
    check,
    proves_key,
    read,
)
from dataspace.text import Text
from hub.api.wire import from_json
from hub.node import Node
from hub.operations.federation.in_its_own_name import Known, known

HEADER: Final = "cityspace-statement"
SIGNING: Final = Text("signing", "签名")
ASSERTION: Final = Text("sign-in", "登录")


async def application_in(request: Request, node: Node) -> Application:
    """Who applies brings both key sets along, and holds both private keys now.

    Raises:  ApplicationUnreadable, ProofMissing, AddressedElsewhere, ClockDiffers.
    """
    sealed = await _sealed(request)
    kid, claimed = _part(sealed, 0).get("kid"), _part(sealed, 1)
    payload = _opened(node, sealed, claimed.get("signing_keys"), kind=APPLICATION)
    if payload is None:
        raise ProofMissing(what=SIGNING)
    said = read(payload)
    check(said, here=str(request.url), now=node.clock.now())
    proof = _opened(node, said.get("key_proof"), said.get("public_keys"), kind=KEY_PROOF)
    if not proves_key(proof, kid=str(kid), to=said["to"]):
        raise ProofMissing(what=ASSERTION)
    return application_of(said, kid=str(kid))


async def statement_in(request: Request, node: Node) -> tuple[Known, Said]:
    """What the node in the path says, in the body or, of a GET, in a header; and who that is.

    Raises:  NotFound, ApplicationUnreadable, ProofMissing, AddressedElsewhere, ClockDiffers.
    """
    who = await known(node, str(request.path_params["id"])[:40])
    reads = request.method in ("GET", "HEAD")
    sealed = request.headers.get(HEADER, "") if reads else await _sealed(request)
    payload = _opened(node, sealed, json.loads(who.row["signing_keys"]), kind=STATEMENT)
    if payload is None:
        raise ProofMissing(what=SIGNING)
    said = read(payload)
    check(said, here=str(request.url), now=node.clock.now())
    return who, said


def text_in(said: Said, name: str) -> str:
    """Raises:  ApplicationUnreadable."""
    if not isinstance(value := said.get(name, ""), str):
        raise ApplicationUnreadable(detail=name)
    return value


def _opened(node: Node, sealed: Any, jwks: Any, *, kind: str) -> bytes | None:
    if not isinstance(sealed, str) or len(sealed) > SEALED_CHARACTERS_MAX:
        return None
    return node.unseal(sealed, jwks, kind=kind) if isinstance(jwks, dict) else None


async def _sealed(request: Request) -> str:
    """The body is one object with the JWS in `sealed`."""
    body = from_json(await request.body())
    sealed = body.get("sealed") if isinstance(body, dict) else None
    if not isinstance(sealed, str) or len(sealed) > SEALED_CHARACTERS_MAX:
        raise ApplicationUnreadable(detail="sealed")
    return sealed


def _part(sealed: str, number: int) -> Mapping[str, Any]:
    """What a JWS says of itself before anybody has checked it."""
    parts = sealed.split(".")
    try:
        raw = b64decode(parts[number] + "=" * (-len(parts[number]) % 4), b"-_", validate=True)
        said = json.loads(raw)
    except (NotBase64, ValueError, IndexError, RecursionError) as error:
        raise ApplicationUnreadable(detail="sealed") from error
    if not isinstance(said, dict):
        raise ApplicationUnreadable(detail="sealed")
    return said
