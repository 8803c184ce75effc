"""Occasions: which moves issue a document, about what, and in the place of which one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dataspace.documents.certificate import Kind


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a move issues.

    `about` is the edge to what the document is about, "" when that is what moves. `renews` is the
    edge from there to another object whose document it takes the place of; "" for its own former.
    """

    kind: Kind
    about: str = ""
    renews: str = ""


RESOURCE: Final = Occasion(Kind.RESOURCE_REGISTRATION)
AGREED: Final = Occasion(Kind.AGREEMENT)
# By noun and move. A registration is certified anew when it is renewed and when a change of it is
# registered; of an agreement there is a document from the locking on, one for each signature.
ISSUED_WITH: Final[Mapping[tuple[str, str], Occasion]] = {
    ("resource", "register"): RESOURCE,
    ("resource", "renew"): RESOURCE,
    ("resource", "renew_listed"): RESOURCE,
    ("resource_change", "pass"): Occasion(Kind.RESOURCE_REGISTRATION, about="resource"),
    ("product", "register"): Occasion(Kind.PRODUCT_REGISTRATION),
    ("product_change", "pass"): Occasion(Kind.PRODUCT_REGISTRATION, about="product"),
    ("authorisation", "pass_second"): Occasion(Kind.AUTHORISATION, renews="renews"),
    ("agreement", "lock"): AGREED,
    ("agreement", "sign_as_grantee"): AGREED,
    ("agreement", "sign_as_grantor"): AGREED,
    ("agreement", "countersign_as_grantee"): AGREED,
    ("agreement", "countersign_as_grantor"): AGREED,
    ("filing", "file"): Occasion(Kind.AGREEMENT, about="agreement"),
}
