"""What the stories of this folder share: each step is told in both languages, and held to.

A story asks the nodes of a running `cityspace demo` as the people of the city would, by `ask.py`
alone. Where something is not as it is told, it stops and says so, with exit code 1.
"""

import argparse
import csv
import hashlib
import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from ask import ANYBODY as ANYBODY
from ask import ask

CITY, FINANCE, ENERGY = "city", "finance", "energy"
WAITED_SECONDS_MAX = 60
TRIED_EVERY_SECONDS = 0.5


class Code(str):
    """A value of a code table, which GraphQL writes without quotes."""


class Story:
    def __init__(self, description: str) -> None:
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("--data", type=Path, default=Path("data/demo"), help="of the demo")
        parser.add_argument("--language", choices=("zh", "en"), default="zh")
        given = parser.parse_args()
        self.data, self.language = given.data, given.language
        self.steps = 0

    def step(self, zh: str, en: str) -> None:
        self.steps += 1
        print(f"\n{self.steps}. {zh if self.language == 'zh' else en}", flush=True)

    def say(self, zh: str, en: str) -> None:
        print(f"   {zh if self.language == 'zh' else en}", flush=True)

    def holds(self, so: bool, zh: str, en: str) -> None:
        """Says that something is so, if it is."""
        if not so:
            self.say(f"并非如此：{zh}", f"This is not so: {en}")
            sys.exit(1)
        self.say(f"✓ {zh}", f"✓ {en}")

    def ask(self, place: str, person: str, query: str) -> Any:
        """What the query's first field answers; whatever is refused ends the story."""
        answer, refusals = self._asked(place, person, query)
        for code, message in refusals:
            self.holds(False, f"{person}：{message} [{code}]", f"{person}: {message} [{code}]")
        return answer

    def refused(self, place: str, person: str, query: str, *, code: str) -> None:
        """Shows by which code and why it is refused, which it must be."""
        refusals = dict(self._asked(place, person, query)[1])
        told = refusals.get(code, refusals or "–")
        self.holds(code in refusals, f"被拒绝：{told} [{code}]", f"Refused: {told} [{code}]")

    def find(self, place: str, person: str, query: str) -> list[Any]:
        """The rows that a query of one connection finds."""
        return list(self.ask(place, person, query)["nodes"])

    def one(self, place: str, person: str, query: str) -> Any:
        """The one row that there must be."""
        rows = self.find(place, person, query)
        if len(rows) != 1:
            told = f"{place} ({person}): {' '.join(query.split())}"
            self.holds(False, f"恰好查到一项：{told}", f"One row is found: {told}")
        return rows[0]

    def do(self, place: str, person: str, move: str, **given: Any) -> Any:
        """One mutation: the object as it is afterwards."""
        return self.ask(place, person, mutation(move, **given))["object"]

    def soon(self, look: Callable[[], Any], zh: str, en: str) -> Any:
        """Nodes hear from each other within seconds."""
        until = time.monotonic() + WAITED_SECONDS_MAX
        while not (found := look()) and time.monotonic() < until:
            time.sleep(TRIED_EVERY_SECONDS)
        self.holds(bool(found), zh, en)
        return found

    def file(self, address: str) -> list[dict[str, str]]:
        """The rows of a sample file, by its signed address."""
        with urlopen(address, timeout=30) as answer:
            return list(csv.DictReader(io.StringIO(answer.read().decode("utf-8-sig"))))

    def _asked(self, place: str, person: str, query: str) -> tuple[Any, list[tuple[str, str]]]:
        told = ask(self.data / place, person, query=query, language=self.language)
        wrong = [(e["extensions"]["code"], e["message"]) for e in told.get("errors", ())]
        answer = next(iter((told.get("data") or {}).values()), None)
        if isinstance(answer, dict):
            wrong += [(p["code"], p["message"]) for p in answer.get("problems", ())]
        return answer, wrong


def mutation(move: str, **given: Any) -> str:
    shown = "object { id state } problems { code message }"
    if move.startswith(("space", "participant")):
        shown = "object { id name } problems { code message }"
    return f"mutation {{ {move}(input: {literal(given)}) {{ {shown} }} }}"


def literal(value: Any) -> str:
    """The value as GraphQL writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return str(value) if isinstance(value, Code) else json.dumps(value, ensure_ascii=False)


def papers(*kinds: str) -> list[dict[str, Any]]:
    """Of each paper its kind and hash; here a word stands for the file."""
    return [
        {"kind": Code(each), "sha256": hashlib.sha256(each.encode()).hexdigest()} for each in kinds
    ]


def granted(story: Story, person: str, **values: Any) -> str:
    """An authorisation in force: applied for in the city, and passed by two people."""
    values |= {
        "mode": Code("SCENARIO"), "rightKind": Code("PROCESSING"),
        "validUntil": "2028-12-31T16:00:00Z",
        "papers": papers("RISK_ASSESSMENT", "SAFETY_CAPABILITY", "CONFIDENTIALITY_LETTER"),
    }  # fmt: skip
    id_ = str(story.do(CITY, person, "authorisationDraft", values=values)["id"])
    for who, move in ((person, "Submit"), ("reviewer1", "PassFirst"), ("reviewer2", "PassSecond")):
        story.do(CITY, who, f"authorisation{move}", id=id_)
    return id_


def reviewed(story: Story, place: str, person: str, **values: Any) -> str:
    """A drafted product whose security and compliance have been reviewed."""
    values["papers"] = papers("PRODUCT_MATERIAL", "PRODUCT_CODE", "COMMITMENT_LETTER",
                              "TEST_REPORT")  # fmt: skip
    id_ = str(story.do(place, person, "productDraft", values=values)["id"])
    title, code = str(values["name"]), hashlib.sha256(b"code").hexdigest()
    given = {"title": title, "product": id_, "material": "不含原始数据", "codeSha256": code}
    security = story.do(place, person, "securityReviewDraft", values=given)["id"]
    given = {"title": title, "product": id_, "basicInformation": "每月更新", "legality": "依授权加工",
             "tradability": "按次计费"}  # fmt: skip
    compliance = story.do(place, person, "complianceReviewDraft", values=given)["id"]
    for who, move, about in (
        (person, "securityReviewSubmit", security), (person, "complianceReviewSubmit", compliance),
        ("operator", "securityReviewPassMaterial", security),
        ("operator", "securityReviewPassCode", security),
        ("operator", "securityReviewPass", security),
        ("operator", "complianceReviewPass", compliance),
    ):  # fmt: skip
        story.do(place, who, move, id=about)
    return id_


def list_product(story: Story, place: str, person: str, product: str) -> None:
    for who, move in ((person, "Submit"), ("registrar", "Register"), (person, "RequestListing"),
                      ("operator", "List")):  # fmt: skip
        story.do(place, who, f"product{move}", id=product)
