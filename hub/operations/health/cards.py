"""The card of a product: read with all that its health rests on, and written when it is due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from dataspace.caller import ANYONE
from dataspace.federation.flow.publishing import LISTED, OWN
from dataspace.guards import SOURCES_GRANTED
from dataspace.health.verdict import WINDOW_DAYS, Measured, judged, worst
from dataspace.machine import Situation
from dataspace.quality.supply import FRESH, supply_status
from dataspace.quantity import read_moment
from dataspace.refusals import SourceNotGranted
from dataspace.selection import Child, Every, Linked, Not, Page, Row, Selection, Where
from hub.operations.health.calls import Figures
from hub.operations.health.faults import open_faults
from hub.operations.mechanism.reading import ends, flat, rows_of

NOTED: Final = (
    "verdict", "ground", "since", "calls", "failed", "success_percent", "latency_p50_ms",
    "latency_p95_ms", "source_freshness", "last_failure", "noted_at",
)  # fmt: skip
ON_THE_SHELF: Final = Every((OWN, Where("state", "in", LISTED)))
# What left the shelf, and of which the card says something else than that.
LEFT: Final = Every((
    OWN, Not(Where("state", "in", LISTED)),
    Linked("health", Where("ground", "ne", "NOT_LISTED")),
))  # fmt: skip
CARD: Final = Child("health", "health", Selection(
    "product_health", ("id", "version", *NOTED), page=Page(1),
    children=(ends("late_sources", "resource"),),
))  # fmt: skip
GRANTS: Final = ends(
    "authorisations", "authorisation", "state", "valid_from", "valid_until",
    children=(ends("grantee", "participant"), ends("resources", "resource")),
)  # fmt: skip
SOURCES: Final = ("name", "update_cycle", "data_changed_at", "supply_status")
BESIDE: Final = (
    CARD, GRANTS, open_faults(), ends("owner", "participant"), ends("space", "space"),
    ends("sample", "asset", "bytes", "sha256"),
    ends("resources", "resource", *SOURCES),
    ends("source_products", "product", "state",
         children=(ends("health", "product_health", "source_freshness"),)),
)  # fmt: skip


def products(where: Every) -> Selection:
    """Products with their cards, and all that these rest on."""
    fields = ("id", "version", "name", "identifier", "code", "state")
    return Selection("product", fields, where, children=BESIDE)


def values_of(
    product: Row, figures: Figures, *, rules: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """What the card has to say of a product that was read by `products`."""
    late, freshness = _sources(product, now)
    window = figures.window
    found = judged(
        Measured(
            is_listed=product["state"] in LISTED, has_output=product["sample"] is not None,
            is_granted=_is_granted(product, now), freshness=freshness,
            window=window, recent=figures.recent,
        ),
        rules,
    )  # fmt: skip
    return {
        "verdict": found.verdict,
        "ground": found.ground,
        "window_days": WINDOW_DAYS,
        "calls": window.calls,
        "failed": window.failed,
        "success_percent": window.success_percent,
        "latency_p50_ms": window.latency_ms(50),
        "latency_p95_ms": window.latency_ms(95),
        "source_freshness": freshness,
        "last_call_at": window.last_at or None,
        "last_failure_at": window.failed_at or None,
        "last_failure": window.failure or None,
        "late_sources": late,
    }


def _sources(product: Row, now: datetime) -> tuple[list[str], str | None]:
    """Those that are late, and how late the worst is: of resources by the rule of J-L2-1 and what
    is here of them, of products by their own cards."""
    status = {each["id"]: _status(each, now) for each in rows_of(product["resources"])}
    built_on = [
        card["source_freshness"]
        for each in rows_of(product["source_products"])
        for card in rows_of(each["health"])
    ]
    late = sorted(id_ for id_, each in status.items() if each not in (None, FRESH))
    return late, worst((*status.values(), *built_on))


def _status(resource: Row, now: datetime) -> str | None:
    """As of now, where the moment of its last update is known."""
    changed = resource["data_changed_at"]
    moment = read_moment(changed) if changed else None
    kept: str | None = resource["supply_status"]
    return supply_status(resource["update_cycle"], moment, now=now) or kept


def _is_granted(product: Row, now: datetime) -> bool:
    """Whether its owner is authorised for every source still, as at its listing."""
    related = {
        name: [flat(each) for each in rows_of(product[name])]
        for name in ("authorisations", "resources", "source_products")
    }
    try:
        SOURCES_GRANTED.check(Situation(ANYONE, now, row=flat(product), related=related))
    except SourceNotGranted:
        return False
    return True
