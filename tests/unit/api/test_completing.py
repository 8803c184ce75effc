"""The short way to an answer gives what graphql-core's executor gives, to the letter."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from hub.api.execution import Api
from hub.api.reading.completing import Completing, Unusual
from hub.api.schema.registry import camel
from hub.node import Node
from tests.clock import FrozenClock
from tests.unit.api.asking import KnownTokens, asking
from tests.unit.api.leaking import CALLERS, a_city
from tests.unit.api.test_leaks import NOUNS, everything
from tests.unit.operations.city import DictionaryAssets

ODD = {
    "aliases of everything": """{ a: resources(first: 2) { n: nodes { t: __typename
        i: id s: state p: provider { x: name y: name } } c: totalCount
        i: pageInfo { e: endCursor } } }""",
    "fields said twice": """{ resources(first: 2) { nodes { id } nodes { name provider { id } }
        ... on ResourceConnection { nodes { provider { name } } } } }""",
    "fragments within fragments": """{ resources(first: 2) { ...A } }
        fragment A on ResourceConnection { edges { node { ...B ...C } cursor } }
        fragment B on Resource { topics(first: 1) { nodes { ...D } } }
        fragment C on Resource { topics(first: 1) { totalCount } ... on Entry { id } }
        fragment D on Topic { code broader { code } }""",
    "what is left out": """{ resources(first: 2) { nodes { id name @skip(if: true)
        provider @include(if: false) { name } ... @include(if: true) { grade } } } }""",
    "any object": """{ node(id: "top_1") { __typename id ... on Resource { name }
        ... on Topic { code } } other: node(id: "par_1") { ... on Participant { name kind } } }""",
    "facets and lineage": """{ resources { facets(fields: [PROVIDER, GRADE, AUTHORISABLE]) {
        field values { value label count } }
        nodes { lineage { depth edge target { name } } } } }""",
    "who I am": "{ me { signedIn roles participant { name } may { move ownOnly } } }",
    "a refused field": '{ resource(id: "nope_1") { id } topics { totalCount } }',
    "what types there are": '{ __typename __type(name: "Resource") { name fields { name } } }',
    "moves": "{ resources { nodes { moves(mine: false) { name possible needsReason code } } } }",
}  # fmt: skip
LONG_WAY = ("a refused field", "what types there are")


async def both(api: Api, query: str, caller: Any, patch: pytest.MonkeyPatch) -> list[Any]:
    """The answer by the short way, and by the executor; the first says whether it was taken."""
    taken: list[bool] = []
    roots = Completing.roots

    def noted(self: Completing, *given: Any) -> dict[str, Any]:
        found = roots(self, *given)
        taken.append(True)
        return found

    def refused(self: Completing, *_: Any) -> Mapping[str, Any]:
        raise Unusual()

    answers: list[Any] = []
    for way in (noted, refused):
        patch.setattr(Completing, "roots", way)
        node = asking(api.node, api.limits)
        answers.append(json.dumps(await node.body(query, caller=caller), ensure_ascii=False))
    patch.undo()
    return [bool(taken), *answers]


@pytest.mark.parametrize("name", ODD)
async def test_odd_queries_are_answered_the_same(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = Node(await a_city(1), KnownTokens(), DictionaryAssets(), FrozenClock())
    for caller in CALLERS[:6]:
        taken, short, long = await both(asking(node).api, ODD[name], caller, monkeypatch)
        assert short == long
        assert taken == (name not in LONG_WAY)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
async def test_everything_is_answered_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Node(await a_city(seed), KnownTokens(), DictionaryAssets(), FrozenClock())
    for noun in NOUNS:
        query = f"{{ {camel(noun.plural)}(first: 5) {{ nodes {{ {everything(noun, 0)} }} }} }}"
        for caller in CALLERS[seed::9]:
            taken, short, long = await both(asking(node).api, query, caller, monkeypatch)
            assert short == long
            assert taken == ("papers {" not in query), "an address may fail to be made"


async def test_null_where_there_must_be_a_value_is_left_to_the_executor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    node = Node(await a_city(1), KnownTokens(), DictionaryAssets(), FrozenClock())
    select = node.catalogue.select

    async def forgetful(selection: Any) -> Any:
        found = await select(selection)
        for row in found.rows:
            row["version"] = None
        return found

    monkeypatch.setattr(node.catalogue, "select", forgetful)
    body = await asking(node).body('{ topic(id: "top_1") { id version } }')
    assert body["data"] == {"topic": None}
    assert body["errors"][0]["path"] == ["topic", "version"]
