"""The GraphQL schema, generated from the map of the domain, once for each language.

The two differ in their descriptions only: what is parsed and validated with one may be executed
with the other.
"""

from functools import lru_cache

import graphene
from graphql import GraphQLSchema, print_schema

from dataspace.relations import RELATIONS
from dataspace.text import Language
from hub.api.schema.mutations import mutation_of
from hub.api.schema.registry import Registry
from hub.api.schema.roots import query_of
from hub.api.schema.types import object_of


@lru_cache(maxsize=2)
def schema_for(language: Language) -> GraphQLSchema:
    registry = Registry(language)
    types = [object_of(registry, noun) for noun in RELATIONS.nouns]
    schema = graphene.Schema(query_of(registry), mutation_of(registry), types=types)
    found: GraphQLSchema = schema.graphql_schema
    return found


def written(language: Language) -> str:
    """The schema in GraphQL's own language, as `docs/reference` keeps it."""
    return print_schema(schema_for(language)) + "\n"
