"""J-L5-4: an output that was computed is computed anew once a source has got another file."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from dataspace.change import Amend
from dataspace.errors import MovedOn
from dataspace.federation.profiles.recipe import read_table
from dataspace.jobs.table import JOBS
from dataspace.quantity import written
from dataspace.selection import Row, Selection, Where
from hub.demo.content import enter_content
from hub.node import Node
from hub.operations import authorisations
from hub.operations.outputs import renewing
from hub.operations.outputs.attaching import PRODUCTS
from hub.operations.outputs.computing import compute
from hub.operations.samples import Upload, attach, key
from hub.scheduling.asking import considered, run_by_hand
from hub.scheduling.running import Bench
from subspaces.content.made import content_of
from subspaces.profiles import OURS
from subspaces.recipes.tables.by_profile import recipes_of
from tests.build import a_change_set, an_act
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.jobs.made_up import Heard, a_workshop
from tests.unit.operations.city import SUPERVISOR, DictionaryAssets, NobodyKnown
from tests.unit.operations.test_computing import (
    ELECTRICITY,
    INDEX,
    RATER,
    file_of,
    files,
    id_of,
    now_holds,
)

pytestmark = pytest.mark.anyio

JOB = "J-L5-4"


@pytest.fixture
async def node(clock: FrozenClock) -> AsyncIterator[Node]:
    profile = OURS["finance"]
    empty = Node(DictionaryCatalogue(), NobodyKnown(), DictionaryAssets(), clock)
    filled = replace(empty, profile=profile, recipes=recipes_of(profile))
    await enter_content(filled, profile, content_of("finance", 3))
    yield filled


async def ran(node: Node, folder: Path) -> tuple[int, int]:
    """How many outputs were computed, and how many could not be."""
    heard = Heard()
    assert isinstance(node.clock, FrozenClock)
    node.clock.advance(hours=1)
    bench = Bench(node, a_workshop(folder), heard.report)
    row = await run_by_hand(bench, JOBS[JOB], node.clock.now())
    return row["done"], row["refused"]


async def renewed(node: Node, *, without: int = 1) -> bytes:
    """The electricity of fewer firms, as the provider has it an hour later."""
    assert isinstance(node.clock, FrozenClock)
    node.clock.advance(hours=1)
    content = files(node)[key((await file_of(node, "resource", ELECTRICITY))["id"])]
    lines = content.decode().splitlines()
    gone = sorted({line.partition(",")[0] for line in lines[1:]})[:without]
    kept = [line for line in lines if line.partition(",")[0] not in gone]
    now = written(node.clock.now())
    await now_holds(node, ELECTRICITY, ("\n".join(kept) + "\n").encode(), created_at=now)
    return content


async def firms(node: Node) -> int:
    made = await file_of(node, "product", INDEX)
    return len(read_table(files(node)[key(made["id"])])[1])


async def acts(node: Node) -> list[Row]:
    asked = Selection("evidence", ("actor", "subject"), Where("action", "eq", renewing.COMPUTED))
    return (await node.catalogue.select(asked)).rows


async def test_a_renewed_source_is_in_the_output_after_the_next_run_and_once(
    node: Node, tmp_path: Path
) -> None:
    await compute(node, RATER, INDEX)
    assert await considered(node, JOBS[JOB], node.clock.now()) == 0
    before = await firms(node)
    await renewed(node)
    assert await considered(node, JOBS[JOB], node.clock.now()) == 1
    assert await ran(node, tmp_path) == (1, 0)
    assert await firms(node) == before - 1
    assert [row["actor"] for row in await acts(node)] == [RATER.subject, "system:scheduler"]
    assert await ran(node, tmp_path) == (0, 0)
    await renewed(node)
    assert await ran(node, tmp_path) == (1, 0), "what the job computed is computed anew too"
    assert await firms(node) == before - 2


async def test_what_its_owner_attached_stays_and_so_does_what_nobody_computed(
    node: Node, tmp_path: Path
) -> None:
    await renewed(node)
    assert await ran(node, tmp_path) == (0, 0), "it came with the node's content"

    async def by_hand() -> AsyncIterator[bytes]:
        yield b"credit_code,index\nx,1\n"

    await compute(node, RATER, INDEX)
    await attach(node, RATER, INDEX, Upload("own.csv", by_hand()), of=PRODUCTS)
    await renewed(node)
    assert await ran(node, tmp_path) == (0, 0)
    assert (await file_of(node, "product", INDEX))["file_name"] == "own.csv"


async def test_what_its_owner_attaches_while_it_is_computed_stays(node: Node) -> None:
    await compute(node, RATER, INDEX)
    await renewed(node)
    [row] = [
        each for each in (await node.catalogue.select(renewing.with_recipe(node))).rows
        if await renewing.is_due(node, each)
    ]  # fmt: skip
    await compute(node, RATER, INDEX)
    with pytest.raises(MovedOn):
        await renewing.renew(node, RATER, row, request_id="r")


async def test_what_cannot_be_computed_keeps_its_output_and_is_said(
    node: Node, tmp_path: Path
) -> None:
    await compute(node, RATER, INDEX)
    before = await file_of(node, "product", INDEX)
    await renewed(node)
    later = "2027-01-01T00:00:00.000Z"
    await now_holds(node, ELECTRICITY, b"credit_code,month\n", created_at=later)
    assert await ran(node, tmp_path) == (0, 1)
    assert await file_of(node, "product", INDEX) == before


async def test_nothing_is_computed_without_a_grant_a_recipe_or_while_it_is_reviewed(
    node: Node, tmp_path: Path
) -> None:
    await compute(node, RATER, INDEX)
    await renewed(node)
    reviewed = Amend("product", INDEX, {"state": "DELIST_REVIEW"}, an_act("product.correct"))
    await node.catalogue.apply(a_change_set(reviewed))
    assert await ran(node, tmp_path) == (0, 0)
    listed = Amend("product", INDEX, {"state": "LISTED"}, an_act("product.correct"))
    await node.catalogue.apply(a_change_set(listed))
    assert await ran(replace(node, recipes={}), tmp_path) == (0, 0)
    await authorisations.suspend(node, SUPERVISOR, id_of("aut", "electricity-index"), reason="Leak")
    assert await ran(node, tmp_path) == (0, 0)
    assert [row["subject"] for row in await acts(node)] == [INDEX]
