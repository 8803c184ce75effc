"""The public page of a certificate: what anybody learns, and what only whoever holds it does."""

import hashlib
import json
from collections.abc import AsyncIterator

import httpx2 as httpx
import pytest
from starlette.applications import Starlette

from dataspace.selection import (
    EVERYTHING,
    Every,
    Linked,
    Not,
    Page,
    Row,
    Selection,
    Where,
)
from hub.api.graphql import ApiOptions, api_routes
from hub.node import Node
from hub.operations import resources
from hub.operations.links.changes import RESOURCE_CHANGES
from tests.build import caller_for
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import KEY, asking
from tests.unit.operations.city import (
    APPROVER,
    DEVELOPER,
    REGISTRAR,
    STEWARD,
    a_node,
    a_registered_resource,
    an_authorisable_resource,
    an_authorisation,
)
from tests.unit.operations.links.test_filings import a_signed_agreement

pytestmark = pytest.mark.anyio
ADDRESS = "https://data.city.example"
ZH, EN = {"accept-language": "zh-CN"}, {"accept-language": "en"}
UNSAFE = "<script>alert(1)</script>"


@pytest.fixture
async def node(clock: FrozenClock) -> Node:
    return await a_node(DictionaryCatalogue(), clock)


@pytest.fixture
async def client(node: Node) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=api_routes(node, ApiOptions(KEY, address=ADDRESS)))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://city") as client:
        yield client


async def certificate(node: Node, kind: str, id_: str) -> Row:
    fields = ("code", "sha256", "content")
    selection = Selection("certificate", fields, where=Where(kind, "eq", id_), page=Page(1))
    row = (await node.catalogue.select(selection)).first
    assert row is not None
    return row


async def a_public_one(node: Node, **values: str) -> Row:
    done = await a_registered_resource(node, **values)
    return await certificate(node, "resource", done.id)


async def a_private_one(node: Node) -> Row:
    id_ = await an_authorisation(node, await an_authorisable_resource(node))
    return await certificate(node, "authorisation", id_)


async def test_anybody_sees_that_a_certificate_holds_and_what_it_says(
    client: httpx.AsyncClient, node: Node
) -> None:
    row = await a_public_one(node)
    page = await client.get(f"/certificates/{row['code']}", headers=ZH)
    assert page.status_code == 200
    for said in ("有效", row["code"], "市场监管局", "企业登记信息 Company register", row["sha256"]):
        assert said in page.text
    english = await client.get(f"/certificates/{row['code']}", headers=EN)
    assert "It was issued here and holds now." in english.text
    assert '<html lang="en">' in english.text
    other = await client.get(f"/certificates/{row['code']}?language=zh", headers=EN)
    assert '<html lang="zh-CN">' in other.text


async def test_the_page_brings_no_script_and_allows_none(
    client: httpx.AsyncClient, node: Node
) -> None:
    row = await a_public_one(node, name=f"A {UNSAFE}")
    page = await client.get(f"/certificates/{row['code']}")
    assert UNSAFE not in page.text
    assert "&lt;script&gt;" in page.text
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy
    assert page.headers["cache-control"] == "no-store"


async def test_the_present_row_decides(client: httpx.AsyncClient, node: Node) -> None:
    done = await a_registered_resource(node)
    row = await certificate(node, "resource", done.id)
    await resources.cancel(node, APPROVER, done.id, reason="A reason that is not public")
    page = await client.get(f"/certificates/{row['code']}", headers=ZH)
    assert "已撤销" in page.text
    assert "A reason that is not public" not in page.text


async def test_the_json_is_what_was_hashed(client: httpx.AsyncClient, node: Node) -> None:
    row = await a_public_one(node)
    answer = await client.get(f"/certificates/{row['code']}.json")
    assert answer.headers["content-type"] == "application/json"
    assert hashlib.sha256(answer.content).hexdigest() == row["sha256"]


async def test_the_print_is_the_same_bytes_every_time(
    client: httpx.AsyncClient, node: Node
) -> None:
    row = await a_public_one(node)
    prints = [await client.get(f"/certificates/{row['code']}.pdf") for _ in range(2)]
    assert prints[0].content == prints[1].content
    assert prints[0].content.startswith(b"%PDF-")
    assert prints[0].headers["content-type"] == "application/pdf"
    assert prints[0].headers["etag"] == f'"{hashlib.sha256(prints[0].content).hexdigest()}"'


