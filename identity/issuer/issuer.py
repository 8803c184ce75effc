"""The embedded issuer's parts, opened together on one folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from dataspace.quantity import Clock
from identity.issuer import demo as demonstration
from identity.issuer import folder as files
from identity.issuer.attempts import Attempts
from identity.issuer.directory import Directory
from identity.issuer.keys import KeyFolder
from identity.issuer.ledger import Ledger
from identity.issuer.minting import Mint
from identity.signatures import Claims
from identity.tokens import TokenVerifier


@dataclass(frozen=True, slots=True)
class Issuer:
    """`url` is the issuer's own address, without a slash at its end."""

    url: str
    demo: bool
    clock: Clock
    keys: KeyFolder
    directory: Directory
    ledger: Ledger
    attempts: Attempts
    mint: Mint

    @classmethod
    def open(cls, folder: Path, *, url: str, clock: Clock, demo: bool) -> Self:
        """Raises:  IdentityUnavailable."""
        files.prepare(folder)
        keys = KeyFolder(folder / "keys", clock)
        keys.open()
        directory = Directory(folder, demo=demo)
        demonstration.settle(folder, directory, demo=demo)
        ledger = Ledger(folder / "state.sqlite", clock)
        ledger.open()
        mint = Mint(url, key=lambda: keys.ring().signing, clock=clock)
        return cls(url, demo, clock, keys, directory, ledger, Attempts(ledger), mint)

    def check(self) -> None:
        """Whether tokens can be signed and noted. Raises:  IdentityUnavailable."""
        self.keys.ring()
        self.ledger.open()

    def claims(self, token: str) -> Claims:
        """The claims of an access token that holds now; the keys are as they are now.

        Raises:  NotSignedIn, as `TokenVerifier.claims`.
        """
        verifier = TokenVerifier(self.url)
        verifier.trust(self.keys.ring().keys)
        return verifier.claims(token, self.clock.now())
