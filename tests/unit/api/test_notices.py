"""The inbox in GraphQL: what I am told, in my language, unread first; settings that are my own."""

import pytest

from dataspace.text import Language
from hub.node import Node
from hub.operations import resources
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import Asking, asking
from tests.unit.operations.city import REGISTRAR, RESOURCE, STEWARD, a_node

pytestmark = pytest.mark.anyio
INBOX = """query($unread: Boolean, $after: String) {
  myNotices(unread: $unread, first: 2, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id code kind title body read subject createdAt }
  } }"""
READ = """mutation($id: ID!) {
  noticeRead(input: {id: $id}) { object { id code } evidence { action } problems { code } } }"""
KEEP = """mutation($values: MailboxValues!) {
  mailboxKeep(input: {values: $values}) {
    object { language email byEmail webhook webhookKey roles readUpTo participant { id } }
    problems { field code message } } }"""


@pytest.fixture
async def node(clock: FrozenClock) -> Node:
    """Three resources handed in, a minute apart."""
    node = await a_node(DictionaryCatalogue(), clock)
    for name in ("A", "B", "C"):
        made = await resources.draft(node, STEWARD, {**RESOURCE, "name": name})
        await resources.submit(node, STEWARD, made.id)
        clock.advance(minutes=1)
    return node


@pytest.fixture
def ask(node: Node) -> Asking:
    return asking(node)


async def test_what_i_am_told_comes_newest_first_page_by_page(ask: Asking) -> None:
    page = (await ask.data(INBOX, caller=REGISTRAR))["myNotices"]
    assert page["totalCount"] == 3
    assert [each["title"][-1] for each in page["nodes"]] == ["C", "B"]
    assert [each["read"] for each in page["nodes"]] == [False, False]
    after = {"after": page["pageInfo"]["endCursor"]}
    rest = (await ask.data(INBOX, after, caller=REGISTRAR))["myNotices"]
    assert [each["title"][-1] for each in rest["nodes"]] == ["A"]


@pytest.mark.parametrize(
    ("language", "title"), [("en", "A registration to take in: C"), ("zh", "资源登记待受理：C")]
)
async def test_a_notice_reads_in_the_askers_language(
    ask: Asking, language: Language, title: str
) -> None:
    body = await ask.body(INBOX, caller=REGISTRAR, language=language)
    assert body["data"]["myNotices"]["nodes"][0]["title"] == title


async def test_who_reads_one_has_read_all_before_it_and_unread_stand_first(ask: Asking) -> None:
    nodes = (await ask.data(INBOX, caller=REGISTRAR))["myNotices"]["nodes"]
    done = await ask.data(READ, {"id": nodes[1]["id"]}, caller=REGISTRAR)
    assert done["noticeRead"]["object"]["id"] == nodes[1]["id"]
    assert done["noticeRead"]["evidence"]["action"] == "notice.read"

    again = (await ask.data(INBOX, caller=REGISTRAR))["myNotices"]
    assert [each["read"] for each in again["nodes"]] == [False, True]
    unread = (await ask.data(INBOX, {"unread": True}, caller=REGISTRAR))["myNotices"]
    assert [each["id"] for each in unread["nodes"]] == [nodes[0]["id"]]


async def test_reading_an_older_one_later_makes_nothing_unread(ask: Asking) -> None:
    nodes = (await ask.data(INBOX, caller=REGISTRAR))["myNotices"]["nodes"]
    for each in nodes:
        await ask.data(READ, {"id": each["id"]}, caller=REGISTRAR)
    unread = await ask.data(INBOX, {"unread": True}, caller=REGISTRAR)
    assert unread["myNotices"]["totalCount"] == 0


async def test_nobody_reads_what_is_told_to_others(ask: Asking) -> None:
    nodes = (await ask.data(INBOX, caller=REGISTRAR))["myNotices"]["nodes"]
    assert (await ask.data(INBOX, caller=STEWARD))["myNotices"]["totalCount"] == 0
    assert await ask.code(READ, {"id": nodes[0]["id"]}, caller=STEWARD) == "catalogue.not_found"
    assert (await ask.data(INBOX))["myNotices"]["nodes"] == []
    assert await ask.code(READ, {"id": nodes[0]["id"]}) == "identity.sign_in_required"


async def test_reading_writes_one_row_a_person_however_many_are_read(
    ask: Asking, node: Node
) -> None:
    nodes = (await ask.data(INBOX, caller=REGISTRAR))["myNotices"]["nodes"]
    await ask.data(READ, {"id": nodes[0]["id"]}, caller=REGISTRAR)
    found = await ask.data("{ mailboxes { nodes { subject } } }", caller=REGISTRAR)
    assert found["mailboxes"]["nodes"] == [{"subject": REGISTRAR.subject}]
    assert (await ask.data("{ mailboxes { totalCount } }", caller=STEWARD))["mailboxes"] == {
        "totalCount": 0
    }


async def test_everybody_sets_language_and_channel_for_themselves(ask: Asking) -> None:
    values = {"language": "EN", "email": "registrar@city.example", "byEmail": True}
    kept = (await ask.data(KEEP, {"values": values}, caller=REGISTRAR))["mailboxKeep"]
    assert kept["problems"] == []
    assert kept["object"] == {
        **values, "webhook": None, "webhookKey": None, "roles": ["registrar"], "readUpTo": None,
        "participant": {"id": REGISTRAR.participant},
    }  # fmt: skip
    again = await ask.data(KEEP, {"values": {"byEmail": False}}, caller=REGISTRAR)
    assert again["mailboxKeep"]["object"]["email"] == "registrar@city.example"


async def test_another_receiver_gets_another_key(ask: Asking) -> None:
    keys = []
    for address in ("https://a.example/in", "https://a.example/in", "https://b.example/in"):
        values = {"webhook": address, "byWebhook": True}
        kept = await ask.data(KEEP, {"values": values}, caller=REGISTRAR)
        keys.append(kept["mailboxKeep"]["object"]["webhookKey"])
    assert keys == [1, 1, 2]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"byEmail": True}, "email"),
        ({"byWebhook": True}, "webhook"),
        ({"email": "a@b\r\nBcc: all@city.example"}, "email"),
        ({"email": "not an address"}, "email"),
        ({"webhook": "https://user:password@a.example/"}, "webhook"),
        ({"webhook": "file:///etc/passwd"}, "webhook"),
        ({"webhook": "https://a.example:99999/"}, "webhook"),
        ({"webhook": "https://[::1/"}, "webhook"),
        ({"webhook": "https://a.example/\r\nX: y"}, "webhook"),
    ],
)
async def test_an_address_that_is_none_is_not_kept(
    ask: Asking, values: dict[str, object], field: str
) -> None:
    kept = (await ask.data(KEEP, {"values": values}, caller=REGISTRAR))["mailboxKeep"]
    assert [each["field"] for each in kept["problems"]] == [["values", field]]
    assert kept["object"] is None
