"""A city as its people meet it, on whatever parts it runs: by GraphQL, and in the browser."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
from playwright.sync_api import Page

from tests.e2e.running_hub import RunningHub


@dataclass(frozen=True)
class City:
    """`token` is what a person signs in with as a program, `sign_in` how they do it in the browser;
    `servers` gives the settings of a node that has servers of its own."""

    hub: RunningHub
    token: Callable[[str], str]
    sign_in: Callable[[Page, str], None]
    servers: Callable[[str], Mapping[str, str]]
    took: dict[str, float] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.hub.address

    def ask(self, query: str, *, person: str = "", at: str = "", **variables: Any) -> Any:
        """The data, in Chinese; anybody's, where no person is named."""
        headers = {"accept-language": "zh"}
        if person:
            headers["authorization"] = f"Bearer {self.token(person)}"
        answer = httpx2.post(
            f"{at or self.address}/graphql", json={"query": query, "variables": variables},
            headers=headers, timeout=30,
        )  # fmt: skip
        told = answer.json()
        assert "errors" not in told, told
        return told["data"]
