"""`cityspace node join`: the application as it is made of the command line, and sent."""

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from dataspace.federation.joining.application import CAPABILITIES, DECLARATIONS
from dataspace.federation.joining.invitations import read_code
from dataspace.federation.joining.refusals import (
    AlreadyJoined,
    CodeUnreadable,
    HubPlain,
    RulebookUnreadable,
)
from dataspace.text import Text
from hub.commands.call import Call, WrongUsage
from hub.commands.node.member import Member
from hub.data_folder import membership, prepare, served_at
from hub.setting_rules import is_loopback
from hub.settings import PORT_DEFAULT, Settings

NEEDED: Final = {
    "hub": Text("the hub's address is needed", "须填写枢纽地址"),
    "code": Text("--code is needed", "须填写 --code"),
    "profile": Text("--profile is needed", "须填写 --profile"),
    "credit_code": Text("--credit-code is needed", "须填写 --credit-code"),
}
DECLARED: Final[Mapping[str, str]] = {
    "purpose": "Serves the {profile} sub-space 服务 {profile} 子空间",
    "participant_limits": "Participants that the city has admitted 已由城市准入的主体",
    "resources_declared": "None yet 暂无",
    "usage_policies": "The rules of the city 适用城市规则册",
}
FLAG: Final[Mapping[bool, str]] = {True: "YES", False: "NO"}


async def join(call: Call) -> Member:
    """Makes the node's keys where there are none, and applies.

    Raises:  WrongUsage, CodeUnreadable, InvitationMistyped, AlreadyJoined, HubPlain,
             RulebookUnreadable, HubAway, HubRefuses.
    """
    given, settings = call.arguments, call.settings
    for name, problem in NEEDED.items():
        if not getattr(given, name):
            raise WrongUsage(problem=problem, suggestion="", command="cityspace node")
    code = _code(given.code)
    hub = _hub(given.hub)
    prepare(settings.data)
    if (known := membership(settings)) and known.get("issuer"):
        raise AlreadyJoined(folder=str(settings.data), node=known["node"], hub=known["hub"])
    values = {
        "code": read_code(code).written,
        "credit_code": given.credit_code,
        "profile": given.profile,
        "name": given.name or f"{given.profile} node 节点",
        "address": given.address or _own_address(settings),
        "capabilities": list(CAPABILITIES),
        **_rules_and_declarations(given.rulebook, given.profile),
    }
    member = Member(settings, hub, "")
    return await member.keep(await member.door.apply(values))


def _code(said: str) -> str:
    """Raises:  CodeUnreadable."""
    if said == "-":
        return sys.stdin.readline()
    if not said.startswith("@"):
        return said
    try:
        return Path(said[1:]).read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        raise CodeUnreadable(file=said[1:], detail=str(error)) from error


def _hub(address: str) -> str:
    """Raises:  HubPlain, WrongUsage."""
    place = urlsplit(address if "://" in address else f"https://{address}")
    if place.scheme not in ("http", "https") or not place.hostname:
        raise WrongUsage(problem=NEEDED["hub"], suggestion="", command="cityspace node")
    if place.scheme == "http" and not is_loopback(place.hostname):
        raise HubPlain(hub=address)
    return f"{place.scheme}://{place.netloc}{place.path}".rstrip("/")


def _own_address(settings: Settings) -> str:
    known = served_at(settings)
    return known.at(known.port or PORT_DEFAULT).address


def _rules_and_declarations(file: Path | None, profile: str) -> dict[str, Any]:
    """From the file, and for what it does not declare what every node of the profile does.

    Raises:  RulebookUnreadable.
    """
    said = _read(file) if file else {}
    declared = {name: text.format(profile=profile) for name, text in DECLARED.items()}
    stated = said.get("rules", {}).items()
    rules = [{"name": name, "value": _written(value)} for name, value in stated]
    return {"rules": rules, **declared, **said.get("declarations", {})}


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        said = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RulebookUnreadable(file=str(file), detail=str(error)) from error
    rules, declared = said.get("rules", {}), said.get("declarations", {})
    strange = [*(said.keys() - {"rules", "declarations"})]
    if not isinstance(rules, dict) or not isinstance(declared, dict):
        strange.append("rules, declarations")
    else:
        strange += [name for name in declared if name not in DECLARATIONS]
    if strange:
        raise RulebookUnreadable(file=str(file), detail=", ".join(sorted(strange)))
    return {"rules": rules, "declarations": declared}


def _written(value: Any) -> str:
    """A rule's value in its written form, as rulebooks have it."""
    if isinstance(value, bool):
        return FLAG[value]
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "NONE"
    return str(value)
