"""A node of a profile as its operator meets it: one that is ours with data, and a third party's."""

import json
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.e2e.running_hub import cityspace, running_hub

pytestmark = pytest.mark.slow

WATER = Path(__file__).parents[1] / "unit" / "federation" / "profiles" / "water.toml"
PRODUCTS = """{ products(orderBy: NAME_ASC) { nodes {
  template purposes gradeName extra { name value } space { code } sample { fileName link }
} } }"""
RULE = """{ spaces(filter: {code: {eq: "water"}}) { nodes {
  name partOf { code } effectiveRules { name value }
} } }"""


def asked(address: str, query: str, language: str = "zh") -> Any:
    body = json.dumps({"query": query}).encode()
    headers = {"content-type": "application/json", "accept-language": language}
    with urlopen(Request(f"{address}/graphql", body, headers), timeout=10) as answer:
        return json.loads(answer.read())["data"]


def page(address: str) -> str:
    with urlopen(Request(f"{address}/graphql", headers={"accept": "text/html"})) as answer:
        return str(answer.read().decode())


def test_anybody_downloads_what_a_product_of_the_demo_gives(tmp_path: Path) -> None:
    data = tmp_path / "energy"
    with running_hub(data, "--demo", "--profile", "energy") as hub:
        assert "能源可信数据空间" in page(hub.address)
        nodes = asked(hub.address, PRODUCTS)["products"]["nodes"]
        [curve] = [each for each in nodes if each["template"] == "load-curve"]
        assert (curve["gradeName"], curve["space"]["code"]) == ("一般", "energy")
        assert {"name": "statistics_level", "value": "industry"} in curve["extra"]
        with urlopen(curve["sample"]["link"], timeout=10) as file:
            lines = file.read().decode().splitlines()
        assert lines[0] == "industry,hour,mean_kw,of_peak"
        assert (len(lines) - 1) % 24 == 0
    verified = cityspace("evidence", "verify", "--data", str(data))
    assert verified.returncode == 0, verified.stderr


def test_a_file_of_a_third_party_makes_a_node(tmp_path: Path) -> None:
    data, given = tmp_path / "water", {"CITYSPACE_PROFILE": str(WATER)}
    for _ in range(2):
        with running_hub(data, environ=given) as hub:
            assert "水务可信数据空间" in page(hub.address)
            [space] = asked(hub.address, RULE)["spaces"]["nodes"]
            assert space["partOf"]["code"] == "city"
            assert {"name": "authorisation.waiting_days_max", "value": "3"} in space[
                "effectiveRules"
            ]
