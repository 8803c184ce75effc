"""Which to-dos wait for a caller."""

from dataspace.caller import Caller
from dataspace.selection import Condition, Every, Not, Where
from dataspace.visibility import lying_with


def tasks_of(caller: Caller) -> Condition:
    """Those at the caller's desks, or to be countersigned by somebody like them; without what they
    acted on before, or whom they act for, and without what is about their own participant."""
    people = [each for each in (caller.subject, caller.delegator, caller.participant) if each]
    return Every((
        lying_with(caller),
        *(Not(Where("acted", "has", each)) for each in people),
    ))  # fmt: skip
