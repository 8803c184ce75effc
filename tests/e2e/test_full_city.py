"""An operator's evening with the real parts: a city's own catalogue on Neo4j, Keycloak and S3.

As `make run FULL=1` has it. Neo4j is the test's own, because it is killed on the way.
With `TAKE_PICTURES=docs/images` what the console says meanwhile is photographed.
"""

import asyncio
import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from hub.dev import keeper, neo4j_server
from hub.dev.process import Running
from tests.e2e.browsing import launched, opened, ready, run
from tests.e2e.running_hub import RunningHub, cityspace, free_port, running_hub
from tests.e2e.speaking import Speaker
from tests.e2e.test_story import RESOURCE
from tests.live import one_server, start_laid_out
from tests.live_realm import LiveRealm, make

pytestmark = [
    pytest.mark.live, pytest.mark.browser, pytest.mark.slow, pytest.mark.catalogues,
    pytest.mark.timeout(600),
]  # fmt: skip

CHICAGO, DATA_SETS = "data.cityofchicago.org.jsonl", 260
OWN = "Eigenes-Wort-2026"
RECOVERY_SECONDS_MAX = 10.0
SAMPLE = "名称,代码\n用水量,1\n".encode()
ASKED = """{
  resources(first: 100, orderBy: NAME_ASC) {
    totalCount facets(fields: [STATE, FORMAT]) { field values { value count } }
    nodes { name summary provider { name } topics { nodes { code } } items { name dataType } }
  }
  participants(first: 50, orderBy: NAME_DESC) { totalCount nodes { name aliases } }
  found: resources(first: 20, search: "water", orderBy: NAME_ASC) { totalCount nodes { name } }
}"""
PICTURES = os.environ.get("TAKE_PICTURES")


@dataclass
class City:
    hub: RunningHub
    realm: LiveRealm
    environ: dict[str, str]
    neo4j: Running
    folder: Path

    def kill_neo4j(self) -> None:
        self.neo4j.kill()

    def start_neo4j(self) -> None:
        port = int(self.neo4j.facts["address"].rpartition(":")[2])
        self.neo4j = neo4j_server.start(self.folder, port=port)


