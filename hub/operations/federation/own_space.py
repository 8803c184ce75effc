"""The space of a node's profile, with its rulebook: entered once, kept up by its people."""

from typing import Any, Final

from dataspace.caller import Caller, Role
from dataspace.errors import Unavailable
from dataspace.federation.profile import Profile
from dataspace.federation.profiles.fitting import both
from dataspace.rulebooks.adopting import written_rules
from dataspace.rulebooks.city import CITY_RULES
from dataspace.selection import Child, Page, Row, Selection, Where
from dataspace.text import Text
from hub.node import Node
from hub.operations import spaces
from hub.operations.federation.flow.hearing import hear
from hub.operations.rulebooks import keeping
from hub.operations.rulebooks.places import DECIDED

# Whoever starts the node acts for its platform administrator, and the evidence says that it was so.
CALLER: Final = Caller(subject="cityspace.profile", roles=frozenset({Role.PLATFORM_ADMIN}))
CITY: Final = "city"
CITY_NAME: Final = Text("Trusted data space of the city", "城市可信数据空间")
RULES_OF: Final = Text("rules", "规则册")


class CityUnheard(Unavailable):
    """The hub has told nothing of a space of the city's, so there is nothing to be part of yet."""

    code = "space.city_unheard"
    title = Text("The hub has not told of the city's space yet", "枢纽尚未告知城市空间")
    advice = Text(
        "Enter a space of tier CITY at the hub; the node goes on by itself.",
        "请在枢纽录入层级为 CITY 的空间，节点将自动继续。",
    )


async def enter(node: Node, profile: Profile) -> str:
    """The id of the profile's space, which is there afterwards with rules in force.

    A node that has joined a city hears of its spaces and rules first: they are the city's to
    make. One that belongs to none goes by what a city begins with, since below no city's space a
    sub-space has no rules to tighten. What is there already is left as it is: a rulebook is
    amended by people, and never by a start.

    Raises:  RulebookLoosens when the city has decided something tighter than the profile states,
             CityUnheard, PeerUnavailable and what else keeps a node that has joined from hearing.
    """
    await hear(node)
    city = await _there(node, Where("tier", "eq", "CITY"))
    if city is None:
        if node.belonging is not None:
            raise CityUnheard()
        values = {"code": CITY, "name": both(CITY_NAME), "kind": "CITY", "tier": "CITY"}
        city = await _entered(node, values)
    if node.belonging is None:
        await _rule(node, city, title=CITY_NAME, rules=CITY_RULES)
    space = await _there(node, Where("code", "eq", profile.code))
    if space is None:
        values = {
            "code": profile.code, "name": both(profile.name), "summary": both(profile.summary),
            "kind": profile.kind, "tier": "SUBSPACE", "part_of": city["id"],
        }  # fmt: skip
        space = await _entered(node, values)
    await _rule(node, space, title=profile.name, rules=profile.rules)
    return str(space["id"])


async def _there(node: Node, where: Where) -> Row | None:
    """The space, with the rulebook that is decided for it, if any is."""
    decided = Child("rulebooks", "rulebooks", Selection("rulebook", ("id",), DECIDED, page=Page(1)))
    selection = Selection("space", ("id", "code"), where, page=Page(1), children=(decided,))
    return (await node.catalogue.select(selection)).first


async def _entered(node: Node, values: dict[str, Any]) -> Row:
    done = await spaces.enter(node, CALLER, values, request_id=f"space.{values['code']}")
    return {"id": done.id, "code": values["code"], "rulebooks": None}


async def _rule(node: Node, space: Row, *, title: Text, rules: Any) -> None:
    """The first version of its rulebook takes effect now, unless one has been decided."""
    if (space["rulebooks"] and space["rulebooks"].rows) or not rules:
        return
    lines = [{"name": name, "value": value} for name, value in written_rules(rules)]
    named = Text(f"{title.en}, {RULES_OF.en}", f"{title.zh}{RULES_OF.zh}")
    values = {"title": both(named), "space": space["id"], "rules": lines}
    request = f"rules.{space['code']}"
    entered = await keeping.enter(node, CALLER, values, request_id=request)
    await keeping.take_effect(node, CALLER, entered.id, request_id=request)
