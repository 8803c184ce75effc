"""Every GraphQL document that is shown in the documentation can be asked."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

DOCS = Path(__file__).parents[2] / "docs"
SHOWN = re.compile(r"^```graphql\n(.*?)^```", re.M | re.S)
DOCUMENTS = [
    pytest.param(shown, id=f"{path.name} {number}")
    for path in sorted(DOCS.rglob("*.md"))
    for number, shown in enumerate(SHOWN.findall(path.read_text("utf-8")), 1)
]


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema((DOCS / "reference" / "schema.en.graphql").read_text("utf-8"))


@pytest.mark.parametrize("shown", DOCUMENTS)
def test_what_is_shown_can_be_asked(schema: GraphQLSchema, shown: str) -> None:
    assert validate(schema, parse(shown)) == []
