"""Invitations: the form of their codes, and whether one may be used now. Pure.

A code has 24 letters in six groups. The first eight name the invitation and are no secret; the
next fifteen are (74 random bits); the last one is a check letter, so that a code which was copied
wrongly is told apart from one that was tried. Life and tries: an operating guide, as the rules
`participant.invitation_hours_max` and `participant.invitation_tries_max` state them.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from dataspace.federation.joining.refusals import (
    InvitationExpired,
    InvitationMistyped,
    InvitationRevoked,
    InvitationVoid,
    InvitationWrong,
)
from dataspace.quantity import read_moment

# Without 0 and O, 1, I and L. Their number is a prime, which makes the check letter sure.
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PUBLIC_LETTERS: Final = 8
SECRET_LETTERS: Final = 15
CODE_LETTERS: Final = PUBLIC_LETTERS + SECRET_LETTERS + 1
GROUP_LETTERS: Final = 4
HASH_LETTERS: Final = 64  # of a SHA-256 in hexadecimal digits
HEX: Final = frozenset("0123456789abcdef")
HOURS_MAX: Final = 24
TRIES_MAX: Final = 5
OPEN, USED, VOID, REVOKED, EXPIRED = "OPEN", "USED", "VOID", "REVOKED", "EXPIRED"


@dataclass(frozen=True, slots=True)
class InvitationCode:
    """`public` names the invitation; `secret` is known to the invited alone."""

    public: str
    secret: str = field(repr=False)

    @property
    def written(self) -> str:
        """The whole code as people copy it: `ABCD-EFGH-…`."""
        body = self.public + self.secret
        whole = body + check_letter(body)
        return "-".join(
            whole[at : at + GROUP_LETTERS] for at in range(0, CODE_LETTERS, GROUP_LETTERS)
        )

    @property
    def hashed(self) -> str:
        """What is kept of the secret. It is random, so that a fast hash is enough."""
        said = f"cityspace invitation {self.public} {self.secret}"
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class NamedCode:
    """A code that was made elsewhere: its public part, and the hash of its secret one."""

    public: str
    hashed: str

    def check(self) -> None:
        """Raises:  InvitationMistyped."""
        right = len(self.public) == PUBLIC_LETTERS and set(self.public) <= set(LETTERS)
        if not right or len(self.hashed) != HASH_LETTERS or not set(self.hashed) <= HEX:
            raise InvitationMistyped(letters=CODE_LETTERS)


def random_code() -> InvitationCode:
    def letters(count: int) -> str:
        return "".join(secrets.choice(LETTERS) for _ in range(count))

    return InvitationCode(letters(PUBLIC_LETTERS), letters(SECRET_LETTERS))


def check_letter(body: str) -> str:
    """Makes the sum of all letters, each weighted by its place, 0 mod 31: no single wrong letter
    and no two that changed places give the same sum."""
    total = sum(place * LETTERS.index(letter) for place, letter in enumerate(body, start=1))
    inverse = pow(len(body) + 1, -1, len(LETTERS))
    return LETTERS[-total * inverse % len(LETTERS)]


def read_code(text: str) -> InvitationCode:
    """A code as somebody typed it; case, blanks and hyphens do not matter.

    Raises:  InvitationMistyped, which is no try: nothing was compared with any secret.
    """
    code = "".join(letter for letter in text.upper() if letter not in "-– \t\n")
    if len(code) != CODE_LETTERS or not set(code) <= set(LETTERS):
        raise InvitationMistyped(letters=CODE_LETTERS)
    if check_letter(code[:-1]) != code[-1]:
        raise InvitationMistyped(letters=CODE_LETTERS)
    return InvitationCode(code[:PUBLIC_LETTERS], code[PUBLIC_LETTERS:-1])


def fits(invitation: Mapping[str, Any], code: InvitationCode) -> bool:
    """Compared in a time that does not tell how much of it was right."""
    return hmac.compare_digest(str(invitation["secret_hash"]), code.hashed)


def judge(invitation: Mapping[str, Any], code: InvitationCode, now: datetime) -> None:
    """Whether the code opens the invitation, which may have been used with it already.

    Raises:  InvitationVoid, InvitationRevoked, InvitationExpired, InvitationWrong.
    """
    state, until = invitation["state"], invitation["valid_until"]
    if state == VOID:
        raise InvitationVoid(code=code.public, tries=invitation["tries_max"])
    if state == REVOKED:
        raise InvitationRevoked(code=code.public)
    if state == EXPIRED or (state == OPEN and read_moment(until) <= now):
        raise InvitationExpired(code=code.public, valid_until=until)
    if not fits(invitation, code):
        raise InvitationWrong(code=code.public)


def tried_wrongly(invitation: Mapping[str, Any]) -> dict[str, Any]:
    """What the invitation is after one more wrong try."""
    tries = (invitation["wrong_tries"] or 0) + 1
    void = tries >= invitation["tries_max"]
    return {"wrong_tries": tries, "state": VOID if void else invitation["state"]}
