"""The program of the evidence page verifies what is proven, and refuses what is not."""

import asyncio
import io
import json
import re
from dataclasses import asdict
from typing import Any

import pytest

from dataspace.relations import EVIDENCE
from hub.operations import evidence
from tests.architecture.source import ROOT
from tests.build import a_change_set, a_participant, the_bureau
from tests.contract.dictionary_catalogue import DictionaryCatalogue

PAGE = (ROOT / "docs" / "explanation" / "evidence.md").read_text("utf-8")
[PROGRAM] = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.M | re.S)
RECORDS = 11


@pytest.fixture
def proofs() -> list[dict[str, Any]]:
    """Of every record of a log, as `cityspace evidence proof --json` prints them."""
    return asyncio.run(_proofs())


async def _proofs() -> list[dict[str, Any]]:
    catalogue = DictionaryCatalogue()
    parties = (a_participant(f"par_{at}", name=f"水务局 {at}") for at in range(RECORDS - 1))
    await catalogue.apply(a_change_set(the_bureau(), *parties))
    found = []
    for recorded in await catalogue.changes_since(0, RECORDS):
        proof = asdict(await evidence.proof(catalogue, recorded.revision))
        record = {each: recorded.evidence.get(each) for each in ("id", *EVIDENCE.by_name)}
        told = {"record": record, "index": recorded.revision - 1, **proof}
        found.append(json.loads(json.dumps(told)))
    return found


def run(proof: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(proof)))
    exec(compile(PROGRAM, "evidence.md", "exec"), {})


def test_every_record_is_verified(
    proofs: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for proof in proofs:
        run(proof, monkeypatch)


def test_what_was_edited_or_stands_elsewhere_is_refused(
    proofs: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = proofs[4] | {"record": proofs[4]["record"] | {"actor": "somebody else"}}
    with pytest.raises(AssertionError, match="edited"):
        run(edited, monkeypatch)
    with pytest.raises(AssertionError, match="under this root"):
        run(proofs[4] | {"path": proofs[5]["path"]}, monkeypatch)


def test_the_page_names_every_field_of_a_record() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert set(EVIDENCE.by_name) <= named
