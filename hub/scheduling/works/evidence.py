"""J-X-1 and J-X-2: checkpoints of the evidence, and the whole of it verified against them."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from dataspace.change import Act, ChangeSet, Create
from dataspace.checkpoints.note import Checkpoint, CheckpointBroken, read, signed, verifier_key
from dataspace.evidence import Tree
from dataspace.identifiers import derived_id
from dataspace.jobs.tally import Tally
from dataspace.quantity import written
from dataspace.selection import PAGE_MAX, POSITION, Order, Page, Row, Selection, Where
from hub.node import Node
from hub.operations import evidence
from hub.scheduling.context import Context
from hub.watching.verified import note_verified

FIELDS: Final = ("id", "size", "root", "note", "verifier_key", "edge")
# Of these alone no checkpoint is made: it would make records of its own for ever.
OWN: Final = frozenset({"lease", "job_run", "checkpoint", "job_file"})
DIVERGES: Final = "evidence.diverges"
ROOT_DIFFERS: Final = "checkpoint.root_differs"
QUIET: Final = "no records of others since 无新增业务存证"


async def make_checkpoint(node: Node, context: Context) -> Tally:
    """Grows the tree of the last checkpoint by what has come since, and signs its root."""
    tally, made_id = context.tally, derived_id("chk", context.request("evidence"))
    if await _checkpoint(node, Where("id", "eq", made_id)):
        tally.passed_over()
        return tally
    tree, others = await _grown(node, context)
    if not others:
        tally.passed_over()
        tally.remark = QUIET
        return tally
    await _keep(node, context, tree, made_id)
    tally.did()
    tally.remark = f"{tree.size} {tree.root}"
    return tally


async def count_records(node: Node, at: datetime) -> int:
    """Records that no checkpoint covers yet."""
    last = await _checkpoint(node)
    counted = Selection("evidence", rows=False, total=True)
    whole = (await node.catalogue.select(counted)).total or 0
    return whole - (last["size"] if last else 0)


async def verify(node: Node, context: Context) -> Tally:
    """Every record hashed anew, then the root at the size of every checkpoint compared with it."""
    tally = context.tally
    found = await evidence.verify(node.catalogue, lambda _: context.check())
    tally.considered, tally.done = found.records, found.records - found.diverging
    if found.diverging:
        tally.failed += found.diverging
        tally.reasons[DIVERGES] += found.diverging
    by_size = [row async for row in _checkpoints(node)]
    roots = await _roots(node, {row["size"] for row in by_size})
    for row in by_size:
        if not _holds(row, roots.get(row["size"], ""), context):
            tally.was_failing(ROOT_DIFFERS)
    tally.remark = f"{found.root}; {len(by_size)} checkpoints 个检查点"
    if tally.failed and found.holds:
        found.diverging = tally.failed
    note_verified(context.workshop.folder, found, node.clock.now())
    return tally


async def count_all(node: Node, at: datetime) -> int:
    counted = Selection("evidence", rows=False, total=True)
    return (await node.catalogue.select(counted)).total or 0


async def _grown(node: Node, context: Context) -> tuple[Tree, int]:
    """The tree up to the last record, and how many records of others have come since."""
    last = await _checkpoint(node)
    tree = _tree(last) if last else Tree()
    others = 0
    while batch := await node.catalogue.changes_since(tree.size, evidence.BATCH_RECORDS):
        context.check()
        for recorded in batch:
            tree.append(recorded.evidence["leaf"])
            others += recorded.kind not in OWN
    return tree, others


async def _keep(node: Node, context: Context, tree: Tree, made_id: str) -> None:
    workshop, now = context.workshop, written(node.clock.now())
    checkpoint = Checkpoint(workshop.origin, tree.size, tree.root)
    values = {
        "size": tree.size, "root": tree.root, "note": signed(checkpoint, workshop.signer),
        "verifier_key": verifier_key(workshop.signer), "edge": _edge(tree), "created_at": now,
    }  # fmt: skip
    act = Act(context.caller.subject, "checkpoint.make", now)
    change = Create("checkpoint", made_id, values, act)
    await node.catalogue.apply(ChangeSet(derived_id("chs", made_id), (change,)))


def _edge(tree: Tree) -> list[str]:
    return [f"{level}:{node.hex()}" for level, node in tree.edge]


def _tree(row: Row) -> Tree:
    pairs = (each.partition(":") for each in row["edge"])
    return Tree(row["size"], [(int(level), bytes.fromhex(node)) for level, _, node in pairs])


def _holds(row: Row, root: str, context: Context) -> bool:
    """The note is signed, says what its row says, and that is the root that the log has."""
    try:
        told = read(row["note"], row["verifier_key"], context.workshop.signer)
    except CheckpointBroken:
        return False
    return (told.size, told.root) == (row["size"], row["root"]) and row["root"] == root


async def _roots(node: Node, sizes: set[int]) -> dict[int, str]:
    tree, roots = Tree(), dict[int, str]()
    last = max(sizes, default=0)
    while tree.size < last:
        most = min(evidence.BATCH_RECORDS, last - tree.size)
        batch = await node.catalogue.changes_since(tree.size, most)
        for recorded in batch:
            tree.append(recorded.evidence["leaf"])
            if tree.size in sizes:
                roots[tree.size] = tree.root
        if not batch:
            break
    return roots


async def _checkpoint(node: Node, *conditions: Where) -> Row | None:
    """That of the greatest size."""
    where = conditions[0] if conditions else Where("size", "gt", 0)
    order = Order("size", descending=True)
    asked = Selection("checkpoint", FIELDS, where, order=order, page=Page(1))
    return (await node.catalogue.select(asked)).first


async def _checkpoints(node: Node) -> AsyncIterator[Row]:
    position = None
    while True:
        page = Page(PAGE_MAX, position)
        found = await node.catalogue.select(
            Selection("checkpoint", FIELDS, order=Order("size"), page=page)
        )
        for row in found.rows:
            yield row
        if not found.more_after:
            return
        position = found.rows[-1][POSITION]
