"""An application to join, as a value: what it must say, and of which types. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from dataspace.federation.joining.refusals import ApplicationUnreadable

DECLARATIONS: Final = ("purpose", "participant_limits", "resources_declared", "usage_policies")
TEXTS: Final = ("code", "credit_code", "name", "address", "profile", *DECLARATIONS)
RULES_MAX: Final = 200
CAPABILITIES_MAX: Final = 50
KEYS_MAX: Final = 4
# What nodes of this version can do, in the words of the application.
CAPABILITIES: Final = ("CATALOGUE", "GRAPHQL", "EVIDENCE")


@dataclass(frozen=True, slots=True)
class Application:
    """`rules` are names and written values; both key sets are JWKS of public keys as JSON.

    `kid` is the thumbprint of the signing key that sealed it, by which the same application sent
    again is known. The code is no part of what is kept.
    """

    code: str = field(repr=False)
    credit_code: str
    name: str
    address: str
    profile: str
    declarations: Mapping[str, str]
    rules: tuple[tuple[str, str], ...]
    capabilities: tuple[str, ...]
    public_keys: str
    signing_keys: str
    kid: str

    @property
    def given(self) -> Mapping[str, Any]:
        """What is asked for, without what is secret: who repeats the application repeats this."""
        return {
            "credit_code": self.credit_code, "name": self.name, "address": self.address,
            "profile": self.profile, "rules": self.rules, "capabilities": self.capabilities,
            "public_keys": self.public_keys, "signing_keys": self.signing_keys,
            **self.declarations,
        }  # fmt: skip


def application_of(said: Mapping[str, Any], *, kid: str) -> Application:
    """Raises:  ApplicationUnreadable, naming the first thing that is not as it must be."""
    for name in TEXTS:
        if not isinstance(said.get(name), str) or not said[name].strip():
            raise ApplicationUnreadable(detail=name)
    if not _is_address(said["address"]):
        raise ApplicationUnreadable(detail="address")
    return Application(
        said["code"],
        said["credit_code"].strip().upper(),
        said["name"].strip(),
        said["address"].rstrip("/"),
        said["profile"].strip(),
        {name: said[name] for name in DECLARATIONS},
        _rules(said.get("rules", [])),
        _capabilities(said.get("capabilities", [])),
        key_set(said, "public_keys"),
        key_set(said, "signing_keys"),
        kid,
    )


def _rules(given: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, list) or len(given) > RULES_MAX:
        raise ApplicationUnreadable(detail="rules")
    found = [(each.get("name"), each.get("value")) for each in given if isinstance(each, dict)]
    if len(found) < len(given) or not all(isinstance(part, str) for each in found for part in each):
        raise ApplicationUnreadable(detail="rules")
    return tuple((str(name), str(value)) for name, value in found)


def _capabilities(given: Any) -> tuple[str, ...]:
    known = isinstance(given, list) and all(isinstance(each, str) for each in given)
    if not known or len(given) > CAPABILITIES_MAX:
        raise ApplicationUnreadable(detail="capabilities")
    return tuple(given)


def key_set(said: Mapping[str, Any], name: str) -> str:
    """A JWKS that a node gave, as text. Raises:  ApplicationUnreadable."""
    keys = said[name].get("keys") if isinstance(said.get(name), dict) else None
    if not isinstance(keys, list) or not 0 < len(keys) <= KEYS_MAX:
        raise ApplicationUnreadable(detail=name)
    return json.dumps({"keys": keys}, sort_keys=True)


def _is_address(address: str) -> bool:
    try:
        place = urlsplit(address)
        return place.scheme in ("http", "https") and bool(place.hostname) and not place.username
    except ValueError:
        return False
