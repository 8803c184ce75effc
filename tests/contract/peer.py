"""The contract of the Peer port: one test for a sentence of its prose.

An adapter is bound by a subclass with two fixtures: `publishing`, another node's catalogue, and
`peer`, which leads to it and may see what a hub may see.
"""

from dataspace.change import Amend
from dataspace.federation.batches import ENTRIES_MAX, Batch, Entry
from dataspace.federation.peer import Peer
from dataspace.ports import Catalogue
from tests.build import BUREAU, a_change_set, a_product, a_resource, an_act, the_bureau

SOME = 7


def shown(id_: str, **values: object) -> object:
    return a_product(id_, owner=BUREAU, **values)


async def amend(catalogue: Catalogue, kind: str, id_: str, **values: object) -> None:
    await catalogue.apply(a_change_set(Amend(kind, id_, values, an_act())))


async def followed(peer: Peer, revision: int = 0, limit: int = ENTRIES_MAX) -> list[Batch]:
    """All batches from the revision on, each checked to go on where the last one ended."""
    batches = [await peer.changes_since(revision, limit)]
    while batches[-1].more:
        last = batches[-1]
        assert last.reached.revision > last.since.revision
        batches.append(await peer.changes_since(last.reached.revision, limit))
        assert batches[-1].since == last.reached
    return batches


def entries(batches: list[Batch]) -> list[Entry]:
    return [each for batch in batches for each in batch.entries]


def products(told: list[Entry]) -> dict[str, bool]:
    """The last word on every product: whether it is shown."""
    return {each.id: each.values is not None for each in told if each.kind == "product"}


