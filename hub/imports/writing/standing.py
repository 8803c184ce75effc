"""With which standing an imported row enters the catalogue, as the rulebook says of its form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dataspace.errors import Conflict
from dataspace.rulebooks.kinds import RULES
from dataspace.rulebooks.order import no_looser
from dataspace.text import Text
from hub.operations.rulebooks.ruling import InForce


@dataclass(frozen=True, slots=True)
class Standing:
    """`values` are those of a row when it is first made; staff decide on them afterwards."""

    name: str
    action: str
    reason: Text
    values: Mapping[str, Any]


REGISTERED = Standing(
    "registered",
    "resource.import_registered",
    Text(
        "Published by {source}; that publication is the ground of its registration",
        "已由 {source} 公开发布，以该发布为登记依据",
    ),
    {
        "state": "REGISTERED",
        "audience": "PUBLIC",
        "open_attribute": "UNCONDITIONAL",
        "classification": "GENERAL",
        "grade": 1,
    },
)
DRAFT = Standing(
    "draft",
    "resource.import_draft",
    Text("Taken from the department's ledger {file}", "取自部门台账 {file}"),
    {"state": "DRAFT", "audience": "MEMBERS"},
)
STANDINGS: Mapping[str, Standing] = {each.name: each for each in (REGISTERED, DRAFT)}
PORTAL, LEDGER = "import.portal_standing", "import.ledger_standing"
# Which rule says where the rows of a form enter; without one a public portal counts as registered,
# its publication being the ground, and a department's ledger waits for its review.
RULE_OF_FORMAT: Mapping[str, str] = {
    "socrata": PORTAL, "dcat-us": PORTAL, "dcat": PORTAL, "csv": LEDGER, "xlsx": LEDGER,
}  # fmt: skip
UNRULED: Mapping[str, Standing] = {PORTAL: REGISTERED, LEDGER: DRAFT}


class StandingTooLoose(Conflict):
    """The rulebook lets rows of this form come in with a stricter standing only."""

    code = "import.standing_too_loose"
    title = Text(
        "Rows of {form} enter as {ruled} and not as {asked} ({rule}, {edition})",
        "{form} 的条目导入后为 {ruled}，不得为 {asked}（{rule}，依据 {edition}）",
    )
    advice = Text(
        "Leave the standing out, or have the rulebook changed first.",
        "请不要指定导入状态，或先修订规则册。",
    )


@dataclass(frozen=True, slots=True)
class Placing:
    """With which standing the rows of a file enter, by which rule and versions of rulebooks."""

    standing: Standing
    rule: str = ""
    edition: str = ""

    @property
    def waits(self) -> bool:
        """Whether its department has still to hand the rows in."""
        return self.standing is DRAFT


def placing(form: str, asked: str, rules: InForce) -> Placing:
    """What the rulebook says of a form, or what was asked for when that is no looser.

    Raises:  StandingTooLoose.
    """
    rule = RULE_OF_FORMAT[form]
    ruled, edition = rules.rules.get(rule), rules.stated_by.get(rule, "")
    order = RULES[rule].order
    if not asked:
        return Placing(STANDINGS[ruled.lower()] if ruled else UNRULED[rule], rule, edition)
    if ruled and not no_looser(order, asked.upper(), ruled):
        raise StandingTooLoose(
            form=form, asked=asked.upper(), ruled=ruled, rule=rule, edition=edition
        )
    return Placing(STANDINGS[asked], rule, edition)
