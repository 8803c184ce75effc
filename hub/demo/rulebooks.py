"""The rulebooks of the demo city: the city's own, and a stricter one for finance."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dataspace.identifiers import derived_id
from dataspace.rulebooks.adopting import written_rules
from dataspace.rulebooks.city import CITY_RULES
from hub.demo.city import moment, person

FINANCE_RULES: Final[Mapping[str, Any]] = {
    "authorisation.waiting_days_max": 5,
    "authorisation.personal_routes": frozenset({"ANONYMISED"}),
    "product.attachments": CITY_RULES["product.attachments"] | {"TEST_REPORT"},
    "use.actions": CITY_RULES["use.actions"] - {"DOWNLOAD", "REPRODUCE"},
    "use.log_days_min": 365,
}


def rulebooks() -> Iterator[tuple[str, dict[str, Any]]]:
    yield from city_rulebook()
    title = "金融子空间规则册 Rules of finance"
    yield _decided("finance", "SUBSPACE", title, FINANCE_RULES, days=500)


def city_rulebook() -> Iterator[tuple[str, dict[str, Any]]]:
    yield _decided("city", "CITY", "城市数据空间规则册 Rules of the city", CITY_RULES, days=800)


def _decided(
    space: str, tier: str, title: str, rules: Mapping[str, Any], *, days: int
) -> tuple[str, dict[str, Any]]:
    """The first version for a space, in force for so many days."""
    begun = moment(-days)
    return derived_id("rbk", "demo", space), {
        "title": title,
        "status": "DECIDED",
        "edition": 1,
        "takes_effect_at": begun,
        "tier": tier,
        "decided_by": person("admin"),
        "decided_at": begun,
        "space": derived_id("spc", "demo", space),
        "rules": [{"name": name, "value": value} for name, value in written_rules(rules)],
        "created_at": begun,
        "changed_at": begun,
        "synthetic": True,
    }
