"""The public pages of what is registered: by month, for anybody, in both languages."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2 as httpx
import pytest
from starlette.applications import Starlette

from dataspace.jobs.table import JOBS
from hub.api.graphql import ApiOptions, api_routes
from hub.node import Node
from hub.scheduling.asking import run_by_hand
from hub.scheduling.running import Bench
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import KEY
from tests.unit.jobs.made_up import Heard, a_workshop
from tests.unit.operations.city import a_node, a_registered_resource

pytestmark = pytest.mark.anyio


@pytest.fixture
async def node(clock: FrozenClock) -> Node:
    return await a_node(DictionaryCatalogue(), clock)


@pytest.fixture
async def client(node: Node) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=api_routes(node, ApiOptions(KEY)))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://city") as client:
        yield client


async def test_anybody_finds_the_months_and_fetches_a_table(
    client: httpx.AsyncClient, node: Node, clock: FrozenClock, tmp_path: Path
) -> None:
    empty = await client.get("/disclosures", params={"language": "zh"})
    assert "尚无披露信息" in empty.text
    await a_registered_resource(node)
    bench = Bench(node, a_workshop(tmp_path), Heard().report)
    for _ in range(2):
        await run_by_hand(bench, JOBS["J-L2-7"], clock.now())
        clock.advance(days=31)
    page = await client.get("/disclosures", params={"language": "en"})
    assert page.headers["content-language"] == "en"
    assert "script" not in page.headers["content-security-policy"]
    assert page.text.index("2026-07") < page.text.index("2026-06"), "the newest first"
    table = await client.get("/disclosures/registrations-2026-06.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert "企业登记信息 Company register" in table.content.decode("utf-8-sig")


@pytest.mark.parametrize("month", ["2020-01", "x", "..%2F..%2Fbackups", "2026-06%00"])
async def test_a_month_that_was_not_disclosed_is_told_with_where_to_look(
    client: httpx.AsyncClient, month: str
) -> None:
    missing = await client.get(
        f"/disclosures/registrations-{month}.csv", headers={"accept-language": "en"}
    )
    assert missing.status_code == 404
    if "%2F" not in month:
        assert missing.json()["code"] == "disclosure.missing"
