"""The chain of filings under an operation (L3-a): what of it is not on file."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

# Domain reference, J-L3-5: operation goes by a filed plan, operator, agreement and product list.
REQUIRED: Final = ("PLAN", "OPERATOR", "AGREEMENT", "PRODUCT_LIST")
_UP: Final = ("AGREEMENT", "OPERATOR", "PLAN")
FILED: Final = "FILED"


def missing_filings(agreement: str, filings: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The kinds of filing that an operation under the agreement lacks, in their order.

    `filings` are those of the operator, each with `id`, `kind`, `state`, `rests_on` and
    `agreement` (ids, or nothing). From the filed agreement the chain is followed up to the plan;
    the list of products and services rests on the filed agreement.
    """
    by_id = {each["id"]: each for each in filings if each.get("state") == FILED}
    for start in by_id.values():
        if start["kind"] == "AGREEMENT" and start.get("agreement") == agreement:
            found = {*_upwards(start, by_id), *_resting(start, by_id)}
            return tuple(kind for kind in REQUIRED if kind not in found)
    return REQUIRED


def _upwards(start: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found: list[str] = []
    each: Mapping[str, Any] | None = start
    for kind in _UP:
        if each is None or each["kind"] != kind:
            break
        found.append(kind)
        each = by_id.get(each.get("rests_on") or "")
    return found


def _resting(start: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [each["kind"] for each in by_id.values() if each.get("rests_on") == start["id"]]
