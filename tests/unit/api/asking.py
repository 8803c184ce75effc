"""Asking GraphQL in tests: in the process, and over HTTP with tokens that are names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from dataspace.caller import ANYONE, Caller
from dataspace.errors import NotSignedIn
from dataspace.text import Language
from hub.api.execution import Api, GraphQLRequest
from hub.api.limits import Limits
from hub.api.reading.cursors import Cursors
from hub.api.reading.documents import Documents
from hub.node import Node

KEY = b"a key of the tests, 32 bytes long"


@dataclass
class KnownTokens:
    """An identity that knows callers by tokens chosen in the test."""

    callers: dict[str, Caller] = field(default_factory=dict)

    async def caller(self, token: str) -> Caller:
        if token not in self.callers:
            raise TokenUnknown()
        return self.callers[token]

    async def ready(self) -> None:
        """There is nothing to wait for."""


class TokenUnknown(NotSignedIn):
    code = "identity.token_of_tests_unknown"


@dataclass
class Asking:
    api: Api

    async def body(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        caller: Caller = ANYONE,
        language: Language = "en",
    ) -> Mapping[str, Any]:
        request = GraphQLRequest(query, variables or {})
        return (await self.api.answer(request, caller, language)).body

    async def data(self, query: str, variables: Any = None, *, caller: Caller = ANYONE) -> Any:
        body = await self.body(query, variables, caller=caller)
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def code(self, query: str, variables: Any = None, *, caller: Caller = ANYONE) -> str:
        """The code of the one refusal that the answer holds."""
        body = await self.body(query, variables, caller=caller)
        [error] = body["errors"]
        return str(error["extensions"]["code"])


def asking(node: Node, limits: Limits | None = None) -> Asking:
    kept = limits or Limits()
    return Asking(Api(node, Cursors(KEY), kept, documents(kept)))


@cache
def documents(limits: Limits) -> Documents:
    """What was read and validated for one test need not be for the next; of all that is asked in
    a round of a test, a node would not keep the first until the last."""
    return Documents(limits, documents_max=10_000)
