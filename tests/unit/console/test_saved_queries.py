"""The shelf of saved queries: complete in both languages, and valid for the hub's schema."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate
from graphql.execution.values import get_variable_values
from graphql.language import OperationDefinitionNode

from console.shelf import SHELVES, SavedQuery, read, saved_queries
from dataspace.guards import MANDATORY

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "schema.en.graphql"
PLACEHOLDER = re.compile(r"@(me\.(participant|subject)|today|in-\d+-days|\d+-days-ago)")
FIRST = re.compile(r"@first (\w+)(?:\((.*)\))?(?: or (\w+))?")

each_query = pytest.mark.parametrize("saved", saved_queries(), ids=lambda saved: saved.name)


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    if not SCHEMA.is_file():
        pytest.skip(f"{SCHEMA.name} is not in docs/reference yet")
    return build_schema(SCHEMA.read_text("utf-8"))


@each_query
def test_a_saved_query_is_valid(saved: SavedQuery, schema: GraphQLSchema) -> None:
    assert validate(schema, parse(saved.text)) == []


@each_query
def test_a_saved_query_is_told_in_both_languages(saved: SavedQuery) -> None:
    for text in (saved.title, saved.about):
        assert text["en"]
        assert text["en"].isascii()
        assert re.search(r"[\u4e00-\u9fff]", text["zh"])


@each_query
def test_a_saved_query_declares_the_variables_that_it_is_given(saved: SavedQuery) -> None:
    declared = {
        variable.variable.name.value
        for operation in parse(saved.text).definitions
        if isinstance(operation, OperationDefinitionNode)
        for variable in operation.variable_definitions
    }
    assert declared == saved.variables.keys()


@each_query
def test_the_variables_fit_their_types(saved: SavedQuery, schema: GraphQLSchema) -> None:
    for operation in parse(saved.text).definitions:
        if isinstance(operation, OperationDefinitionNode):
            found = get_variable_values(schema, operation.variable_definitions, saved.variables)
            assert isinstance(found, dict), found


@each_query
def test_every_placeholder_is_one_that_the_page_fills_in(saved: SavedQuery) -> None:
    placeholders = [each for each in _leaves(saved.variables) if each.startswith("@")]
    known = [each for each in placeholders if PLACEHOLDER.fullmatch(each) or FIRST.fullmatch(each)]
    assert placeholders == known


@each_query
def test_what_a_placeholder_looks_up_can_be_asked(saved: SavedQuery, schema: GraphQLSchema) -> None:
    for found in filter(None, map(FIRST.fullmatch, _leaves(saved.variables))):
        arguments = ", ".join(filter(None, ("first: 1", found[2])))
        asked = f"{{ {found[1]}({arguments}) {{ nodes {{ id }} }} }}"
        assert validate(schema, parse(asked)) == []


def _leaves(value: object) -> list[str]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    return [value] if isinstance(value, str) else []


def test_the_resource_that_is_registered_has_what_a_review_asks_for() -> None:
    (register,) = (each for each in saved_queries() if "RegisterResource" in each.operations)
    given = {re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", name)
             for name in register.variables["values"]}  # fmt: skip
    assert set(MANDATORY) - given == {"provider"}, "the hub knows the provider by the caller"


def test_no_two_operations_share_a_name() -> None:
    names = [name for saved in saved_queries() for name in saved.operations]
    assert len(names) == len(set(names))


def test_no_group_of_the_shelf_is_empty() -> None:
    assert {saved.shelf for saved in saved_queries()} == SHELVES.keys()


@pytest.mark.parametrize(
    "source",
    [
        "query Q { me { name } }",
        "# en: A.\n# zh: 甲。\n# shelf: nobody\nquery Q { me { name } }",
        "# en: A.\n# zh: 甲。\n# shelf: everyone\n{ me { name } }",
    ],
    ids=["without a head", "on no shelf", "without a name"],
)
def test_a_file_that_is_amiss_is_named(tmp_path: Path, source: str) -> None:
    path = tmp_path / "amiss.graphql"
    path.write_text(source, "utf-8")
    with pytest.raises(ValueError, match=r"amiss\.graphql"):
        read(path)
