"""Identity by a Keycloak realm: tokens are checked here, with the keys that the realm publishes."""

from datetime import datetime, timedelta
from typing import Self

from anyio import Lock
from starlette.routing import BaseRoute

from dataspace.accounts.port import Denials
from dataspace.caller import Caller
from dataspace.quantity import Clock
from identity.issuer.demo import Login
from identity.realm_keys import fetch_keys
from identity.refusals import CutOff, DemoOnly, IdentityUnavailable, TokenKeyUnknown
from identity.tokens import TokenVerifier

# How often an unknown key may make us ask, so that forged tokens are no load on the realm.
ASK_AGAIN_SECONDS = 10
# The same while it is away, so that it counts again soon after its return.
ASK_AGAIN_AWAY_SECONDS = 5
# How long an answer of the realm counts as a sign of life.
READY_SECONDS = 30


class KeycloakIdentity:
    """The Identity port over a realm. `caller` belongs to the event loop's thread.

    Keys are asked for when an unknown one signs, and by `refresh`; a realm that is down leaves
    those that are known, so that tokens which were issued hold until they expire.
    """

    def __init__(self, issuer: str, clock: Clock, denials: Denials) -> None:
        self._issuer = issuer
        self._clock = clock
        self._denials = denials
        self._verifier = TokenVerifier(issuer)
        self._asking = Lock()
        self._asked_at: datetime | None = None
        self._answered_at: datetime | None = None
        self._failure: IdentityUnavailable | None = None
        self.routes: list[BaseRoute] = []

    @classmethod
    async def open(
        cls, address: str, realm: str, clock: Clock, *, denials: Denials | None = None
    ) -> Self:
        """Opens also while the realm is down: it is asked again with the first token.

        Raises:  RealmDiffers.
        """
        issuer = f"{address.rstrip('/')}/realms/{realm}"
        identity = cls(issuer, clock, denials or Denials())
        try:
            await identity.refresh()
        except IdentityUnavailable:
            return identity
        return identity

    async def caller(self, token: str) -> Caller:
        """Raises:  the refusals of `TokenVerifier.caller`, CutOff, IdentityUnavailable."""
        now = self._clock.now()
        try:
            caller = self._verifier.caller(token, now)
        except TokenKeyUnknown:
            await self._ask_again()
            caller = self._verifier.caller(token, now)
        if self._denials.cover(caller):
            raise CutOff(subject=caller.name or caller.subject, client=caller.client)
        return caller

    async def ready(self) -> None:
        """With keys at hand the realm may be away: what was issued holds.

        Raises:  IdentityUnavailable, RealmDiffers.
        """
        if self._answered_at is None or not self._is_within(self._answered_at, READY_SECONDS):
            try:
                await self.refresh()
            except IdentityUnavailable:
                if self._answered_at is None:
                    raise

    async def refresh(self) -> None:
        """From now on exactly the keys that the realm publishes now count.

        Raises:  IdentityUnavailable, RealmDiffers.
        """
        self._asked_at = self._clock.now()
        try:
            keys = await fetch_keys(self._issuer)
        except IdentityUnavailable as error:
            self._failure = error
            raise
        self._failure = None
        self._answered_at = self._clock.now()
        self._verifier.trust(keys)

    def logins(self) -> list[Login]:
        """A realm shows nobody's password."""
        return []

    def issue(self, username: str) -> str:
        """Raises:  DemoOnly, always: a realm gives tokens to those who sign in."""
        raise DemoOnly(what="cityspace token")

    async def _ask_again(self) -> None:
        """Raises:  IdentityUnavailable when the realm cannot say whether the key is its own."""
        async with self._asking:
            rest = ASK_AGAIN_AWAY_SECONDS if self._failure else ASK_AGAIN_SECONDS
            if self._asked_at is None or not self._is_within(self._asked_at, rest):
                await self.refresh()
            elif self._failure is not None:
                raise self._failure

    def _is_within(self, moment: datetime, seconds: float) -> bool:
        return self._clock.now() < moment + timedelta(seconds=seconds)
