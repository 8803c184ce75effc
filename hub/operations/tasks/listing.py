"""Which to-dos wait for a caller."""

from dataspace.caller import Caller
from dataspace.selection import Condition, Every, Not, Where
from dataspace.tasks.desks import desks_of
from dataspace.visibility import PLACES


def tasks_of(caller: Caller) -> Condition:
    """Those at the caller's desks, without what they acted on before, nor whom they act for, and
    without what is about their own participant."""
    people = [each for each in (caller.subject, caller.delegator, caller.participant) if each]
    return Every((
        Where("desk", "in", desks_of(caller, PLACES)),
        *(Not(Where("acted", "has", each)) for each in people),
    ))  # fmt: skip
