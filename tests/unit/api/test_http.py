"""GraphQL over HTTP: what is accepted, what is refused, and in which form."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2 as httpx
import pytest
from starlette.applications import Starlette

from dataspace.caller import Role
from hub.api.graphql import ApiOptions, api_routes
from hub.api.limits import Limits
from hub.node import Node
from tests.build import a_change_set, a_participant, a_product, a_resource, a_row, caller_for
from tests.unit.api.asking import KEY, KnownTokens
from tests.unit.operations.city import MARKET, REGISTRAR, STEWARD

TOPICS = {"query": "{ topics { totalCount } }"}
DEPUTY = caller_for(Role.DEVELOPER, participant="par_water")
NEW = "application/graphql-response+json"
Client = httpx.AsyncClient


@pytest.fixture
async def client(node: Node) -> AsyncIterator[Client]:
    known = replace(
        node, identity=KnownTokens({"steward": STEWARD, "registrar": REGISTRAR, "deputy": DEPUTY})
    )
    options = ApiOptions(KEY, Limits(body_bytes_max=100_000), "http://city/realms/city")
    app = Starlette(routes=api_routes(known, options))
    transport = httpx.ASGITransport(app=app)
    async with Client(transport=transport, base_url="http://city") as client:
        yield client


def code(answer: httpx.Response) -> str:
    """Of a problem document, or of the first error of a GraphQL answer."""
    body: dict[str, Any] = answer.json()
    return str(body["code"] if "code" in body else body["errors"][0]["extensions"]["code"])


async def test_a_query_by_post_is_answered(client: Client) -> None:
    answer = await client.post("/graphql", json=TOPICS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["data"] == {"topics": {"totalCount": 2}}
    assert answer.json()["extensions"]["cost"] == {"estimated": 1, "budget": 20_000}


async def test_a_query_by_get_is_answered(client: Client) -> None:
    given = {"query": "query ($n: Int) { topics(first: $n) { nodes { id } } }"}
    answer = await client.get("/graphql", params={**given, "variables": '{"n": 1}'})
    assert answer.json()["data"] == {"topics": {"nodes": [{"id": "top_a"}]}}


async def test_a_request_in_a_colleagues_place_needs_a_delegation(
    client: Client, node: Node
) -> None:
    given = {"query": "{ me { subject roles participant { id } } }"}
    headers = {"authorization": "Bearer deputy", "cityspace-on-behalf-of": "dlg_1"}
    answer = await client.post("/graphql", json=given, headers=headers)
    assert (answer.status_code, code(answer)) == (403, "delegation.not_in_force")

    people = {"mem_1": "usr_absent", "mem_2": DEPUTY.subject}
    members = (
        a_row("member", id_, {
            "username": id_, "name": id_, "roles": ["registrar"] if id_ == "mem_1" else [],
            "status": "ACTIVE", "subject": subject, "participant": "par_bureau",
        })
        for id_, subject in people.items()
    )  # fmt: skip
    delegation = a_row("delegation", "dlg_1", {
        "delegator": "mem_1", "deputy": "mem_2", "roles": ["registrar"], "status": "GRANTED",
        "reason": "Leave", "starts_at": "2026-06-01T00:00:00.000Z",
        "ends_at": "2026-06-02T00:00:00.000Z",
    })  # fmt: skip
    await node.catalogue.apply(a_change_set(*members, delegation))
    answer = await client.post("/graphql", json=given, headers=headers)
    assert answer.json()["data"]["me"] == {
        "subject": DEPUTY.subject, "roles": ["registrar"], "participant": {"id": "par_bureau"},
    }  # fmt: skip


async def test_a_mutation_by_get_is_refused(client: Client) -> None:
    query = 'mutation { resourceRemove(input: {id: "res_1"}) { problems { code } } }'
    answer = await client.get("/graphql", params={"query": query}, headers={"accept": NEW})
    assert (answer.status_code, code(answer)) == (405, "request.query_only")


@pytest.mark.parametrize(
    ("accept", "status"), [("application/json", 200), (f"{NEW}, application/json;q=0.9", 400)]
)
async def test_a_refused_document_has_the_status_of_its_media_type(
    client: Client, accept: str, status: int
) -> None:
    answer = await client.post("/graphql", json={"query": "{ smell }"}, headers={"accept": accept})
    assert answer.status_code == status
    assert answer.headers["content-type"] == accept.partition(",")[0]
    assert "data" not in answer.json()
    assert code(answer) == "query.invalid"


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "not JSON": ({"content": b"{", "headers": {"content-type": "application/json"}}, 400,
                 "request.not_json"),
    "JSON nested without end": (
        {"content": b"[" * 50_000, "headers": {"content-type": "application/json"}}, 400,
        "request.not_json"),
    "a number": ({"json": 7}, 400, "request.not_graphql"),
    "no query": ({"json": {"variables": {}}}, 400, "request.not_graphql"),
    "a query that is no text": ({"json": {"query": 1}}, 400, "request.not_graphql"),
    "variables that are a list": ({"json": {**TOPICS, "variables": []}}, 400,
                                  "request.not_graphql"),
    "a name that is a number": ({"json": {**TOPICS, "operationName": 1}}, 400,
                                "request.not_graphql"),
    "a batch": ({"json": [TOPICS, TOPICS]}, 400, "request.batch"),
    "a form": ({"data": TOPICS}, 415, "request.media_type"),
    "two megabytes": ({"json": {"query": "#" * 2_000_000}}, 413, "limit.body"),
    "a token of nobody": ({"json": TOPICS, "headers": {"authorization": "Bearer x"}}, 401,
                          "identity.token_of_tests_unknown"),
    "another scheme": ({"json": TOPICS, "headers": {"authorization": "Basic eDp5"}}, 401,
                       "identity.scheme_unknown"),
    "a token of nothing": ({"json": TOPICS, "headers": {"authorization": "Bearer "}}, 401,
                           "identity.scheme_unknown"),
}  # fmt: skip


@pytest.mark.parametrize(("request_", "status", "expected"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_is_no_request_is_a_problem_document(
    client: Client, request_: dict[str, Any], status: int, expected: str
) -> None:
    answer = await client.post("/graphql", **request_)
    assert (answer.status_code, code(answer)) == (status, expected)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/errors/{expected}"
    assert answer.headers.get("www-authenticate", "").startswith("Bearer") == (status == 401)


async def test_a_body_without_a_length_is_cut_off_at_the_limit(client: Client) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 10_000

    answer = await client.post(
        "/graphql", content=chunks(), headers={"content-type": "application/json"}
    )
    assert (answer.status_code, code(answer)) == (413, "limit.body")


async def test_a_token_says_who_asks(client: Client) -> None:
    query = {"query": "{ me { signedIn roles participant { id } may { kind move } } }"}
    answer = await client.post("/graphql", json=query, headers={"authorization": "Bearer steward"})
    me = answer.json()["data"]["me"]
    assert (me["signedIn"], me["roles"]) == (True, ["data_steward"])
    assert {"kind": "resource", "move": "submit"} in me["may"]
    nobody = (await client.post("/graphql", json=query)).json()["data"]["me"]
    assert nobody == {"signedIn": False, "roles": [], "participant": None, "may": []}


async def test_a_browser_gets_the_console(client: Client) -> None:
    answer = await client.get("/graphql", headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert '"issuer": "http://city/realms/city"' in answer.text


async def test_a_program_that_asks_for_nothing_is_told_how(client: Client) -> None:
    answer = await client.get("/graphql")
    assert (answer.status_code, code(answer)) == (400, "request.not_graphql")


async def test_files_of_the_console_are_kept_for_good(client: Client) -> None:
    page = (await client.get("/graphql", headers={"accept": "text/html"})).text
    script = page.partition('<script type="module" src="')[2].partition('"')[0]
    answer = await client.get(script)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert (await client.get("/console/nothing.js")).status_code == 404


async def test_every_code_has_a_page_in_both_languages(client: Client) -> None:
    index = await client.get("/errors")
    assert "catalogue.not_found" in index.text
    page = await client.get("/errors/limit.cost")
    assert "Ask for smaller pages" in page.text
    assert "请缩小每页数量" in page.text
    nothing = await client.get("/errors/<b>")
    assert (nothing.status_code, code(nothing)) == (404, "error_code.unknown")


async def test_a_sample_goes_up_and_its_address_is_told(client: Client, node: Node) -> None:
    await node.catalogue.apply(
        a_change_set(a_participant(MARKET), a_resource("res_draft", state="DRAFT", provider=MARKET))
    )
    steward = {"authorization": "Bearer steward"}
    place = "/assets/samples/res_draft"
    answer = await client.post(
        place, params={"fileName": "sample.csv"}, content=b"a,b\n1,2\n", headers=steward
    )
    assert answer.status_code == 201, answer.text
    query = {"query": '{ resource(id: "res_draft") { sample { fileName bytes link } } }'}
    told = (await client.post("/graphql", json=query, headers=steward)).json()["data"]["resource"]
    assert (told["sample"]["fileName"], told["sample"]["bytes"]) == ("sample.csv", 8)
    assert told["sample"]["link"].startswith("memory:samples/")
    nameless = await client.post(place, content=b"a", headers=steward)
    assert (nameless.status_code, code(nameless)) == (400, "request.file_name")
    nobody = await client.post(place, params={"fileName": "x.csv"}, content=b"a")
    assert nobody.status_code == 401


async def test_an_output_goes_up_to_its_product_and_is_taken_off_again(
    client: Client, node: Node
) -> None:
    draft = a_product("prd_draft", state="DRAFT", owner="par_water", resources=[])
    await node.catalogue.apply(a_change_set(draft))
    deputy, steward = ({"authorization": f"Bearer {who}"} for who in ("deputy", "steward"))
    place, named = "/assets/outputs/prd_draft", {"fileName": "out.csv"}
    answer = await client.post(place, params=named, content=b"a,b\n1,2\n", headers=deputy)
    assert answer.status_code == 201, answer.text
    assert answer.json()["product"] == "prd_draft"
    refused = await client.post(place, params=named, content=b"a", headers=steward)
    assert (refused.status_code, code(refused)) == (403, "lifecycle.role_missing")
    query = {"query": """mutation { productDetach(input: {id: "prd_draft", reason: "Old"}) {
        object { sample { id } } evidence { action reason } problems { code } } }"""}
    done = (await client.post("/graphql", json=query, headers=deputy)).json()["data"]
    assert done["productDetach"]["object"] == {"sample": None}
    assert done["productDetach"]["evidence"] == {"action": "product.detach", "reason": "Old"}
