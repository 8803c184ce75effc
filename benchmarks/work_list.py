"""How long does a work-list take: twenty to-dos with their objects, moves and history?

A city whose open to-dos lie with twenty departments and the bureau's desks, asked by a registrar,
with whom a fifth of all lies, and by a department, with whom little does. One statement each.
Budget: with 100,000 open to-dos at most 1.5 times what it takes with 1,000.
"""

import asyncio
import shutil
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import Figure
from dataspace.caller import Caller, Role
from dataspace.change import Act, Change, ChangeSet, Create
from dataspace.clocks.china import CHINA
from dataspace.clocks.terms import TERMS
from dataspace.identifiers import derived_id
from dataspace.quantity import written
from dataspace.tasks.docket import Docket
from graph.sqlite_catalogue import SqliteCatalogue
from hub.api.execution import Api, GraphQLRequest
from hub.api.limits import Limits
from hub.api.reading.cursors import Cursors
from hub.api.reading.documents import Documents
from hub.node import Node
from hub.operations import resources
from hub.operations.tasks.docketing import task_id

SIZES, GROWTH_MOST, DEPARTMENTS, BATCH, ROUNDS = (1_000, 100_000), 1.5, 20, 500, 40
NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)
MINE = """{ myTasks(first: 20) { nodes {
  kind title since dueAt awaited roles steps { move state at actor reason }
  resource { id name state grade summary provider { name } moves { name label possible } }
} } }"""
REGISTRAR = Caller("usr_registrar", roles=frozenset({Role.REGISTRAR}))
STEWARD = Caller("usr_steward", roles=frozenset({Role.DATA_STEWARD}), participant="par_7")
# Of ten to-dos two lie with the registrar, one with the approver, seven with departments.
STATES = ("SUBMITTED", "FORM_REVIEW", "PUBLICITY", *("RETURNED",) * 7)
# Of the approver's, one in fifty wants the registrar to countersign.
WANTED_EVERY = 500


class Noon:
    def now(self) -> datetime:
        return NOON


def measure(data: Path, largest: int) -> list[Figure]:
    sizes = [size for size in SIZES if size <= largest]
    taken = {size: asyncio.run(_timed(data / f"work-{size}", size)) for size in sizes}
    figures = [
        Figure(f"{size:,} open", who, milliseconds, "ms")
        for size, told in taken.items()
        for who, milliseconds in told.items()
    ]
    if len(sizes) == len(SIZES):
        few, many = taken[SIZES[0]], taken[SIZES[1]]
        figures += [
            Figure("growth", who, many[who] / few[who], "", most=GROWTH_MOST) for who in few
        ]
    return figures


async def _timed(folder: Path, size: int) -> dict[str, float]:
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        await _made(folder, size)
        (folder / "made").touch()
    catalogue = await SqliteCatalogue.open(folder / "catalogue.sqlite")
    node = Node(catalogue, None, None, Noon())  # type: ignore[arg-type]
    api = Api(node, Cursors(b"a key of 32 bytes for benchmarks"), Limits(), Documents(Limits()))
    try:
        return {
            "registrar": await _asked(api, REGISTRAR, least=20),
            "department": await _asked(api, STEWARD, least=min(20, size // 100)),
        }
    finally:
        await catalogue.close()


async def _asked(api: Api, caller: Caller, *, least: int) -> float:
    """The median of a whole answer, in milliseconds."""
    spent = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = await api.answer(GraphQLRequest(MINE, {}), caller, "zh")
        spent.append((time.perf_counter() - began) * 1000)
        assert len(answer.body["data"]["myTasks"]["nodes"]) >= least, answer.body
    return statistics.median(spent[3:])


async def _made(folder: Path, size: int) -> None:
    catalogue = await SqliteCatalogue.open(folder / "catalogue.sqlite")
    act = Act("benchmark", "participant.enter", written(NOON))
    departments = (
        Create("participant", f"par_{n}", {"name": f"部门 {n}", "kind": "DEPARTMENT"}, act)
        for n in range(DEPARTMENTS)
    )
    await catalogue.apply(ChangeSet("departments", tuple(departments)))
    for first in range(0, size, BATCH):
        changes = tuple(_changes(first, min(first + BATCH, size)))
        await catalogue.apply(ChangeSet(f"tasks_{first}", changes))
    await catalogue.close()


def _changes(first: int, last: int) -> Iterator[Change]:
    machine = resources.LIFECYCLE.machine
    for n in range(first, last):
        at = NOON - timedelta(minutes=n)
        act = Act("benchmark", "resource.submit", written(at))
        row = {
            "name": f"公共数据资源 {n}", "state": STATES[n % 10], "audience": "PUBLIC", "grade": 2,
            "summary": "摘要" * 40, "provider": f"par_{n % DEPARTMENTS}", "created_at": written(at),
            "changed_at": written(at), "submitted_at": written(at),
        }  # fmt: skip
        id_ = derived_id("res", "benchmark", str(n))
        steps = [
            {"move": "submit", "state": "SUBMITTED", "at": written(at), "actor": f"usr_{n % 90}"},
            {"move": "take_in", "state": row["state"], "at": written(at), "actor": "usr_1",
             "reason": "理由" * 20},
        ]  # fmt: skip
        awaited = machine.by_name[resources.LIFECYCLE.awaited[str(row["state"])]]
        docket = Docket("resource", "L2", {**row, "id": id_}, awaited, steps)
        rules = {"resource.reviewers_min": 4} if n % WANTED_EVERY == 2 else {}
        values = docket.values(TERMS, rules, calendar=CHINA, now=at)
        yield Create("resource", id_, row, act)
        yield Create("task", task_id(id_), {**values, "created_at": written(at)}, act)
