"""What becomes of one row that a node tells, by what is here already: one change, or none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dataspace.change import Act, Amend, Change, Create, Remove, kept
from dataspace.federation.batches import Entry
from dataspace.federation.flow.checking import OWNERS
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.publishing import Flow
from dataspace.federation.flow.refusals import IdentifierTaken, NamesUnknown, ParticipantNotServed
from dataspace.relations import RELATIONS
from dataspace.selection import Row, Where

Key = tuple[str, str]  # kind and id

# What is not known any more of whom others may name, when it is told of no longer: in which spaces
# it is, and whether it is admitted.
RETIRED: Final[Mapping[str, Mapping[str, Any]]] = {
    "participant": {"spaces": [], "standing": None, "state": None},
}
# What a row becomes that something here rests on, when its node shows it no longer.
HIDDEN: Final[Mapping[str, str]] = {
    "product": "DELISTED", "resource": "CANCELLED", "authorisation": "REVOKED",
}  # fmt: skip
# What is said of a row here as well, by what becomes of its node: it has no part in its weight.
SAID_HERE: Final = frozenset({"state", "availability"})


@dataclass(slots=True)
class Here:
    """What is here of that which a batch is about.

    `rows`     the rows of the entries, with `version`, their origin, and what an entry tells
    `known`    what entries may refer to, beside each other
    `served`   the participants that the node may publish for; None when it may for all
    """

    node: str
    flow: Flow
    rows: Mapping[Key, Row] = field(default_factory=dict)
    known: frozenset[Key] = frozenset()
    served: frozenset[str] | None = None

    def is_ours(self, key: Key) -> bool:
        """Whether the row is one that this node published."""
        row = self.rows.get(key)
        return row is not None and row[ORIGIN] == self.node


def check_place(entry: Entry, here: Here) -> None:
    """Whether the entry may stand where it would. Raises:  IdentifierTaken, ParticipantNotServed.

    Participants, classes and spaces that are known already are left as they are here.
    """
    key, values = (entry.kind, entry.id), entry.values
    if values is None or entry.kind in here.flow.companions:
        return
    if (row := here.rows.get(key)) is not None and row[ORIGIN] != here.node:
        raise IdentifierTaken(id=entry.id, holder=row[ORIGIN] or "-")
    owner = values.get(OWNERS.get(entry.kind, ""))
    if owner is not None and here.served is not None and owner not in here.served:
        raise ParticipantNotServed(participant=owner)


def check_names(entry: Entry, known: frozenset[Key]) -> None:
    """Whether all that it refers to is there. Raises:  NamesUnknown."""
    for key in named(entry):
        if key not in known and key != (entry.kind, entry.id):
            raise NamesUnknown(id=key[1])


def named(entry: Entry) -> list[Key]:
    """All that the entry refers to; it is checked that its edges are texts, or lists of them."""
    found: list[Key] = []
    noun = RELATIONS.by_name[entry.kind]
    for edge in noun.edges:
        given = (entry.values or {}).get(edge.name) or ()
        ids = (given,) if isinstance(given, str) else given
        found += [(edge.target, each) for each in ids]
    return found


def change_of(entry: Entry, here: Here, act: Act) -> Change | None:
    """None when it is here as it is told, or is for this node to say."""
    key, row = (entry.kind, entry.id), here.rows.get((entry.kind, entry.id))
    if entry.values is None:
        if entry.kind in here.flow.companions:
            return _retired(entry, here, act)
        if row is None or not _goes(key, here):
            return None
        return Remove(*key, act, guard=from_node(here.node), version=row["version"])
    noun = RELATIONS.by_name[entry.kind]
    values: dict[str, Any] = kept(noun, entry.values)
    if row is None:
        return Create(*key, {**values, ORIGIN: here.node, "as_of": act.at}, act)
    if not here.is_ours(key):
        return None
    there = kept(noun, {name: row.get(name) for name in here.flow.names(entry.kind)})
    if there == values:
        return None
    absent = dict.fromkeys(there.keys() - values.keys())
    return Amend(
        *key, {**absent, **values, "as_of": act.at}, act,
        guard=from_node(here.node), version=row["version"],
    )  # fmt: skip


def _retired(entry: Entry, here: Here, act: Act) -> Change | None:
    """A companion stays, as others may name it, without what only who tells of it can know."""
    key = (entry.kind, entry.id)
    row, told = here.rows.get(key), here.flow.names(entry.kind)
    values = {n: v for n, v in RETIRED.get(entry.kind, {}).items() if n in told}
    if row is None or not here.is_ours(key) or not any(row.get(name) for name in values):
        return None
    return Amend(
        *key, {**values, "as_of": act.at}, act, guard=from_node(here.node), version=row["version"]
    )


def hidden(removal: Remove) -> Amend:
    """In place of a removal, of a row that something here rests on."""
    values = {"state": HIDDEN[removal.kind], "as_of": removal.act.at}
    return Amend(removal.kind, removal.id, values, removal.act, removal.guard, removal.version)


def from_node(node: str) -> Where:
    return Where(ORIGIN, "eq", node)


def _goes(key: Key, here: Here) -> bool:
    row = here.rows[key]
    return here.is_ours(key) and row.get("state") != HIDDEN.get(key[0], "")


def weight(kind: str, values: Mapping[str, Any] | None, flow: Flow) -> int:
    """Bytes of what is kept of a row that a node tells; the same however it was told or read."""
    if values is None:
        return 0
    names = flow.names(kind) - SAID_HERE
    plain = kept(RELATIONS.by_name[kind], {n: v for n, v in values.items() if n in names})
    written = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return len(written.encode("utf-8", "surrogatepass"))


def heavier(change: Change, here: Here) -> int:
    """By how many bytes what is kept of the node grows with the change."""
    before = here.rows.get((change.kind, change.id))
    after = None if isinstance(change, Remove) else {**(before or {}), **change.values}
    return weight(change.kind, after, here.flow) - weight(change.kind, before, here.flow)
