"""Whatever is sent, the answer is a refusal with a code of its own, or a plain result."""

import time

import pytest

from hub.api.limits import Limits
from hub.node import Node
from tests.unit.api.asking import Asking, asking


def nested(levels: int) -> str:
    """Resources of the provider of resources of …, as deep as asked."""
    opening = "resources(first: 1) { nodes { provider { "
    return "{ " + opening * levels + "id" + " } } }" * levels + " }"


BAD: dict[str, tuple[str, str]] = {
    "five hundred levels": (nested(170), "limit.depth"),
    "deeper than a page may be": (nested(9), "limit.depth"),
    "ten thousand aliases": (
        "{ " + " ".join(f"a{at}: __typename" for at in range(10_000)) + " }",
        "limit.tokens",
    ),
    "a hundred aliases": (
        "{ " + " ".join(f"a{at}: __typename" for at in range(100)) + " }",
        "limit.aliases",
    ),
    "aliases multiplied by fragments": (
        "{ " + "...F " * 40 + "} fragment F on Query { a: __typename b: __typename }",
        "limit.aliases",
    ),
    "one field three thousand times": ("{ " + "__typename " * 3000 + "}", "limit.repeats"),
    "too many root fields": (
        "{ " + " ".join(f"a{at}: topics {{ totalCount }}" for at in range(25)) + " }",
        "limit.root_fields",
    ),
    "pages within pages": (
        "{ topics(first: 100) { nodes { products(first: 100) { nodes { topics { nodes { id }}}}}}}",
        "limit.cost",
    ),
    "a page of a hundred thousand": ("{ resources(first: 100000) { totalCount } }", "limit.page"),
    "a nested page of a thousand": (
        "{ resources { nodes { topics(first: 1000) { totalCount } } } }",
        "limit.page",
    ),
    "a page beyond 32 bits": ("{ resources(first: 99999999999) { totalCount } }", "query.invalid"),
    "a negative page": ("{ resources(first: -1) { totalCount } }", "page.size_negative"),
    "first and last": ("{ resources(first: 1, last: 1) { totalCount } }", "page.directions_mixed"),
    "after with last": (
        '{ resources(last: 1, after: "AA") { totalCount } }',
        "page.directions_mixed",
    ),
    "an order by rank without a search": (
        "{ resources(orderBy: RANK) { totalCount } }",
        "page.rank_needs_search",
    ),
    "a cursor that is not one": ('{ resources(after: "?") { totalCount } }', "cursor.unreadable"),
    "an empty cursor": ('{ resources(after: "") { totalCount } }', "cursor.unreadable"),
    "a cursor in another alphabet": (
        '{ resources(after: "游标") { totalCount } }',
        "cursor.unreadable",
    ),
    "a forged cursor": (
        '{ resources(after: "AQAAAAAAAAAAAAAAAAAAAABbIngiLCJ4IiwieCJd") { totalCount } }',
        "cursor.forged",
    ),
    "an id of another kind": ('{ resource(id: "prd_x") { id } }', "lookup.id_of_another_kind"),
    "an id of no kind": ('{ node(id: "xyz") { id } }', "catalogue.not_found"),
    "an id with a null byte": ('{ node(id: "res_\\u0000") { id } }', "catalogue.not_found"),
    "an empty id": ('{ resource(id: "") { id } }', "lookup.id_of_another_kind"),
    "two values of one look-up": (
        '{ resource(id: "res_1", code: "C1") { id } }',
        "lookup.one_value",
    ),
    "a look-up of nothing": ("{ resource { id } }", "lookup.one_value"),
    "an unknown code": (
        "{ resources(filter: {format: {eq: STONE}}) { totalCount } }",
        "query.invalid",
    ),
    "an unknown order": ("{ resources(orderBy: SMELL_ASC) { totalCount } }", "query.invalid"),
    "an unknown field": ("{ resources { nodes { smell } } }", "query.invalid"),
    "a moment without a zone": (
        '{ resources(filter: {dataChangedAt: {gt: "2026-01-01T00:00:00"}}) { totalCount } }',
        "query.invalid",
    ),
    "too many conditions": (
        "{ resources(filter: {or: ["
        + ", ".join('{name: {eq: "a"}}' for _ in range(50))
        + "]}) { totalCount } }",
        "limit.conditions",
    ),
    "a list of a thousand values": (
        "{ resources(filter: {name: {in: ["
        + ", ".join('"a"' for _ in range(1000))
        + "]}}) { totalCount } }",
        "limit.page",
    ),
    "a search of five hundred characters": (
        '{ resources(search: "' + "水" * 500 + '") { totalCount } }',
        "search.too_long",
    ),
    "a lineage of a hundred steps": (
        '{ resource(id: "res_1") { lineage(depth: 100) { depth } } }',
        "limit.page",
    ),
    "not a query": ("resources please", "query.syntax"),
    "nothing": ("", "query.syntax"),
    "a null byte": ("{ topics \u0000 { totalCount } }", "query.syntax"),
    "half a character": ('{ node(id: "\\uD800") { id } }', "query.syntax"),
    "a circle of fragments": (
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "query.invalid",
    ),
    "an introspection bomb": (
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "query.invalid",
    ),
    "a subscription": ("subscription { topics { totalCount } }", "query.subscription"),
    "two operations and no name": ("query A { me { name } } query B { me { name } }",
                                   "query.operation_unclear"),
}  # fmt: skip


