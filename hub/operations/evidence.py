"""Evidence: all of it verified, its root, and the proof that a record is in it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from dataspace.change import Recorded
from dataspace.errors import NotFound
from dataspace.evidence import Divergence, Tree, Verifier, inclusion_proof
from dataspace.ports import Catalogue
from dataspace.relations import RELATIONS
from dataspace.selection import PAGE_MAX, POSITION, Page, Selection
from dataspace.text import Text

BATCH_RECORDS = 1000
DIVERGENCES_SHOWN = 100

UNATTESTED = Text("it is in the catalogue, and no record attests it", "目录中存在，但没有存证记录")

Progress = Callable[[int], None]


@dataclass(slots=True)
class Verified:
    """What a verification found; `divergences` are the first of `diverging`, earliest first.

    What no record knows of has revision 0 and comes last. A record is counted once.
    """

    records: int = 0
    root: str = ""
    diverging: int = 0
    divergences: list[Divergence] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.diverging

    def note(self, divergence: Divergence) -> None:
        self.diverging += 1
        if len(self.divergences) < DIVERGENCES_SHOWN:
            self.divergences.append(divergence)

    def note_answers(self, found: list[Divergence]) -> None:
        """What is not answered as it was recorded, beside what the log itself shows."""
        known = {_place(each) for each in self.divergences}
        unknown = [each for each in found if _place(each) not in known]
        self.diverging += len({_place(each) for each in unknown})
        first = {_place(each): each for each in (*reversed(unknown), *self.divergences)}
        self.divergences = sorted(first.values(), key=_order)[:DIVERGENCES_SHOWN]


@dataclass(frozen=True, slots=True)
class Root:
    """The root hash of the tree (RFC 9162) over the first `size` records."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Proof:
    """That the record with this leaf is the one at `sequence` under the root (RFC 9162, 2.1.3)."""

    sequence: int
    leaf: str
    path: tuple[str, ...]
    size: int
    root: str


async def verify(catalogue: Catalogue, progress: Progress = lambda records: None) -> Verified:
    """Re-hashes every record and the version that it attests, then looks for rows without one.

    Memory grows with the objects, not with the records. `progress` is told the records so far.
    """
    verifier, found = Verifier(), Verified()
    async for recorded in _log(catalogue):
        if (divergence := verifier.check(recorded)) is not None:
            found.note(divergence)
        if verifier.sequence % BATCH_RECORDS == 0:
            progress(verifier.sequence)
    found.note_answers(await catalogue.divergences(DIVERGENCES_SHOWN))
    found.records, found.root = verifier.tree.size, verifier.tree.root
    progress(found.records)
    unknown = [(kind, id_) async for kind, id_ in _rows(catalogue) if not verifier.after.get(id_)]
    # What came while the others were read is attested by what was recorded since.
    since = {each.id async for each in _log(catalogue, verifier.sequence)} if unknown else set()
    for kind, id_ in unknown:
        if id_ not in since:
            found.note(Divergence(found.records, kind, id_, UNATTESTED))
    return found


async def root(catalogue: Catalogue) -> Root:
    tree = Tree()
    async for recorded in _log(catalogue):
        tree.append(recorded.evidence["leaf"])
    return Root(tree.size, tree.root)


async def proof(catalogue: Catalogue, sequence: int) -> Proof:
    """Memory grows with the log: 64 hexadecimal characters a record.

    Raises:  NotFound.
    """
    leaves = [recorded.evidence["leaf"] async for recorded in _log(catalogue)]
    if not 1 <= sequence <= len(leaves):
        raise NotFound(kind="evidence", id=sequence)
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    path = tuple(inclusion_proof(leaves, sequence - 1))
    return Proof(sequence, leaves[sequence - 1], path, tree.size, tree.root)


async def _rows(catalogue: Catalogue) -> AsyncIterator[tuple[str, str]]:
    """Kind and id of everything that is answered from, but for the log itself."""
    for noun in RELATIONS.nouns:
        position, more = None, not noun.written_by_catalogue
        while more:
            page = Page(PAGE_MAX, position)
            found = await catalogue.select(Selection(noun.name, page=page))
            for row in found.rows:
                yield noun.name, row["id"]
            more = found.more_after
            position = found.rows[-1][POSITION] if found.rows else None


def _place(divergence: Divergence) -> tuple[int, str]:
    return divergence.revision, divergence.id


def _order(divergence: Divergence) -> tuple[bool, int, str]:
    return divergence.revision == 0, divergence.revision, divergence.id


async def _log(catalogue: Catalogue, revision: int = 0) -> AsyncIterator[Recorded]:
    while batch := await catalogue.changes_since(revision, BATCH_RECORDS):
        for recorded in batch:
            yield recorded
        revision = batch[-1].revision
