"""The words: two languages everywhere, British spelling, one name a thing, nothing left behind."""

import ast
import re
import string
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from dataspace import codes
from dataspace.nouns import codes as link_codes
from dataspace.relations import RELATIONS
from dataspace.text import Text
from tests.architecture.source import (
    committed,
    defined_names,
    nodes,
    place,
    prose,
    python_files,
    read,
)  # fmt: skip

CJK = re.compile(r"[\u4e00-\u9fff]")
FORBIDDEN = {"util", "utils", "helper", "helpers", "manager", "common", "misc", "data2"}
# For each, the word of the glossary in dataspace/__init__.py.
SYNONYMS = {
    "tenant": "participant", "permission": "authorisation", "license": "licence",
    "dataobject": "resource", "blob": "asset", "bucket": "asset", "workspace": "space",
}  # fmt: skip
# A bucket of an S3 store is a thing of its own, and no asset.
STORES = ("storage/s3", "hub/dev/s3_probe.py")
AMERICAN = re.compile(
    r"\b(?:\w*authoriz\w*|\w*organiz\w*|catalogs?|colors?|behaviors?|centers?|analyz\w*|favor\w*"
    r"|neighbors?|serializ\w*|normaliz\w*|initializ\w*|optimiz\w*|recogniz\w*|summariz\w*"
    r"|canonicaliz\w*|categoriz\w*|customiz\w*|minimiz\w*|labeled|canceled|fulfills?)\b",
    re.IGNORECASE,
)
# Words of OAuth, HTTP, Keycloak and DCAT keep the spelling that their standards have.
VENDOR_WORDS = re.compile(
    r"authorization[ _-](?:code|endpoint|header|server)|`[^`]*`|https?://\S+|\bAuthorization:"
    r"|dcat:\w+|Keycloak organizations?|shared/catalogs|organization:\w+|Authorization 头",
    re.IGNORECASE,
)
HEADERS = {"authorization"}
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
MACHINE_PLACES = re.compile(
    r"/wor[k]/|/roo[t]/|/hom[e]/\w|/Use[r]s/\w|/tm[p]/\w|\bpypi\.org|files\.pythonhosted"
    r"|registry\.npmjs|deb\.debian\.org|proxy\.golang|repo1?\.maven"
)
# What others wrote, and what was made of it.
BUILT = "console/built/"
# Lock files name the registry's public address because their format demands it.
LOCKS = {"package-lock.json"}


def test_every_text_speaks_both_languages() -> None:
    assert [where for where, text in _every_text() if not _is_bilingual(text)] == []


def test_both_languages_name_the_same_facts() -> None:
    assert [where for where, text in _every_text() if _facts(text.en) != _facts(text.zh)] == []


def test_codes_nouns_fields_and_edges_speak_both_languages() -> None:
    named = (*vars(codes).values(), *vars(link_codes).values())
    tables = [each for each in named if isinstance(each, codes.CodeTable)]
    texts = {f"{table.name}": table.text for table in tables}
    texts |= {f"{t.name}.{code.value}": code.text for t in tables for code in t.codes.values()}
    texts |= {code: Text(english, chinese) for code, chinese, english in codes.TOPICS}
    for noun in RELATIONS.nouns:
        texts |= {noun.name: noun.text, noun.plural: noun.plural_text}
        texts |= {f"{noun.name}.{each.name}": each.text for each in noun.fields}
        texts |= {f"{noun.name}.{each.name}": each.text for each in noun.edges}
        texts |= {f"{noun.name}.{each.inverse}": each.inverse_text for each in noun.edges}
        for part in noun.parts:
            texts |= {f"{part.name}.{each.name}": each.text for each in part.fields}
    assert [name for name, text in texts.items() if not _is_bilingual(text)] == []


def test_names_say_what_a_thing_is() -> None:
    named = [(place(path), path.stem) for path in python_files()]
    named += [(place(path, node), name) for path, name, node in _every_name()]
    assert [(where, name) for where, name in named if _says_nothing(name)] == []


def test_a_thing_has_one_name() -> None:
    assert [
        (place(path, node), name) for path, name, node in _every_name()
        if (others := _words(name) & SYNONYMS.keys())
        and not (others == {"bucket"} and place(path).startswith(STORES))
    ] == []  # fmt: skip


def test_names_and_comments_are_spelt_the_british_way() -> None:
    ours = python_files(
        "dataspace", "graph", "identity", "storage", "subspaces", "hub", "console", "tests", "docs",
        "benchmarks", "examples", "setup.py",
    )  # fmt: skip
    names = [
        (place(path, node), name.replace("_", " "))
        for path, name, node in _every_name(ours)
        if name not in HEADERS
    ]
    written = [(f"{place(path)}:{line}", text) for path in ours for text, line in prose(path)]
    assert [(where, found) for where, text in names + written if (found := _american(text))] == []


def test_documents_are_spelt_the_british_way() -> None:
    texts = {
        place(path): re.sub(r"^```.*?^```", "", read(path), flags=re.MULTILINE | re.DOTALL)
        for path in committed() if path.suffix == ".md"
    }  # fmt: skip
    assert [(where, found) for where, text in texts.items() if (found := _american(text))] == []


def test_nothing_is_left_for_later() -> None:
    ours = [path for path in committed() if BUILT not in place(path)]
    assert [place(path) for path in ours if UNFINISHED.search(read(path))] == []


def test_no_file_names_the_machine_that_it_was_written_on() -> None:
    assert [
        (place(path), found[0]) for path in committed()
        if path.name not in LOCKS and (found := MACHINE_PLACES.search(read(path)))
    ] == []  # fmt: skip


def _every_text() -> Iterator[tuple[str, Text]]:
    """Every `Text("…", "…")` that is written out, with its place."""
    for path in python_files():
        for node in nodes(path):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text":
                values = [each.value for each in node.args if isinstance(each, ast.Constant)]
                if len(values) == 2:
                    yield place(path, node), Text(str(values[0]), str(values[1]))


def _every_name(paths: Iterable[Path] | None = None) -> Iterator[tuple[Path, str, ast.AST]]:
    for path in paths or python_files():
        yield from ((path, name, node) for name, node in defined_names(path))


def _is_bilingual(text: Text) -> bool:
    """A name such as API is the same in both; what says nothing says it in both."""
    same = text.en == text.zh and text.en.isascii()
    return same or bool(text.en.strip() and CJK.search(text.zh))


def _facts(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return set()


def _words(name: str) -> set[str]:
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return set(apart.lower().split("_"))


def _says_nothing(name: str) -> bool:
    return not FORBIDDEN.isdisjoint(_words(name)) or (name.startswith("new_") and name != "new_id")


@cache
def _american(text: str) -> list[str]:
    """Few texts hold any such word, so whose word it is need not be asked of most."""
    return AMERICAN.findall(VENDOR_WORDS.sub("", text)) if AMERICAN.search(text) else []
