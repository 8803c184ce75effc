"""What a reader asks in GraphQL, and that the answer is what was asked."""

from dataspace.change import Amend
from hub.node import Node
from tests.build import a_change_set, an_act
from tests.unit.api.asking import Asking
from tests.unit.operations.city import SUPERVISOR


def names(connection: object) -> list[str]:
    return [row["name"] for row in connection["nodes"]]  # type: ignore[index]


async def test_a_page_holds_its_rows_their_ends_and_its_total(ask: Asking) -> None:
    data = await ask.data(
        """{ resources(first: 2) { totalCount nodes { id provider { name } topics { nodes { code } }
             } pageInfo { hasNextPage hasPreviousPage } } }"""
    )
    assert data["resources"]["totalCount"] == 5
    assert data["resources"]["nodes"][0] == {
        "id": "res_1",
        "provider": {"name": "水务局"},
        "topics": {"nodes": [{"code": "A0100"}, {"code": "B0300"}]},
    }
    assert data["resources"]["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": False}


async def test_two_aliases_of_one_edge_have_their_own_arguments(ask: Asking) -> None:
    data = await ask.data(
        """{ resources(first: 1) { nodes { one: topics(first: 1) { nodes { code } }
             all: topics { nodes { code } } last: topics(last: 1) { nodes { code } } } } }"""
    )
    [row] = data["resources"]["nodes"]
    assert [len(row[key]["nodes"]) for key in ("one", "all", "last")] == [1, 2, 1]
    assert row["last"]["nodes"] == [{"code": "B0300"}]


async def test_nodes_and_edges_may_ask_different_things_under_one_name(ask: Asking) -> None:
    data = await ask.data(
        """{ resources(first: 1) { nodes { t: topics(first: 1) { nodes { code } } }
             edges { node { t: topics(first: 2) { totalCount nodes { name } } } } } }"""
    )
    assert data["resources"]["nodes"][0]["t"] == {"nodes": [{"code": "A0100"}]}
    assert data["resources"]["edges"][0]["node"]["t"] == {
        "totalCount": 2,
        "nodes": [{"name": "人口"}, {"name": "交通运输"}],
    }


async def test_an_alias_may_be_the_name_of_another_field(ask: Asking) -> None:
    data = await ask.data("{ resources(first: 1) { nodes { name: topics { totalCount } n: name }}}")
    assert data["resources"]["nodes"] == [{"name": {"totalCount": 2}, "n": "用水量 Water 1"}]


async def test_fragments_and_directives_decide_what_is_read(ask: Asking) -> None:
    query = """query Q($with: Boolean!) { resources(first: 1) { nodes { ...F } } }
        fragment F on Resource { id ... on Entry { id } provider @include(if: $with) { name }
        topics @skip(if: $with) { totalCount } }"""
    shown = (await ask.data(query, {"with": True}))["resources"]["nodes"][0]
    assert shown == {"id": "res_1", "provider": {"name": "水务局"}}
    hidden = (await ask.data(query, {"with": False}))["resources"]["nodes"][0]
    assert hidden == {"id": "res_1", "topics": {"totalCount": 2}}


async def test_pages_follow_one_another_both_ways(ask: Asking) -> None:
    page = "{ nodes { name } pageInfo { startCursor endCursor hasNextPage } }"
    order = "orderBy: RECORD_COUNT_DESC"
    first = (await ask.data(f"{{ resources(first: 2, {order}) {page} }}"))["resources"]
    after = first["pageInfo"]["endCursor"]
    second = (
        await ask.data(
            f"query ($c: String) {{ resources(first: 2, after: $c, {order}) {page} }}", {"c": after}
        )
    )["resources"]
    before = second["pageInfo"]["startCursor"]
    back = (
        await ask.data(
            f"query ($c: String) {{ resources(last: 2, before: $c, {order}) {page} }}",
            {"c": before},
        )
    )["resources"]
    assert [name[-1] for name in names(first) + names(second)] == ["5", "4", "3", "2"]
    assert names(back) == names(first)


async def test_filters_reach_through_edges_and_combine(ask: Asking) -> None:
    query = "query ($f: ResourceFilter) { resources(filter: $f) { nodes { name } } }"

    async def found(given: object) -> str:
        data = await ask.data(query, {"f": given})
        return "".join(name[-1] for name in names(data["resources"]))

    assert await found({"provider": {"id": {"eq": "par_water"}}}) == "135"
    assert await found({"provider": {"name": {"eq": "水务局"}}}) == "135"
    assert await found({"topics": {"code": {"in": ["B0300"]}}}) == "1"
    assert await found({"not": {"format": {"eq": "API"}}}) == "12"
    assert await found({"or": [{"recordCount": {"lte": 10}}, {"recordCount": {"gt": 40}}]}) == "15"
    assert await found({"hasAuthorisations": True}) == ""
    assert await found({"hasSpace": False, "code": {"isNull": False}}) == "12345"


