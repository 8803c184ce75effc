"""One operation under its GraphQL name: what its input takes, and how it is run."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dataspace.caller import Caller
from dataspace.ports import DirectUpload
from dataspace.text import Text
from hub.api.schema.registry import camel
from hub.node import Node
from hub.operations.mechanism.done import Done

Given = Mapping[str, Any]
Run = Callable[[Node, Caller, Given], Awaitable[Done | DirectUpload]]


@dataclass(frozen=True)
class Operation:
    """`takes` names what the input has; "values" has the fields in `fields`, which are those of
    `values_of` when it is not the kind's own. One that `gives_upload` changes nothing, so it takes
    no `requestId` and its payload has an upload in place of the object and its evidence.
    """

    kind: str
    verb: str
    text: Text
    takes: tuple[str, ...]
    run: Run
    fields: tuple[str, ...] = ()
    needs_reason: bool = False
    values_of: str = ""
    gives_upload: bool = False

    @property
    def name(self) -> str:
        return camel(f"{self.kind}_{self.verb}")


def request_of(given: Given) -> str:
    return given.get("request_id") or ""


def reason_of(given: Given) -> str:
    return given.get("reason") or ""