@pytest.mark.parametrize("form", ["json", "pdf"])
async def test_a_genuine_file_is_told_from_an_altered_one(
    client: httpx.AsyncClient, node: Node, form: str
) -> None:
    row = await a_public_one(node)
    genuine = (await client.get(f"/certificates/{row['code']}.{form}")).content
    for content, said in ((genuine, "有效"), (genuine + b" ", "内容被改动")):
        sent = await client.post(
            f"/certificates/{row['code']}", headers=EN,
            files={"file": (f"c.{form}", content)}, data={"language": "zh"},
        )  # fmt: skip
        assert f"</span>{said}</p>" in sent.text
        digest = hashlib.sha256(content).hexdigest()
        asked = await client.get(f"/certificates/{row['code']}?sha256={digest}", headers=ZH)
        assert f"</span>{said}</p>" in asked.text
        raw = await client.post(f"/certificates/{row['code']}", content=content, headers=ZH)
        assert f"</span>{said}</p>" in raw.text


async def test_a_program_asks_for_json(client: httpx.AsyncClient, node: Node) -> None:
    row = await a_public_one(node)
    asked = {"accept": "application/json", **EN}
    body = (await client.get(f"/certificates/{row['code']}", headers=asked)).json()
    assert (body["standing"], body["sha256"]) == ("VALID", row["sha256"])
    assert body["content"] == json.loads(row["content"])
    wrong = {"sha256": "0" * 64}
    body = (await client.get(f"/certificates/{row['code']}", headers=asked, params=wrong)).json()
    assert body["standing"] == "ALTERED"


async def test_of_what_is_not_public_a_number_tells_only_that_it_holds(
    client: httpx.AsyncClient, node: Node
) -> None:
    row = await a_private_one(node)
    page = await client.get(f"/certificates/{row['code']}", headers=ZH)
    assert "有效" in page.text
    for hidden in ("信贷评估", "银行", row["sha256"]):
        assert hidden not in page.text
    for form in ("json", "pdf"):
        answer = await client.get(f"/certificates/{row['code']}.{form}")
        assert (answer.status_code, answer.json()["code"]) == (404, "certificate.not_public")
    wrong = await client.get(f"/certificates/{row['code']}.json?sha256={'0' * 64}")
    assert wrong.status_code == 404


async def test_whoever_holds_it_reads_all_of_it(client: httpx.AsyncClient, node: Node) -> None:
    row = await a_private_one(node)
    held = f"?sha256={row['sha256'].upper()}"
    page = await client.get(f"/certificates/{row['code']}{held}", headers=ZH)
    assert "信贷评估 Credit assessment" in page.text
    pdf = await client.get(f"/certificates/{row['code']}.pdf{held}")
    assert pdf.status_code == 200
    shown = await client.post(f"/certificates/{row['code']}", content=pdf.content, headers=ZH)
    assert "信贷评估 Credit assessment" in shown.text


async def test_the_page_of_a_replaced_one_says_so_and_leads_to_the_one_that_holds(
    client: httpx.AsyncClient, node: Node
) -> None:
    done = await a_registered_resource(node)
    former = await certificate(node, "resource", done.id)
    change = await RESOURCE_CHANGES.draft(
        node, STEWARD,
        {"title": "C", "kind": "CHANGE", "explanation": "E", "resource": done.id, "grade": 3},
    )  # fmt: skip
    await RESOURCE_CHANGES.move(node, STEWARD, change.id, "submit")
    await RESOURCE_CHANGES.move(node, REGISTRAR, change.id, "pass")
    asked = {"accept": "application/json", **EN}
    body = (await client.get(f"/certificates/{former['code']}", headers=asked)).json()
    assert body["standing"] == "REPLACED"
    new = body["replacedBy"]
    for headers, said, label in ((ZH, "已换发新证", "换发的新证"), (EN, "Replaced", "Replaced by")):
        page = (await client.get(f"/certificates/{former['code']}", headers=headers)).text
        assert f"</span>{said}</p>" in page
        assert f'<dt>{label}</dt><dd><a href="/certificates/{new}">{new}</a></dd>' in page
    page = (await client.get(f"/certificates/{new}", headers=ZH)).text
    assert "</span>有效</p>" in page and "换发的新证" not in page