async def test_facets_count_all_found_rows_and_name_what_they_count(ask: Asking) -> None:
    data = await ask.data(
        """{ resources(first: 1, filter: {recordCount: {gte: 20}}) {
             facets(fields: [FORMAT, PROVIDER, STATE]) {
               field label values { value label count } } } }"""
    )
    [by_format, by_provider, by_state] = data["resources"]["facets"]
    assert by_format["label"] == "Format of the resource"
    assert by_format["values"] == [
        {"value": "API", "label": "API", "count": 3},
        {"value": "DATABASE", "label": "Database", "count": 1},
    ]
    assert by_state["values"] == [{"value": "REGISTERED", "label": "Registered", "count": 4}]
    assert by_provider["values"][1] == {"value": "par_water", "label": "水务局", "count": 2}


async def test_a_search_has_ranks_and_snippets(ask: Asking) -> None:
    data = await ask.data(
        '{ resources(search: "用水 water", first: 1) { edges { rank snippet node { id } } } }'
    )
    [edge] = data["resources"]["edges"]
    assert edge["rank"] == 20
    assert edge["snippet"] == "⟦用水⟧量 ⟦Water⟧ 5"


async def test_lineage_leads_to_the_department(ask: Asking) -> None:
    data = await ask.data(
        """{ resource(id: "res_1") { lineage { depth edge source { name } target { kind name } }
             } participant(id: "par_water") { name } }"""
    )
    assert data["resource"]["lineage"] == [
        {
            "depth": 1,
            "edge": "provider",
            "source": {"name": "用水量 Water 1"},
            "target": {"kind": "participant", "name": "水务局"},
        }
    ]


async def test_anything_is_found_by_its_identifier_and_by_its_codes(ask: Asking) -> None:
    data = await ask.data(
        """{ node(id: "top_b") { __typename id ... on Topic { name } }
             resource(code: "C3") { id } topic(code: "A0100") { id } }"""
    )
    assert data["node"] == {"__typename": "Topic", "id": "top_b", "name": "交通运输"}
    assert data["resource"]["id"] == "res_3"
    assert data["topic"]["id"] == "top_a"


async def test_a_past_state_and_the_history_can_be_asked(ask: Asking, node: Node) -> None:
    change = Amend("resource", "res_1", {"name": "新名称"}, an_act("resource.amend"))
    revision = (await node.catalogue.apply(a_change_set(change))).revision
    around = f'{{ resource(id: "res_1", at: {revision}) {{ products {{ totalCount }} }} }}'
    assert await ask.code(around, caller=SUPERVISOR) == "lookup.past_of_others"
    data = await ask.data(
        f"""{{ now: resource(id: "res_1") {{ name version }}
               then: resource(id: "res_1", at: {revision - 1}) {{
                 name version provider {{ name }} topics {{ totalCount }} }}
               history(id: "res_1") {{ totalCount nodes {{ action changed }} }} }}""",
        caller=SUPERVISOR,
    )
    assert data["now"] == {"name": "新名称", "version": 2}
    then = {"name": "用水量 Water 1", "version": 1}
    around_it = {"provider": {"name": "水务局"}, "topics": {"totalCount": 2}}
    assert data["then"] == then | around_it
    assert data["history"]["totalCount"] == 2


async def test_one_refused_root_field_leaves_the_others(ask: Asking) -> None:
    body = await ask.body('{ resource(id: "res_none") { id } resources(first: 1) { totalCount } }')
    assert body["data"] == {"resource": None, "resources": {"totalCount": 5}}
    [error] = body["errors"]
    assert error["path"] == ["resource"]
    assert error["extensions"]["code"] == "catalogue.not_found"


async def test_refusals_speak_the_reader_s_language(ask: Asking) -> None:
    body = await ask.body('{ resource(id: "res_none") { id } }', language="zh")
    assert body["errors"][0]["message"] == "不存在 公共数据资源 res_none"


async def test_descriptions_speak_the_reader_s_language(ask: Asking) -> None:
    query = '{ __type(name: "Resource") { description fields { name description } } }'
    english = await ask.body(query)
    chinese = await ask.body(query, language="zh")
    assert english["data"]["__type"]["description"] == "Public data resource"
    assert chinese["data"]["__type"]["description"] == "公共数据资源"
