"""A sample sent straight to the store, as GraphQL and HTTP have it, on a folder that takes it."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from hub.api.graphql import ApiOptions
from hub.app import application
from hub.operations import resources
from hub.settings import Settings
from storage.folder_assets import FolderAssets
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import KEY, KnownTokens
from tests.unit.operations.city import REGISTRAR, RESOURCE, STEWARD, a_node

CSV = "名称,代码\n甲公司,1\n".encode()
VALUES = {"fileName": "样例.csv", "bytes": len(CSV), "sha256": hashlib.sha256(CSV).hexdigest()}
UPLOAD = """mutation ($id: ID!, $values: AssetValues!, $form: Boolean) {
  resourceUpload(input: {id: $id, values: $values, form: $form}) {
    upload { method address headers { name value } fields { name value } }
    problems { field code message }
  }
}"""
ATTACH = """mutation ($id: ID!, $values: AssetValues!, $request: String) {
  resourceAttach(input: {id: $id, values: $values, requestId: $request}) {
    object { sample { fileName mediaType bytes sha256 link } }
    evidence { action actor } problems { field code message }
  }
}"""


@dataclass
class Talking:
    """A client of the whole application, in the process."""

    client: httpx.AsyncClient
    resource: str

    async def ask(self, query: str, *, who: str = "steward", **variables: Any) -> Any:
        asked = {"query": query, "variables": {"id": self.resource, **variables}}
        headers = {"authorization": f"Bearer {who}"} if who else {}
        return (await self.client.post("/graphql", json=asked, headers=headers)).json()

    async def upload(self, **changed: Any) -> dict[str, Any]:
        answer = await self.ask(UPLOAD, values={**VALUES, **changed})
        return dict(answer["data"]["resourceUpload"]["upload"])

    async def send(self, upload: dict[str, Any], content: bytes = CSV) -> httpx.Response:
        headers = {each["name"]: each["value"] for each in upload["headers"]}
        return await self.client.request(
            upload["method"], upload["address"], content=content, headers=headers
        )


@pytest.fixture
async def talking(clock: FrozenClock, tmp_path: Path) -> AsyncIterator[Talking]:
    node = await a_node(DictionaryCatalogue(), clock)
    settings = Settings(data=tmp_path, environment="development")
    assets = FolderAssets(tmp_path / "assets", clock=clock, base_url=settings.address)
    known = KnownTokens({"steward": STEWARD, "registrar": REGISTRAR})
    own = replace(node, assets=assets, identity=known)
    app = application(own, assets.routes, settings, options=ApiOptions(KEY))
    transport = httpx.ASGITransport(app=app)
    resource = (await resources.draft(own, STEWARD, RESOURCE)).id
    async with httpx.AsyncClient(transport=transport, base_url=settings.address) as client:
        yield Talking(client, resource)


async def test_a_file_is_sent_attached_and_read_by_addresses_alone(talking: Talking) -> None:
    sent = await talking.send(await talking.upload())
    assert (sent.status_code, sent.content) == (200, b"")
    done = (await talking.ask(ATTACH, values=VALUES))["data"]["resourceAttach"]
    assert done["problems"] == []
    assert done["evidence"] == {"action": "resource.attach", "actor": STEWARD.subject}
    sample = done["object"]["sample"]
    link = sample.pop("link")
    assert sample == {**VALUES, "mediaType": "text/csv"}
    assert (await talking.client.get(link)).content == CSV


async def test_another_file_is_refused_with_a_code_and_what_differs(talking: Talking) -> None:
    upload = await talking.upload()
    for content, what in ((CSV + b"x", "its size"), (CSV[::-1], "its SHA-256")):
        answer = await talking.send(upload, content)
        assert (answer.status_code, answer.json()["code"]) == (422, "asset.upload_differs")
        assert what in answer.json()["title"]
    upload["headers"][0]["value"] = "text/html"
    answer = await talking.send(upload)
    assert (answer.status_code, answer.json()["code"]) == (422, "asset.upload_differs")
    refused = await talking.ask(ATTACH, values=VALUES)
    assert refused["errors"][0]["extensions"]["code"] == "asset.upload_missing"
    assert refused["data"] == {"resourceAttach": None}


async def test_a_form_is_taken_as_a_put_is_and_refused_with_a_code(talking: Talking) -> None:
    answer = await talking.ask(UPLOAD, values=VALUES, form=True)
    upload = answer["data"]["resourceUpload"]["upload"]
    assert (upload["method"], upload["headers"]) == ("POST", [])
    fields = {each["name"]: each["value"] for each in upload["fields"]}

    async def send(content: bytes, **changed: str) -> tuple[int, str]:
        data, file = {**fields, **changed}, {"file": ("样例.csv", content, "text/csv")}
        sent = await talking.client.post(upload["address"], data=data, files=file)
        return sent.status_code, sent.json()["code"] if sent.content else ""

    assert await send(CSV[::-1]) == (422, "asset.upload_differs")
    assert await send(CSV, key="uploads/other") == (403, "asset.link_invalid")
    nothing = await talking.client.post(upload["address"], data=fields)
    assert (nothing.status_code, nothing.json()["code"]) == (422, "asset.form_invalid")
    assert await send(CSV) == (204, "")
    done = (await talking.ask(ATTACH, values=VALUES))["data"]["resourceAttach"]
    assert done["object"]["sample"]["sha256"] == VALUES["sha256"]


async def test_a_body_without_a_length_is_refused(talking: Talking) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield CSV

    upload = await talking.upload()
    headers = {each["name"]: each["value"] for each in upload["headers"]}
    answer = await talking.client.put(upload["address"], content=chunks(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "asset.upload_differs")


async def test_what_is_wrong_with_the_values_stands_in_the_problems(talking: Talking) -> None:
    wrong = {"fileName": "a.csv", "bytes": 0}
    for query, name, shown in ((UPLOAD, "resourceUpload", "upload"),
                               (ATTACH, "resourceAttach", "object")):  # fmt: skip
        payload = (await talking.ask(query, values=wrong))["data"][name]
        assert payload[shown] is None
        assert [each["field"] for each in payload["problems"]] == [["values", "sha256"]]
        page = (await talking.ask(query, values={**VALUES, "fileName": "a.html"}))["data"][name]
        assert [each["code"] for each in page["problems"]] == ["asset.media_type_refused"]


@pytest.mark.parametrize(
    ("who", "code"), [("", "identity.sign_in_required"), ("registrar", "lifecycle.role_missing")]
)
async def test_who_may_not_attach_gets_no_address(talking: Talking, who: str, code: str) -> None:
    refused = await talking.ask(UPLOAD, who=who, values=VALUES)
    assert refused["errors"][0]["extensions"]["code"] == code
    assert refused["data"] == {"resourceUpload": None}


async def test_a_repeated_request_gives_the_first_answer(talking: Talking) -> None:
    await talking.send(await talking.upload())
    first = await talking.ask(ATTACH, values=VALUES, request="r1")
    again = await talking.ask(ATTACH, values=VALUES, request="r1")
    assert again["data"]["resourceAttach"]["evidence"] == {
        "action": "resource.attach", "actor": STEWARD.subject,
    }  # fmt: skip
    told = [each["data"]["resourceAttach"]["object"]["sample"]["sha256"] for each in (first, again)]
    assert told == [VALUES["sha256"]] * 2
