"""G-TIER: the rules that a node came with are no looser than those that apply where it joins."""

from typing import Final

from dataspace.errors import Conflict
from dataspace.machine import Guard, Situation
from dataspace.rulebooks.adopting import read_rules
from dataspace.rulebooks.kinds import RULES
from dataspace.rulebooks.order import no_looser
from dataspace.text import Text


class OwnRulesLoosen(Conflict):
    """The city tightened its rules after the node had applied."""

    code = "node.own_rules_loosen"
    title = Text(
        "The rules of {id} would loosen {rules} of {editions}",
        "{id} 的规则将放宽 {editions} 的 {rules}",
    )
    advice = Text(
        "Refuse the application with this reason; the operator applies anew with tighter rules.",
        "请以此理由不予接入；由运营方收紧规则后重新申请。",
    )


def _no_looser(situation: Situation) -> None:
    row = situation.row
    lines = [(each["name"], each["value"]) for each in row.get("own_rules") or ()]
    own, applying = read_rules(row.get("id", ""), lines), situation.rules
    if loose := [
        name
        for name, value in own.items()
        if name in applying and not no_looser(RULES[name].order, value, applying[name])
    ]:
        raise OwnRulesLoosen(
            id=row.get("id", ""), rules=", ".join(loose), editions=situation.editions
        )


NO_LOOSER: Final = Guard(
    "G-TIER",
    Text("Its rules are no looser than those above it", "自身规则不宽于上级规则"),
    _no_looser,
)
