"""Speaking to a running hub as a program of its users does: sign in, then ask in GraphQL."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.e2e.running_hub import RunningHub

CLIENT = "cityspace-cli"


class Told(Exception):
    """What the hub answered instead of data; `code` is that of the first error."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(json.dumps(errors, ensure_ascii=False))
        first = errors[0]
        self.code = first.get("extensions", first)["code"]


@dataclass
class Speaker:
    """One person, or anybody when there is no token."""

    hub: RunningHub
    token: str = ""
    language: str = "en"
    asked: int = field(default=0)

    def ask(self, query: str, **variables: Any) -> Any:
        """The data. Raises:  Told."""
        self.asked += 1
        headers = {"content-type": "application/json", "accept-language": self.language}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = Request(f"{self.hub.address}/graphql", data=body, headers=headers)
        with urlopen(request, timeout=30) as response:
            answer = json.load(response)
        if answer.get("errors"):
            raise Told(answer["errors"])
        return answer["data"]

    def do(self, mutation: str, given: Mapping[str, Any], shown: str = "id") -> Any:
        """The object of a mutation's payload, such as of `resourceSubmit`. Raises:  Told."""
        type_ = mutation[0].upper() + mutation[1:]
        query = (
            f"mutation Do($input: {type_}Input!) {{ {mutation}(input: $input) "
            f"{{ object {{ {shown} }} problems {{ field code message }} }} }}"
        )
        payload = self.ask(query, input=given)[mutation]
        if payload["problems"]:
            raise Told(payload["problems"])
        return payload["object"]


def sign_in(hub: RunningHub, username: str, password: str = "") -> Speaker:
    """With the password that `serve` printed, unless another is given."""
    form = {
        "grant_type": "password", "client_id": CLIENT, "username": username,
        "password": password or hub.password_of(username),
    }  # fmt: skip
    address = f"{hub.address}/realms/city/protocol/openid-connect/token"
    with urlopen(Request(address, data=urlencode(form).encode()), timeout=30) as response:
        return Speaker(hub, json.load(response)["access_token"])
