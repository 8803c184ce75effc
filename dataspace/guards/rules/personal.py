"""G-PI: personal information is operated by a route that the rules allow (个人信息处理路径)."""

from dataspace import codes
from dataspace.guards.rules.refusals import PersonalRouteMissing, PersonalRouteRefused
from dataspace.machine import Guard, Situation
from dataspace.text import Text

RULE = "authorisation.personal_routes"


def _route(situation: Situation) -> str:
    """Its own, or that of the scenario which was approved for it."""
    scenarios = situation.related.get("approved_scenario") or ()
    stated = [situation.row, *scenarios]
    return next(filter(None, (each.get("personal_route") for each in stated)), "")


def _by_a_route(situation: Situation) -> None:
    allowed = situation.rule(RULE, frozenset(codes.PERSONAL_ROUTE.codes))
    route, id_ = _route(situation), situation.row.get("id", "")
    about = {
        "allowed": ", ".join(sorted(allowed)) or "∅", "rule": RULE,
        "edition": situation.edition(RULE),
    }  # fmt: skip
    if route and route not in allowed:
        raise PersonalRouteRefused(id=id_, route=route, **about)
    holding = [each["id"] for each in situation.related["resources"] if each.get("personal")]
    if holding and not route:
        raise PersonalRouteMissing(id=id_, resources=", ".join(holding), **about)


BY_A_ROUTE = Guard(  # related: resources, approved_scenario
    "G-PI",
    Text(
        "Personal information is operated by a route that the rules allow: consent or anonymised",
        "个人信息按规则允许的路径处理：取得同意或匿名化",
    ),
    _by_a_route,
)
