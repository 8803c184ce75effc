"""G-PAPERS: an application comes with the papers that the rules ask for (必备附件)."""

from dataspace.guards.rules.refusals import PapersMissing
from dataspace.machine import Guard, Situation
from dataspace.text import Text


def _attached(situation: Situation) -> None:
    rule = f"{situation.kind}.attachments"
    held = {each.get("kind") for each in situation.row.get("papers") or ()}
    if missing := sorted(situation.rule(rule, frozenset()) - held):
        raise PapersMissing(
            id=situation.row.get("id", ""), papers=", ".join(missing), rule=rule,
            edition=situation.edition(rule),
        )  # fmt: skip


ATTACHED = Guard(
    "G-PAPERS",
    Text("The papers that the rules ask for are attached", "规则要求的附件齐全"),
    _attached,
)
