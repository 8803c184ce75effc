"""Nothing hidden gets out: every path of the interface against an oracle that tries each row."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dataspace.caller import Caller
from dataspace.lifecycle import MACHINES
from dataspace.ports import Catalogue
from dataspace.relations import RELATIONS
from dataspace.shape import Noun, Part, Reader, Type
from hub.api.limits import Limits
from hub.api.schema.inputs import facetted
from hub.api.schema.registry import camel
from hub.node import Node
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.made_catalogue import a_catalogue
from tests.unit.api.asking import Asking, KnownTokens, asking
from tests.unit.api.leaking import CALLERS, City, a_city, changes
from tests.unit.operations.city import DictionaryAssets

pytestmark = pytest.mark.slow
NOUNS = RELATIONS.nouns
WAYS = {"resource": "products", "product": "resources", "authorisation": "resources"}
GUARDED = ("resource", "product", "authorisation", "asset", "evidence")
# A seed that is smaller is not a city that is simpler; and one city is as dear as ten values.
thrown_once = settings(
    max_examples=max(10, settings().max_examples // 10),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
cities = st.integers(0, 2**32)
callers = st.sampled_from(CALLERS)


async def thrown(seed: int, caller: Caller) -> tuple[City, Asking]:
    catalogue = await a_city(seed)
    return City(catalogue, caller), asking(a_node(catalogue), Limits(cost_max=10**9))


def a_node(catalogue: Catalogue) -> Node:
    return Node(catalogue, KnownTokens(), DictionaryAssets(), FrozenClock())


def everything(noun: Noun, depth: int) -> str:
    """A selection set that asks for all that a row has, down to the depth."""
    wanted = ["id", "version", *(camel(field.name) for field in noun.fields)]
    wanted += [f"{camel(part.name)} {{ {_values(part)} }}" for part in noun.parts]
    ways = RELATIONS.ways[noun.name].values()
    if any(way.edge.lineage for way in ways):
        ends = "{ edge source { id name } target { id name } }"
        wanted += [f"{way}: lineage(direction: {way}) {ends}" for way in ("UPWARDS", "DOWNWARDS")]
    if depth:
        wanted += ["moves(mine: false) { name message }"] if noun.name in MACHINES else []
        wanted += [_way(way, depth) for way in ways]
    return " ".join(wanted)


def _values(part: Part) -> str:
    """Of a part that is guarded all that there is."""
    if part.reader is Reader.ANYONE:
        return camel(part.fields[0].name)
    return " ".join((*(camel(each.name) for each in part.fields), "link"))


def _way(way: Any, depth: int) -> str:
    below = everything(RELATIONS.by_name[way.end], depth - 1)
    if not way.many:
        return f"{camel(way.name)} {{ {below} }}"
    return f"{camel(way.name)}(first: 3) {{ totalCount nodes {{ {below} }} }}"


async def rows(ask: Asking, caller: Caller, root: str, *, wanted: str = "id", **given: Any) -> Any:
    """All rows of a root, page by page, and its total on each page."""
    found: list[Any] = []
    after = None
    root = camel(root)
    arguments = "".join(f", {camel(name)}: {value}" for name, value in given.items())
    while True:
        data = await ask.data(
            f"""query ($after: String) {{ {root}(first: 3, after: $after{arguments}) {{
                totalCount nodes {{ {wanted} }} pageInfo {{ endCursor hasNextPage }} }} }}""",
            {"after": after},
            caller=caller,
        )
        found += data[root]["nodes"]
        if not data[root]["pageInfo"]["hasNextPage"]:
            assert data[root]["totalCount"] == len(found)
            return found
        after = data[root]["pageInfo"]["endCursor"]


def ids(found: list[Any]) -> list[str]:
    return sorted(row["id"] for row in found)


@thrown_once
@given(cities, callers)
async def test_roots_hold_what_may_be_seen_and_count_no_more(seed: int, caller: Caller) -> None:
    city, ask = await thrown(seed, caller)
    for noun in NOUNS:
        assert ids(await rows(ask, caller, noun.plural)) == city.seen(noun.name)


@thrown_once
@given(cities, callers)
async def test_no_canary_is_in_an_answer_that_asks_for_everything(
    seed: int, caller: Caller
) -> None:
    city, ask = await thrown(seed, caller)
    for noun in NOUNS:
        query = f"{{ {camel(noun.plural)}(first: 10) {{ nodes {{ {everything(noun, 1)} }} }} }}"
        body = await ask.body(query, caller=caller)
        assert "errors" not in body, body["errors"]
        assert city.leaks(json.dumps(body)) == []


@thrown_once
@given(cities, callers)
async def test_look_ups_find_what_may_be_seen(seed: int, caller: Caller) -> None:
    city, ask = await thrown(seed, caller)
    for noun in NOUNS:
        for id_, row in city.rows[noun.name].items():
            seen = id_ in city.seen(noun.name)
            body = await ask.body(f'{{ node(id: "{id_}") {{ id }} }}', caller=caller)
            assert (body["data"]["node"] is not None) == seen
            for field in (each for each in noun.fields if each.unique):
                root = camel(noun.name)
                query = f'{{ {root}({camel(field.name)}: "{row[field.name]}") {{ id }} }}'
                body = await ask.body(query, caller=caller)
                assert (body["data"][root] is not None) == seen


@thrown_once
@given(cities, callers)
async def test_ways_lead_to_what_may_be_seen(seed: int, caller: Caller) -> None:
    city, ask = await thrown(seed, caller)
    for noun in NOUNS:
        for way in RELATIONS.ways[noun.name].values():
            below = "{ nodes { id } totalCount }" if way.many else "{ id }"
            found = await rows(
                ask, caller, noun.plural, wanted=f"id end: {camel(way.name)} {below}"
            )
            for row in found:
                expected = city.ends(noun.name, row["id"], way.name)
                if way.many:
                    assert ids(row["end"]["nodes"]) == expected
                    assert row["end"]["totalCount"] == len(expected)
                else:
                    assert ([row["end"]["id"]] if row["end"] else []) == expected


@thrown_once
@given(cities, callers)
async def test_filters_match_by_what_may_be_seen(seed: int, caller: Caller) -> None:
    city, ask = await thrown(seed, caller)
    for noun in NOUNS:
        for way in RELATIONS.ways[noun.name].values():
            seen, target = city.seen(noun.name), f"{RELATIONS.by_name[way.end].prefix}_1"
            linked = [i for i in seen if target in city.ends(noun.name, i, way.name)]
            name = camel(way.name)
            by_id = f'{{{name}: {{id: {{eq: "{target}"}}}}}}'
            assert ids(await rows(ask, caller, noun.plural, filter=by_id)) == linked
            others = sorted(set(seen) - set(linked))
            assert ids(await rows(ask, caller, noun.plural, filter=f"{{not: {by_id}}}")) == others
            having = [i for i in seen if city.ends(noun.name, i, way.name)]
            has = f"{{{camel(f'has_{way.name}')}: true}}"
            assert ids(await rows(ask, caller, noun.plural, filter=has)) == having


@thrown_once
@given(cities, callers)
async def test_guarded_fields_are_read_filtered_and_sorted_by_where_they_may_be(
    seed: int, caller: Caller
) -> None:
    city, ask = await thrown(seed, caller)
    for noun in NOUNS:
        seen = city.seen(noun.name)
        for field in (each for each in noun.fields if each.reader is not Reader.ANYONE):
            may = [i for i in seen if city.may_read(noun, i, field)]
            name, values = camel(field.name), city.rows[noun.name]
            found = await rows(ask, caller, noun.plural, wanted=f"id {name}")
            expected = {i: values[i].get(field.name) if i in may else None for i in seen}
            assert {row["id"]: row[name] for row in found} == expected
            if field.sort:
                order = f"{field.name.upper()}_ASC"
                assert ids(await rows(ask, caller, noun.plural, order_by=order)) == may
            if field.filter and field.type is Type.TEXT and may:
                value = values[may[0]][field.name]
                same = f'{{{name}: {{eq: "{value}"}}}}'
                assert ids(await rows(ask, caller, noun.plural, filter=same)) == may[:1]
                other = f"{{not: {same}}}"
                assert ids(await rows(ask, caller, noun.plural, filter=other)) == may[1:]


@thrown_once
@given(cities, callers)
async def test_guarded_parts_are_read_and_filtered_by_where_they_may_be(
    seed: int, caller: Caller
) -> None:
    city, ask = await thrown(seed, caller)
    for noun in NOUNS:
        seen = city.seen(noun.name)
        for part in (each for each in noun.parts if each.reader is not Reader.ANYONE):
            may = [i for i in seen if city.may_read(noun, i, part)]
            name = camel(part.name)
            found = await rows(ask, caller, noun.plural, wanted=f"id own: {name} {{ sha256 }}")
            expected = {i: [{"sha256": f"part_{i}"}] if i in may else None for i in seen}
            assert {row["id"]: row["own"] for row in found} == expected
            for each in seen:
                same = f'{{{name}: {{sha256: {{eq: "part_{each}"}}}}}}'
                held = [each] if each in may else []
                assert ids(await rows(ask, caller, noun.plural, filter=same)) == held
                others = await rows(ask, caller, noun.plural, filter=f"{{not: {same}}}")
                assert ids(others) == sorted(set(may) - {each})


@thrown_once
@given(cities, callers)
async def test_facets_count_what_may_be_seen(seed: int, caller: Caller) -> None:
    city, ask = await thrown(seed, caller)
    for noun in NOUNS:
        for name in facetted(noun):
            root = camel(noun.plural)
            data = await ask.data(
                f"""{{ {root}(first: 0) {{ facets(fields: [{name.upper()}], first: 100) {{
                    values {{ value label count }} }} }} }}""",
                caller=caller,
            )
            counted: dict[str, int] = {}
            for id_ in city.seen(noun.name):
                value = city.rows[noun.name][id_].get(name)
                for each in value if isinstance(value, list) else [value]:
                    if each is not None:
                        text = json.dumps(each) if isinstance(each, bool) else str(each)
                        counted[text] = counted.get(text, 0) + 1
            [found] = data[root]["facets"]
            assert {each["value"]: each["count"] for each in found["values"]} == counted
            assert city.leaks(json.dumps(data)) == []


@thrown_once
@given(cities, callers)
async def test_a_search_finds_what_may_be_seen(seed: int, caller: Caller) -> None:
    city, ask = await thrown(seed, caller)
    for noun in (each for each in NOUNS if each.searched):
        found = await rows(ask, caller, noun.plural, search='"see"')
        assert ids(found) == city.seen(noun.name)
        data = await ask.data(
            f'{{ {camel(noun.plural)}(search: "see") {{ edges {{ snippet rank cursor }} }} }}',
            caller=caller,
        )
        assert city.leaks(json.dumps(data)) == []


@thrown_once
@given(cities, callers)
async def test_the_past_shows_what_may_be_seen_now(seed: int, caller: Caller) -> None:
    city, ask = await thrown(seed, caller)
    made = sum(len(city.rows[noun.name]) for noun in NOUNS if noun.name != "evidence")
    for kind in ("resource", "product", "authorisation"):
        for id_ in city.rows[kind]:
            query = f'{{ {kind}(id: "{id_}", at: {made}) {{ id name: __typename state }} }}'
            body = await ask.body(query, caller=caller)
            if id_ not in city.seen(kind):
                assert body["data"][kind] is None
            crowded = f'{{ {kind}(id: "{id_}", at: {made}) {{ {WAYS[kind]} {{ totalCount }} }} }}'
            assert (await ask.body(crowded, caller=caller))["data"][kind] is None
            history = (
                f'{{ history(id: "{id_}", first: 50) {{ totalCount nodes {{ id reason }} }} }}'
            )
            records = (await ask.data(history, caller=caller))["history"]
            own = [i for i in city.seen("evidence") if city.rows["evidence"][i]["subject"] == id_]
            assert ids(records["nodes"]) == own
            assert records["totalCount"] == len(own)


async def test_an_sqlite_catalogue_answers_as_the_plainest_one_does(tmp_path: Path) -> None:
    """So what is proved above of the one holds for the other."""
    plain = DictionaryCatalogue()
    kept = await a_catalogue(tmp_path / "catalogue.sqlite")
    for each in changes(7):
        await plain.apply(each)
        await kept.apply(each)
    for caller in CALLERS[::5]:
        for noun in NOUNS:
            query = (
                f"{{ {camel(noun.plural)}(first: 10) "
                f"{{ totalCount nodes {{ {everything(noun, 1)} }} }} }}"
            )
            answers = [
                await asking(a_node(each), Limits(cost_max=10**9)).body(query, caller=caller)
                for each in (plain, kept)
            ]
            assert answers[0] == answers[1]
    await kept.close()


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
def test_what_an_edge_s_facet_counts_is_open_to_everybody(noun: Noun) -> None:
    """Its values are identified and named, so nobody may be kept from seeing their rows."""
    counted = [edge.target for edge in noun.edges if edge.facet]
    assert not set(counted) & set(GUARDED)


def test_parts_have_no_guarded_field() -> None:
    """Whoever reads a part reads all of it, so a guarded field in one would be read with it."""
    fields = [field for noun in NOUNS for part in noun.parts for field in part.fields]
    assert all(field.reader is Reader.ANYONE for field in fields)


def test_what_is_searched_or_counted_is_open_to_everybody() -> None:
    fields = [field for noun in NOUNS for field in noun.fields if field.search or field.facet]
    assert all(field.reader is Reader.ANYONE for field in fields)
