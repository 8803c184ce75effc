"""Every row says which node published it, how that node stands and since when the row is so."""

from dataspace.caller import Role
from hub.node import Node
from tests.build import BUREAU, a_change_set, a_product, a_row, caller_for
from tests.unit.api.asking import Asking

ASKED = """query ($f: ProductFilter) {
  products(filter: $f) {
    nodes { id asOf originNode { name status } }
  }
}"""
FEEDS = "{ feeds { nodes { error node { id } } } feedRefusals { nodes { code subject } } }"


async def _published(node: Node) -> None:
    a_node = a_row("node", "nod_finance", {
        "identifier": "N" * 32, "name": "金融节点", "kind": "BUSINESS", "status": "ISOLATED",
        "operator": BUREAU,
    })  # fmt: skip
    feed = a_row("feed", "fed_1", {
        "node": "nod_finance", "operator": BUREAU, "node_revision": 1, "error": "peer.unavailable",
    })  # fmt: skip
    refusal = a_row("feed_refusal", "frf_1", {
        "node": "nod_finance", "operator": BUREAU, "subject_kind": "product", "subject": "prd_x",
        "code": "feed.grade_above", "refused_at": "2026-06-01T00:00:00.000Z",
    })  # fmt: skip
    theirs = a_product(
        "prd_theirs", origin_node="nod_finance", as_of="2026-06-01T11:00:00.000Z"
    )
    await node.catalogue.apply(a_change_set(a_node, feed, refusal, a_product("prd_own"), theirs))


async def test_a_row_of_an_isolated_node_is_shown_with_its_status_and_age(
    ask: Asking, node: Node
) -> None:
    await _published(node)
    found = (await ask.data(ASKED))["products"]["nodes"]
    assert sorted(found, key=lambda row: row["id"]) == [
        {"id": "prd_own", "asOf": None, "originNode": None},
        {
            "id": "prd_theirs", "asOf": "2026-06-01T11:00:00.000Z",
            "originNode": {"name": "金融节点", "status": "ISOLATED"},
        },
    ]  # fmt: skip


async def test_rows_are_asked_for_by_the_node_that_published_them(ask: Asking, node: Node) -> None:
    await _published(node)
    of_node = {"originNode": {"id": {"eq": "nod_finance"}}}
    for given, expected in ((of_node, "prd_theirs"), ({"hasOriginNode": False}, "prd_own")):
        found = (await ask.data(ASKED, {"f": given}))["products"]["nodes"]
        assert [each["id"] for each in found] == [expected]


async def test_feeds_and_refusals_are_for_the_staff_and_for_the_operator(
    ask: Asking, node: Node
) -> None:
    await _published(node)
    everything = {
        "feeds": {"nodes": [{"error": "peer.unavailable", "node": {"id": "nod_finance"}}]},
        "feedRefusals": {"nodes": [{"code": "feed.grade_above", "subject": "prd_x"}]},
    }
    operator = caller_for(Role.ORG_ADMIN)
    staff = caller_for(Role.SUPERVISOR, participant="")
    for caller in (operator, staff):
        assert await ask.data(FEEDS, caller=caller) == everything
    stranger = caller_for(Role.ORG_ADMIN, participant="par_water")
    assert await ask.data(FEEDS, caller=stranger) == {
        "feeds": {"nodes": []}, "feedRefusals": {"nodes": []},
    }  # fmt: skip
