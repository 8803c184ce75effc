"""An errand goes into the outbox in the change set of what it is about: both, or neither."""

from datetime import datetime

from dataspace.change import Act, Change, Create
from dataspace.quantity import written
from hub.operations.mechanism.done import Request

WAITING, DONE, FAILED = "WAITING", "DONE", "FAILED"
KINDS = ("participant", "member", "node")


def errand_id(request: Request) -> str:
    return request.own_id("err")


def errand(request: Request, id_: str) -> tuple[Change, ...]:
    """The errand to make the account of this object what the catalogue says, if anyone keeps it.

    It names the object only: what is done is decided by what the catalogue says then, so that
    errands may come in any order, twice, or late.
    """
    if request.node.accounts is None:
        return ()
    now: datetime = request.now
    values = {
        request.kind: id_,
        "state": WAITING,
        "attempts": 0,
        "created_at": written(now),
        "changed_at": written(now),
    }
    act = Act(request.caller.subject, "errand.enter", written(now), request.reason.strip())
    return (Create("errand", errand_id(request), values, act),)