@pytest.fixture(scope="module")
def city(
    keycloak_server: Running,
    laid_out: Path,
    catalogues: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[City]:
    folder, port = tmp_path_factory.mktemp("neo4j"), free_port()
    neo4j = start_laid_out(folder, laid_out)
    with one_server("seaweedfs", tmp_path_factory) as store:
        up = {"neo4j": neo4j, "keycloak": keycloak_server, "seaweedfs": store}
        environ = keeper.environment({name: each.facts for name, each in up.items()})
        file, data = str(catalogues / CHICAGO), tmp_path_factory.mktemp("full") / "data"
        secret, base = environ["CITYSPACE_IDENTITY_SECRET"], f"http://127.0.0.1:{port}"
        realm = LiveRealm(keycloak_server, "city", secret, base)
        served = ("--demo", "--catalogue", file, "--port", str(port))
        with running_hub(data, *served, environ=environ, seconds=240) as hub:
            city = City(hub, realm, environ, neo4j, folder)
            asyncio.run(make(realm))
            try:
                yield city
            finally:
                city.neo4j.stop()


@pytest.fixture(scope="module")
def page(city: City) -> Iterator[Page]:
    """Signed in through Keycloak's own pages, in Chinese, with a first password changed."""
    with launched() as browser:
        context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
        page = opened(context.new_page(), f"{city.hub.address}/graphql")
        page.locator(".bar .button.primary").click()
        page.wait_for_url(re.compile(re.escape(city.realm.issuer)))
        page.locator("#username").fill("steward")
        if not page.locator("#password").count():
            page.locator("#kc-login").click()
        page.locator("#password").fill(city.hub.password_of("steward"))
        page.locator("#kc-login").click()
        page.locator("#password-new").fill(OWN)
        page.locator("#password-confirm").fill(OWN)
        page.locator("input[type=submit], button[type=submit]").first.click()
        page.wait_for_url(re.compile(re.escape(city.hub.address)))
        expect(page.locator(".account")).to_contain_text("李文")
        ready(page)
        yield page


@pytest.fixture(scope="module")
def steward(city: City, page: Page) -> Speaker:
    token = city.realm.sign_in("steward", OWN).json()["access_token"]
    return Speaker(city.hub, token, language="zh")


def photograph(page: Page, name: str) -> None:
    if PICTURES:
        page.mouse.move(700, 400)
        page.wait_for_timeout(400)
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def test_the_citys_own_catalogue_is_there_for_whoever_signs_in(city: City, page: Page) -> None:
    answer = run(page)
    assert f'"totalCount": {DATA_SETS}' in answer
    parts = json.loads(cityspace("check", "--json", *_data(city), environ=city.environ).stdout)
    adapters = [each["adapter"] for each in parts["parts"]]
    assert parts["ready"], [each for each in parts["parts"] if not each["ready"]]
    assert adapters == ["Neo4j", "Keycloak", "Keycloak", "S3"]


def test_a_sample_lies_in_the_store_and_is_read_back_from_there(
    city: City, steward: Speaker
) -> None:
    resource = steward.do("resourceDraft", {"values": RESOURCE})["id"]
    request = Request(
        f"{city.hub.address}/assets/samples/{resource}?fileName=a.csv", SAMPLE,
        {"Authorization": f"Bearer {steward.token}", "Content-Type": "text/csv"}, method="POST",
    )  # fmt: skip
    with urlopen(request, timeout=30) as answer:
        assert answer.status == 201
    asked = "query($id: ID!) { resource(id: $id) { sample { link } } }"
    link = steward.ask(asked, id=resource)["resource"]["sample"]["link"]
    assert link.startswith(city.environ["CITYSPACE_ASSETS"].removeprefix("s3+"))
    with urlopen(link, timeout=30) as answer:
        assert answer.read() == SAMPLE
    checked = cityspace("check", "--assets", "--json", *_data(city), environ=city.environ)
    assert json.loads(checked.stdout)["files"]["files"] == 1


def test_a_killed_neo4j_is_told_in_the_readers_language_and_it_goes_on_afterwards(
    city: City, page: Page, steward: Speaker
) -> None:
    city.kill_neo4j()
    answer = run(page, seconds=30)
    assert "catalogue.unavailable" in answer
    assert "Neo4j 无响应" in answer
    photograph(page, "neo4j-away")
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{city.hub.address}/health/ready", timeout=20)
    assert refused.value.code == 503
    assert json.load(refused.value)["parts"]["identity"]["status"] == "ready"
    city.start_neo4j()
    began = time.monotonic()
    while _totals(steward) is None:
        assert time.monotonic() - began < RECOVERY_SECONDS_MAX
        time.sleep(0.2)
    assert f'"totalCount": {DATA_SETS + 1}' in run(page, seconds=30)  # and the steward's draft


def test_moved_to_sqlite_it_gives_the_same_answers_and_the_same_evidence(
    city: City, tmp_path: Path
) -> None:
    dump, moved = tmp_path / "city.jsonl.gz", tmp_path / "moved"
    there = _dumped(city, dump)
    loaded = cityspace("catalogue", "load", str(dump), "--data", str(moved))
    assert loaded.returncode == 0, loaded.stderr
    assert cityspace("evidence", "verify", "--data", str(moved)).returncode == 0
    here = json.loads(cityspace("evidence", "root", "--json", "--data", str(moved)).stdout)
    assert here["root"] == there
    with running_hub(moved) as embedded:
        assert Speaker(embedded).ask(ASKED) == Speaker(city.hub).ask(ASKED)


def _dumped(city: City, dump: Path) -> str:
    """Writes the dump; the root of the evidence in it. The city is at work: it may grow meanwhile,
    as by what is drawn from Keycloak."""
    for _ in range(10):
        before = _root(city)
        dump.unlink(missing_ok=True)
        written = cityspace("catalogue", "dump", str(dump), *_data(city), environ=city.environ)
        assert written.returncode == 0, written.stderr
        if _root(city) == before:
            return before
    raise AssertionError("it never stood still")


def _root(city: City) -> str:
    told = cityspace("evidence", "root", "--json", *_data(city), environ=city.environ)
    return str(json.loads(told.stdout)["root"])


def _totals(speaker: Speaker) -> Any:
    try:
        return speaker.ask("{ resources { totalCount } }")
    except Exception:  # whatever comes while it is away
        return None


def _data(city: City) -> tuple[str, str]:
    return "--data", str(city.hub.data)