@pytest.mark.parametrize(("query", "code"), BAD.values(), ids=BAD.keys())
async def test_it_is_refused_with_its_own_code(ask: Asking, query: str, code: str) -> None:
    started = time.perf_counter()
    body = await ask.body(query)
    assert time.perf_counter() - started < 5
    assert body["errors"][0]["extensions"]["code"] == code
    assert body["errors"][0]["extensions"]["advice"]


@pytest.mark.parametrize(
    ("search", "found"),
    [("…!? 。", 0), ("😀", 0), ("שלום עולם", 0), ("\u202eretaW", 0), ("a\u0000b", 0), ("用水", 5)],
)
async def test_any_search_is_answered(ask: Asking, search: str, found: int) -> None:
    query = "query ($s: String) { resources(search: $s) { totalCount nodes { id } } }"
    data = await ask.data(query, {"s": search})
    assert data["resources"]["totalCount"] == len(data["resources"]["nodes"]) == found


async def test_a_page_of_none_still_counts_and_knows_that_more_follows(ask: Asking) -> None:
    data = await ask.data(
        "{ resources(first: 0) { totalCount nodes { id } pageInfo {hasNextPage}}}"
    )
    assert data["resources"] == {"totalCount": 5, "nodes": [], "pageInfo": {"hasNextPage": True}}


CURSOR = "query ($c: String) { %s { totalCount } }"
OTHERS = {
    "another order": "resources(after: $c, orderBy: NAME_DESC)",
    "another direction": "resources(after: $c, orderBy: NAME_ASC)",
    "another filter": 'resources(after: $c, filter: {name: {eq: "x"}})',
    "another search": 'resources(after: $c, search: "x", orderBy: ID_ASC)',
    "another root": "topics(after: $c)",
}


@pytest.mark.parametrize("question", OTHERS.values(), ids=OTHERS.keys())
async def test_a_cursor_of_another_question_is_refused(ask: Asking, question: str) -> None:
    data = await ask.data("{ resources(first: 1) { pageInfo { endCursor } } }")
    cursor = data["resources"]["pageInfo"]["endCursor"]
    code = await ask.code(CURSOR % question, {"c": cursor})
    assert code == "cursor.of_another_question"


async def test_a_cursor_with_one_letter_changed_is_refused(ask: Asking) -> None:
    data = await ask.data("{ resources(first: 1) { pageInfo { endCursor } } }")
    cursor = data["resources"]["pageInfo"]["endCursor"]
    changed = cursor[:-3] + ("A" if cursor[-3] != "A" else "B") + cursor[-2:]
    assert await ask.code(CURSOR % "resources(after: $c)", {"c": changed}) == "cursor.forged"


async def test_deep_variables_are_refused_before_they_are_read(ask: Asking) -> None:
    given: object = {}
    for _ in range(400):
        given = {"not": given}
    query = "query ($f: ResourceFilter) { resources(filter: $f) { totalCount } }"
    assert await ask.code(query, {"f": given}) == "limit.variables_depth"


async def test_a_slow_catalogue_is_given_up(node: Node) -> None:
    slow = asking(node, Limits(seconds_max=0))
    assert await slow.code("{ topics { totalCount } }") == "limit.time"


async def test_what_goes_wrong_inside_is_masked(
    node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_selection: object) -> None:
        raise RuntimeError("password=secret")

    node.catalogue.select = broken  # type: ignore[method-assign, assignment]
    body = await asking(node).body("{ topics { totalCount } }")
    [error] = body["errors"]
    assert error["extensions"]["code"] == "internal"
    assert "secret" not in str(body)
    assert error["extensions"]["logId"] in caplog.text
    assert "password=secret" in caplog.text


async def test_a_variable_that_lacks_a_field_is_the_callers_mistake(node: Node) -> None:
    query = "mutation M($i: ResourceReturnInput!) { resourceReturn(input: $i) { object { id } } }"

    assert await asking(node).code(query, {"i": {"id": "res_1"}}) == "query.invalid"
