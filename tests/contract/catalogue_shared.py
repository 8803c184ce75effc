"""The contract of a catalogue that several open at once: each sees what the others did.

A subclass gives the fixture `another`, which opens one more catalogue on the same store, and
`processes`, which runs a coroutine function of this module in so many processes of their own.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from dataspace import evidence
from dataspace.change import Amend, Applied
from dataspace.errors import MovedOn
from dataspace.ports import Catalogue
from dataspace.selection import Selection, Where
from tests.build import a_change_set, a_resource, an_act, the_bureau
from tests.contract.answers import ids
from tests.contract.reading import read

Another = Callable[[], Awaitable[Catalogue]]
Processes = Callable[[str, int], Awaitable[list[int]]]
UNITS = 40


async def take_units(catalogue: Catalogue, _: int) -> int:
    """How many of the units of `res_1` one writer got until there were none left."""
    got = 0
    while left := (await read(catalogue, "res_1", "record_count"))["record_count"]:
        guard = Where("record_count", "eq", left)
        change = Amend("resource", "res_1", {"record_count": left - 1}, an_act(), guard)
        try:
            await catalogue.apply(a_change_set(change))
            got += 1
        except MovedOn:
            await asyncio.sleep(0)
    return got


async def write_rows(catalogue: Catalogue, writer: int) -> int:
    """How many records of evidence one writer made, two at a time."""
    for at in range(15):
        rows = [a_resource(f"res_{writer}_{at}_{n}") for n in range(2)]
        await catalogue.apply(a_change_set(*rows))
    return 30


class SharedCatalogueContract:
    async def test_what_one_did_all_see(self, another: Another) -> None:
        first, second = await another(), await another()
        await first.apply(a_change_set(the_bureau(), a_resource("res_1", name="用水量")))
        assert await ids(second, Selection("resource", search="用水")) == ["res_1"]
        amend = Amend("resource", "res_1", {"name": "用电量"}, an_act(), version=1)
        assert await second.apply(a_change_set(amend)) == Applied(3)
        assert await ids(first, Selection("resource", search="用水")) == []
        assert await first.changes_since(0, 9) == await second.changes_since(0, 9)

    async def test_a_change_set_that_another_applied_is_not_applied_again(
        self, another: Another
    ) -> None:
        change_set = a_change_set(the_bureau())
        assert await (await another()).apply(change_set) == Applied(1)
        assert await (await another()).apply(change_set) == Applied(1, repeated=True)

    async def test_what_was_applied_is_there_after_closing(self, another: Another) -> None:
        first = await another()
        applied = await first.apply(a_change_set(the_bureau(), a_resource("res_1", labels=["a"])))
        before = await first.changes_since(0, 9)
        await first.close()
        again = await another()
        assert (await read(again, "res_1", "labels"))["labels"] == ["a"]
        assert await again.changes_since(0, 9) == before
        assert await again.apply(a_change_set(a_resource())) == Applied(applied.revision + 1)

    async def test_of_many_openings_on_one_guard_exactly_as_many_succeed_as_it_allows(
        self, another: Another
    ) -> None:
        opened = [await another() for _ in range(4)]
        await opened[0].apply(a_change_set(the_bureau(), a_resource("res_1", record_count=UNITS)))
        got = await asyncio.gather(*(take_units(each, 0) for each in opened for _ in range(2)))
        assert sum(got) == UNITS

    @pytest.mark.slow
    async def test_of_many_processes_exactly_as_many_succeed_as_the_guard_allows(
        self, another: Another, processes: Processes
    ) -> None:
        catalogue = await another()
        await catalogue.apply(a_change_set(the_bureau(), a_resource("res_1", record_count=UNITS)))
        assert sum(await processes("take_units", 4)) == UNITS
        row = await read(catalogue, "res_1", "record_count", "version")
        assert (row["record_count"], row["version"]) == (0, UNITS + 1)
        assert list(evidence.verify(await catalogue.changes_since(0, 1000))) == []

    @pytest.mark.slow
    async def test_sequences_are_gap_free_with_many_writing_processes(
        self, another: Another, processes: Processes
    ) -> None:
        catalogue = await another()
        await catalogue.apply(a_change_set(the_bureau()))
        written = sum(await processes("write_rows", 4))
        log = await catalogue.changes_since(0, 1000)
        assert [each.revision for each in log] == list(range(1, written + 2))
        assert list(evidence.verify(log)) == []
        for first, second in zip(log[1::2], log[2::2], strict=True):
            assert first.evidence["change_set"] == second.evidence["change_set"]
