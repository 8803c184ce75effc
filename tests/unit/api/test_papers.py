"""The file of a paper over HTTP and GraphQL: sent by its applicant, opened by who reviews it."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from dataspace.caller import Caller, Role
from dataspace.federation.flow.publishing import DOWNWARDS, UPWARDS
from dataspace.nouns.reviewed import PAPERS
from hub.api.graphql import ApiOptions
from hub.app import application
from hub.node import Node
from hub.operations import participants, products, resources
from hub.operations.papers.attaching import attach
from hub.settings import Settings
from storage.folder_assets import FolderAssets
from tests.build import caller_for
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.paper_files import PDF, PNG
from tests.unit.api.asking import KEY, KnownTokens
from tests.unit.operations.city import (
    ADMIN,
    APPROVER,
    BANK,
    CENTRE,
    DEVELOPER,
    LISTER,
    MARKET,
    PUBLICITY_DAYS,
    REGISTRAR,
    RESOURCE,
    REVIEWER1,
    STEWARD,
    a_drafted_product,
    a_node,
    an_authorisable_resource,
    an_authorisation,
    pass_time,
)
from tests.unit.operations.test_papers import sent

SHA256 = hashlib.sha256(PDF).hexdigest()
COLLEAGUE = caller_for(Role.DATA_REQUESTER, participant=MARKET)
STRANGER = caller_for(Role.DATA_STEWARD, participant=BANK)
PEOPLE: dict[str, Caller] = {
    "steward": STEWARD, "colleague": COLLEAGUE, "registrar": REGISTRAR, "approver": APPROVER,
    "reviewer": REVIEWER1, "stranger": STRANGER, "admin": ADMIN, "lister": LISTER,
    "developer": DEVELOPER, "outsider": caller_for(Role.DEVELOPER, participant=CENTRE),
}  # fmt: skip
SHOWN = "{ papers { kind sha256 file mediaType bytes link } }"


@dataclass
class Talking:
    """A client of the whole application, in the process."""

    client: httpx.AsyncClient
    node: Node

    async def ask(self, query: str, *, who: str = "") -> Any:
        headers = {"authorization": f"Bearer {who}"} if who else {}
        return (await self.client.post("/graphql", json={"query": query}, headers=headers)).json()

    async def papers(self, kind: str, id_: str, *, who: str = "") -> Any:
        found = (await self.ask(f'{{ {kind}(id: "{id_}") {SHOWN} }}', who=who))["data"][kind]
        return found and found["papers"]

    async def send(self, id_: str, content: bytes, *, who: str, **given: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {who}"} if who else {}
        return await self.client.post(
            f"/assets/papers/{id_}", params=given, content=content, headers=headers
        )


@pytest.fixture
async def talking(clock: FrozenClock, tmp_path: Path) -> AsyncIterator[Talking]:
    node = await a_node(DictionaryCatalogue(), clock)
    settings = Settings(data=tmp_path, environment="development")
    assets = FolderAssets(tmp_path / "assets", clock=clock, base_url=settings.address)
    own = replace(node, assets=assets, identity=KnownTokens(PEOPLE))
    app = application(own, assets.routes, settings, options=ApiOptions(KEY))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=settings.address) as client:
        yield Talking(client, own)


async def test_a_file_is_sent_and_opened_by_an_address(talking: Talking) -> None:
    id_ = (await resources.draft(talking.node, STEWARD, RESOURCE)).id
    done = await talking.send(id_, PDF, who="steward", kind="LICENCE", requestId="r1")
    assert (done.status_code, done.json().keys()) == (201, {"resource", "revision"})
    again = await talking.send(id_, PDF, who="steward", kind="LICENCE", requestId="r1")
    assert again.json() == done.json()
    [paper] = await talking.papers("resource", id_, who="steward")
    file, link = paper.pop("file"), paper.pop("link")
    assert file.startswith("pap_")
    assert paper == {
        "kind": "LICENCE", "sha256": SHA256, "mediaType": "application/pdf", "bytes": len(PDF),
    }  # fmt: skip
    opened = await talking.client.get(link)
    assert opened.content == PDF
    assert "LICENCE.pdf" in opened.headers["content-disposition"]


async def test_refusals_have_a_code_and_say_in_both_languages_what_is_wrong(
    talking: Talking,
) -> None:
    announced = {"papers": [{"kind": "LICENCE", "sha256": SHA256}]}
    id_ = (await resources.draft(talking.node, STEWARD, {**RESOURCE, **announced})).id
    for content, who, kind, status, code in (
        (PNG, "steward", "LICENCE", 422, "asset.upload_differs"),
        (b"<html>", "steward", "LICENCE", 422, "paper.form_refused"),
        (b"", "steward", "TEST_REPORT", 422, "paper.form_refused"),
        (PDF, "steward", "PORTRAIT", 422, "input.fields_invalid"),
        (PDF, "registrar", "LICENCE", 403, "lifecycle.role_missing"),
        (PDF, "stranger", "LICENCE", 404, "catalogue.not_found"),
        (PDF, "", "LICENCE", 401, "identity.sign_in_required"),
    ):
        told = await talking.send(id_, content, who=who, kind=kind)
        assert (told.status_code, told.json()["code"]) == (status, code)
    titles = set()
    for language in ("en", "zh"):
        headers = {"authorization": "Bearer steward", "accept-language": language}
        told = await talking.client.post(
            f"/assets/papers/{id_}?kind=LICENCE", content=b"MZ", headers=headers
        )
        titles.add(told.json()["title"])
    assert len(titles) == 2
    [paper] = await talking.papers("resource", id_, who="steward")
    assert (paper["file"], paper["link"]) == (None, None)


async def test_papers_are_for_their_own_people_and_for_who_reviews_them(talking: Talking) -> None:
    """A registered resource has a public page, and its papers are on it for nobody else."""
    node = talking.node
    id_ = (await resources.draft(node, STEWARD, RESOURCE)).id
    await attach(node, STEWARD, id_, sent())
    for who in ("steward", "colleague"):
        assert [each["sha256"] for each in await talking.papers("resource", id_, who=who)] == [
            SHA256
        ]
    for who in ("", "registrar", "stranger"):
        assert await talking.papers("resource", id_, who=who) is None
    for verb, caller in (
        (resources.submit, STEWARD), (resources.take_in, REGISTRAR),
        (resources.pass_, REGISTRAR), (resources.register, APPROVER),
    ):  # fmt: skip
        pass_time(node, days=PUBLICITY_DAYS)
        await verb(node, caller, id_)
    for who in ("steward", "colleague", "registrar", "approver", "reviewer"):
        [paper] = await talking.papers("resource", id_, who=who)
        assert (await talking.client.get(paper["link"])).content == PDF
    for who in ("", "stranger", "lister", "admin"):
        found = (await talking.ask(f'{{ resource(id: "{id_}") {{ name papers {{ link }} }} }}',
                                   who=who))["data"]["resource"]  # fmt: skip
        assert found == {"name": RESOURCE["name"], "papers": None}
        by_hash = f'filter: {{papers: {{sha256: {{eq: "{SHA256}"}}}}}}'
        counted = await talking.ask(f"{{ resources({by_hash}) {{ totalCount }} }}", who=who)
        assert counted["data"]["resources"]["totalCount"] == 0


async def test_who_lists_products_and_who_admits_organisations_open_their_papers(
    talking: Talking,
) -> None:
    node = talking.node
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource)
    id_ = await a_drafted_product(node, resources=[resource], authorisations=[grant])
    await attach(node, DEVELOPER, id_, sent("PRODUCT_MATERIAL"))
    for verb, caller in (
        (products.submit, DEVELOPER), (products.register, REGISTRAR),
        (products.request_listing, DEVELOPER),
    ):  # fmt: skip
        await verb(node, caller, id_)
    for who in ("developer", "registrar", "lister"):
        [paper] = await talking.papers("product", id_, who=who)
        assert paper["link"]
    assert await talking.papers("product", id_, who="outsider") is None
    await participants.amend(node, ADMIN, BANK, {"contact": "1"})
    await attach(node, ADMIN, BANK, sent())
    for who in ("admin", "developer", "registrar"):
        assert len(await talking.papers("participant", BANK, who=who)) == 1
    for who in ("", "lister"):
        assert await talking.papers("participant", BANK, who=who) is None


async def test_a_link_to_a_file_that_was_replaced_is_none(talking: Talking) -> None:
    node = talking.node
    id_ = (await resources.draft(node, STEWARD, RESOURCE)).id
    done = await attach(node, STEWARD, id_, sent())
    [paper] = await talking.papers("resource", id_, who="steward")
    await resources.amend(node, STEWARD, id_, {"papers": []})
    assert (await talking.client.get(paper["link"])).status_code == 404
    past = f'{{ resource(id: "{id_}", at: {done.revision}) {SHOWN} }}'
    [before] = (await talking.ask(past, who="steward"))["data"]["resource"]["papers"]
    assert (before["sha256"], before["link"]) == (SHA256, None)


def test_papers_flow_to_no_other_node() -> None:
    for flow in (UPWARDS, DOWNWARDS):
        assert not [kind for kind in flow.edges if PAPERS.name in flow.names(kind)]
