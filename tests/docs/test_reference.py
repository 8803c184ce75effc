"""The reference pages say what the code says, and the documents hold together."""

import re
from pathlib import Path

import pytest

from dataspace.lifecycle import MACHINES
from dataspace.links import LINKS
from dataspace.relations import RELATIONS
from docs.generate import __main__ as generate
from docs.generate import errors
from hub.commands import COMMANDS
from hub.settings import Settings, explain
from tests.architecture.source import ROOT, committed, place

REFERENCE = ROOT / "docs" / "reference"
DOCUMENTS = [path for path in committed() if path.suffix == ".md"]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
DECISION = re.compile(r"# (\d{4}) .+\n\n\d{4}-\d{2}-\d{2} · (?:accepted|superseded by \d{4})\n")
DECISION_LINES_MAX = 60
DECISION_PARTS = ("**Decision.**", "**Why.**", "**Check.**", "**Look again when**")


def _headings(name: str) -> set[str]:
    return set(HEADING.findall((REFERENCE / name).read_text("utf-8")))


def test_the_generated_pages_are_up_to_date() -> None:
    assert generate.outdated() == []


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in errors.ours()]
    assert [code for code in codes if codes.count(code) > 1] == []


def test_a_code_reads_noun_and_reason() -> None:
    codes = [error.code for error in errors.ours() if error.code != "internal"]
    assert [code for code in codes if not CODE.fullmatch(code)] == []


def test_every_error_is_explained() -> None:
    assert {error.code for error in errors.ours()} <= _headings("errors.md")


def test_every_setting_is_explained() -> None:
    assert {each.name for each in explain(Settings())} <= _headings("settings.md")


def test_every_command_is_explained() -> None:
    assert {f"cityspace {command.name}" for command in COMMANDS} <= _headings("cli.md")


def test_every_noun_is_explained() -> None:
    assert {noun.type_name for noun in RELATIONS.nouns} <= _headings("catalogue.md")


def test_every_link_and_machine_is_explained() -> None:
    page = (REFERENCE / "links.md").read_text("utf-8")
    assert [link.code for link in LINKS if f"| `{link.code}` |" not in page] == []
    assert {f"{each.kind} ({each.link})" for each in MACHINES.values()} <= _headings("links.md")


@pytest.mark.parametrize("document", DOCUMENTS, ids=place)
def test_every_link_leads_somewhere(document: Path) -> None:
    broken = []
    for target in _links(document):
        where, _, anchor = target.partition("#")
        led = (document.parent / where) if where else document
        if not led.exists() or (anchor and anchor not in _anchors(led)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize(
    "decision", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda path: path.stem
)
def test_a_decision_has_the_form_of_one(decision: Path) -> None:
    text = decision.read_text("utf-8")
    head = DECISION.match(text)
    assert head is not None
    assert decision.name.startswith(f"{head[1]}-")
    assert [part for part in DECISION_PARTS if part not in text] == []
    assert len(text.splitlines()) <= DECISION_LINES_MAX


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_page_can_be_reached_from_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    reached, waiting = {index}, [index]
    while waiting:
        page = waiting.pop()
        led = {(page.parent / target.partition("#")[0]).resolve() for target in _links(page)}
        found = {each for each in led if each.suffix == ".md" and each.is_file()} - reached
        reached |= found
        waiting.extend(found)
    pages = {path for path in DOCUMENTS if (ROOT / "docs") in path.parents}
    assert sorted(map(place, pages - reached)) == []


def _links(document: Path) -> list[str]:
    """Where its links lead in the tree; what stands in its code leads nowhere."""
    text = re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.M | re.S)
    outside = ("http://", "https://", "mailto:")
    return [target for target in LINK.findall(text) if not target.startswith(outside)]


def _anchors(document: Path) -> set[str]:
    """As GitHub makes them from headings."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in HEADING.findall(document.read_text("utf-8"))
    }
