"""The desk of complaints: their moves, and what becomes of the answer to one."""

from typing import Final

from dataspace.complaints.machine import COMPLAINT
from hub.operations.mechanism.desk import Desk
from hub.operations.mechanism.lifecycle import Lifecycle

COMPLAINTS: Final = Desk(Lifecycle(
    COMPLAINT,
    (),
    allotted={
        "answer_founded": lambda situation, node: {"outcome": "FOUNDED"},
        "answer_unfounded": lambda situation, node: {"outcome": "UNFOUNDED"},
    },
    awaited={
        "LODGED": "accept", "ACCEPTED": "take", "HANDLING": "answer_founded",
        "ANSWERED": "confirm",
    },
))  # fmt: skip
