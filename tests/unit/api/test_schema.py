"""The schema as a whole: complete in both languages, and what was promised stays."""

import re
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    find_breaking_changes,
    parse,
    print_schema,
    validate,
)

from dataspace.relations import RELATIONS
from dataspace.text import LANGUAGES, Language
from hub.api.schema import schema_for
from hub.api.schema.registry import STORED, camel
from hub.api.writing.operations import OPERATIONS
from tests.architecture.source import ROOT

# What readers have been promised. Add to it with a release; take away with a decision only.
EXAMPLE = re.compile(r"```graphql\n(.*?)```", re.DOTALL)
DESCRIPTION = re.compile(r'\s*"""(?:.|\n)*?"""')
PROMISED = Path(__file__).parent / "promised.graphql"


def described(language: Language) -> dict[str, str | None]:
    """Every type, field, argument and value with its description."""
    found: dict[str, str | None] = {}
    for name, type_ in schema_for(language).type_map.items():
        if name.startswith("__") or name in ("String", "ID", "Int", "Boolean", "Float"):
            continue
        found[name] = type_.description
        members: dict[str, Any] = {}
        if isinstance(type_, GraphQLEnumType):
            members = dict(type_.values)
        elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            members = dict(type_.fields)
        for member, each in members.items():
            found[f"{name}.{member}"] = each.description
            for argument, taken in getattr(each, "args", {}).items():
                found[f"{name}.{member}({argument})"] = taken.description
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_described(language: Language) -> None:
    assert [name for name, text in described(language).items() if not text] == []


def test_descriptions_are_in_their_language() -> None:
    def has_chinese(text: str | None) -> bool:
        return any("\u4e00" <= character <= "\u9fff" for character in text or "")

    english, chinese = described("en"), described("zh")
    assert english.keys() == chinese.keys()
    assert [name for name, text in english.items() if has_chinese(text)] == []
    latin = [name for name, text in chinese.items() if not has_chinese(text)]
    assert [name for name in latin if chinese[name] not in NEUTRAL] == []


NEUTRAL = {"API"}  # says the same in both


def test_the_two_languages_differ_in_descriptions_only() -> None:
    assert without_descriptions("en") == without_descriptions("zh")


def test_what_was_promised_is_kept() -> None:
    promised = build_schema(PROMISED.read_text("utf-8"))
    present = build_schema(print_schema(schema_for("en")))
    assert [str(each) for each in find_breaking_changes(promised, present)] == []


def test_the_queries_of_the_documents_fit_the_schema() -> None:
    queries = EXAMPLE.findall((ROOT / "docs" / "how-to" / "ask-in-graphql.md").read_text("utf-8"))
    assert len(queries) == 5
    for query in queries:
        assert validate(schema_for("en"), parse(query)) == []


def test_a_field_of_the_map_is_in_the_type_and_where_it_may_be_used() -> None:
    types: dict[str, Any] = dict(schema_for("en").type_map)
    for noun in RELATIONS.nouns:
        for field in noun.fields:
            assert camel(field.name) in types[noun.type_name].fields
            assert (camel(field.name) in types[f"{noun.type_name}Filter"].fields) == field.filter
            order = f"{field.name.upper()}_ASC"
            assert (order in types[f"{noun.type_name}Order"].values) == field.sort
        for way in RELATIONS.ways[noun.name]:
            assert camel(way) in types[noun.type_name].fields


def test_no_field_begins_like_the_keys_of_what_was_read() -> None:
    names = [field.name for noun in RELATIONS.nouns for field in noun.fields]
    assert [name for name in names if name.startswith(STORED)] == []


def test_every_operation_of_a_machine_is_a_mutation() -> None:
    mutation = schema_for("en").mutation_type
    assert mutation is not None
    assert mutation.fields.keys() == OPERATIONS.keys()
    assert {
        "resourceTakeIn",
        "authorisationPassFirst",
        "productRequestListing",
    } <= OPERATIONS.keys()


def without_descriptions(language: Language) -> str:
    return DESCRIPTION.sub("", print_schema(schema_for(language))).strip() + "\n"


if __name__ == "__main__":
    PROMISED.write_text(without_descriptions("en"), "utf-8")
