"""The machine of a fault (L5): found and closed by the hub, answered by the product's owner.

An answer ends the to-do, not the fault: who has answered and whose product still fails a day later
is asked again. Source: J-L5-3 of the domain reference; states and moves are inferred.
"""

from datetime import timedelta
from typing import Final

from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Machine, Mark, Move, State
from dataspace.text import Text

ASKED_AGAIN_AFTER: Final = timedelta(days=1)

PRODUCT_FAULT: Final = Machine(
    "product_fault",
    "L5",
    states=(
        State("OPEN", Text("Open", "待处理")),
        State("ANSWERED", Text("Answered", "已答复")),
        State("CLOSED", Text("Over", "已恢复"), final=True),
    ),
    moves=(
        Move(
            "open", Text("Open", "立单"), (NOWHERE,), "OPEN", hands.SCHEDULER,
            marks={"opened_at": Mark.NOW},
        ),
        Move(
            "answer", Text("Answer", "答复"), ("OPEN",), "ANSWERED", hands.OWNER, party="owner",
            marks={"answered_by": Mark.ACTOR, "answered_at": Mark.NOW, "answer": Mark.REASON},
            needs_reason=True,
        ),
        Move(
            "reopen", Text("Ask again, as it still fails", "仍未恢复，再次督办"),
            ("ANSWERED",), "OPEN", hands.LISTER | hands.SCHEDULER, marks=hands.DECIDED,
            needs_reason=True,
        ),
        Move(
            "close", Text("Close, as it is over", "恢复办结"), ("OPEN", "ANSWERED"), "CLOSED",
            hands.SCHEDULER,
            marks={"closed_by": Mark.ACTOR, "closed_at": Mark.NOW, **hands.DECIDED},
            needs_reason=True,
        ),
    ),
)  # fmt: skip
