"""One operation under its GraphQL name: what its input takes, and how it is run."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from dataspace.caller import Caller
from dataspace.ports import DirectUpload
from dataspace.text import Text
from hub.api.schema.registry import camel
from hub.node import Node
from hub.operations.federation.inviting import Issued
from hub.operations.mechanism.done import Done
from hub.operations.tasks.deciding import Decided
from hub.scheduling.asking import RunsAsked

Given = Mapping[str, Any]
Outcome = Done | Issued | DirectUpload | list[Decided] | RunsAsked
Run = Callable[[Node, Caller, Given], Awaitable[Outcome]]


class Gives(Enum):
    """What a payload has beside the problems."""

    OBJECT = "object"
    UPLOAD = "upload"
    DECISIONS = "decisions"
    RUNS = "runs"
    CODE = "code"  # of an invitation, beside the object and its evidence


@dataclass(frozen=True)
class Operation:
    """`takes` names what the input has; "values" has the fields in `fields`, which are those of
    `values_of` when it is not the kind's own. One that `gives` something else than the object and
    its evidence takes no `requestId`: an upload changes nothing, decisions have one each, and a job
    and its moment are their own request.
    """

    kind: str
    verb: str
    text: Text
    takes: tuple[str, ...]
    run: Run
    fields: tuple[str, ...] = ()
    needs_reason: bool = False
    values_of: str = ""
    gives: Gives = Gives.OBJECT

    @property
    def name(self) -> str:
        return camel(self.verb if self.gives is Gives.RUNS else f"{self.kind}_{self.verb}")


def request_of(given: Given) -> str:
    return given.get("request_id") or ""


def reason_of(given: Given) -> str:
    return given.get("reason") or ""
