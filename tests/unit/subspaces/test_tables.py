"""Recipes on tables: what is read is what was written, and rows in any order give the same."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.federation.profiles.recipe import read_table, written_table
from subspaces.content.made import content_of
from subspaces.profiles import OURS
from subspaces.recipes.tables.by_profile import RECIPES, recipes_of

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


@given(st.lists(st.tuples(TEXTS.filter(bool), TEXTS), max_size=9))
def test_a_table_is_read_as_it_was_written(rows: list[tuple[str, str]]) -> None:
    table = written_table("t", ("a", "水"), rows)
    headings, found = read_table(table.content)
    assert headings == ("a", "水")
    assert [tuple(row.values()) for row in found] == rows


@pytest.mark.parametrize("content", [
    b"", b"\n", b"a,a\n1,2\n", b"a,b\n1\n", b"a,b\n1,2,3\n", b"\xff\xfe\x00", b'a,b\n"1,2\n',
])  # fmt: skip
def test_what_is_no_table_is_not_read(content: bytes) -> None:
    with pytest.raises(ValueError):
        read_table(content)


def test_a_mark_before_the_headings_is_no_part_of_them() -> None:
    assert read_table("\ufeffa,b\r\n1,2\r\n".encode())[1] == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize("profile", OURS)
def test_every_recipe_makes_what_its_template_promises(profile: str) -> None:
    for code, recipe in recipes_of(OURS[profile]).items():
        template = OURS[profile].template(code)
        assert template is not None, code
        assert [each.code for each in template.outputs] == list(recipe.outputs)
    assert recipes_of(None) == {}
    assert set(RECIPES) == set(OURS)


@pytest.mark.parametrize("profile", OURS)
def test_the_order_of_rows_changes_nothing_but_the_order(profile: str) -> None:
    content = content_of(profile, 3)
    held = {each.code: read_table(each.table.content) for each in content.sets}
    for product in content.products:
        if (recipe := recipes_of(OURS[profile]).get(product.template)) is None:
            continue
        tables, shuffled = {}, {}
        for code in product.inputs:
            headings, rows = held[code]
            name = recipe.input_of(headings)
            assert name is not None, code
            tables[name] = rows
            shuffled[name] = random.Random(7).sample(rows, len(rows))
        one, other = (list(recipe.compute(each)) for each in (tables, shuffled))
        assert sorted(map(str, one)) == sorted(map(str, other)), product.template
