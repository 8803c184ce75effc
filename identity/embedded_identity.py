"""Identity without a server: an issuer in this process, for one machine and never for a city.

It has Keycloak's addresses and claims, so that Keycloak takes its place without a change above
the port.
"""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from anyio.to_thread import run_sync
from starlette.routing import BaseRoute

from dataspace.accounts.port import Denials
from dataspace.caller import Caller
from dataspace.quantity import Clock
from identity.endpoints.door import is_loopback, routes
from identity.endpoints.grants import begin_session
from identity.issuer import demo as demonstration
from identity.issuer.demo import COMMAND_LINE, Login
from identity.issuer.issuer import Issuer
from identity.issuer.keys import KEYS_LOOK_SECONDS
from identity.issuer.minting import Occasion
from identity.refusals import (
    CutOff,
    DemoOnly,
    EmbeddedInProduction,
    EmbeddedNotLoopback,
    PersonUnknown,
    TokenKeyUnknown,
)
from identity.tokens import TokenVerifier

PRODUCTION = "production"
COMMAND_LINE_SCOPE = "profile email organization"


def check_allowed(issuer: str, environment: str) -> None:
    """Whether the embedded issuer may run at this address in this environment.

    Raises:  EmbeddedInProduction, EmbeddedNotLoopback.
    """
    if environment == PRODUCTION:
        raise EmbeddedInProduction(environment=environment)
    if not is_loopback(urlsplit(issuer).hostname or ""):
        raise EmbeddedNotLoopback(address=issuer)


class EmbeddedIdentity:
    """The Identity port on a folder of its own; `routes` are Keycloak's addresses.

    Several processes may share the folder. `caller` belongs to the event loop's thread.
    """

    def __init__(self, folder: Path, issuer: Issuer, denials: Denials) -> None:
        self._denials = denials
        self._folder = folder
        self._issuer = issuer
        self._verifier = TokenVerifier(issuer.url)
        self._look_at: datetime = issuer.clock.now()
        self.routes: list[BaseRoute] = routes(issuer)

    @classmethod
    async def open(
        cls,
        folder: Path,
        *,
        issuer: str,
        clock: Clock,
        demo: bool,
        denials: Denials | None = None,
    ) -> Self:
        """Makes what the folder lacks: keys, clients and, for a demonstration, its people.

        Raises:  EmbeddedNotLoopback, IdentityUnavailable.
        """
        check_allowed(issuer, "")
        opening = partial(Issuer.open, url=issuer.rstrip("/"), clock=clock, demo=demo)
        return cls(folder, await run_sync(opening, folder), denials or Denials())

    async def caller(self, token: str) -> Caller:
        """Raises:  the refusals of `TokenVerifier.caller`, CutOff."""
        now = self._issuer.clock.now()
        if now >= self._look_at:
            self._look(now)
        try:
            caller = self._verifier.caller(token, now)
        except TokenKeyUnknown:
            self._look(now)
            caller = self._verifier.caller(token, now)
        if self._denials.cover(caller):
            raise CutOff(subject=caller.name or caller.subject, client=caller.client)
        return caller

    async def ready(self) -> None:
        """Raises:  IdentityUnavailable."""
        await run_sync(self._issuer.check)

    async def rotate_keys(self) -> None:
        """A fresh key signs from now on; the old one verifies until its last token expired."""
        ring = await run_sync(self._issuer.keys.rotate)
        self._verifier.trust(ring.keys)

    def logins(self) -> list[Login]:
        """The people of the demonstration, with their passwords; nobody outside one."""
        return demonstration.logins(self._folder)

    def issue(self, username: str) -> str:
        """An access token for one of the demo's people, without a sign-in.

        Raises:  DemoOnly, PersonUnknown.
        """
        if not self._issuer.demo:
            raise DemoOnly(what="cityspace token")
        people = self._issuer.directory.people()
        person = people.get(username)
        if person is None or not person.demo:
            raise PersonUnknown(username=username, known=", ".join(people))
        session = begin_session(self._issuer, username)
        occasion = Occasion(
            COMMAND_LINE.client_id, COMMAND_LINE_SCOPE, session["sid"], session["signed_in_at"]
        )
        return self._issuer.mint.access_token(person.account, occasion)

    def _look(self, now: datetime) -> None:
        """Another process may have changed the keys."""
        self._verifier.trust(self._issuer.keys.ring().keys)
        self._look_at = now + timedelta(seconds=KEYS_LOOK_SECONDS)
