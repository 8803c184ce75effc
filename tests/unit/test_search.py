"""The search grammar: what each form of a query finds, and that any text can be asked."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dataspace.relations import RELATIONS
from dataspace.search import (
    CHARACTERS_MAX,
    SNIPPET_CHARACTERS,
    TERMS_MAX,
    SearchTooLong,
    matches,
    parse,
    rank,
    searched,
    snippet,
    tokens,
)

RESOURCE = RELATIONS.by_name["resource"]
HAN = st.text("公共数据资源目录水务𠀀㐀", min_size=1, max_size=12)
LATIN = st.text("abcdefgz019", min_size=1, max_size=8)
WORDS = st.lists(st.one_of(HAN, LATIN), min_size=1, max_size=6)


def found(query: str, *texts: str) -> bool:
    return matches(parse(query), texts)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("公共", "公共数据", True),
        ("数据", "公共数据", True),
        ("共数", "公共数据", True),
        ("公数", "公共数据", False),
        ("据", "公共数据", True),
        ("公", "公共数据", True),
        ("目", "公共数据", False),
        ("公共数据", "公共 数据", False),
        ("公共 数据", "数据，公共", True),
        ("公共数据资源", "公共数据", False),
        ("水", "水 表", True),
        ("水表", "水 表", False),
        ("カタ", "カタカナ", True),
        ("한국", "한국어", True),
        ("𠀀", "x𠀀𠀁", True),
        ("data", "Data set", True),
        ("DATA", "data set", True),
        ("dat", "data set", True),
        ("dat set", "data set", False),
        ("dat* set", "data set", True),
        ("data", "metadata", False),
        ("set da", "data set", True),
        ("data ", "database", False),
        ("data* ", "database", True),
        ("data.", "database", False),
        ("strasse", "STRAßE", True),
        ("ｄａｔａ", "data", True),
        ("é", "e\u0301", True),
        ("cafe", "café", False),
        ('"data set"', "a data set", True),
        ('"data set"', "a set of data", False),
        ('"data set"', "data, set", True),
        ('"data se"', "data set", False),
        ('"数据 water"', "大数据 water", True),
        ('"water 数"', "water 数据", True),
        ('"water 据"', "water 数据", False),
        ('"data', "data set", True),
        ("数据 -water", "数据 water", False),
        ("数据 -water", "数据", True),
        ("-water", "data", False),
        ('data -"open set"', "data set open", True),
        ('data -"open set"', "data open set", False),
        ("data-set", "set data", True),
        ("sh-0012", "SH-0012/2025", True),
        ("第3季度", "第3季度报告", True),
        ("…", "…", False),
        ("", "anything", False),
        ('""', "anything", False),
        ("-", "anything", False),
        ("😀", "😀", False),
        ("שלום", "שלום עולם", True),
    ],
)
def test_a_query_finds_what_the_grammar_says(query: str, text: str, expected: bool) -> None:
    assert found(query, text) is expected


def test_terms_may_be_found_in_different_texts_and_a_phrase_in_one_only() -> None:
    assert found("公共 data", "公共", "data")
    assert not found('"公共 data"', "公共", "data")
    assert not found("公共", "公", "共")
    assert not found("公共 -data", "公共", "data")


def test_a_run_is_indexed_by_every_two_characters_and_its_last_one() -> None:
    assert tokens("公共数据 Open-Data 2025年") == [
        "公共", "共数", "数据", "据", "open", "data", "2025", "年",
    ]  # fmt: skip


@given(HAN, st.data())
def test_every_piece_of_a_run_is_found_and_nothing_else_is(run: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(run) - 1))
    last = data.draw(st.integers(first + 1, len(run)))
    assert found(run[first:last], f"x {run}。")
    other = data.draw(HAN)
    assert found(other, run) == (other in run)


@given(WORDS, LATIN)
def test_a_latin_word_is_found_whole_or_by_its_beginning_at_the_end(
    words: list[str], asked: str
) -> None:
    text = " ".join(words)
    assert found(asked, text) == any(word.startswith(asked) for word in words)
    assert found(f"{asked} ", text) == (asked in words)
    assert found(f'"{asked}"', text) == (asked in words)
    assert found(asked.upper(), text.title()) == found(asked, text)


@given(st.text(max_size=60))
@example("\u0390")
@example("ǰ ΐ ﬃ ｶﾞ ㌔")
@example("\u1e9e\u0345")
@example("ᾳ\u0301")
def test_every_text_is_found_by_itself_in_quotes(text: str) -> None:
    text = text.replace('"', " ")
    assume(tokens(text) and len(text) <= CHARACTERS_MAX)
    assert found(f'"{text}"', text)


@given(WORDS, WORDS)
def test_a_minus_takes_away_exactly_what_the_term_finds(
    words: list[str], others: list[str]
) -> None:
    text = " ".join(words)
    for other in others:
        assert found(f'{words[0]} -"{other}"', text) != found(f'"{other}"', text)


@given(st.text(max_size=CHARACTERS_MAX + 20), st.text(max_size=100))
def test_any_text_can_be_asked_or_is_too_long(query: str, text: str) -> None:
    try:
        parsed = parse(query)
    except SearchTooLong:
        assert len(query) > CHARACTERS_MAX or len(tokens(query)) > TERMS_MAX
        return
    weighted = {3: [text], 8: [text, query]}
    assert matches(parsed, [text]) in (True, False)
    assert rank(parsed, weighted) >= 0
    shown = snippet(parsed, text)
    assert re.sub("[⟦⟧]", "", shown).strip("…") in text.strip("…") or "⟦" in text or "⟧" in text
    assert len(shown) <= SNIPPET_CHARACTERS + 2 + 2 * len(text)


def test_a_query_with_too_many_terms_or_characters_is_refused() -> None:
    assert len(parse("a " * TERMS_MAX).terms) == TERMS_MAX
    for query in ("a " * (TERMS_MAX + 1), "水" * (CHARACTERS_MAX + 1)):
        with pytest.raises(SearchTooLong):
            parse(query)


def test_rank_adds_for_every_wanted_term_the_weight_of_its_weightiest_field() -> None:
    weighted = {10: ["用水量"], 4: ["water", "meter"], 1: ["用水 water"]}
    assert rank(parse("用水"), weighted) == 10
    assert rank(parse("water"), weighted) == 4
    assert rank(parse("用水 water"), weighted) == 14
    assert rank(parse("用水 -data"), weighted) == 10
    assert rank(parse("data"), weighted) == 0


def test_the_searched_texts_are_those_of_fields_and_parts_by_weight() -> None:
    values = {
        "name": "用水量",
        "labels": ["a", "b"],
        "summary": "s",
        "state": "DRAFT",
        "items": [{"name": "户号", "meaning": "m", "length": 3}, {"name": "日期"}],
    }
    assert searched(RESOURCE, values) == {
        10: ["用水量"],
        3: ["s"],
        4: ["a", "b"],
        1: ["户号", "m", "日期"],
    }
    assert searched(RESOURCE, {}) == {}
    assert searched(RELATIONS.by_name["evidence"], {"actor": "x"}) == {}


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("水", "用水量", "用⟦水⟧量"),
        ("用水", "居民用水量与用水户", "居民⟦用水⟧量与⟦用水⟧户"),
        ("DATA", "open Data set", "open ⟦Data⟧ set"),
        ("nothing", "open data", "open data"),
        ('"data set"', "a data, set", "a ⟦data, set⟧"),
        ("x", "y" * 200, "y" * SNIPPET_CHARACTERS + "…"),
    ],
)
def test_a_snippet_marks_what_was_found(query: str, text: str, shown: str) -> None:
    assert snippet(parse(query), text) == shown


def test_a_snippet_of_a_long_text_is_taken_around_what_was_found() -> None:
    shown = snippet(parse("水"), "前" * 1000 + "水" + "后" * 1000)
    assert shown.startswith("…前")
    assert "⟦水⟧" in shown
    assert len(shown) == SNIPPET_CHARACTERS + 4


def test_a_snippet_of_a_great_text_is_made_in_no_time() -> None:
    for text in ("a" * 20_000, "a!" * 10_000, "!" * 20_000, "a" + "-" * 19_999):
        assert snippet(parse('"a b"'), text, characters=20)
