"""Files are taken apart piece by piece, each held to its limit."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.imports.readers import lines as module
from hub.imports.readers.lines import ArrayMissing, Piece, elements, lines


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def test_lines_are_numbered_as_an_editor_numbers_them(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbfone\r\n\n  \nfour")
    found = list(lines(path))
    assert [(each.line, each.raw, each.cut) for each in found] == [
        (1, b"one", False), (4, b"four", True),
    ]  # fmt: skip


def test_a_line_that_is_too_long_is_passed_over(path: Path) -> None:
    path.write_bytes(b"a\n" + b"x" * 5000 + b"\nb\n")
    found = list(lines(path, limit=1000))
    assert [(each.line, each.too_long) for each in found] == [(1, False), (2, True), (3, False)]
    assert found[-1] == Piece(3, b"b", 5005)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(
    rows=st.lists(values, max_size=6),
    block=st.integers(1, 40),
    indent=st.sampled_from([None, 1]),
)
def test_elements_are_those_that_the_whole_document_has(
    rows: list[Any],
    block: int,
    indent: int | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("document") / "data.json"
    document = {
        "other": [{"no": 1}],
        "nested": {"dataset": [{"no": 2}]},
        "dataset": rows,
        "z": [{}],
    }
    path.write_text(json.dumps(document, indent=indent), "utf-8")
    before, module.BLOCK_BYTES = module.BLOCK_BYTES, block
    try:
        found = list(elements(path, "dataset"))
    finally:
        module.BLOCK_BYTES = before
    assert [json.loads(each.raw) for each in found] == rows
    assert not any(each.cut or each.too_long for each in found)


def test_an_element_knows_the_line_that_it_begins_in(path: Path) -> None:
    path.write_text('[\n {"a": 1},\n\n {"a":\n 2}\n]')
    assert [each.line for each in elements(path, "dataset")] == [2, 4]


def test_a_document_that_ends_too_early_says_so(path: Path) -> None:
    path.write_text('{"dataset": [{"a": 1}, {"b": ')
    assert [each.cut for each in elements(path, "dataset")] == [False, True]
    path.write_text('{"dataset": [{"a": 1}, ')
    assert [each.cut for each in elements(path, "dataset")] == [False, True]


def test_an_element_that_is_too_long_is_passed_over(path: Path) -> None:
    path.write_text(json.dumps([{"a": "x" * 3000}, {"b": 1}]))
    found = list(elements(path, "dataset", limit=1000))
    assert [each.too_long for each in found] == [True, False]


def test_a_plain_member_that_the_document_ends_in_is_cut(path: Path) -> None:
    path.write_text('[{"a": 1}, "b, c", nul')
    assert [(each.raw, each.cut) for each in elements(path, "dataset")] == [
        (b'{"a": 1}', False), (b'"b, c"', False), (b"nul", True),
    ]  # fmt: skip


def test_a_document_without_the_array_is_refused(path: Path) -> None:
    path.write_text('{"a": {"b": 1}}')
    with pytest.raises(ArrayMissing):
        list(elements(path, "dataset"))