class PeerContract:
    async def test_nothing_is_told_of_an_empty_catalogue(self, peer: Peer) -> None:
        batch = await peer.changes_since(0, ENTRIES_MAX)
        assert (batch.entries, batch.more, batch.since.revision) == ((), False, 0)

    async def test_what_is_private_is_never_told(self, peer: Peer, publishing: Catalogue) -> None:
        await publishing.apply(a_change_set(
            the_bureau(), shown("prd_draft", state="DRAFT"), shown("prd_space", audience="SPACE"),
            shown("prd_high", grade=4), a_resource("res_none", state="REGISTERED"),
            a_resource("res_secret", state="REGISTERED", grade=1, secret=True),
        ))  # fmt: skip
        assert entries(await followed(peer)) == []
        assert [(await peer.whole(kind, 9)).entries for kind in ("product ", "resource ")] == [
            (), (),
        ]  # fmt: skip

    async def test_what_was_public_once_is_told_as_withdrawn_only(
        self, peer: Peer, publishing: Catalogue
    ) -> None:
        await publishing.apply(a_change_set(the_bureau(), shown("prd_a", name="open")))
        [first] = await followed(peer)
        await amend(publishing, "product", "prd_a", grade=5, name="closed")
        [batch] = await followed(peer, first.reached.revision)
        assert [(each.id, each.values) for each in batch.entries] == [("prd_a", None)]
        assert products(entries(await followed(peer))) == {"prd_a": False}

    async def test_what_never_was_public_is_not_even_told_as_withdrawn(
        self, peer: Peer, publishing: Catalogue
    ) -> None:
        await publishing.apply(a_change_set(the_bureau(), shown("prd_a", state="DRAFT")))
        await amend(publishing, "product", "prd_a", state="REG_REVIEW")
        assert entries(await followed(peer)) == []

    async def test_what_an_entry_refers_to_was_told_before_it(
        self, peer: Peer, publishing: Catalogue
    ) -> None:
        await publishing.apply(a_change_set(the_bureau(), *(
            a_resource(f"res_{at}", state="REGISTERED", grade=1) for at in range(SOME)
        )))  # fmt: skip
        for at in range(SOME):
            made = shown(f"prd_{at}", resources=[f"res_{at}", f"res_{(at + 1) % SOME}"])
            await publishing.apply(a_change_set(made))
        known = set()
        for entry in entries(await followed(peer, limit=6)):
            named = entry.values and (entry.values.get("owner"), *entry.values.get("resources", ()))
            assert not set(filter(None, named or ())) - known
            known.add(entry.id)
        assert len(known) == 2 * SOME + 1

    async def test_an_entry_leaves_out_what_may_not_be_told(
        self, peer: Peer, publishing: Catalogue
    ) -> None:
        await publishing.apply(a_change_set(
            the_bureau(), a_resource("res_a", state="DRAFT", grade=1),
            shown("prd_a", resources=["res_a"]),
        ))  # fmt: skip
        [batch] = await followed(peer)
        assert "resources" not in (batch.entries[-1].values or {})
        await amend(publishing, "resource", "res_a", state="REGISTERED")
        told = entries(await followed(peer, batch.reached.revision))
        assert [each.values["resources"] for each in told if each.kind == "product"] == [["res_a"]]

    async def test_a_revision_behind_the_end_is_answered_by_the_end(
        self, peer: Peer, publishing: Catalogue
    ) -> None:
        await publishing.apply(a_change_set(the_bureau()))
        batch = await peer.changes_since(99, ENTRIES_MAX)
        assert (batch.since.revision, batch.since.leaf) == (99, "")
        assert (batch.reached.revision, batch.entries) == (1, ())

    async def test_a_batch_holds_no_more_than_was_asked_for(
        self, peer: Peer, publishing: Catalogue
    ) -> None:
        made = (shown(f"prd_{at}") for at in range(SOME))
        await publishing.apply(a_change_set(the_bureau(), *made))
        batches = await followed(peer, limit=3)
        assert {len(each.entries) <= 3 for each in batches} == {True}
        assert len(products(entries(batches))) == SOME

    async def test_a_batch_that_cannot_hold_what_belongs_together_says_so(
        self, peer: Peer, publishing: Catalogue
    ) -> None:
        made = (shown(f"prd_{at}", resources=["res_a"]) for at in range(SOME))
        resource = a_resource("res_a", state="REGISTERED", grade=1)
        await publishing.apply(a_change_set(the_bureau(), resource, *made))
        [*_, last] = await followed(peer)
        await amend(publishing, "resource", "res_a", audience="MEMBERS")
        assert not (await peer.changes_since(last.reached.revision, 3)).complete
        assert (await peer.changes_since(last.reached.revision, ENTRIES_MAX)).complete

    async def test_a_batch_gets_on_over_what_is_not_told(
        self, peer: Peer, publishing: Catalogue
    ) -> None:
        await publishing.apply(a_change_set(the_bureau(), shown("prd_a", state="DRAFT")))
        for _ in range(600):
            await amend(publishing, "product", "prd_a")
        assert sum(len(each.entries) for each in await followed(peer)) == 0

    async def test_the_whole_is_told_page_by_page(self, peer: Peer, publishing: Catalogue) -> None:
        made = (shown(f"prd_{at}") for at in range(SOME))
        await publishing.apply(a_change_set(the_bureau(), *made))
        told, position = [], ""
        while True:
            page = await peer.whole(position, 3)
            assert len(page.entries) <= 3
            told += page.entries
            if not (position := page.position):
                break
        assert [each.id for each in told] == [BUREAU, *(f"prd_{at}" for at in range(SOME))]
        assert page.at.revision == SOME + 1

    async def test_asking_twice_gives_the_same(self, peer: Peer, publishing: Catalogue) -> None:
        await publishing.apply(a_change_set(the_bureau(), shown("prd_a")))
        assert await peer.changes_since(0, 9) == await peer.changes_since(0, 9)

    async def test_waking_waits_for_nothing(self, peer: Peer) -> None:
        await peer.wake()
        await peer.wake()

    async def test_nothing_is_told_live_that_is_not_published(
        self, peer: Peer, publishing: Catalogue
    ) -> None:
        await publishing.apply(a_change_set(
            the_bureau(), shown("prd_draft", state="DRAFT"), shown("prd_space", audience="SPACE"),
            shown("prd_high", grade=4), a_resource("res_secret", state="REGISTERED", secret=True),
            shown("prd_open"), a_resource("res_open", state="REGISTERED", grade=1),
        ))  # fmt: skip
        named = ("prd_draft", "prd_space", "prd_high", "res_secret", "prd_open", "res_open")
        told = await peer.live(named)
        assert {each.id for each in told.objects} == {"prd_open", "res_open"}
        assert (told.resources, told.products) == (1, 1)
        assert (await peer.live(())).objects == ()
