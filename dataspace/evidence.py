"""Evidence (存证): the log that every change leaves, and how anyone checks it.

A record is hashed over its canonical bytes as a leaf of RFC 9162's Merkle tree, and names the
leaf hash of the record before it, so that an edited, removed, inserted or reordered record shows
itself at the first place that does not fit. Sequences run from 1 without a gap.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dataspace.change import Change, Recorded
from dataspace.relations import RELATIONS
from dataspace.selection import Row
from dataspace.text import Text

GENESIS: Final = "0" * 64
HASHED: Final = (
    "sequence", "at", "actor", "action", "reason", "subject_kind", "subject", "owner",
    "state", "version", "changed", "before", "after", "previous", "change_set",
)  # fmt: skip

_canonical = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode

CHANGED = Text("its content was changed", "内容被改动")
MOVED = Text(
    "a record is missing, added or out of place before it", "此前有记录缺失、被插入或次序错乱"
)
UNCHAINED = Text("it does not follow the record that stands before it", "与前一条记录不衔接")
CONTENT = Text(
    "the kept version is not the one that the record attests", "保存的版本与记录所证不符"
)
HISTORY = Text(
    "the version before is not the one that the record attests", "变更前的版本与记录所证不符"
)


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where the log, or what is answered from it, is not as it must be."""

    revision: int
    kind: str
    id: str
    what: Text


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value: keys sorted, no spaces, UTF-8, whole numbers only."""
    return _canonical(value).encode("utf-8", "surrogatepass")


def digest(values: Mapping[str, Any] | None) -> str:
    """SHA-256 of a row's values in canonical form; empty for a row that is not there.

    A value that is None or empty is the same as one that was never given.
    """
    if values is None:
        return ""
    return hashlib.sha256(canonical(_given(values))).hexdigest()


@dataclass(frozen=True, slots=True)
class Step:
    """A change as it meets the row: the values before and after it, None where there is no row.

    `version` counts the changes of the row from 1, also past a removal.
    """

    change: Change
    before: Row | None
    after: Row | None
    version: int


def record(step: Step, *, sequence: int, previous: str, change_set: str) -> Row:
    """The record of evidence that a step leaves, complete with its leaf hash.

    Its id counts as its sequence does, so that the order of ids is the order of the log.
    `changed` names what differs, ascending; `owner` and `state` are those of the row after, or
    else before.
    """
    change, act = step.change, step.change.act
    before, after = step.before or {}, step.after or {}
    made = {
        "id": f"evi_{sequence:012d}",
        "sequence": sequence,
        "at": act.at,
        "actor": act.actor,
        "action": act.action,
        "reason": act.reason,
        "subject_kind": change.kind.upper(),
        "subject": change.id,
        "owner": _owner(change, after or before),
        "state": (after or before).get("state", ""),
        "version": step.version,
        "changed": sorted(name for name in before | after if before.get(name) != after.get(name)),
        "before": digest(step.before),
        "after": digest(step.after),
        "previous": previous,
        "change_set": change_set,
    }
    return _given(made | {"leaf": leaf_hash(made)})


def leaf_hash(values: Mapping[str, Any]) -> str:
    """RFC 9162, 2.1.1: SHA-256 of 0x00 and the leaf's bytes, here the record without its hash."""
    return hashlib.sha256(
        b"\x00" + canonical(_given({k: values.get(k) for k in HASHED}))
    ).hexdigest()


@dataclass(slots=True)
class Verifier:
    """Re-hashes records one after another; memory grows with the objects, not the records."""

    sequence: int = 0
    leaf: str = GENESIS
    tree: "Tree" = field(default_factory=lambda: Tree())
    after: dict[str, str] = field(default_factory=dict)

    def check(self, recorded: Recorded) -> Divergence | None:
        """The first thing that is wrong with the record, or None when it holds."""
        record, leaf = recorded.evidence, leaf_hash(recorded.evidence)
        what = self._wrong(recorded, leaf)
        self.sequence, self.leaf = self.sequence + 1, str(record.get("leaf"))
        self.after[recorded.id] = record.get("after") or ""
        self.tree.append(leaf)
        return Divergence(recorded.revision, recorded.kind, recorded.id, what) if what else None

    def _wrong(self, recorded: Recorded, leaf: str) -> Text | None:
        record = recorded.evidence
        if leaf != record.get("leaf"):
            return CHANGED
        if record.get("sequence") != self.sequence + 1 or recorded.revision != self.sequence + 1:
            return MOVED
        if record.get("previous") != self.leaf:
            return UNCHAINED
        if digest(recorded.values) != (record.get("after") or ""):
            return CONTENT
        if (record.get("before") or "") != self.after.get(recorded.id, ""):
            return HISTORY
        return None


def verify(records: Iterable[Recorded]) -> Iterator[Divergence]:
    """All that does not hold in a whole log, earliest first."""
    verifier = Verifier()
    for recorded in records:
        if (divergence := verifier.check(recorded)) is not None:
            yield divergence


@dataclass(slots=True)
class Tree:
    """RFC 9162's Merkle tree, growing at its right edge, one hash kept for each whole subtree."""

    size: int = 0
    edge: list[tuple[int, bytes]] = field(default_factory=list)

    def append(self, leaf: str) -> None:
        self.size += 1
        level, node = 0, bytes.fromhex(leaf)
        while self.edge and self.edge[-1][0] == level:
            node = _node(self.edge.pop()[1], node)
            level += 1
        self.edge.append((level, node))

    @property
    def root(self) -> str:
        """RFC 9162, 2.1.1: the hash of the empty string for an empty tree."""
        if not self.edge:
            return hashlib.sha256(b"").hexdigest()
        node = self.edge[-1][1]
        for _, left in reversed(self.edge[:-1]):
            node = _node(left, node)
        return node.hex()


def inclusion_proof(leaves: Sequence[str], index: int) -> list[str]:
    """RFC 9162, 2.1.3.1: the hashes beside the way from leaf `index` (from 0) up to the root."""
    level, path = [bytes.fromhex(leaf) for leaf in leaves], []
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside].hex())
        level = [
            _node(*level[at : at + 2]) if at + 1 < len(level) else level[at]
            for at in range(0, len(level), 2)
        ]
        index //= 2
    return path


def is_included(leaf: str, path: Sequence[str], *, index: int, size: int, root: str) -> bool:
    """RFC 9162, 2.1.3.2: whether the proof leads from the leaf to the root of `size` leaves."""
    if not 0 <= index < size:
        return False
    node, last = bytes.fromhex(leaf), size - 1
    for step in map(bytes.fromhex, path):
        if last == 0:
            return False
        if index & 1 or index == last:
            node = _node(step, node)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = _node(node, step)
        index, last = index >> 1, last >> 1
    return last == 0 and node.hex() == root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _owner(change: Change, values: Row) -> str:
    owner = RELATIONS.by_name[change.kind].owner
    return change.id if owner == "id" else str(values.get(owner, "")) if owner else ""


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], ())}
