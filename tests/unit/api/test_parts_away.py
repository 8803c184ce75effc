"""A part that does not answer takes its own features along, says which, and nothing else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2 as httpx
from starlette.applications import Starlette

from dataspace.errors import AssetsUnavailable, CatalogueUnavailable
from dataspace.selection import Found, Selection
from hub.api.graphql import ApiOptions, api_routes
from hub.node import Node
from hub.parts import PARTS
from tests.build import a_change_set, a_participant, a_resource
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import KEY, KnownTokens
from tests.unit.operations.city import MARKET, STEWARD, DictionaryAssets

SAMPLE = '{ resource(id: "res_draft") { name sample { fileName link } } topics { totalCount } }'
STEWARDS = {"authorization": "Bearer steward", "accept-language": "zh"}


class AwayAssets(DictionaryAssets):
    async def link(self, key: str, *, seconds: int, file_name: str) -> str:
        raise AssetsUnavailable(service="S3", detail="refused", retry_after_seconds=5)


class AwayCatalogue(DictionaryCatalogue):
    async def select(self, selection: Selection) -> Found:
        raise CatalogueUnavailable(service="Neo4j", detail="refused", retry_after_seconds=5)


async def _answer(node: Node, *, query: str) -> Any:
    async with _client(node) as client:
        return (await client.post("/graphql", json={"query": query}, headers=STEWARDS)).json()


def _client(node: Node) -> httpx.AsyncClient:
    known = replace(node, identity=KnownTokens({"steward": STEWARD}))
    app = Starlette(routes=api_routes(known, ApiOptions(KEY)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://city")


async def test_without_assets_only_the_address_of_a_sample_fails(node: Node) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"a,b\n"

    await node.catalogue.apply(
        a_change_set(a_participant(MARKET), a_resource("res_draft", state="DRAFT", provider=MARKET))
    )
    async with _client(node) as client:
        place, name = "/assets/samples/res_draft", {"fileName": "s.csv"}
        stored = await client.post(place, params=name, content=chunks(), headers=STEWARDS)
    assert stored.status_code == 201
    answer = await _answer(replace(node, assets=AwayAssets()), query=SAMPLE)
    sample = answer["data"]["resource"]["sample"]
    [error] = answer["errors"]
    assert sample == {"fileName": "s.csv", "link": None}
    assert answer["data"]["topics"]["totalCount"] == 2
    assert error["path"] == ["resource", "sample", "link"]
    assert error["extensions"]["code"] == "assets.unavailable"
    assert error["extensions"]["part"]["without"]["sample_read"] == "读取样例数据与附件"


async def test_without_the_catalogue_the_error_says_what_goes_with_it(node: Node) -> None:
    away = replace(node, catalogue=AwayCatalogue())
    answer = await _answer(away, query="{ topics { totalCount } }")
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "catalogue.unavailable"
    part = error["extensions"]["part"]
    assert (part["name"], part["title"]) == ("catalogue", "目录库")
    assert part["without"].keys() == {"read", "decide", "import", "evidence"}


def test_every_part_is_told_in_both_languages_and_the_codes_of_features_are_unique() -> None:
    names = [feature.name for part in PARTS for feature in part.features]
    assert len(set(names)) == len(names)
    for part in PARTS:
        assert part.told("zh")["without"].keys() == part.told("en")["without"].keys()
        assert part.told("zh")["stays"] != part.told("en")["stays"]
