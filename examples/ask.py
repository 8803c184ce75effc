"""Asks a node on this machine in GraphQL, as one of the demo's people or as anybody.

    python3 examples/ask.py steward --data data/first < query.graphql

Only the standard library is used: this is all that a program needs to speak to a node.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

ANYBODY = "anybody"


def main() -> int:
    parser = argparse.ArgumentParser(description="Ask a node in GraphQL; the query is read in.")
    parser.add_argument("person", help=f"a demo person such as reviewer1, or {ANYBODY}")
    parser.add_argument("--data", type=Path, default=Path("data"), help="the node's data folder")
    parser.add_argument("--id", action="store_true", help="print only the id of what it is about")
    given = parser.parse_args()
    answer = ask(given.data, given.person, query=sys.stdin.read())
    payloads = [each for each in (answer.get("data") or {}).values() if isinstance(each, dict)]
    wrong = answer.get("errors") or [p for each in payloads for p in each.get("problems", [])]
    for each in wrong:
        print(each.get("extensions", each)["code"], each["message"], sep=": ")
    if not wrong:
        print(_id(payloads[0]) if given.id else _shown(answer["data"]))
    return 1 if wrong else 0


def ask(data: Path, person: str, *, query: str, language: str = "en") -> Any:
    """A node of `cityspace demo` is asked in the same way, by its own folder."""
    headers = {"content-type": "application/json", "accept-language": language}
    if person != ANYBODY:
        headers["authorization"] = f"Bearer {token(data, person)}"
    return _sent(f"{address_of(data)}/graphql", json.dumps({"query": query}), headers)


def address_of(data: Path) -> str:
    """It stands in the node's data folder."""
    return (data / "address").read_text("utf-8").strip()


def token(data: Path, person: str) -> str:
    """By the password that was made for this folder; outside a demo a program has its own key.

    Whoever signs in at a node of a city has their account in the city.
    """
    city = data if (data / "identity").exists() else data.parent / "city"
    logins = json.loads((city / "identity" / "logins.json").read_text("utf-8"))
    form = {
        "grant_type": "password",
        "client_id": "cityspace-cli",
        "username": person,
        "password": logins["people"][person],
    }
    realm = f"{address_of(city)}/realms/city"
    issued = _sent(f"{realm}/protocol/openid-connect/token", urlencode(form), {})
    return str(issued["access_token"])


def _sent(address: str, body: str, headers: dict[str, str]) -> Any:
    with urlopen(Request(address, body.encode(), headers), timeout=60) as response:
        return json.load(response)


def _id(payload: Any) -> str:
    """Of the object that was made, or else of the first that was found."""
    return str((payload.get("object") or payload["nodes"][0])["id"])


def _shown(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


if __name__ == "__main__":
    sys.exit(main())
