"""How long does the hub take to ask 20 nodes themselves?

A hub on SQLite, 20 nodes in the same process that answer after set times, each with a product that
is asked for: what `liveNodes` takes as a whole, through GraphQL, beyond the slowest that answers;
and beyond the deadline, when two of the nodes never answer. Budget: 20 ms, for the median of ten;
the worst of them stands beside it, and is that of the machine's other work too.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from dataspace.caller import Caller, Role
from dataspace.change import Act, ChangeSet, Create, TakenOver
from dataspace.federation.batches import Batch, Listing
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.live.answers import DEADLINE_MILLISECONDS, LiveAnswer, Present
from dataspace.selection import Row
from hub.api.execution import Api, GraphQLRequest
from hub.api.limits import Limits
from hub.api.reading.cursors import Cursors
from hub.api.reading.documents import Documents
from hub.node import Node
from hub.settings import Settings
from hub.wiring import open_node

NODES, ROUNDS, HANGING = 20, 10, 2
FASTEST, APART = 0.02, 0.01  # seconds: the slowest of 20 answers after 210 ms
SLOWEST = FASTEST + APART * (NODES - 1)
BEYOND_MOST_MILLISECONDS = 20
MOMENT = "2026-06-01T00:00:00.000Z"
ACT = Act("benchmark", "node.enter", MOMENT)
ASKER = Caller("usr_benchmark", "Benchmark", frozenset({Role.AUDITOR}))
QUERY = """query ($objects: [ID!]) { liveNodes(objects: $objects) {
    id name status milliseconds code readiness version heardAt revision resources products asOf
    ageSeconds objects { id state withdrawn changedAt asOf } } }"""


@dataclass
class Timed:
    """A node that answers after `seconds`."""

    seconds: float

    async def live(self, ids: Sequence[str]) -> LiveAnswer:
        await asyncio.sleep(self.seconds)
        objects = tuple(Present(id_, "LISTED", MOMENT) for id_ in ids)
        answer = LiveAnswer("ready", "0.1.0", 12_000, 12_000, 300, objects)
        return LiveAnswer.read(answer.told())

    async def changes_since(self, revision: int, limit: int) -> Batch:
        raise NotImplementedError

    async def whole(self, position: str, limit: int) -> Listing:
        raise NotImplementedError

    async def wake(self) -> None:
        raise NotImplementedError


def measure(data: Path, _largest: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(dir=data) as folder:
        return asyncio.run(_measured(Path(folder)))


async def _measured(folder: Path) -> list[Figure]:
    async with open_node(Settings.read({}, port=8000, data=folder)) as opened:
        await _known(opened.node)
        hanging = {_id(at) for at in range(HANGING)}
        all_answer = await _beyond(_asking(opened.node, set()), SLOWEST)
        some_hang = await _beyond(_asking(opened.node, hanging), DEADLINE_MILLISECONDS / 1000)
    most = BEYOND_MOST_MILLISECONDS
    return [
        Figure(f"{NODES} nodes", "slowest that answers", SLOWEST * 1000, "ms"),
        Figure(f"{NODES} nodes", "the whole beyond that", median(all_answer), "ms", most=most),
        Figure(f"{NODES} nodes", "the same, the worst", max(all_answer), "ms"),
        Figure(f"{HANGING} of them hang", "the whole beyond the deadline", median(some_hang), "ms",
               most=most),
        Figure(f"{HANGING} of them hang", "the same, the worst", max(some_hang), "ms"),
    ]  # fmt: skip


def _asking(node: Node, hanging: set[str]) -> Api:
    def reach(row: Row) -> Timed:
        at = int(row["id"].rpartition("_")[2])
        return Timed(60 if row["id"] in hanging else FASTEST + APART * at)

    limits = Limits()
    return Api(replace(node, reach=reach), Cursors(b"k" * 32), limits, Documents(limits))


async def _beyond(api: Api, seconds: float) -> list[float]:
    """Milliseconds that each round takes longer; the first, which makes the schema, is none."""
    return [(await _asked(api) - seconds) * 1000 for _ in range(ROUNDS + 1)][1:]


async def _asked(api: Api) -> float:
    objects = [f"prd_{at:02}" for at in range(NODES)]
    began = time.perf_counter()
    answer = await api.answer(GraphQLRequest(QUERY, {"objects": objects}), ASKER, "en")
    spent = time.perf_counter() - began
    assert len(answer.body["data"]["liveNodes"]) == NODES, answer.body
    return spent


def _id(at: int) -> str:
    return f"nod_{at:02}"


async def _known(node: Node) -> None:
    firm = {"name": "企业", "kind": "ENTERPRISE", "created_at": MOMENT, "changed_at": MOMENT}
    made = [Create("participant", "par_firm", firm, ACT)]
    for at in range(NODES):
        values = {
            "identifier": _id(at), "name": f"节点 {at}", "kind": "BUSINESS", "status": "ONLINE",
            "state": "ACTIVE", "operator": "par_firm", "address": f"https://{at}.example",
            "created_at": MOMENT, "changed_at": MOMENT,
        }  # fmt: skip
        made.append(Create("node", _id(at), values, ACT))
    await node.catalogue.apply(ChangeSet("benchmark-nodes", tuple(made)))
    for at in range(NODES):
        values = {
            "name": f"企业用电波动指数 {at}", "summary": "How a firm's use of power develops",
            "state": "LISTED", "audience": "PUBLIC", "form": "API", "use_kind": "INDUSTRY",
            "grade": 2, "price_fen": 50, "price_unit": "CALL", "usage_policy": "For credit only",
            "owner": "par_firm", ORIGIN: _id(at), "as_of": MOMENT, "created_at": MOMENT,
        }  # fmt: skip
        product = Create("product", f"prd_{at:02}", values, ACT)
        await node.catalogue.apply(TakenOver(f"benchmark-product-{at}", (product,)))