async def test_before_a_renewal_begins_the_page_says_from_when_on_it_replaces(
    client: httpx.AsyncClient, node: Node, clock: FrozenClock
) -> None:
    resource = await an_authorisable_resource(node)
    grant = await an_authorisation(node, resource, valid_until="2026-12-01T00:00:00Z")
    clock.advance(days=120)
    await an_authorisation(node, resource, renews=grant)
    row = await certificate(node, "authorisation", grant)
    page = (await client.get(f"/certificates/{row['code']}", headers=ZH)).text
    assert "</span>有效</p>" in page and "<dt>自 2026年12月1日起换发的新证</dt>" in page


async def test_an_agreement_is_seen_and_printed_by_whoever_holds_it(
    client: httpx.AsyncClient, node: Node
) -> None:
    id_ = await a_signed_agreement(node)
    where = Every((Where("agreement", "eq", id_), Not(Linked("replaced_by", EVERYTHING))))
    fields = ("code", "sha256", "content")
    row = (await node.catalogue.select(Selection("certificate", fields, where))).rows[0]
    path, held = f"/certificates/{row['code']}", {"sha256": row["sha256"]}
    page = (await client.get(path, headers=ZH)).text
    assert "</span>尚未生效</p>" in page and "Director Zhang" not in page
    page = (await client.get(path, headers=ZH, params=held)).text
    for said in ("授权方签署", "被授权方签署", "锁定要素 SHA-256", "公共数据授权运营协议"):
        assert said in page
    pdf = (await client.get(f"{path}.pdf", params=held)).content
    assert pdf.startswith(b"%PDF-")
    for content, said in ((pdf, "尚未生效"), (pdf + b" ", "内容被改动")):
        assert f"</span>{said}</p>" in (await client.post(path, content=content, headers=ZH)).text


async def test_a_number_that_was_never_issued_is_unknown(client: httpx.AsyncClient) -> None:
    for number in ("ZYDJ-2026-AAAAAAAA", "%3Cscript%3E", "x" * 2000):
        page = await client.get(f"/certificates/{number}", headers=ZH)
        assert (page.status_code, "未查到该编号的证书" in page.text) == (404, True)
        assert "<script>" not in page.text
        answer = await client.get(f"/certificates/{number}.json")
        assert (answer.status_code, answer.json()["code"]) == (404, "certificate.not_public")


async def test_a_hash_or_a_file_that_is_none_is_said_to_be_none(
    client: httpx.AsyncClient, node: Node
) -> None:
    row = await a_public_one(node)
    place = f"/certificates/{row['code']}"
    assert (await client.get(f"{place}?sha256=abc")).json()["code"] == "certificate.hash_invalid"
    empty = await client.post(place, content=b"")
    assert empty.json()["code"] == "certificate.file_missing"
    broken = await client.post(
        place, content=b"--x", headers={"content-type": "multipart/form-data; boundary=y"}
    )
    assert broken.json()["code"] == "certificate.file_missing"
    without = await client.post(place, files={"other": ("a", b"a")})
    assert without.json()["code"] == "certificate.file_missing"


async def test_a_number_is_asked_for_on_a_page_of_its_own(client: httpx.AsyncClient) -> None:
    assert "请输入证书上的编号" in (await client.get("/certificates", headers=ZH)).text
    answer = await client.get("/certificates", params={"number": " ZYDJ-2026-A/../B "})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/certificates/ZYDJ-2026-A%2F..%2FB"


async def test_in_graphql_a_certificate_is_seen_with_what_it_is_about(node: Node) -> None:
    ask = asking(node)
    done = await a_registered_resource(node, audience="SPACE")
    query = f"""{{ resource(id: "{done.id}") {{
        certificates {{ nodes {{ code kind sha256 standing holder {{ id }} }} }} }} }}"""
    [found] = (await ask.data(query, caller=STEWARD))["resource"]["certificates"]["nodes"]
    assert (found["kind"], found["standing"]) == ("RESOURCE_REGISTRATION", "VALID")
    every = "{ certificates { totalCount } }"
    assert (await ask.data(every, caller=APPROVER))["certificates"]["totalCount"] == 1
    for stranger in (DEVELOPER, caller_for(participant="par_other")):
        assert (await ask.data(every, caller=stranger))["certificates"]["totalCount"] == 0
    await resources.cancel(node, APPROVER, done.id, reason="Merged")
    [found] = (await ask.data(query, caller=APPROVER))["resource"]["certificates"]["nodes"]
    assert found["standing"] == "REVOKED"
