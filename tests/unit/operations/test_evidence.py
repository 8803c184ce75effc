"""Evidence as the command line asks for it: verified, its root, its proofs."""

from dataclasses import dataclass, replace

import pytest

from dataspace.change import Recorded
from dataspace.errors import NotFound
from dataspace.evidence import Divergence, is_included
from hub.node import Node
from hub.operations import evidence, topics
from tests.build import a_change_set, a_topic
from tests.unit.operations.catalogues import Watched
from tests.unit.operations.city import a_registered_resource

pytestmark = pytest.mark.anyio


@dataclass
class Edited(Watched):
    """One record of the log reads otherwise than it was written."""

    sequence: int = 0

    def __init__(self, node: Node, sequence: int) -> None:
        super().__init__(node.catalogue)
        self.sequence = sequence

    async def changes_since(self, revision: int, limit: int) -> list[Recorded]:
        batch = await super().changes_since(revision, limit)
        return [
            replace(each, evidence={**each.evidence, "reason": "!"})
            if each.revision == self.sequence
            else each
            for each in batch
        ]


async def test_what_was_done_is_verified_batch_by_batch(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "BATCH_RECORDS", 3)
    await a_registered_resource(node)
    told: list[int] = []
    found = await evidence.verify(node.catalogue, told.append)

    assert found.holds
    assert told == [3, 6, 9, 12, 12]
    assert await evidence.root(node.catalogue) == evidence.Root(found.records, found.root)


async def test_the_first_record_that_was_edited_is_named(node: Node) -> None:
    done = await a_registered_resource(node)
    found = await evidence.verify(Edited(node, 9))

    assert not found.holds
    first = found.divergences[0]
    assert (first.revision, first.kind, first.id) == (9, "resource", done.id)


class Growing(Watched):
    """Something is written while the rows are looked at, after the log was read."""

    async def divergences(self, first: int = 20) -> list[Divergence]:
        found = await super().divergences(first)
        await self.catalogue.apply(a_change_set(a_topic("top_meanwhile")))
        return found


async def test_what_is_written_meanwhile_is_no_divergence(node: Node) -> None:
    await a_registered_resource(node)
    assert (await evidence.verify(Growing(node.catalogue))).holds


async def test_every_record_is_proven_to_be_under_the_root(node: Node) -> None:
    await topics.seed_topics(node.catalogue, node.clock, actor="cityspace")
    root = await evidence.root(node.catalogue)

    for sequence in range(1, root.size + 1):
        proof = await evidence.proof(node.catalogue, sequence)
        assert proof.root == root.root
        assert is_included(
            proof.leaf, proof.path, index=sequence - 1, size=proof.size, root=root.root
        )
    for nowhere in (0, root.size + 1):
        with pytest.raises(NotFound):
            await evidence.proof(node.catalogue, nowhere)
