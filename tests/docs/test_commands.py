"""Every command that a document shows is one that works: it is parsed, and its targets exist."""

import re
import shlex
from pathlib import Path

import pytest

from hub.commands import COMMANDS
from hub.commands.grammar import grammar
from tests.architecture.source import ROOT, committed, place

DOCUMENTS = [path for path in committed() if path.suffix == ".md"]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"^([a-z-]+):.*## ", re.MULTILINE)
NAMES = {command.name for command in COMMANDS}


def _lines(document: Path) -> list[str]:
    found = []
    for block in BLOCK.findall(document.read_text("utf-8")):
        joined = block.replace("\\\n", " ")
        found += [line.strip() for line in joined.splitlines() if line.strip()]
    return found


def _words(line: str) -> list[str]:
    return shlex.split(line, comments=True)


SHOWN = [(document, line) for document in DOCUMENTS for line in _lines(document)]


@pytest.mark.parametrize(
    ("document", "line"), SHOWN, ids=[f"{place(path)}: {line}" for path, line in SHOWN]
)
def test_a_command_that_is_shown_exists(document: Path, line: str) -> None:
    words = _words(line)
    if words[0].rpartition("/")[2] == "cityspace":
        assert words[1] in NAMES
        grammar("en", words[1]).parse_args(words[1:])
    elif words[0] == "make":
        targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
        assert {word for word in words[1:] if "=" not in word} <= targets
    else:
        assert words[0] in {"python3", ".venv/bin/pip", "curl", "git", "cd", "export"}
