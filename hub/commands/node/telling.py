"""How a node stands, as a person reads it."""

from collections.abc import Mapping
from typing import Any, Final

from dataspace.text import Text
from hub.commands.call import Call
from hub.commands.node.member import ADMITTED, WAITING, Member

# What stands in the node's own catalogue, beside what the hub says.
Kept = Mapping[str, Any]
NOTHING: Final[Kept] = {}
STANDS = Text(
    "{name} ({node}) is: {state_text} [{state}]", "{name}（{node}）状态：{state_text} [{state}]"
)
SINCE = Text("  since {since}", "  自 {since}")
WAITS = Text("  waits for: {waits_for}; due {due_at}", "  等待：{waits_for}；期限 {due_at}")
WHY = Text("  reason: {reason}", "  理由：{reason}")
STOPS = Text("  planned stop: {stop_planned_at}", "  计划停服：{stop_planned_at}")
LISTED = Text("  still listed: {names}", "  仍在架产品：{names}")
GRANTED = Text("  still under an authorisation: {names}", "  仍在授权中的资源：{names}")
DRAINED = Text("  nothing is left open", "  无未结事项")
MEMBER = Text(
    "  identifier {identifier}\n  issuer {issuer}\n  keys hold until {credential_until}",
    "  节点标识编码 {identifier}\n  身份签发方 {issuer}\n  密钥有效期至 {credential_until}",
)
NEXT_WAITING = Text(
    "`cityspace node status --wait --data {data}` waits for the decision.",
    "可用 `cityspace node status --wait --data {data}` 等待决定。",
)
NEXT_ADMITTED = Text(
    "`cityspace serve --data {data}` runs it as that node.",
    "可用 `cityspace serve --data {data}` 以该节点身份运行。",
)
UNKNOWN = "–"


def tell(call: Call, member: Member, kept: Kept = NOTHING) -> None:
    told = {name: UNKNOWN if value is None else value for name, value in member.told.items()}
    call.answer({**member.told, **kept})
    call.say(STANDS, **told)
    if told["since"] != UNKNOWN:
        call.say(SINCE, **told)
    if told["waits_for"] != UNKNOWN:
        call.say(WAITS, **told)
    if told["reason"] != UNKNOWN:
        call.say(WHY, **told)
    if told["stop_planned_at"] != UNKNOWN:
        call.say(STOPS, **told)
    _tell_open(call, member)
    if "identifier" in told:
        call.say(MEMBER, **told)
    if member.state in WAITING:
        call.say(NEXT_WAITING, data=member.settings.data)
    elif member.state in ADMITTED:
        call.say(NEXT_ADMITTED, data=member.settings.data)


def _tell_open(call: Call, member: Member) -> None:
    """What a node that leaves has yet to close, before the city can deregister it."""
    still_open = member.told.get("still_open")
    if still_open is None:
        return
    for text, key in ((LISTED, "listed"), (GRANTED, "granted")):
        if names := still_open.get(key):
            call.say(text, names=", ".join(names))
    if not any(still_open.values()):
        call.say(DRAINED)
