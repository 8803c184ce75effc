"""What stands before and around every route: ids, limits, headers, hosts, health, problems."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from dataspace.errors import AssetsUnavailable, CatalogueUnavailable, NotFound, Unavailable
from dataspace.text import Text
from hub.app import application, options_for
from hub.node import Node
from hub.settings import Settings
from subspaces.finance import FINANCE
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.hub.ports import AnyoneIdentity, NoAssets, a_node

BASE = "http://127.0.0.1:8000"
GONE = Unavailable(service="Keycloak", detail="refused", retry_after_seconds=5)


async def _boom(_request: Request) -> Response:
    raise RuntimeError("password=hunter2 at 10.0.0.1")


async def _missing(_request: Request) -> Response:
    raise NotFound(kind="resource", id="res_1")


async def _in_words(_request: Request) -> Response:
    raise NotFound(kind="resource", id=Text("the first", "第一个"))


async def _count(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _own_policy(_request: Request) -> Response:
    return PlainTextResponse("", headers={"content-security-policy": "default-src 'self'"})


ROUTES: list[BaseRoute] = [
    Route("/boom", _boom),
    Route("/missing", _missing),
    Route("/in-words", _in_words),
    Route("/count", _count, methods=["POST"]),
    Route("/assets/count", _count, methods=["POST"]),
    Route("/page", _own_policy),
]


def _client(node: Node | None = None, *, base: str = BASE, **given: str) -> httpx2.AsyncClient:
    environ = {"CITYSPACE_REQUEST_BYTES_MAX": "100", "CITYSPACE_READY_SECONDS_MAX": "1", **given}
    settings = Settings.read(environ, port=8000)
    options = options_for(settings, cursor_key=b"k" * 32)
    app = application(node or a_node(), ROUTES, settings, options=options)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url=base)


async def test_a_request_keeps_the_id_that_a_proxy_gave_it() -> None:
    async with _client() as client:
        given = await client.get("/health/live", headers={"x-request-id": "from-the-proxy-1"})
        made = await client.get("/health/live")
    assert given.headers["x-request-id"] == "from-the-proxy-1"
    assert len(made.headers["x-request-id"]) == 16


@pytest.mark.parametrize("forged", ["short", "a b c d e f g h", "x" * 65, "eight\tch;ars"])
async def test_an_id_that_could_spoil_the_log_is_replaced(forged: str) -> None:
    async with _client() as client:
        answer = await client.get("/health/live", headers={"x-request-id": forged})
    assert answer.headers["x-request-id"] != forged


async def test_what_nobody_foresaw_is_masked_with_a_log_id(
    capfd: pytest.CaptureFixture[str],
) -> None:
    async with _client() as client:
        answer = await client.get("/boom", headers={"accept-language": "zh"})
    told = answer.json()
    assert (answer.status_code, told["code"]) == (500, "internal")
    assert "hunter2" not in answer.text
    assert told["instance"] == answer.headers["x-request-id"]
    assert "平台内部出错" in told["title"]


async def test_a_refusal_is_a_problem_document() -> None:
    async with _client() as client:
        answer = await client.get("/missing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/errors/catalogue.not_found"


async def test_a_place_that_is_not_there_and_a_method_that_is_wrong_have_codes() -> None:
    async with _client() as client:
        nowhere, wrong = await client.get("/nowhere"), await client.delete("/health/live")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "route.unknown")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "route.method_wrong")
    assert "GET" in wrong.headers["allow"]


@pytest.mark.parametrize("path", ["/health/live", "/missing", "/boom", "/nowhere"])
async def test_every_answer_carries_the_security_headers(path: str) -> None:
    async with _client() as client:
        answer = await client.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "strict-transport-security" not in answer.headers


async def test_a_page_may_have_its_own_policy() -> None:
    async with _client() as client:
        answer = await client.get("/page")
    assert answer.headers.get_list("content-security-policy") == ["default-src 'self'"]


async def test_over_https_browsers_are_told_to_stay_there() -> None:
    async with _client(
        CITYSPACE_BASE_URL="https://data.example", base="https://data.example"
    ) as client:
        answer = await client.get("/health/live")
    assert answer.headers["strict-transport-security"].startswith("max-age=")


async def test_a_body_over_the_limit_is_refused_while_it_arrives() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            sent.append(1)
            yield b"x" * 60

    sent: list[int] = []
    async with _client() as client:
        announced = await client.post("/count", content=b"x" * 101)
        streamed = await client.post("/count", content=endless())
        within = await client.post("/count", content=b"x" * 100)
    assert (announced.status_code, announced.json()["code"]) == (413, "limit.body")
    assert (streamed.status_code, streamed.json()["code"]) == (413, "limit.body")
    assert within.text == "100"


async def test_files_have_a_limit_of_their_own() -> None:
    async with _client() as client:
        answer = await client.post("/assets/count", content=b"x" * 5000)
    assert answer.text == "5000"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("trusted.example", 200),
        ("evil.example", 421),
        ("evil.example:8000", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
    ],
)
async def test_only_our_own_names_lead_here(host: str, status: int) -> None:
    async with _client(CITYSPACE_TRUSTED_HOSTS="trusted.example") as client:
        answer = await client.get("/health/live", headers={"host": host})
    assert answer.status_code == status


async def test_ready_says_of_each_part_how_it_is() -> None:
    async with _client() as client:
        answer = await client.get("/health/ready")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "ready")
    assert {part["status"] for part in told["parts"].values()} == {"ready"}
    assert set(told["parts"]) == {"catalogue", "identity", "assets"}


async def test_without_identity_the_rest_goes_on_and_the_node_is_degraded() -> None:
    async with _client(a_node(AnyoneIdentity(GONE))) as client:
        answer = await client.get("/health/ready", headers={"accept-language": "zh-CN"})
    told = answer.json()
    part = told["parts"]["identity"]
    assert (answer.status_code, told["status"]) == (200, "degraded")
    assert (part["status"], part["code"]) == ("down", "service.unavailable")
    assert "无响应" in part["title"]
    assert part["without"]["sign_in"] == "新的登录与令牌续期"
    assert "继续有效" in part["stays"]
    assert told["parts"]["catalogue"] == {
        "status": "ready", "milliseconds": told["parts"]["catalogue"]["milliseconds"],
    }  # fmt: skip


async def test_without_assets_samples_are_lost_and_the_node_is_degraded() -> None:
    class Away(NoAssets):
        async def ready(self) -> None:
            raise AssetsUnavailable(service="S3", detail="refused", retry_after_seconds=5)

    async with _client(replace(a_node(), assets=Away())) as client:
        answer = await client.get("/health/ready")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "degraded")
    assert set(told["parts"]["assets"]["without"]) == {"sample_read", "sample_upload"}


async def test_without_the_catalogue_the_node_is_down() -> None:
    class Away(DictionaryCatalogue):
        async def ready(self) -> None:
            raise CatalogueUnavailable(service="Neo4j", detail="refused", retry_after_seconds=5)

    async with _client(replace(a_node(), catalogue=Away())) as client:
        answer = await client.get("/health/ready")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (503, "down")
    assert told["parts"]["catalogue"]["code"] == "catalogue.unavailable"


async def test_a_part_that_does_not_answer_costs_its_time_limit_and_no_more() -> None:
    class Slow(AnyoneIdentity):
        async def ready(self) -> None:
            await asyncio.sleep(30)

    async with _client(a_node(Slow())) as client:
        answer = await client.get("/health/ready")
    part = answer.json()["parts"]["identity"]
    assert (answer.json()["status"], part["code"]) == ("degraded", "service.unavailable")
    assert part["milliseconds"] < 3000


async def test_alive_is_answered_even_when_nothing_is_ready() -> None:
    async with _client(a_node(AnyoneIdentity(GONE))) as client:
        answer = await client.get("/health/live")
    assert json.loads(answer.text) == {"status": "live"}


async def test_a_refusal_is_in_words_of_the_readers_language_and_keeps_its_codes() -> None:
    async with _client() as client:
        told = (await client.get("/in-words", headers={"accept-language": "zh"})).json()
    assert told["title"] == "不存在 公共数据资源 第一个"
    assert (told["kind"], told["id"]) == ("resource", "第一个")


@pytest.mark.parametrize(
    ("environ", "city"),
    [({}, "城市枢纽"), ({"CITYSPACE_CITY_NAME": "滨海市|Harbour City"}, "滨海市")],
)
async def test_the_console_says_which_city_it_is_and_that_it_is_a_demonstration(
    environ: dict[str, str], city: str
) -> None:
    async with _client(**environ) as client:
        page = (await client.get("/graphql", headers={"accept": "text/html"})).text
    assert f'"zh": "{city}"' in page
    assert "城市可信数据空间" in page
    assert '"environment": {"en": "Demonstration", "zh": "演示环境"}' in page


def test_the_console_of_an_industry_speaks_its_words() -> None:
    named = {"CITYSPACE_CITY_NAME": "滨海市|Harbour City"}
    for environ, city in (({}, FINANCE.wording.space), (named, Text("Harbour City", "滨海市"))):
        settings = Settings.read(environ, port=8000)
        options = options_for(settings, cursor_key=b"k" * 32, profile=FINANCE)
        assert (options.product, options.city) == (FINANCE.wording.product, city)
        told = FINANCE.wording.product
        assert options.page["product"] == {"en": told.en, "zh": told.zh}
